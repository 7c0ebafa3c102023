//! A command as a block: a line of the web SDK where a page sent it and could say it so, else a request.

use serde_json::Value;
use twinfold_engine::{IdKind, IdSchema, Outcome, Rejection};

use super::super::simpler::object_of;
use crate::traffic::{Properties, Sent, SentAction, SentId, SentValue};

/// Sources that the block `http` can name; `api` is what it says of itself.
const SOURCES: [&str; 5] = ["js-sdk", "app-sdk", "import", "link", "repair"];

pub(super) fn block(sent: &Sent, result: &Result<Outcome, Rejection>, schema: &IdSchema) -> String {
    match page(sent, schema) {
        Some(block) if result.is_ok() => block,
        _ => request(sent, result),
    }
}

/// The block `js`, if the command is one that a page can send.
fn page(sent: &Sent, schema: &IdSchema) -> Option<String> {
    if sent.source != "js-sdk" {
        return None;
    }
    let device = schema.device_type()?;
    let (own, others): (Vec<&SentId>, Vec<&SentId>) = sent
        .action
        .ids()
        .iter()
        .partition(|id| id.id_type == device.name);
    let [
        SentId {
            value: SentValue::Text(browser),
            ..
        },
    ] = own.as_slice()
    else {
        return None;
    };
    let is_word = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if browser.is_empty() || !browser.chars().all(is_word) {
        return None;
    }
    let call = match (&sent.action, others.is_empty()) {
        (
            SentAction::Customers {
                properties: Properties::Object(pairs),
                update_timestamp: None,
                ..
            },
            is_update,
        ) => {
            let properties = (!pairs.is_empty()).then(|| literal(&object_of(pairs)));
            let arguments = match is_update {
                true => vec![properties.unwrap_or("{}".into())],
                false => [Some(identity(&others, schema)?), properties]
                    .into_iter()
                    .flatten()
                    .collect(),
            };
            let method = if is_update { "update" } else { "identify" };
            format!("{method}({})", arguments.join(", "))
        }
        (
            SentAction::Event {
                event_type: Some(event_type),
                timestamp: None,
                properties: Properties::Object(json),
                ..
            },
            true,
        ) if !event_type.is_empty() => {
            let object: Value = serde_json::from_str(json).ok()?;
            let properties = match object.as_object()?.is_empty() {
                true => String::new(),
                false => format!(", {}", literal(&object)),
            };
            format!("track({}{properties})", Value::from(event_type.as_str()))
        }
        _ => return None,
    };
    Some(format!("```js browser={browser}\nexponea.{call}\n```\n"))
}

/// The first argument of `identify`: one value for the first hard type, else IDs by type.
fn identity(others: &[&SentId], schema: &IdSchema) -> Option<String> {
    let values = others.iter().map(|id| match &id.value {
        SentValue::Text(text) => Some(Value::from(text.as_str()).to_string()),
        SentValue::Number(number) => Some(number.clone()),
        SentValue::Null | SentValue::Other => None,
    });
    let values: Option<Vec<String>> = values.collect();
    let values = values?;
    let login = schema.of_kind(IdKind::Hard).next()?;
    match (others, values.as_slice()) {
        ([only], [value]) if only.id_type == login.name => Some(value.clone()),
        _ => {
            let named = others.iter().zip(&values);
            let named = named.map(|(id, value)| format!("{}: {value}", name(&id.id_type)));
            Some(format!("{{ {} }}", named.collect::<Vec<_>>().join(", ")))
        }
    }
}

/// JSON as a page writes it.
fn literal(value: &Value) -> String {
    match value {
        Value::Object(members) if members.is_empty() => "{}".into(),
        Value::Object(members) => {
            let members = members.iter();
            let members = members.map(|(own, value)| format!("{}: {}", name(own), literal(value)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(literal).collect();
            format!("[{}]", items.join(", "))
        }
        other => other.to_string(),
    }
}

fn name(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    match name.chars().all(plain) && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
    {
        true => name.to_owned(),
        false => Value::from(name).to_string(),
    }
}

/// The block `http`.
fn request(sent: &Sent, result: &Result<Outcome, Rejection>) -> String {
    let mut members = vec![format!("\"customer_ids\": {}", ids(sent.action.ids()))];
    let path = match &sent.action {
        SentAction::Customers {
            properties,
            update_timestamp,
            ..
        } => {
            members.push(format!("\"properties\": {}", pairs(properties)));
            if let Some(at) = update_timestamp {
                members.push(format!("\"update_timestamp\": {}", at.seconds()));
            }
            "/track/v2/projects/{{token}}/customers"
        }
        SentAction::Event {
            event_type,
            timestamp,
            properties,
            ..
        } => {
            if let Some(event_type) = event_type {
                members.push(format!(
                    "\"event_type\": {}",
                    Value::from(event_type.as_str())
                ));
            }
            if let Some(at) = timestamp {
                members.push(format!("\"timestamp\": {}", at.seconds()));
            }
            members.push(format!("\"properties\": {}", object(properties)));
            "/track/v2/projects/{{token}}/customers/events"
        }
        SentAction::OpenLink { .. } => "/track/v2/projects/{{token}}/customers",
        SentAction::Anonymize { .. } => "/data/v2/projects/{{token}}/customers/anonymize",
    };
    let source = match SOURCES.contains(&sent.source.as_str()) {
        true => format!(" source={}", sent.source),
        false => String::new(),
    };
    let reply = match (result, &sent.action) {
        (Ok(_), _) => "",
        (Err(rejection), _) if rejection.is_answered_as_success() => "",
        (Err(_), SentAction::Anonymize { .. }) => "\nHTTP 404\n{\"success\": false}\n",
        (Err(_), _) => "\nHTTP 400\n{\"success\": false}\n",
    };
    let body = members.join(", ");
    format!("```http{source}\nPOST {path}\n\n{{{body}}}\n{reply}```\n")
}

fn ids(ids: &[SentId]) -> String {
    let each = ids.iter().map(|id| {
        let value = match &id.value {
            SentValue::Null => "null".to_owned(),
            SentValue::Text(text) => Value::from(text.as_str()).to_string(),
            SentValue::Number(number) => number.clone(),
            SentValue::Other => "true".to_owned(),
        };
        format!("{}: {value}", Value::from(id.id_type.as_str()))
    });
    format!("{{{}}}", each.collect::<Vec<_>>().join(", "))
}

fn pairs(properties: &Properties<Vec<(String, String)>>) -> String {
    match properties {
        Properties::Object(pairs) => spaced(&object_of(pairs)),
        Properties::NotAnObject => "[]".into(),
    }
}

fn object(properties: &Properties<String>) -> String {
    match properties {
        Properties::Object(json) => spaced(&serde_json::from_str(json).unwrap_or_default()),
        Properties::NotAnObject => "[]".into(),
    }
}

/// JSON with a blank behind every colon and comma.
fn spaced(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members = members.iter();
            let members = members
                .map(|(name, value)| format!("{}: {}", Value::from(name.as_str()), spaced(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(spaced).collect();
            format!("[{}]", items.join(", "))
        }
        other => other.to_string(),
    }
}
