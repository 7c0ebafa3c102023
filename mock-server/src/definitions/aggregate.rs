//! Aggregates over the events of one type of a customer.
//! Of no event at all the count and the sum are 0, everything else is `null`.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use twinfold_engine::profile::StoredEvent;

use super::{number, written};
use crate::wire::data;

/// `{"event_type", "aggregate", "property"}`.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Aggregate {
    /// Which events.
    pub event_type: String,
    /// What of them.
    pub aggregate: AggregateKind,
    /// Which property of theirs; `count` counts all events without it, else those that have it.
    pub property: Option<String>,
}

/// What is made of the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AggregateKind {
    /// How many.
    Count,
    /// The numbers added up.
    Sum,
    /// Their mean.
    Average,
    /// The smallest number.
    Min,
    /// The greatest number.
    Max,
    /// The value of the first event by time.
    First,
    /// The value of the last event by time.
    Last,
}

impl Aggregate {
    /// What is wrong with it.
    pub(super) fn check(&self) -> Result<(), String> {
        match self.aggregate == AggregateKind::Count || self.property.is_some() {
            true => Ok(()),
            false => Err("needs the `property` whose values are aggregated".into()),
        }
    }

    /// Its value over events in order of time.
    pub(super) fn of(&self, events: &[StoredEvent]) -> Value {
        let of_type = events
            .iter()
            .filter(|event| event.event_type == self.event_type);
        let Some(property) = &self.property else {
            return Value::from(of_type.count());
        };
        let values = of_type.filter_map(|event| match data::value(&event.properties) {
            Value::Object(mut properties) => properties.remove(property),
            _ => None,
        });
        let values: Vec<Value> = values.filter(|value| !value.is_null()).collect();
        let numbers = || values.iter().filter_map(number);
        let known = |number: Option<f64>| number.map_or(Value::Null, written);
        match self.aggregate {
            AggregateKind::Count => Value::from(values.len()),
            AggregateKind::Sum => written(numbers().sum()),
            AggregateKind::Average => {
                let count = numbers().count();
                known((count > 0).then(|| numbers().sum::<f64>() / count as f64))
            }
            AggregateKind::Min => known(numbers().reduce(f64::min)),
            AggregateKind::Max => known(numbers().reduce(f64::max)),
            AggregateKind::First => values.first().cloned().unwrap_or_default(),
            AggregateKind::Last => values.last().cloned().unwrap_or_default(),
        }
    }
}
