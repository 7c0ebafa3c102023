//! The worst case of each reader, as large as it may come: deep, wide, endless, or small and meant to grow.
//! Each must end in a few seconds, with a reply or an error.

use std::fmt::Write as _;

/// A kind's worst inputs, each with what it is.
pub fn worst(kind: &str) -> Vec<(&'static str, Vec<u8>)> {
    let texts = match kind {
        "body" => bodies(),
        "batch" => batches(),
        "scenario" => scenarios(),
        "import" => imports(),
        "export" => exports(),
        "plan" => plans(),
        _ => vec![("a hundred thousand lines", "{\"begins\":{}}\n".repeat(100_000))],
    };
    let bytes = texts.into_iter().map(|(name, text)| (name, text.into_bytes()));
    bytes.collect()
}

type Texts = Vec<(&'static str, String)>;

/// `{` and so many members, each `"name number": value`, and `}`.
fn wide(count: usize, value: &str) -> String {
    let mut text = "{".to_owned();
    for at in 0..count {
        let comma = if at > 0 { "," } else { "" };
        write!(text, "{comma}\"n{at}\":{value}").unwrap();
    }
    text + "}"
}

fn deep(levels: usize) -> String {
    "[".repeat(levels) + &"]".repeat(levels)
}

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

fn bodies() -> Texts {
    let cookie = r#"{"cookie":"a"}"#;
    let in_list = |value: &str| format!("{{\"a\":[{value}]}}");
    let defined = |expression: String| {
        format!("PUT /_twinfold/projects/{{token}}/definitions\n{{\"expressions\":{{\"e1\":{expression}}}}}")
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
        ("the same name again and again", customers(cookie, &format!("{{{}\"a\":1}}", "\"a\":1,".repeat(100_000)))),
        ("one escape over and over", customers(&format!("{{\"cookie\":\"{}\"}}", "\\u0041".repeat(120_000)), "{}")),
        ("a number beyond all", customers(cookie, r#"{"a":1e999}"#)),
        ("a number beyond all in a list", customers(cookie, &in_list("-1e999"))),
        ("a number beyond all in an event", event(r#"{"a":1e999,"b":2}"#)),
        ("digits without end", customers(cookie, &in_list(&"9".repeat(15_000)))),
        ("half a character", customers(cookie, r#"{"a":"\ud800"}"#)),
        ("half a character in an event", event(r#"{"a":"\udc00","b":2}"#)),
        ("half a character as a name", customers(cookie, r#"{"\ud800":1}"#)),
        ("half a character as an ID", customers(r#"{"cookie":"\ud800"}"#, "{}")),
        ("a deep property", customers(cookie, &in_list(&deep(126)))),
        ("a too deep property", customers(cookie, &in_list(&deep(200)))),
        ("a too deep property of an event", event(&in_list(&deep(200)))),
        ("a time beyond all", customers(cookie, "{}").replace("\"properties\"", "\"update_timestamp\":1e308,\"properties\"")),
        ("a clock beyond all", control("clock", r#"{"advance":1.7e308}"#)),
        ("a clock that is almost beyond all", created(r#"{"clock":{"start":1.7e308,"step":1.7e308}}"#)),
        ("a clock that goes back", created(r#"{"clock":{"start":0,"step":-1}}"#)),
        ("a journal without room", created(r#"{"journal_bytes_max":0,"clock":{"start":0}}"#)),
        ("no attribute", created(r#"{"customer_attributes_max":0}"#)),
        ("no value of a soft type", created(r#"{"id_types":{"registered":"hard","cookie":{"kind":"soft","values_max":0}}}"#)),
        ("many types", created(&format!("{{\"id_types\":{}}}", wide(30_000, "\"soft\"")))),
        ("a fault that holds for long", control("faults", faults)),
        ("calculations in calculations", defined(nested)),
        ("the journal after its end", "GET /_twinfold/projects/{token}/journal?after=18446744073709551615&limit=0\n".into()),
        ("customers after all", "GET /_twinfold/projects/{token}/customers?after=18446744073709551615\n".into()),
        ("an import of many columns", import_body(30_000)),
        ("a mail of braces", format!("POST /email/v2/projects/{{token}}/sync\n{{\"email_content\":{{\"html\":\"{}\"}},\"recipient\":{{\"email\":\"a@b.c\"}}}}", "{{ ".repeat(100_000))),
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

fn batches() -> Texts {
    let command = |data: &str| format!("{{\"name\":\"customers\",\"data\":{data}}}");
    let same = command(r#"{"customer_ids":{"cookie":"a"},"properties":{"a":1}}"#);
    vec![
        ("too many", format!("[{}]", vec![same.as_str(); 51].join(","))),
        ("fifty", format!("[{}]", vec![same.as_str(); 50].join(","))),
        ("a name that is none", r#"[{"name":1e999,"command_id":"\ud800"},{"name":"system/time","command_id":1e999}]"#.into()),
        ("deep", format!("[{}]", command(&deep(100_000)))),
        ("wide", format!("[{}]", command(&wide(60_000, "{}")))),
    ]
}

const TOP: &str = "---\ntitle: x\nevidence: assumed\nsource: y\n---\n";

fn front(more: &str) -> String {
    TOP.replace("\n---\n", &format!("\n{more}\n---\n"))
}

fn scenarios() -> Texts {
    let laughs = (1..10).fold("a0: &a0 [x,x,x,x,x,x,x,x,x]".to_owned(), |text, at| {
        let before = format!("*a{},", at - 1).repeat(9);
        format!("{text}\na{at}: &a{at} [{before}]")
    });
    let aliases = format!("project: {{a: &a [{}], b: [{}]}}", "x,".repeat(1_000), "*a,".repeat(1_000));
    let variants = format!("variants: [{}]", "{a: bbbbbbbb},".repeat(4_000));
    let story = format!("```js browser=a\nexponea.track(\"{{{{a}}}}{}\")\n```\n", "x".repeat(100_000));
    let waits = "```http until=+1000s every=+1s\nGET /\n\nHTTP 200\n```\n";
    let grows = format!("variants:\n  - a: {}", "x".repeat(100_000));
    let holes = format!("```js browser=a\nexponea.track(\"{}\")\n```\n", "{{a}}".repeat(10_000));
    vec![
        ("a billion laughs", front(&laughs)),
        ("aliases of aliases", front(&aliases)),
        ("deep front matter", front(&format!("project: {{a: {}}}", deep(1_900)))),
        ("too deep front matter", front(&format!("project: {{a: {}}}", deep(100_000)))),
        ("deep front matter in blocks", front(&(0..1_000).map(|at| format!("{}a:\n", " ".repeat(at))).collect::<String>())),
        ("a device as a file", front("given: [/dev/zero]")),
        ("a folder as a file", front("given: [/]")),
        ("many variants of a long story", front(&variants) + &story),
        ("a long value in many places", front(&grows) + &holes),
        ("open braces", format!("{TOP}```js browser=a\nexponea.track(\"{}\")\n```\n", "{{".repeat(100_000))),
        ("open keeps", format!("{TOP}```http\nGET /\n\nHTTP 200\n{}\n```\n", "{{keep ".repeat(50_000))),
        ("waits in a row", format!("{TOP}{}", waits.repeat(20))),
        ("a fault for ever", format!("{TOP}```fault\ntimeout times 4294967295 skip 4294967295\n```\n")),
        ("retries of a fault", format!("{TOP}```fault\n503 times 4294967295 retry-after 4294967295\n```\n```js browser=a retries=100 fails\n{}```\n", "exponea.track(\"a\")\n".repeat(50))),
        ("time flies", format!("{TOP}{}", "```clock\n+30500568904943w\n```\n".repeat(50))),
        ("fences", format!("{TOP}{}", "```js browser=a\n".repeat(20_000))),
        ("quotes in quotes", format!("{TOP}{}```js\n", "> ".repeat(20_000))),
        ("lists in lists", format!("{TOP}{}", (0..2_000).map(|at| format!("{}- a\n", "  ".repeat(at))).collect::<String>())),
        ("comments", format!("{TOP}```js browser=a\n{}\n```\n", "/*".repeat(100_000))),
    ]
}

fn imports() -> Texts {
    let mapped = "ids: {registered: email}\nproperties: {age: age}\n---\n";
    let columns = |count: usize| (0..count).map(|at| format!("c{at},")).collect::<String>();
    let properties = |count: usize| (0..count).map(|at| format!("p{at}: c{at}, ")).collect::<String>();
    vec![
        ("a million columns", format!("{mapped}{}email,age\n", ",".repeat(1_000_000))),
        ("many columns, none that fits", format!("ids: {{registered: emial}}\n---\n{}\n", columns(200_000))),
        ("many columns mapped", format!("ids: {{registered: email}}\nproperties: {{{}}}\n---\n{}email\n{}a\n", properties(5_000), columns(5_000), ",".repeat(5_000))),
        ("many rows", format!("{mapped}email,age\n{}", "a@b.c,1\n".repeat(20_000))),
        ("rows of another length", format!("{mapped}email,age\n{}", "a\n".repeat(20_000))),
        ("one field without end", format!("{mapped}email,age\n\"{}", "x\n".repeat(500_000))),
        ("one field in many cases", format!("{mapped}email,age\n{}", (0..20_000).map(|at| format!("A{at}@b.c,1\n a{at}@B.c,1\n")).collect::<String>())),
        ("numbers beyond all", format!("{mapped}email,age\na,1e999\nb,NaN\n").replace("age: age", "age: age}\ntypes: {age: number")),
        ("lists too deep", format!("ids: {{registered: email}}\nproperties: {{l: l}}\ntypes: {{l: list}}\n---\nemail,l\na,{}\nb,[1e999]\n", deep(200))),
        ("a billion laughs", format!("a: &a [x,x,x,x]\nb: &b [{}]\nids: [{}]\n---\nemail\n", "*a,".repeat(1_000), "*b,".repeat(1_000))),
    ]
}

fn exports() -> Texts {
    let one = |at: usize, email: &str| format!("{{\"ids\":{{\"cookie\":[\"c{at}\"]}},\"properties\":{{\"email\":\"{email}\"}}}}\n");
    let hard = |at: usize| format!("{{\"ids\":{{\"registered\":\"r{at}\",\"cookie\":[\"c{at}\"]}},\"properties\":{{\"email\":\"a@example.com\",\"p{at}\":{at}}}}}\n");
    let cased = |at: usize| format!("{{\"ids\":{{\"registered\":\"{}\"}},\"properties\":{{}}}}\n", variant(at));
    vec![
        ("deep", deep(100_000)),
        ("many of one address", (0..3_000).map(|at| one(at, "a@example.com")).collect()),
        ("many accounts of one address", (0..1_000).map(hard).collect()),
        ("many cases of one address", (0..1_000).map(cased).collect()),
        ("many addresses", (0..20_000).map(|at| one(at, &format!("a{at}@example.com"))).collect()),
        ("many types", format!("{{\"ids\":{}}}\n", wide(30_000, "\"v\""))),
        ("many types in lists", format!("{{\"ids\":{}}}\n", wide(30_000, "[\"v\"]"))),
        ("many fields, no row", format!("{{\"fields\":[{}{{\"type\":\"id\",\"id\":\"registered\"}}],\"data\":[]}}", "{\"type\":\"id\",\"id\":\"a\"},".repeat(30_000))),
        ("one profile over many lines", format!("{{\"ids\":{{\"cookie\":[\n{}\"z\"]}}}}", (0..50_000).map(|at| format!("\"c{at}\",\n")).collect::<String>())),
        ("numbers beyond all", "{\"ids\":{\"registered\":1e308},\"properties\":{\"email\":1e999}}".into()),
        ("events", format!("{{\"ids\":{{\"cookie\":[\"a\"]}},\"events\":[{}{{\"type\":\"a\",\"timestamp\":1e308,\"properties\":{{}}}}]}}", "{\"type\":\"a\",\"timestamp\":-0.0,\"properties\":{}},".repeat(20_000))),
    ]
}

/// `aaaaaaaaaa@example.com` with the letters of the number's bits in upper case.
fn variant(at: usize) -> String {
    let letter = |bit: usize| if at >> bit & 1 == 1 { 'A' } else { 'a' };
    (0..10).map(letter).collect::<String>() + "@example.com"
}

fn plans() -> Texts {
    vec![
        ("deep", format!("{{\"plan\":{}}}", deep(100_000))),
        ("wide", format!("{{\"plan\":{}}}", wide(100_000, "1"))),
        ("no plan", "{}".into()),
        ("a version beyond all", r#"{"plan":{"schema_version":18446744073709551615}}"#.into()),
    ]
}
