//! The journal of a case as a table: when, from where, what, and what was decided by which rules.
//! Every rule stands with its label.

use maud::{Markup, html as page};
use serde_json::Value;

use crate::scenario::decisions;

/// One row for each entry of the journal.
pub(super) fn timeline(entries: &[Value], id_types: &[String]) -> Markup {
    page! {
        div.wide { table.happened {
            thead { tr { th { "#" } th { "at" } th { "source" } th { "command" } th { "decision" } } }
            tbody { @for entry in entries { (row(entry, id_types)) } }
        } }
    }
}

fn row(entry: &Value, id_types: &[String]) -> Markup {
    let told = decisions::told(entry, id_types);
    let (ids, outcome) = told.unwrap_or_default();
    let decided = outcome.split("; because").next().unwrap_or_default();
    let command = &entry["command"];
    let properties = Some(&command["properties"]).filter(|value| !value.is_null());
    let rules = entry["decision"]["because"].as_array();
    page! {
        tr {
            td { (entry["seq"].to_string()) }
            td { (plain(&entry["at"])) }
            td { (plain(&entry["source"])) }
            td {
                (plain(&command["kind"])) " " (plain(&command["event_type"])) " " code { (ids) }
                @if let Some(properties) = properties { br; small { (properties.to_string()) } }
            }
            td {
                span.rejected[!entry["rejection"].is_null()] { (decided) }
                @if let Some(says) = entry["rejection"]["message"].as_str() { br; small { (says) } }
                @for rule in rules.into_iter().flatten() {
                    br; small title=(plain(&rule["says"])) {
                        (plain(&rule["rule"])) " (" (plain(&rule["label"])) ")"
                    }
                }
            }
        }
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
