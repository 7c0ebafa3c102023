//! The ID schema of a project as far as a plan must know it: which types are hard, what the
//! project does to a value before it looks it up, and which values it takes at all.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How many values of a soft type a customer keeps, unless the schema says otherwise (1.21).
pub const SOFT_IDS_PER_TYPE_MAX: usize = 64;

/// Whether a customer has one value of a type or many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IdKind {
    /// At most one value per customer; two values never merge.
    Hard,
    /// Many values per customer.
    Soft,
}

/// One ID type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdType {
    /// Its name, such as `registered`.
    pub name: String,
    /// Hard or soft.
    pub kind: IdKind,
    /// Whether the project puts new values into lower case.
    pub lowercase: bool,
    /// Whether the project takes white space off the ends of new values.
    pub trim: bool,
    /// How many values a customer keeps; of no meaning for a hard type.
    pub values_max: usize,
}

impl IdType {
    /// A type with the defaults: trim on, lower case off, 64 values.
    pub fn new(name: &str, kind: IdKind) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            lowercase: false,
            trim: true,
            values_max: SOFT_IDS_PER_TYPE_MAX,
        }
    }

    /// Whether a call that carries `value` is understood to mean exactly `value`: the project
    /// takes it for a valid ID and changes nothing about it.
    pub fn takes(&self, value: &str) -> bool {
        let trimmed = value.trim();
        let valid =
            value.chars().any(char::is_alphanumeric) && trimmed != "null" && trimmed != "undefined";
        valid
            && !(self.trim && trimmed.len() != value.len())
            && !(self.lowercase && value.to_lowercase() != value)
    }
}

/// The ID types of a project, in schema order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdTypes(Vec<IdType>);

impl Default for IdTypes {
    /// `registered` = hard, `cookie` = soft.
    fn default() -> Self {
        Self(vec![
            IdType::new("registered", IdKind::Hard),
            IdType::new("cookie", IdKind::Soft),
        ])
    }
}

impl IdTypes {
    /// The given types in the given order.
    pub fn new(types: Vec<IdType>) -> Self {
        Self(types)
    }

    /// The `id_types` object of the control API: `{"registered":"hard"}` or
    /// `{"registered":{"kind":"hard","trim":true,"lowercase":false,"values_max":64}}`.
    pub fn from_json(schema: &Value) -> Option<Self> {
        let types = schema
            .as_object()?
            .iter()
            .map(|(name, shape)| id_type(name, shape));
        types.collect::<Option<Vec<_>>>().map(Self)
    }

    /// All types in schema order.
    pub fn iter(&self) -> impl Iterator<Item = &IdType> {
        self.0.iter()
    }

    /// The type of that name.
    pub fn get(&self, name: &str) -> Option<&IdType> {
        self.0.iter().find(|id_type| id_type.name == name)
    }

    /// The types of one kind, in schema order.
    pub fn of_kind(&self, kind: IdKind) -> impl Iterator<Item = &IdType> {
        self.0.iter().filter(move |id_type| id_type.kind == kind)
    }

    /// Whether a call can set or name this value of a hard type.
    pub fn takes_hard(&self, name: &str, value: &str) -> bool {
        self.get(name)
            .is_some_and(|id_type| id_type.kind == IdKind::Hard && id_type.takes(value))
    }
}

fn id_type(name: &str, shape: &Value) -> Option<IdType> {
    let kind = shape.get("kind").unwrap_or(shape);
    let kind = serde_json::from_value(kind.clone()).ok()?;
    let mut id_type = IdType::new(name, kind);
    let flag = |name: &str| shape.get(name).and_then(Value::as_bool);
    id_type.trim = flag("trim").unwrap_or(id_type.trim);
    id_type.lowercase = flag("lowercase").unwrap_or(id_type.lowercase);
    if let Some(max) = shape.get("values_max").and_then(Value::as_u64) {
        id_type.values_max = usize::try_from(max).unwrap_or(usize::MAX);
    }
    Some(id_type)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_taken_if_the_project_leaves_it_as_it_is() {
        let mut lower = IdType::new("registered", IdKind::Hard);
        lower.lowercase = true;
        let plain = IdType::new("registered", IdKind::Hard);
        for (id_type, value, taken) in [
            (&plain, "Ada@example.com", true),
            (&lower, "Ada@example.com", false),
            (&lower, "ada@example.com", true),
            (&plain, " ada@example.com", false),
            (&plain, "--", false),
            (&plain, "undefined", false),
            (&plain, "0", true),
        ] {
            assert_eq!(id_type.takes(value), taken, "{value}");
        }
    }

    #[test]
    fn the_control_apis_schema_is_read_in_both_forms() {
        let types = IdTypes::from_json(&json!({
            "crm": {"kind": "hard", "lowercase": true, "trim": false, "values_max": 64},
            "cookie": "soft",
        }));
        let crm = types.as_ref().and_then(|types| types.get("crm"));
        assert_eq!(
            crm.map(|t| (t.kind, t.lowercase, t.trim)),
            Some((IdKind::Hard, true, false))
        );
        assert!(IdTypes::from_json(&json!({"crm": "firm"})).is_none());
    }
}
