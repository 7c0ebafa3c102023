//! Simpler forms of a command: with an ID, a property or a time less, or with a plainer value.
//! Every form says strictly less than the command, so that simplifying comes to an end.

use serde_json::{Map, Value};
use twinfold_engine::IdSchema;

use crate::traffic::{Properties, Sent, SentAction, SentId, SentValue};

/// Values longer than this are replaced by `1` if they do not matter.
const PLAIN_VALUE_BYTES_MAX: usize = 40;

/// The simpler forms of a command, the simplest first.
pub(super) fn forms(sent: &Sent, schema: &IdSchema) -> Vec<Sent> {
    let mut actions = Vec::new();
    match &sent.action {
        SentAction::Customers {
            ids,
            properties,
            update_timestamp,
        } => {
            let form = |properties, update_timestamp| SentAction::Customers {
                ids: ids.clone(),
                properties,
                update_timestamp,
            };
            if update_timestamp.is_some() {
                actions.push(form(properties.clone(), None));
            }
            for fewer in of_pairs(properties) {
                actions.push(form(fewer, *update_timestamp));
            }
        }
        SentAction::Event {
            ids,
            event_type,
            timestamp,
            properties,
        } => {
            let form = |timestamp, properties| SentAction::Event {
                ids: ids.clone(),
                event_type: event_type.clone(),
                timestamp,
                properties,
            };
            if timestamp.is_some() {
                actions.push(form(None, properties.clone()));
            }
            for fewer in of_object(properties) {
                actions.push(form(*timestamp, fewer));
            }
        }
        SentAction::OpenLink { .. } | SentAction::Anonymize { .. } => {}
    }
    for ids in of_ids(sent.action.ids(), schema) {
        let mut action = sent.action.clone();
        if let Some(own) = action.ids_mut() {
            *own = ids;
        }
        actions.push(action);
    }
    let with = |action| Sent {
        action,
        ..sent.clone()
    };
    actions.into_iter().map(with).collect()
}

fn of_ids(ids: &[SentId], schema: &IdSchema) -> Vec<Vec<SentId>> {
    let mut forms: Vec<Vec<SentId>> = Vec::new();
    if ids.len() > 1 {
        forms.extend((0..ids.len()).map(|position| without(ids, position)));
    }
    for (position, id) in ids.iter().enumerate() {
        let SentValue::Text(text) = &id.value else {
            continue;
        };
        let normal = schema.get(&id.id_type).map(|own| own.normalise(text));
        if let Some(normal) = normal.filter(|normal| normal != text) {
            let mut form = ids.to_vec();
            form[position].value = SentValue::Text(normal.into_owned());
            forms.push(form);
        }
    }
    forms
}

fn of_pairs(
    properties: &Properties<Vec<(String, String)>>,
) -> Vec<Properties<Vec<(String, String)>>> {
    let Properties::Object(pairs) = properties else {
        return vec![Properties::Object(Vec::new())];
    };
    let mut forms = Vec::new();
    if pairs.len() > 1 {
        forms.push(Vec::new());
    }
    forms.extend((0..pairs.len()).map(|position| without(pairs, position)));
    for (position, (_, value)) in pairs.iter().enumerate() {
        if value.len() > PLAIN_VALUE_BYTES_MAX {
            let mut form = pairs.clone();
            form[position].1 = "1".to_owned();
            forms.push(form);
        }
    }
    forms.into_iter().map(Properties::Object).collect()
}

fn of_object(properties: &Properties<String>) -> Vec<Properties<String>> {
    let Properties::Object(json) = properties else {
        return vec![Properties::Object("{}".into())];
    };
    let object: Map<String, Value> = serde_json::from_str(json).unwrap_or_default();
    let pairs: Vec<(String, String)> = object
        .into_iter()
        .map(|(name, value)| (name, value.to_string()))
        .collect();
    let forms = of_pairs(&Properties::Object(pairs)).into_iter();
    let written = |form: Properties<Vec<(String, String)>>| match form {
        Properties::Object(pairs) => Properties::Object(object_of(&pairs).to_string()),
        Properties::NotAnObject => Properties::NotAnObject,
    };
    forms.map(written).collect()
}

/// The JSON object with these members.
pub(super) fn object_of(pairs: &[(String, String)]) -> Value {
    let members = pairs.iter().map(|(name, json)| {
        let value = serde_json::from_str(json).unwrap_or_default();
        (name.clone(), value)
    });
    Value::Object(members.collect())
}

fn without<T: Clone>(items: &[T], position: usize) -> Vec<T> {
    [&items[..position], &items[position + 1..]].concat()
}
