//! Where mutations begin: the scenarios, the requests of public clients, and what is made of them by code.
//! Read when they are asked for, so that a new scenario is a new seed.

use std::{fs, path::Path};

use serde::Deserialize;
use serde_json::{Value, json};
use twinfold::fixup::{Evidence, Export, Policies, Schema, plan_with};

use super::repairs::options;

/// A kind's inputs, each with a name.
pub fn seeds(kind: &str) -> Vec<(String, Vec<u8>)> {
    let texts = match kind {
        "body" => requests(),
        "batch" => batches(),
        "scenario" => scenarios(),
        "import" => imports(),
        "export" => exports(),
        "plan" => plans(),
        _ => run_logs(),
    };
    let bytes = texts.into_iter().map(|(name, text)| (name, text.into_bytes()));
    bytes.collect()
}

/// Names and texts.
type Texts = Vec<(String, String)>;

fn numbered(name: &str, texts: impl IntoIterator<Item = String>) -> Texts {
    let numbered = texts.into_iter().enumerate();
    numbered.map(|(at, text)| (format!("{name}-{at}"), text)).collect()
}

fn files(folder: &Path, extension: &str) -> Texts {
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts.extend(files(&path, extension));
        } else if path.extension().is_some_and(|found| found == extension) {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            texts.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
    texts.sort();
    texts
}

fn scenarios() -> Texts {
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios"), "md")
}

/// The blocks of all scenarios with this word, without their fences.
fn blocks(word: &str) -> Texts {
    let opening = format!("```{word}");
    let mut found = Vec::new();
    for (name, text) in scenarios() {
        let parts = text.split(&*opening).skip(1);
        let bodies = parts.filter_map(|part| part.split_once('\n')?.1.split("\n```").next());
        found.extend(numbered(&name, bodies.map(str::to_owned)));
    }
    found
}

/// The requests of public clients, and those of the scenarios.
fn requests() -> Texts {
    #[derive(Deserialize)]
    struct Client {
        requests: Vec<Row>,
    }
    #[derive(Deserialize)]
    struct Row {
        request: String,
        #[serde(default)]
        body: String,
    }
    let mut found = Vec::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/requests");
    for (name, text) in files(&folder, "yaml") {
        let client: Client = serde_saphyr::from_str(&text).unwrap();
        let lines = client.requests.into_iter();
        let lines = lines.map(|row| format!("{}\n{}", row.request, row.body));
        found.extend(numbered(&name, lines));
    }
    for (name, block) in blocks("http") {
        let request = block.split("\nHTTP ").next().unwrap_or_default();
        let (line, rest) = request.split_once('\n').unwrap_or((request, ""));
        // Headers stand between the line and the body.
        let body = rest.find(['{', '[']).map_or("", |at| &rest[at..]);
        found.push((name, format!("{}\n{body}", line.replace("{{token}}", "{token}"))));
    }
    found
}

fn batches() -> Texts {
    let lists = requests().into_iter().filter_map(|(name, text)| {
        let (_, body) = text.split_once('\n')?;
        let body: Value = serde_json::from_str(body).ok()?;
        Some((name, body.get("commands")?.to_string()))
    });
    lists.collect()
}

fn imports() -> Texts {
    blocks("import")
}

/// Exports of every shape that is read, with profiles of every place that a duplicate can be in.
fn exports() -> Texts {
    let profile = |ids: Value, properties: Value| json!({"ids": ids, "properties": properties});
    let event = json!([{"type": "purchase", "timestamp": 1.5, "properties": {"total": 2}}]);
    let mut rich = profile(json!({"cookie": ["tv"]}), json!({"email": "ada@example.com"}));
    rich["events"] = event;
    let profiles = [
        profile(json!({"registered": "ada@example.com", "cookie": ["laptop", "pad"]}), json!({"email": "ada@example.com", "age": 36})),
        profile(json!({"cookie": ["phone"]}), json!({"email": "Ada@example.com ", "age": 37})),
        profile(json!({"registered": "ADA@example.com"}), json!({"email": "ada@example.com"})),
        profile(json!({"registered": "42"}), json!({"email": "bob@example.com"})),
        profile(json!({"registered": "bob@example.com", "erp": 7}), json!({"email": "bob@example.com"})),
        profile(json!({"cookie": []}), json!({"email": null})),
        rich,
    ];
    let lines = |range: &[Value]| range.iter().map(|one| format!("{one}\n")).collect::<String>();
    let fields = json!([{"type": "id", "id": "registered"}, {"type": "id", "id": "cookie"}, {"type": "property", "property": "email"}]);
    let rows = json!([["ada@example.com", ["laptop"], "ada@example.com"], [null, ["phone"], "ada@example.com"]]);
    let table = json!({"success": true, "fields": fields, "data": rows});
    let first = json!({"fields": fields});
    let texts = [
        lines(&profiles),
        lines(&profiles[..2]),
        lines(&profiles[2..5]),
        table.to_string(),
        format!("{table:#}"),
        format!("{first}\n{}\n{}\n", rows[0], rows[1]),
    ];
    numbered("export", texts)
}

/// The plans of the exports, under both policies.
fn plans() -> Texts {
    let mut plans = Vec::new();
    for (name, text) in exports() {
        let Ok(export) = Export::parse(&name, text.as_bytes(), Schema::Inferred) else {
            continue;
        };
        for (word, policies) in [("report", Policies::default()), ("resolve", Policies::resolve_all())] {
            let options = options(&export.types, policies);
            let plan = plan_with(&export.profiles, &export.types, &options, &Evidence::ProfilesOnly);
            plans.push((format!("{name}-{word}"), json!({"plan": plan}).to_string()));
        }
    }
    plans
}

/// A plan, then lines of every kind, some of them not whole.
fn run_logs() -> Texts {
    let lines = [
        json!({"begins": {"at": 0, "key": "ada@example.com", "step": "identify", "own": "cookie=phone"}}),
        json!({"ended": {"at": 0, "done": "sent"}}),
        json!({"ended": {"at": 1, "done": "already"}}),
        json!({"ended": {"at": 2, "done": {"left-out": "it changed"}}}),
        json!({"ended": {"at": 18_446_744_073_709_551_615_u64, "done": "sent"}}),
    ];
    let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let mut logs = Vec::new();
    for (name, plan) in plans() {
        logs.push((format!("{name}-whole"), format!("{plan}\n{lines}")));
        logs.push((format!("{name}-torn"), format!("{plan}\n{}", &lines[..lines.len() / 3])));
    }
    logs.push(("no-plan".into(), lines));
    logs
}
