//! What the Data API can be asked about a customer: a property, an ID, a definition, a consent.
//! `attributes` answers them by position, `export` as columns.

use serde_json::{Value, json};
use twinfold_engine::{Label, Profile, Timestamp};

use crate::{
    definitions::{Kind, Reading},
    wire::data,
    world::World,
};

/// One question about a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Attribute {
    Property(String),
    Id(String),
    Definition(Kind, String),
    Consent(String),
}

/// A customer at a moment.
pub(crate) struct Subject<'a> {
    pub(crate) world: &'a World,
    pub(crate) profile: &'a Profile,
    pub(crate) at: Timestamp,
}

impl Attribute {
    /// Reads `{"type": ...}`, or says what is wrong with it.
    pub(crate) fn read(asked: &Value) -> Result<Self, String> {
        let text = |key: &str| {
            let value = asked.get(key).and_then(Value::as_str);
            let value = value.ok_or_else(|| format!("Field '{key}' is required."));
            value.map(str::to_owned)
        };
        let kind = text("type")?;
        match kind.as_str() {
            "property" => Ok(Self::Property(text("property")?)),
            "id" => Ok(Self::Id(text("id")?)),
            "consent" => match asked.get("mode") {
                None | Some(Value::Null | Value::String(_)) => Ok(Self::Consent(text("category")?)),
                Some(_) => Err("Field 'mode' must be a string.".into()),
            },
            other => match Kind::named(other) {
                Some(kind) => Ok(Self::Definition(kind, text("id")?)),
                None => Err(format!("Unknown attribute type {other}")),
            },
        }
    }

    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Property(name)
            | Self::Id(name)
            | Self::Definition(_, name)
            | Self::Consent(name) => name,
        }
    }

    /// As a field of an export.
    pub(crate) fn described(&self) -> Value {
        match self {
            Self::Property(name) => json!({"type": "property", "property": name}),
            Self::Id(name) => json!({"type": "id", "id": name}),
            Self::Definition(kind, id) => json!({"type": kind.name(), "id": id}),
            Self::Consent(category) => json!({"type": "consent", "category": category}),
        }
    }

    /// What the project lacks to answer it.
    pub(crate) fn missing(&self, world: &World) -> Option<String> {
        match self {
            Self::Id(name) if world.project().schema().get(name).is_none() => {
                Some(format!("Unknown customer id type {name}"))
            }
            Self::Definition(kind, id) if !world.definitions().has(*kind, id) => {
                Some(kind.unknown(id))
            }
            _ => None,
        }
    }

    /// The value; `null` where there is none.
    pub(crate) fn value(&self, subject: &Subject<'_>) -> Value {
        let (world, profile) = (subject.world, subject.profile);
        match self {
            Self::Property(name) => {
                let stored = profile.properties.get(name);
                stored.map_or(Value::Null, |stored| data::value(&stored.value))
            }
            Self::Id(name) => {
                let values = profile.ids.iter().find(|(other, _)| other == name);
                let id_type = world.project().schema().get(name);
                match (values, id_type) {
                    (Some((_, values)), Some(id_type)) => data::id_value(id_type.kind, values),
                    _ => Value::Null,
                }
            }
            Self::Definition(kind, id) => {
                let definitions = world.definitions();
                let reading = Reading {
                    definitions,
                    profile,
                };
                reading.value(*kind, id).unwrap_or_default()
            }
            Self::Consent(category) => {
                let consents = profile.consents(subject.at);
                json!(consents.get(category).copied().unwrap_or(false))
            }
        }
    }

    /// How well a value is known: what a test stated is no knowledge, nor is what a definition says of nothing.
    pub(crate) fn label(&self, value: &Value) -> Label {
        match self {
            Self::Definition(Kind::Prediction | Kind::Recommendation, _) => Label::Assumed,
            Self::Definition(..) if value.is_null() => Label::Assumed,
            _ => Label::Documented,
        }
    }
}
