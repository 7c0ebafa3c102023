//! A profile as an export shows it: IDs, properties, perhaps events.
//! What a plan is made from, wherever the profiles were read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One profile of a project.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// Position in the order of creation as far as it is known; the lowest is the oldest.
    pub age: usize,
    /// The creation number that our server shows, if it was asked.
    pub number: Option<u64>,
    /// Values by ID type; one value for a hard type.
    pub ids: BTreeMap<String, Vec<String>>,
    /// Property values by name.
    pub properties: BTreeMap<String, Value>,
    /// Events, if they were read.
    pub events: Option<Vec<Event>>,
}

/// One event of a profile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The event type, such as `purchase`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Unix seconds.
    pub timestamp: f64,
    /// Values by name.
    #[serde(default)]
    pub properties: BTreeMap<String, Value>,
}

/// One value of one ID type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Id {
    /// The ID type, such as `registered`.
    pub id_type: String,
    /// The value as it is stored.
    pub value: String,
}

impl Id {
    /// A value of a type.
    pub fn new(id_type: &str, value: &str) -> Self {
        Self {
            id_type: id_type.to_owned(),
            value: value.to_owned(),
        }
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}={}", self.id_type, self.value)
    }
}

impl Profile {
    /// The number that tables show behind `#`: the creation number, else the position counted
    /// from 1.
    pub fn shown_number(&self) -> u64 {
        self.number.unwrap_or(self.age as u64 + 1)
    }

    /// The first value of an ID type: the value, for a hard type.
    pub fn id(&self, id_type: &str) -> Option<&str> {
        self.values(id_type).first().map(String::as_str)
    }

    /// All values of an ID type.
    pub fn values(&self, id_type: &str) -> &[String] {
        self.ids.get(id_type).map_or(&[], Vec::as_slice)
    }

    /// A property's value, if it is a text.
    pub fn text(&self, property: &str) -> Option<&str> {
        self.properties.get(property).and_then(Value::as_str)
    }
}
