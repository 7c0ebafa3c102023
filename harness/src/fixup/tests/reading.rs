//! Export files: the three shapes are one, and every mistake has its line and its advice.

use crate::fixup::{Export, IdKind, IdSchema, Schema};

const LINES: &str = r#"{"ids":{"registered":"ada@example.com","cookie":["a","b"]},"properties":{"email":"ada@example.com"}}
{"ids":{"registered":null,"cookie":["c"]},"properties":{"email":"ada@example.com"}}
{"ids":{"registered":77,"cookie":[]},"properties":{"email":null}}
"#;
const FIELDS: &str = r#"{"fields":[{"type":"id","id":"registered"},{"type":"id","id":"cookie"},{"type":"property","property":"email"}]"#;
const ROWS: [&str; 3] = [
    r#"["ada@example.com",["a","b"],"ada@example.com"]"#,
    r#"[null,["c"],"ada@example.com"]"#,
    "[77,[],null]",
];

fn parse(text: &str) -> Result<Export, String> {
    Export::parse("x.json", text.as_bytes(), Schema::Inferred).map_err(|error| error.to_string())
}

#[test]
fn the_shapes_say_the_same() {
    let lines = parse(LINES).expect("lines");
    assert_eq!(lines.profiles.len(), 3);
    assert_eq!(lines.profiles[2].id("registered"), Some("77"));
    assert_eq!(lines.profiles[2].age, 2);
    let kind = |name: &str| lines.types.get(name).map(|id_type| id_type.kind);
    assert_eq!(
        (kind("registered"), kind("cookie")),
        (Some(IdKind::Hard), Some(IdKind::Soft))
    );

    let one_line = format!("{FIELDS},\"data\":[{}],\"success\":true}}", ROWS.join(","));
    let many_lines = one_line.replace("],", "],\n  ").replace('{', "{\n");
    let headed = format!("\u{feff}{FIELDS}}}\n\n{}\n", ROWS.join("\r\n"));
    for text in [one_line, many_lines, headed] {
        assert_eq!(parse(&text).as_ref(), Ok(&lines), "{text}");
    }
}

#[test]
fn events_are_read_when_they_are_there() {
    let line = r#"{"ids":{"cookie":["a"]},"properties":{},"events":[{"type":"purchase","timestamp":1.5,"properties":{"total":3}}]}"#;
    let export = parse(line).expect("a line");
    let events = export.profiles[0].events.as_deref().unwrap_or_default();
    assert_eq!(
        (events[0].kind.as_str(), events[0].timestamp),
        ("purchase", 1.5)
    );
}

#[test]
fn mistakes_have_a_line_and_an_advice() {
    let double = LINES.replace(r#"["c"]"#, r#"["b"]"#);
    let broken = LINES.replace(r#"{"ids":{"registered":77"#, r#"{"ids":{"registered:77"#);
    let short = format!("{FIELDS}}}\n[1,2]");
    let cases = [
        ("", "x.json:1: the file is empty; export the customers"),
        (" \n\n", "x.json:1: the file is empty"),
        (
            double.as_str(),
            "x.json:2: the ID `cookie=b` is on the profile of line 1 as well; a project has one profile per ID",
        ),
        (broken.as_str(), "x.json:3: the line is not JSON at column"),
        (
            short.as_str(),
            "x.json:2: a row must be a list of 3 cells, found: `[1,2]`",
        ),
        (
            "{\"ids\": 1}",
            "x.json:1: a profile must be an object with `ids`",
        ),
        (
            "{\n \"fields\": [],\n \"data\": [,\n}",
            "x.json:3: the text is not JSON at column",
        ),
        (
            "{\"fields\":[{\"type\":\"shoe\"}]}",
            "x.json:1: `fields` holds something else than",
        ),
        (
            "{\"ids\":{\"cookie\":[true]}}",
            "x.json:1: a value of the ID type `cookie` must be a text, found: `true`",
        ),
    ];
    for (text, expected) in cases {
        let error = parse(text).err().unwrap_or_default();
        assert!(error.starts_with(expected), "{error}");
    }
    let error = Export::parse("x.json", b"{}\n\xff", Schema::Inferred);
    let error = error
        .map_err(|error| error.to_string())
        .err()
        .unwrap_or_default();
    assert_eq!(
        error,
        "x.json:2: the text is not UTF-8; save the file as UTF-8 without compression"
    );
}

#[test]
fn a_given_schema_is_held_to() {
    let given = |text: &str| {
        let export = Export::parse(
            "x.json",
            text.as_bytes(),
            Schema::Given(IdSchema::default()),
        );
        export
            .map_err(|error| error.to_string())
            .err()
            .unwrap_or_default()
    };
    assert_eq!(given(LINES), "");
    let error = given(r#"{"ids":{"registered":["a","b"]}}"#);
    assert!(
        error.starts_with(
            "x.json:1: the hard ID type `registered` has 2 values here and can have one; "
        ),
        "{error}"
    );
    let error = given(r#"{"ids":{"shoe_size":"44"}}"#);
    assert!(
        error.starts_with("x.json:1: the ID type `shoe_size` is not in the schema; "),
        "{error}"
    );
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = Export::read(std::path::Path::new("/nowhere/x.json"), Schema::Inferred);
    let error = error
        .map_err(|error| error.to_string())
        .err()
        .unwrap_or_default();
    assert!(
        error.starts_with("/nowhere/x.json:1: the file cannot be read"),
        "{error}"
    );
}
