//! The worst import files, exports and plans.

use super::{Texts, deep, wide};

pub(super) fn imports() -> Texts {
    let mapped = "ids: {registered: email}\nproperties: {age: age}\n---\n";
    let columns = |count: usize| (0..count).map(|at| format!("c{at},")).collect::<String>();
    let properties = |count: usize| {
        (0..count)
            .map(|at| format!("p{at}: c{at}, "))
            .collect::<String>()
    };
    vec![
        (
            "a million columns",
            format!("{mapped}{}email,age\n", ",".repeat(1_000_000)),
        ),
        (
            "many columns, none that fits",
            format!("ids: {{registered: emial}}\n---\n{}\n", columns(200_000)),
        ),
        (
            "many columns mapped",
            format!(
                "ids: {{registered: email}}\nproperties: {{{}}}\n---\n{}email\n{}a\n",
                properties(5_000),
                columns(5_000),
                ",".repeat(5_000)
            ),
        ),
        (
            "many rows",
            format!("{mapped}email,age\n{}", "a@b.c,1\n".repeat(20_000)),
        ),
        (
            "rows of another length",
            format!("{mapped}email,age\n{}", "a\n".repeat(20_000)),
        ),
        (
            "one field without end",
            format!("{mapped}email,age\n\"{}", "x\n".repeat(500_000)),
        ),
        (
            "one field in many cases",
            format!(
                "{mapped}email,age\n{}",
                (0..20_000)
                    .map(|at| format!("A{at}@b.c,1\n a{at}@B.c,1\n"))
                    .collect::<String>()
            ),
        ),
        (
            "numbers beyond all",
            format!("{mapped}email,age\na,1e999\nb,NaN\n")
                .replace("age: age", "age: age}\ntypes: {age: number"),
        ),
        (
            "lists too deep",
            format!(
                "ids: {{registered: email}}\nproperties: {{l: l}}\ntypes: {{l: list}}\n---\nemail,l\na,{}\nb,[1e999]\n",
                deep(200)
            ),
        ),
        (
            "a billion laughs",
            format!(
                "a: &a [x,x,x,x]\nb: &b [{}]\nids: [{}]\n---\nemail\n",
                "*a,".repeat(1_000),
                "*b,".repeat(1_000)
            ),
        ),
    ]
}

pub(super) fn exports() -> Texts {
    let one = |at: usize, email: &str| {
        format!("{{\"ids\":{{\"cookie\":[\"c{at}\"]}},\"properties\":{{\"email\":\"{email}\"}}}}\n")
    };
    let hard = |at: usize| {
        format!(
            "{{\"ids\":{{\"registered\":\"r{at}\",\"cookie\":[\"c{at}\"]}},\"properties\":{{\"email\":\"a@example.com\",\"p{at}\":{at}}}}}\n"
        )
    };
    let cased = |at: usize| {
        format!(
            "{{\"ids\":{{\"registered\":\"{}\"}},\"properties\":{{}}}}\n",
            variant(at)
        )
    };
    vec![
        ("deep", deep(100_000)),
        (
            "many of one address",
            (0..3_000).map(|at| one(at, "a@example.com")).collect(),
        ),
        (
            "many accounts of one address",
            (0..1_000).map(hard).collect(),
        ),
        ("many cases of one address", (0..1_000).map(cased).collect()),
        (
            "many addresses",
            (0..20_000)
                .map(|at| one(at, &format!("a{at}@example.com")))
                .collect(),
        ),
        (
            "many types",
            format!("{{\"ids\":{}}}\n", wide(30_000, "\"v\"")),
        ),
        (
            "many types in lists",
            format!("{{\"ids\":{}}}\n", wide(30_000, "[\"v\"]")),
        ),
        (
            "many fields, no row",
            format!(
                "{{\"fields\":[{}{{\"type\":\"id\",\"id\":\"registered\"}}],\"data\":[]}}",
                "{\"type\":\"id\",\"id\":\"a\"},".repeat(30_000)
            ),
        ),
        (
            "one profile over many lines",
            format!(
                "{{\"ids\":{{\"cookie\":[\n{}\"z\"]}}}}",
                (0..50_000)
                    .map(|at| format!("\"c{at}\",\n"))
                    .collect::<String>()
            ),
        ),
        (
            "numbers beyond all",
            "{\"ids\":{\"registered\":1e308},\"properties\":{\"email\":1e999}}".into(),
        ),
        (
            "events",
            format!(
                "{{\"ids\":{{\"cookie\":[\"a\"]}},\"events\":[{}{{\"type\":\"a\",\"timestamp\":1e308,\"properties\":{{}}}}]}}",
                "{\"type\":\"a\",\"timestamp\":-0.0,\"properties\":{}},".repeat(20_000)
            ),
        ),
    ]
}

/// `aaaaaaaaaa@example.com` with the letters of the number's bits in upper case.
fn variant(at: usize) -> String {
    let letter = |bit: usize| if at >> bit & 1 == 1 { 'A' } else { 'a' };
    (0..10).map(letter).collect::<String>() + "@example.com"
}

pub(super) fn plans() -> Texts {
    vec![
        ("deep", format!("{{\"plan\":{}}}", deep(100_000))),
        ("wide", format!("{{\"plan\":{}}}", wide(100_000, "1"))),
        ("no plan", "{}".into()),
        (
            "a version beyond all",
            r#"{"plan":{"schema_version":18446744073709551615}}"#.into(),
        ),
    ]
}
