//! The ID types of a scenario's project, in the order in which the file names them.
//! The order is the schema order of the project, and the order of the columns of its tables.

use std::ops::Range;

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Value, json};

use super::{
    body::Body,
    yaml::{Entry, Kind, Node},
};
use crate::problem::Problem;

const KINDS: [&str; 2] = ["hard", "soft"];
const KEYS: [&str; 4] = ["kind", "trim", "lowercase", "values_max"];

/// Whether a customer has one value of an ID type, or several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdKind {
    /// At most one value for each customer.
    Hard,
    /// Several values for each customer.
    Soft,
}

/// One ID type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdType {
    /// Its name, such as `registered`.
    pub name: String,
    /// Hard or soft.
    pub kind: IdKind,
    /// White space around a value is taken off.
    pub trim: bool,
    /// A value is written in lower case.
    pub lowercase: bool,
    /// The most values of a soft type that a customer keeps.
    pub values_max: usize,
}

/// The ID types of a project, in schema order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdSchema(Vec<IdType>);

impl Default for IdSchema {
    fn default() -> Self {
        Self(vec![
            IdType::new("registered", IdKind::Hard),
            IdType::new("cookie", IdKind::Soft),
        ])
    }
}

impl IdType {
    /// A type with the defaults: trimmed, case kept, at most 64 values.
    pub fn new(name: impl Into<String>, kind: IdKind) -> Self {
        Self {
            name: name.into(),
            kind,
            trim: true,
            lowercase: false,
            values_max: 64,
        }
    }

    fn parse(body: &Body, entry: &Entry) -> Result<Self, Problem> {
        match &entry.value.kind {
            Kind::Map(settings) => Self::detailed(body, entry, settings),
            _ => Ok(Self::new(&entry.key, kind_of(body, &entry.value)?)),
        }
    }

    fn detailed(body: &Body, entry: &Entry, settings: &[Entry]) -> Result<Self, Problem> {
        let kind = settings.iter().find(|setting| setting.key == "kind");
        let kind = kind.ok_or_else(|| {
            let range = entry.key_range.clone();
            body.problem(
                range,
                format!("the ID type `{}` does not say its kind", entry.key),
            )
            .expected("`kind: hard` or `kind: soft`")
        })?;
        let mut id_type = Self::new(&entry.key, kind_of(body, &kind.value)?);
        for setting in settings {
            match setting.key.as_str() {
                "kind" => {}
                "trim" => id_type.trim = setting.value.flag(body)?,
                "lowercase" => id_type.lowercase = setting.value.flag(body)?,
                "values_max" => id_type.values_max = setting.value.count(body)?,
                _ => return Err(setting.unknown(body, "setting", &KEYS)),
            }
        }
        Ok(id_type)
    }

    fn settings(&self) -> Value {
        let kind = match self.kind {
            IdKind::Hard => "hard",
            IdKind::Soft => "soft",
        };
        json!({
            "kind": kind,
            "trim": self.trim,
            "lowercase": self.lowercase,
            "values_max": self.values_max,
        })
    }
}

fn kind_of(body: &Body, node: &Node) -> Result<IdKind, Problem> {
    match node.choice(body, &KINDS)?.as_str() {
        "hard" => Ok(IdKind::Hard),
        _ => Ok(IdKind::Soft),
    }
}

impl IdSchema {
    /// The given types, in this order.
    pub fn new(types: Vec<IdType>) -> Self {
        Self(types)
    }

    pub(crate) fn parse(body: &Body, entries: &[Entry], at: Range<usize>) -> Result<Self, Problem> {
        if entries.is_empty() {
            return Err(body
                .problem(at, "a project needs an ID type")
                .expected("a mapping such as `{registered: hard, cookie: soft}`"));
        }
        let types = entries.iter().map(|entry| IdType::parse(body, entry));
        types.collect::<Result<_, _>>().map(Self)
    }

    /// The types in schema order.
    pub fn types(&self) -> &[IdType] {
        &self.0
    }

    /// Their names in schema order.
    pub fn names(&self) -> Vec<String> {
        self.0.iter().map(|id_type| id_type.name.clone()).collect()
    }

    /// The type of a login: the first hard one.
    pub fn hard(&self) -> Option<&IdType> {
        self.0.iter().find(|id_type| id_type.kind == IdKind::Hard)
    }

    /// The type of a browser or device: `cookie`, or else the first soft one.
    pub fn soft(&self) -> Option<&IdType> {
        let soft = || self.0.iter().filter(|id_type| id_type.kind == IdKind::Soft);
        soft()
            .find(|id_type| id_type.name == "cookie")
            .or_else(|| soft().next())
    }
}

/// Written with the keys in schema order, which is how the control API takes the order.
impl Serialize for IdSchema {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for id_type in &self.0 {
            map.serialize_entry(&id_type.name, &id_type.settings())?;
        }
        map.end()
    }
}
