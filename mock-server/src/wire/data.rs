//! Bodies of the Data API (facts, section 5): how a customer is read back.

use serde_json::{Map, Value, json};
use twinfold_engine::{IdKind, Profile, Project, profile::StoredEvent};

/// The IDs of a customer as they are exported: a hard type's scalar, a soft type's array.
pub(crate) fn ids(project: &Project, profile: &Profile) -> Map<String, Value> {
    let types = project.schema().types().iter().zip(&profile.ids);
    types
        .filter(|(_, (_, values))| !values.is_empty())
        .map(|(id_type, (name, values))| (name.clone(), id_value(id_type.kind, values)))
        .collect()
}

/// The value of one ID type: a scalar or `null` for a hard one, an array for a soft one, and for a hard one that has
/// several values by a strategy that lets it.
pub(crate) fn id_value(kind: IdKind, values: &[String]) -> Value {
    match kind {
        IdKind::Hard if values.len() > 1 => json!(values),
        IdKind::Hard => values.first().map_or(Value::Null, |value| json!(value)),
        IdKind::Soft => json!(values),
    }
}

/// The properties of a customer.
pub(crate) fn properties(profile: &Profile) -> Map<String, Value> {
    let properties = profile.properties.iter();
    properties
        .map(|(name, stored)| (name.clone(), value(&stored.value)))
        .collect()
}

/// An event as it is exported: its type is `type`.
pub(crate) fn event(event: &StoredEvent) -> Value {
    json!({
        "type": event.event_type,
        "timestamp": event.at.seconds(),
        "properties": value(&event.properties),
    })
}

/// A stored value, which is canonical JSON.
pub(crate) fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or(Value::Null)
}
