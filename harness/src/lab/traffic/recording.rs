//! How calls become a traffic: every text gets its number, once.

use serde_json::Value;
use twinfold_engine::ledger::LedgerId;

use super::{Consent, Row, Set, Texts, Traffic, TrafficType};
use crate::population::{Call, Fields, ID_TYPES, Population, What};

/// How many calls are recorded between two words about it.
const CALLS_PER_WORD: usize = 4096;

/// A purchase on the wrong person is worse than a visit; a property update is no event.
const PURCHASE_WEIGHT: u8 = 10;
const EVENT_WEIGHT: u8 = 1;

/// A call as it arrives, whoever made it.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Arriving<'c> {
    pub(in super::super) happened_at: u64,
    pub(in super::super) arrives_at: u64,
    pub(in super::super) source: &'c str,
    pub(in super::super) person: u64,
    pub(in super::super) ids: &'c Fields,
    /// Nothing for a property update.
    pub(in super::super) event: Option<&'c str>,
    pub(in super::super) properties: &'c Fields,
}

impl Traffic {
    /// Records a population; `progress` hears how many calls there are by now.
    pub fn record(population: &Population, mut progress: impl FnMut(u64)) -> Self {
        let mut traffic = Self::of_made_up(population.trims_ids());
        for call in population.calls() {
            traffic.push(&Arriving::from(&call));
            if traffic.rows.len().is_multiple_of(CALLS_PER_WORD) {
                progress(traffic.rows.len() as u64);
            }
        }
        progress(traffic.rows.len() as u64);
        traffic
    }

    /// No call yet, with the ID types of made-up people.
    pub(in super::super) fn of_made_up(trims_log_ins: bool) -> Self {
        let types = ID_TYPES.map(|(name, is_hard)| TrafficType {
            name: name.to_owned(),
            is_hard,
            trims: trims_log_ins || name != ID_TYPES[0].0,
        });
        Self::of_types(types.to_vec())
    }

    /// No call yet, with these ID types, the strongest first.
    pub(in super::super) fn of_types(types: Vec<TrafficType>) -> Self {
        Self {
            texts: vec![Texts::default(); types.len()],
            types,
            ..Self::default()
        }
    }

    /// Forgets the ID types that no call has: a strategy may treat the strongest in a way of its own.
    pub(in super::super) fn forget_unused_types(&mut self) {
        let is_used: Vec<bool> = self.texts.iter().map(|texts| texts.count() > 0).collect();
        for id in &mut self.ids {
            let before = &is_used[..usize::from(id.id_type)];
            id.id_type = before.iter().filter(|is_used| **is_used).count() as u8;
        }
        let mut used = is_used.iter();
        self.types.retain(|_| used.next() == Some(&true));
        self.texts.retain(|texts| texts.count() > 0);
    }

    /// What may not be exceeded, if it is: a call keeps its kinds in few bytes.
    pub(in super::super) fn too_many(&self) -> Option<&'static str> {
        let kinds = [
            (self.events.count(), 255, "255 types of events"),
            (self.sources.count(), 256, "256 sources"),
            (self.names.count(), 65_536, "65,536 properties"),
        ];
        let too_many = kinds.into_iter().find(|(count, most, _)| count > most);
        too_many.map(|(.., says)| says)
    }

    /// One more call.
    pub(in super::super) fn push(&mut self, call: &Arriving<'_>) {
        let ids = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        let sets = u32::try_from(self.sets.len()).unwrap_or(u32::MAX);
        for (place, id_type) in self.types.iter().enumerate() {
            if let Some(text) = call.ids.get(&id_type.name).and_then(text) {
                let value = self.texts[place].number(&text);
                let id_type = place as u8;
                self.ids.push(LedgerId { id_type, value });
            }
        }
        let (event, weight) = match call.event {
            None => {
                for (name, value) in call.properties.iter() {
                    let set = self.set(name, value);
                    self.sets.push(set);
                }
                (0, 0)
            }
            Some(event_type) => {
                if event_type == "consent" {
                    self.consent(call.properties);
                }
                let event = self.events.number(event_type) + 1;
                let is_purchase = event_type == "purchase";
                let weight = if is_purchase {
                    PURCHASE_WEIGHT
                } else {
                    EVENT_WEIGHT
                };
                (event as u8, weight)
            }
        };
        let row = Row {
            at: seconds(call.arrives_at),
            happened_at: seconds(call.happened_at),
            person: self.person(call.person),
            ids,
            sets,
            source: self.sources.number(call.source) as u8,
            event,
            weight,
        };
        self.rows.push(row);
    }

    fn set(&mut self, name: &str, value: &Value) -> Set {
        Set {
            name: self.names.number(name) as u16,
            value: self.values.number(&value.to_string()),
        }
    }

    fn consent(&mut self, properties: &Fields) {
        let text = |name: &str| properties.get(name).and_then(Value::as_str);
        let category = text("category").unwrap_or_default();
        self.consents.push(Consent {
            call: self.rows.len() as u32,
            category: self.values.number(category),
            is_given: text("action") == Some("accept"),
        });
    }

    fn person(&mut self, number: u64) -> u32 {
        let next = self.people.len() as u32;
        let people = &mut self.people;
        *self.numbers.entry(number).or_insert_with(|| {
            people.push(number);
            next
        })
    }
}

impl<'c> From<&'c Call> for Arriving<'c> {
    fn from(call: &'c Call) -> Self {
        let (event, properties) = match &call.what {
            What::Customers(properties) => (None, properties),
            What::Event(event_type, properties) => (Some(*event_type), properties),
        };
        Self {
            happened_at: call.happened_at,
            arrives_at: call.arrives_at,
            source: call.source,
            person: call.person,
            ids: &call.customer_ids,
            event,
            properties,
        }
    }
}

fn seconds(since_1970: u64) -> u32 {
    u32::try_from(since_1970).unwrap_or(u32::MAX)
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
