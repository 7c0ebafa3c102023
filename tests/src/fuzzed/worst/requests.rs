//! The worst requests: bodies of every route, and the lists of batches.

use super::{Texts, deep, wide};

fn customers(ids: &str, properties: &str) -> String {
    format!(
        "POST /track/v2/projects/{{token}}/customers\n{{\"customer_ids\":{ids},\"properties\":{properties}}}"
    )
}

fn event(properties: &str) -> String {
    let ids = r#"{"cookie":"a"}"#;
    format!(
        "POST /track/v2/projects/{{token}}/customers/events\n{{\"customer_ids\":{ids},\"event_type\":\"e\",\"properties\":{properties}}}"
    )
}

/// A request to the control API over the project.
fn control(rest: &str, body: &str) -> String {
    format!("POST /_twinfold/projects/{{token}}/{rest}\n{body}")
}

/// A project that takes any ID type.
fn created(settings: &str) -> String {
    format!("POST /_twinfold/projects\n{settings}")
}

pub(super) fn bodies() -> Texts {
    let cookie = r#"{"cookie":"a"}"#;
    let in_list = |value: &str| format!("{{\"a\":[{value}]}}");
    let defined = |expression: String| {
        format!(
            "PUT /_twinfold/projects/{{token}}/definitions\n{{\"expressions\":{{\"e1\":{expression}}}}}"
        )
    };
    let nested = "{\"add\":[{\"constant\":1},".repeat(120) + "{\"constant\":1}" + &"]}".repeat(120);
    let faults = r#"{"fault":{"kind":"timeout","hold":600},"times":4294967295,"skip":4294967295}"#;
    vec![
        ("nothing", String::new()),
        ("deep everywhere", deep(100)),
        ("too deep everywhere", deep(200_000)),
        ("many names", customers(cookie, &wide(60_000, "1"))),
        ("many names of an event", event(&wide(60_000, "1"))),
        ("many ID types", customers(&wide(60_000, "\"v\""), "{}")),
        (
            "the same name again and again",
            customers(
                cookie,
                &format!("{{{}\"a\":1}}", "\"a\":1,".repeat(100_000)),
            ),
        ),
        (
            "one escape over and over",
            customers(
                &format!("{{\"cookie\":\"{}\"}}", "\\u0041".repeat(120_000)),
                "{}",
            ),
        ),
        ("a number beyond all", customers(cookie, r#"{"a":1e999}"#)),
        (
            "a number beyond all in a list",
            customers(cookie, &in_list("-1e999")),
        ),
        (
            "a number beyond all in an event",
            event(r#"{"a":1e999,"b":2}"#),
        ),
        (
            "digits without end",
            customers(cookie, &in_list(&"9".repeat(15_000))),
        ),
        ("half a character", customers(cookie, r#"{"a":"\ud800"}"#)),
        (
            "half a character in an event",
            event(r#"{"a":"\udc00","b":2}"#),
        ),
        (
            "half a character as a name",
            customers(cookie, r#"{"\ud800":1}"#),
        ),
        (
            "half a character as an ID",
            customers(r#"{"cookie":"\ud800"}"#, "{}"),
        ),
        ("a deep property", customers(cookie, &in_list(&deep(126)))),
        (
            "a too deep property",
            customers(cookie, &in_list(&deep(200))),
        ),
        (
            "a too deep property of an event",
            event(&in_list(&deep(200))),
        ),
        (
            "a time beyond all",
            customers(cookie, "{}").replace(
                "\"properties\"",
                "\"update_timestamp\":1e308,\"properties\"",
            ),
        ),
        (
            "a clock beyond all",
            control("clock", r#"{"advance":1.7e308}"#),
        ),
        (
            "a clock that is almost beyond all",
            created(r#"{"clock":{"start":1.7e308,"step":1.7e308}}"#),
        ),
        (
            "a clock that goes back",
            created(r#"{"clock":{"start":0,"step":-1}}"#),
        ),
        (
            "a journal without room",
            created(r#"{"journal_bytes_max":0,"clock":{"start":0}}"#),
        ),
        ("no attribute", created(r#"{"customer_attributes_max":0}"#)),
        (
            "no value of a soft type",
            created(
                r#"{"id_types":{"registered":"hard","cookie":{"kind":"soft","values_max":0}}}"#,
            ),
        ),
        (
            "many types",
            created(&format!("{{\"id_types\":{}}}", wide(30_000, "\"soft\""))),
        ),
        ("a fault that holds for long", control("faults", faults)),
        ("calculations in calculations", defined(nested)),
        (
            "the journal after its end",
            "GET /_twinfold/projects/{token}/journal?after=18446744073709551615&limit=0\n".into(),
        ),
        (
            "customers after all",
            "GET /_twinfold/projects/{token}/customers?after=18446744073709551615\n".into(),
        ),
        ("an import of many columns", import_body(30_000)),
        (
            "a mail of braces",
            format!(
                "POST /email/v2/projects/{{token}}/sync\n{{\"email_content\":{{\"html\":\"{}\"}},\"recipient\":{{\"email\":\"a@b.c\"}}}}",
                "{{ ".repeat(100_000)
            ),
        ),
    ]
}

/// Every column is mapped, and there is one row.
fn import_body(columns: usize) -> String {
    let mapped = (0..columns).map(|at| format!("{{\"from_column\":\"c{at}\"}}"));
    let mapped = mapped.collect::<Vec<_>>().join(",");
    let header = (0..columns).map(|at| format!("c{at},")).collect::<String>();
    format!(
        "POST /imports/v1/{{token}}\n{{\"name\":\"a\",\"trigger\":{{\"trigger_type\":\"now\"}},\
         \"source\":{{\"source_type\":\"inline\",\"content\":\"{header}id\\n{}a\\n\"}},\"destination\":{{\"customer_destination\":{{}}}},\
         \"mapping\":{{\"column_mapping\":{{\"id_mappings\":[{{\"from_column\":\"id\",\"to_id\":\"cookie\"}}],\
         \"property_mappings\":[{mapped}]}}}}}}",
        ",".repeat(columns)
    )
}

pub(super) fn batches() -> Texts {
    let command = |data: &str| format!("{{\"name\":\"customers\",\"data\":{data}}}");
    let same = command(r#"{"customer_ids":{"cookie":"a"},"properties":{"a":1}}"#);
    vec![
        (
            "too many",
            format!("[{}]", vec![same.as_str(); 51].join(",")),
        ),
        ("fifty", format!("[{}]", vec![same.as_str(); 50].join(","))),
        (
            "a name that is none",
            r#"[{"name":1e999,"command_id":"\ud800"},{"name":"system/time","command_id":1e999}]"#
                .into(),
        ),
        ("deep", format!("[{}]", command(&deep(100_000)))),
        ("wide", format!("[{}]", command(&wide(60_000, "{}")))),
    ]
}
