//! The file of a traffic, one JSON document: `{"project", "entries", "folded"}` with one entry a line.
//! The entries are those of the control API's journal, so that a file says all that the server said.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::{Map, Value, json, value::RawValue};
use twinfold_engine::{InternalId, Settings, Timestamp};
use twinfold_server::settings::ProjectSettings;

use super::{Properties, Sent, SentAction, SentId, SentValue, SentWho, Traffic};
use crate::target::TargetError;

/// Why no traffic could be read.
#[derive(Debug, thiserror::Error)]
pub enum TrafficError {
    /// No usable reply came.
    #[error(transparent)]
    Target(TargetError),
    /// The text is no traffic file.
    #[error("this is no journal file: {0}; `twinfold journal > FILE` writes one")]
    File(String),
    /// An entry cannot be understood.
    #[error("entry {seq} of the journal cannot be read: {says}")]
    Entry {
        /// Its number.
        seq: u64,
        /// What is wrong.
        says: String,
    },
}

/// The settings that a project of the engine is made of; the control API shows more.
const SETTINGS: [&str; 5] = [
    "id_types",
    "switches",
    "strategy",
    "private_properties",
    "customer_attributes_max",
];

pub(super) fn written(project: &Value, entries: &[Value], folded: &Value) -> String {
    let lines: Vec<String> = entries.iter().map(Value::to_string).collect();
    format!(
        "{{\"project\": {project},\n\"folded\": {folded},\n\"entries\": [\n{}\n]}}\n",
        lines.join(",\n")
    )
}

#[derive(Deserialize)]
struct File<'a> {
    project: Map<String, Value>,
    #[serde(default)]
    folded: u64,
    #[serde(borrow)]
    entries: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    seq: u64,
    at: f64,
    #[serde(default = "unknown", borrow)]
    source: Cow<'a, str>,
    #[serde(default, borrow)]
    request: Cow<'a, str>,
    item: Option<u32>,
    #[serde(borrow)]
    command: Command<'a>,
}

#[derive(Deserialize)]
struct Command<'a> {
    #[serde(borrow)]
    kind: Cow<'a, str>,
    #[serde(default, borrow)]
    customer_ids: Ids<'a>,
    #[serde(borrow)]
    properties: Option<&'a RawValue>,
    update_timestamp: Option<f64>,
    #[serde(borrow)]
    event_type: Option<Cow<'a, str>>,
    timestamp: Option<f64>,
    internal_id: Option<String>,
    fresh: Option<String>,
}

/// The members of `customer_ids` in the order in which they stand.
#[derive(Default)]
struct Ids<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Ids<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> serde::de::Visitor<'de> for InOrder {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object of IDs such as {\"cookie\": \"laptop\"}")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(InOrder).map(Ids)
    }
}

fn unknown() -> Cow<'static, str> {
    "unknown source".into()
}

pub(super) fn read(text: &str) -> Result<Traffic, TrafficError> {
    let file: File<'_> =
        serde_json::from_str(text).map_err(|error| TrafficError::File(error.to_string()))?;
    let commands = file.entries.iter().map(sent);
    let commands: Result<Vec<_>, _> = commands.filter_map(Result::transpose).collect();
    Ok(Traffic {
        settings: settings(file.project)?,
        commands: commands?,
        folded: file.folded,
    })
}

fn settings(mut shown: Map<String, Value>) -> Result<Settings, TrafficError> {
    let order = shown.remove("id_type_order");
    let types = shown.remove("id_types").unwrap_or_default();
    shown.retain(|name, _| SETTINGS.contains(&name.as_str()));
    let wrong = |says: String| TrafficError::File(format!("its `project` is none: {says}"));
    let mut settings: ProjectSettings =
        serde_json::from_value(Value::Object(shown)).map_err(|error| wrong(error.to_string()))?;
    // The order of the types is their precedence, and a JSON object does not keep it.
    let order = order.as_ref().and_then(Value::as_array);
    let names = order.into_iter().flatten().filter_map(Value::as_str);
    let typed = names.map(|name| (name.to_owned(), types[name].clone()));
    settings.id_types.0 = typed.collect();
    settings.engine().map_err(wrong)
}

/// The command of an entry; nothing if it does not concern the engine.
fn sent(entry: &Entry<'_>) -> Result<Option<Sent>, TrafficError> {
    let wrong = |says: &str| TrafficError::Entry {
        seq: entry.seq,
        says: says.to_owned(),
    };
    let command = &entry.command;
    let ids = ids(&command.customer_ids);
    let action = match &*command.kind {
        "customers" => SentAction::Customers {
            ids,
            properties: pairs(command.properties).map_err(|says| wrong(&says))?,
            update_timestamp: command.update_timestamp.and_then(Timestamp::new),
        },
        "event" => SentAction::Event {
            ids,
            event_type: command.event_type.as_deref().map(str::to_owned),
            timestamp: command.timestamp.and_then(Timestamp::new),
            properties: match command.properties {
                Some(object) => Properties::Object(canonical(object)),
                None => Properties::NotAnObject,
            },
        },
        "link" if ids.is_empty() => return Ok(None),
        "link" => SentAction::OpenLink { ids },
        "anonymize" => SentAction::Anonymize {
            who: match command.internal_id.as_deref() {
                None => SentWho::Ids(ids),
                Some(hex) => SentWho::Internal(
                    InternalId::from_hex(hex).ok_or_else(|| wrong("its internal ID is none"))?,
                ),
            },
            fresh: command.fresh.clone().unwrap_or_default(),
        },
        _ => return Ok(None),
    };
    Ok(Some(Sent {
        seq: entry.seq,
        at: Timestamp::new(entry.at).unwrap_or_default(),
        source: entry.source.to_string(),
        request: entry.request.to_string(),
        item: entry.item,
        action,
    }))
}

/// A list holds several values of one type, as a link brings them.
fn ids(members: &Ids<'_>) -> Vec<SentId> {
    let all = members.0.iter().flat_map(|(id_type, value)| {
        let values = match value.get().as_bytes().first() {
            Some(b'[') => serde_json::from_str(value.get()).unwrap_or_default(),
            _ => vec![*value],
        };
        let id = move |value: &RawValue| SentId {
            id_type: id_type.clone(),
            value: id_value(value),
        };
        values.into_iter().map(id)
    });
    all.collect()
}

fn id_value(value: &RawValue) -> SentValue {
    let text = value.get();
    match serde_json::from_str(text) {
        Ok(Value::Null) => SentValue::Null,
        Ok(Value::String(text)) => SentValue::Text(text),
        Ok(Value::Number(_)) => SentValue::Number(text.to_owned()),
        _ => SentValue::Other,
    }
}

/// Properties by name with canonical values.
fn pairs(raw: Option<&RawValue>) -> Result<Properties<Vec<(String, String)>>, String> {
    let Some(raw) = raw else {
        return Ok(Properties::NotAnObject);
    };
    let object: Map<String, Value> =
        serde_json::from_str(raw.get()).map_err(|error| format!("its properties: {error}"))?;
    let pairs = object.into_iter();
    Ok(Properties::Object(
        pairs
            .map(|(name, value)| (name, value.to_string()))
            .collect(),
    ))
}

fn canonical(raw: &RawValue) -> String {
    // Objects are sorted maps here, so writing them sorts their keys.
    let value: Value = serde_json::from_str(raw.get()).unwrap_or_else(|_| json!({}));
    value.to_string()
}
