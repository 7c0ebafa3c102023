//! The ID types of a scenario's project, in the order in which the file names them.
//! The order is the schema order of the project, and the order of the columns of its tables.

use std::ops::Range;

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Value, json};
use twinfold_engine::{IdKind, IdSchema, IdType};

use super::{
    body::Body,
    yaml::{Entry, Kind, Node},
};
use crate::problem::Problem;

const KINDS: [&str; 2] = ["hard", "soft"];
const KEYS: [&str; 4] = ["kind", "trim", "lowercase", "values_max"];

/// Reads the mapping of ID types.
pub(crate) fn parse(body: &Body, entries: &[Entry], at: Range<usize>) -> Result<IdSchema, Problem> {
    let types = entries.iter().map(|entry| id_type(body, entry));
    let types = types.collect::<Result<_, _>>()?;
    IdSchema::new(types).map_err(|error| {
        body.problem(at, error.to_string())
            .expected("a mapping such as `{registered: hard, cookie: soft}`")
    })
}

/// The names of the types in schema order.
pub(crate) fn names(schema: &IdSchema) -> Vec<String> {
    schema
        .types()
        .iter()
        .map(|id_type| id_type.name.clone())
        .collect()
}

fn id_type(body: &Body, entry: &Entry) -> Result<IdType, Problem> {
    match &entry.value.kind {
        Kind::Map(settings) => detailed(body, entry, settings),
        _ => Ok(IdType::new(&entry.key, kind_of(body, &entry.value)?)),
    }
}

fn detailed(body: &Body, entry: &Entry, settings: &[Entry]) -> Result<IdType, Problem> {
    let kind = settings.iter().find(|setting| setting.key == "kind");
    let kind = kind.ok_or_else(|| {
        let range = entry.key_range.clone();
        body.problem(
            range,
            format!("the ID type `{}` does not say its kind", entry.key),
        )
        .expected("`kind: hard` or `kind: soft`")
    })?;
    let mut id_type = IdType::new(&entry.key, kind_of(body, &kind.value)?);
    for setting in settings {
        match setting.key.as_str() {
            "kind" => {}
            "trim" => id_type.trim = setting.value.flag(body)?,
            "lowercase" => id_type.lowercase = setting.value.flag(body)?,
            "values_max" => id_type.values_max = values_max(body, setting)?,
            _ => return Err(setting.unknown(body, "setting", &KEYS)),
        }
    }
    Ok(id_type)
}

fn values_max(body: &Body, setting: &Entry) -> Result<u16, Problem> {
    let count = setting.value.count(body)?;
    u16::try_from(count).map_err(|_| {
        let range = setting.value.range.clone();
        body.problem(range, format!("{count} values are too many"))
            .expected(format!("at most {}", u16::MAX))
    })
}

fn kind_of(body: &Body, node: &Node) -> Result<IdKind, Problem> {
    match node.choice(body, &KINDS)?.as_str() {
        "hard" => Ok(IdKind::Hard),
        _ => Ok(IdKind::Soft),
    }
}

/// A schema written with its keys in order, which is how the control API takes the order.
pub(crate) struct InOrder<'a>(pub(crate) &'a IdSchema);

impl Serialize for InOrder<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let types = self.0.types();
        let mut map = serializer.serialize_map(Some(types.len()))?;
        for id_type in types {
            map.serialize_entry(&id_type.name, &settings(id_type))?;
        }
        map.end()
    }
}

fn settings(id_type: &IdType) -> Value {
    let kind = match id_type.kind {
        IdKind::Hard => "hard",
        IdKind::Soft => "soft",
    };
    json!({
        "kind": kind,
        "trim": id_type.trim,
        "lowercase": id_type.lowercase,
        "values_max": id_type.values_max,
    })
}
