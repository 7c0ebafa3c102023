//! The JSON Schema of the front matter, so that an editor completes its keys and marks its slips.
//! It says what a reader of the file would be told; what needs more than one key to judge is left to `twinfold check`.

use serde_json::{Map, Value, json};
use twinfold_engine::Strategy;

use super::front_matter::{EVIDENCE, KEYS, SWITCHES};

/// The schema, draft 2020-12.
pub fn json_schema() -> Value {
    let properties: Map<String, Value> = KEYS
        .iter()
        .map(|key| ((*key).to_owned(), property(key)))
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Front matter of a twinfold scenario",
        "type": "object",
        "required": ["title", "evidence", "source"],
        "additionalProperties": false,
        "properties": properties,
    })
}

fn property(key: &str) -> Value {
    let (says, mut shape) = match key {
        "title" => ("what the scenario shows, as a sentence", text()),
        "evidence" => (
            "how sure it is that the real service behaves so",
            json!({"enum": EVIDENCE}),
        ),
        "source" => ("where that is known from", text()),
        "ids" => (
            "the ID types of the project, in order of precedence",
            id_types(),
        ),
        "cause" => ("the cause of the duplicates, as a slug", slug()),
        "effect" => ("what one sees of it", text()),
        "remedy" => ("what mends it", text()),
        "level" => (
            "how hard the exercise is",
            json!({"enum": [1, 2, 3], "type": "integer"}),
        ),
        "switches" => (
            "switches of the project that differ from the default",
            switches(),
        ),
        "strategy" => (
            "the merge strategy",
            json!({"anyOf": [
                {"enum": Strategy::names().collect::<Vec<_>>()},
                // A published name with switches, such as `guarded-identify:guard=off`.
                {"type": "string", "pattern": "^[a-z-]+(:[a-z_]+=[a-z0-9_]+)+$"},
            ]}),
        ),
        "tags" => ("free words to select by", list(text())),
        "double_opt_in" => (
            "the project's double opt-in",
            json!({"type": "object", "additionalProperties": false, "properties": {
                "transfer_identity": {"enum": ["enabled", "disabled", "first_click"]}}}),
        ),
        "project" => (
            "further settings of the project by the control API's names",
            json!({"type": "object", "propertyNames": {"not":
                {"enum": ["id_types", "switches", "strategy", "clock", "double_opt_in"]}}}),
        ),
        "variants" => (
            "the file runs once for each row, with `{{name}}` filled in",
            list(
                json!({"type": "object", "propertyNames": {"not": {"const": "token"}},
                "additionalProperties": scalar()}),
            ),
        ),
        _ => (
            "files whose steps run first, relative to this one",
            list(text()),
        ),
    };
    shape["description"] = json!(says);
    shape
}

/// A plain scalar: YAML reads `12` as a number where a text is meant.
fn scalar() -> Value {
    json!({"type": ["string", "number", "boolean"]})
}

fn text() -> Value {
    scalar()
}

fn slug() -> Value {
    json!({"type": "string", "pattern": "^[a-z0-9-]+$"})
}

fn list(items: Value) -> Value {
    json!({"type": "array", "items": items})
}

fn switches() -> Value {
    let choices = SWITCHES.iter();
    let choices: Map<String, Value> = choices
        .map(|(name, choices)| ((*name).to_owned(), json!({"enum": choices})))
        .collect();
    json!({"type": "object", "additionalProperties": false, "properties": choices})
}

fn id_types() -> Value {
    let kind = json!({"enum": ["hard", "soft"]});
    let detailed = json!({
        "type": "object",
        "required": ["kind"],
        "additionalProperties": false,
        "properties": {
            "kind": kind,
            "trim": {"type": "boolean", "description": "trim new values; on by default"},
            "lowercase": {"type": "boolean", "description": "lower-case new values; off by default"},
            "values_max": {"type": "integer", "minimum": 0, "maximum": u16::MAX,
                "description": "how many values a customer keeps of a soft type; 64 by default"},
        },
    });
    json!({"type": "object", "additionalProperties": {"anyOf": [kind, detailed]}})
}
