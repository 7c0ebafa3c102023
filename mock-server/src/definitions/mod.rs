//! What a project defines over its customers: segmentations, aggregates, expressions, and values that a test states.
//! Evaluation is pure: definitions and one customer in, a value out.

mod aggregate;
mod condition;
mod expression;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};
use twinfold_engine::Profile;

pub use aggregate::{Aggregate, AggregateKind};
pub use condition::{Condition, Operator};
pub use expression::Expression;

use crate::wire::data;

/// Definitions by their IDs; everything may be left out.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Definitions {
    /// Segmentations over properties.
    pub segmentations: BTreeMap<String, Segmentation>,
    /// Aggregates over the events of one type.
    pub aggregates: BTreeMap<String, Aggregate>,
    /// Expressions over properties, aggregates and constants.
    pub expressions: BTreeMap<String, Expression>,
    /// What a prediction says of every customer: a mock cannot compute it.
    pub predictions: BTreeMap<String, Value>,
    /// What is recommended to every customer: a mock cannot compute it.
    pub recommendations: BTreeMap<String, Value>,
}

/// Segments in order; the first whose conditions all hold has the customer.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Segmentation {
    /// Its name.
    pub name: String,
    /// Where apps and pages may read it; nowhere if left out.
    pub category: Option<SegmentCategory>,
    /// In order of precedence.
    pub segments: Vec<Segment>,
}

/// Where apps and pages read a segmentation (quirk 31).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SegmentCategory {
    /// Search and browsing.
    Discovery,
    /// Content.
    Content,
    /// Merchandising.
    Merchandising,
}

/// One segment.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    /// Its name, which is the value of the segmentation.
    pub name: String,
    /// Its ID; its position if left out.
    pub id: Option<String>,
    /// All must hold; none holds for everybody.
    #[serde(default)]
    pub when: Vec<Condition>,
}

/// The kinds of definitions that the Data API asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Segmentation,
    Expression,
    Aggregate,
    Prediction,
    Recommendation,
}

/// A customer, read through definitions.
pub(crate) struct Reading<'a> {
    pub(crate) definitions: &'a Definitions,
    pub(crate) profile: &'a Profile,
}

impl Definitions {
    /// What is wrong with them, and where.
    pub fn check(&self) -> Result<(), String> {
        for (id, segmentation) in &self.segmentations {
            for (number, segment) in segmentation.segments.iter().enumerate() {
                for condition in &segment.when {
                    let place = format!("definitions.segmentations.{id}.segments[{number}]");
                    condition
                        .check()
                        .map_err(|says| format!("{place}: {says}"))?;
                }
            }
        }
        for (id, aggregate) in &self.aggregates {
            let check = aggregate.check();
            check.map_err(|says| format!("definitions.aggregates.{id}: {says}"))?;
        }
        for (id, expression) in &self.expressions {
            let check = expression.check(&self.aggregates);
            check.map_err(|says| format!("definitions.expressions.{id}: {says}"))?;
        }
        Ok(())
    }

    pub(crate) fn has(&self, kind: Kind, id: &str) -> bool {
        match kind {
            Kind::Segmentation => self.segmentations.contains_key(id),
            Kind::Expression => self.expressions.contains_key(id),
            Kind::Aggregate => self.aggregates.contains_key(id),
            Kind::Prediction => self.predictions.contains_key(id),
            Kind::Recommendation => self.recommendations.contains_key(id),
        }
    }
}

impl Kind {
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "segmentation" => Self::Segmentation,
            "expression" => Self::Expression,
            "aggregate" => Self::Aggregate,
            "prediction" => Self::Prediction,
            "recommendation" => Self::Recommendation,
            _ => return None,
        })
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Segmentation => "segmentation",
            Self::Expression => "expression",
            Self::Aggregate => "aggregate",
            Self::Prediction => "prediction",
            Self::Recommendation => "recommendation",
        }
    }

    /// The words in which an unknown one is refused; seen with `Expression` only (quirk 23).
    pub(crate) fn unknown(self, id: &str) -> String {
        let name = match self {
            Self::Segmentation => "Segmentation",
            Self::Expression => "Expression",
            Self::Aggregate => "Aggregate",
            Self::Prediction => "Prediction",
            Self::Recommendation => "Recommendation",
        };
        format!("{name} with id {id} does not exist")
    }
}

impl Reading<'_> {
    /// The value of a definition; `null` where it says nothing of this customer, `None` if there is no such one.
    pub(crate) fn value(&self, kind: Kind, id: &str) -> Option<Value> {
        let definitions = self.definitions;
        match kind {
            Kind::Segmentation => {
                let segmentation = definitions.segmentations.get(id)?;
                let found = self.segment(segmentation);
                Some(found.map_or(Value::Null, |(_, segment)| segment.name.as_str().into()))
            }
            Kind::Aggregate => {
                let aggregate = definitions.aggregates.get(id)?;
                Some(aggregate.of(&self.profile.events))
            }
            Kind::Expression => Some(definitions.expressions.get(id)?.of(self)),
            Kind::Prediction => definitions.predictions.get(id).cloned(),
            Kind::Recommendation => definitions.recommendations.get(id).cloned(),
        }
    }

    /// The segment that has the customer, with its position.
    pub(crate) fn segment<'s>(
        &self,
        segmentation: &'s Segmentation,
    ) -> Option<(usize, &'s Segment)> {
        let holds = |condition: &Condition| condition.holds(self.property(&condition.property));
        let mut segments = segmentation.segments.iter().enumerate();
        segments.find(|(_, segment)| segment.when.iter().all(holds))
    }

    /// A property; `None` where it is not set.
    pub(crate) fn property(&self, name: &str) -> Option<Value> {
        let stored = self.profile.properties.get(name)?;
        Some(data::value(&stored.value))
    }
}

/// A value as a number: a number, or digits in a string.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(digits) => digits.trim().parse().ok().filter(|n: &f64| n.is_finite()),
        _ => None,
    }
}

/// A number as JSON, without a fraction where it has none; `null` if it is none.
fn written(number: f64) -> Value {
    // Beyond 2^53 neighbours of a float are whole numbers too, and writing one of them would claim to know which.
    if number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0 {
        return Value::from(number as i64);
    }
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}

#[cfg(test)]
mod tests;
