//! The customers of a project as the control API shows them.
//! Every statement of a scenario about what must be seen reads from here.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use twinfold_engine::{IdKind, IdSchema};

/// One customer.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Customer {
    pub(crate) number: u64,
    #[serde(default)]
    pub(crate) ids: BTreeMap<String, Values>,
    #[serde(default)]
    pub(crate) properties: BTreeMap<String, Property>,
    #[serde(default)]
    pub(crate) events: Vec<Event>,
    #[serde(default)]
    pub(crate) consents: BTreeMap<String, bool>,
}

/// The values of one ID type: a scalar for a hard one, a list for a soft one.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub(crate) enum Values {
    Many(Vec<String>),
    One(String),
    None(()),
}

/// A property's value; when it was set does not matter here.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Property {
    #[serde(default)]
    pub(crate) value: Value,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Event {
    #[serde(rename = "type")]
    pub(crate) event_type: String,
    #[serde(default)]
    pub(crate) timestamp: f64,
    #[serde(default)]
    pub(crate) properties: Value,
}

impl Values {
    pub(crate) fn texts(&self) -> &[String] {
        match self {
            Self::Many(values) => values,
            Self::One(value) => std::slice::from_ref(value),
            Self::None(()) => &[],
        }
    }
}

impl Customer {
    /// Whether this customer has the address as a hard ID or as the property `email`.
    pub(crate) fn has_email(&self, address: &str, schema: &IdSchema) -> bool {
        let wanted = email_key(address);
        let hard = schema.of_kind(IdKind::Hard);
        let hard = hard.filter_map(|id_type| self.ids.get(&id_type.name));
        let mut hard = hard.flat_map(Values::texts);
        let property = self
            .properties
            .get("email")
            .and_then(|email| email.value.as_str());
        hard.any(|value| email_key(value) == wanted)
            || property.is_some_and(|email| email_key(email) == wanted)
    }
}

fn email_key(address: &str) -> String {
    address.trim().to_lowercase()
}
