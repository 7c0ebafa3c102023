//! The JSON Schema and the reader of the front matter agree: on every file of the catalogue, and on slips.

use std::{fs, path::Path};

use serde_json::{Map, Value, json};

use crate::{
    problem::Source,
    scenario::{Scenario, body::Body, discover, json_schema, yaml},
};

fn front_as_json(text: &str) -> Value {
    let yaml = text.split("---\n").nth(1).unwrap();
    let start = text.find(yaml).unwrap();
    let source = Source::new("a.md", text);
    let entries = yaml::mapping(&Body::of(&source, start..start + yaml.len())).unwrap();
    let pairs = entries.iter();
    let pairs: Map<String, Value> = pairs
        .map(|entry| (entry.key.clone(), entry.value.json()))
        .collect();
    Value::Object(pairs)
}

#[test]
fn the_schema_takes_every_file_of_the_catalogue() {
    let schema = jsonschema::validator_for(&json_schema()).unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios");
    let files = discover(&[root]).unwrap();
    assert!(files.len() > 150);
    for file in files {
        let front = front_as_json(&fs::read_to_string(&file).unwrap());
        let errors: Vec<String> = schema
            .iter_errors(&front)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{}: {errors:?}", file.display());
    }
}

#[test]
fn the_schema_and_the_reader_refuse_the_same_slips() {
    let schema = jsonschema::validator_for(&json_schema()).unwrap();
    let good = "title: A\nevidence: assumed\nsource: here\n";
    for (lines, fits) in [
        ("", true),
        ("titel: B\n", false),
        ("level: 3\n", true),
        ("level: 4\n", false),
        ("cause: two-words\n", true),
        ("cause: Two Words\n", false),
        ("tags: [a, b]\n", true),
        ("tags: a\n", false),
        (
            "ids: {registered: hard, crm: {kind: hard, lowercase: true}, cookie: soft}\n",
            true,
        ),
        ("ids: {registered: solid}\n", false),
        ("ids: {registered: {trim: true}}\n", false),
        ("ids: {registered: {kind: hard, upper: true}}\n", false),
        ("switches: {hard_id_conflict: first_hard_type_wins}\n", true),
        ("switches: {hard_id_conflict: last}\n", false),
        ("switches: {soft_id_conflict: reject}\n", false),
        ("project: {fail_on: assumed}\n", true),
        ("project: {clock: {start: 1, step: 1}}\n", false),
        ("variants:\n  - {name: x}\n  - {name: 12}\n", true),
        ("variants:\n  - {token: x}\n", false),
        ("variants:\n  - [x]\n", false),
        ("double_opt_in: {transfer_identity: first_click}\n", true),
    ] {
        let text = format!("---\n{good}{lines}---\n");
        let says = schema.is_valid(&front_as_json(&text));
        let read = Scenario::parse("a.md", &*text).is_ok();
        assert_eq!((says, read), (fits, fits), "{lines}");
    }
    assert!(!schema.is_valid(&json!({"title": "A", "evidence": "assumed"})));
}
