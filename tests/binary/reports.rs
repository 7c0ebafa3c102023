//! What a comparison of merge strategies writes: JSON, CSV and a page.

use std::{
    collections::BTreeSet,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use super::{code, twinfold};

/// A small comparison of one strategy.
fn small() -> Command {
    let mut command = twinfold();
    command.args(["compare", "--people", "5", "--strategy", "engagement"]);
    command.args(["--close-look", "0", "--worst", "0"]);
    command
}

/// As `| head -1` does, or rather earlier.
#[test]
fn files_are_whole_though_nobody_reads_the_table() {
    let directory = tempfile::tempdir().unwrap();
    let [json, csv, html] = ["a.json", "a.csv", "a.html"].map(|name| directory.path().join(name));
    let mut child = small()
        .arg("--json")
        .arg(&json)
        .arg("--csv")
        .arg(&csv)
        .arg("--html")
        .arg(&html)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(141));
    let read = |path| std::fs::read_to_string(path).unwrap();
    let report: Value = serde_json::from_str(&read(&json)).unwrap();
    assert_eq!(report["strategies"].as_array().unwrap().len(), 1);
    assert_eq!(read(&csv).lines().count(), 2);
    assert!(read(&html).ends_with("</html>"));
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 3);
}

#[test]
fn a_file_that_cannot_be_written_is_named_before_anything_runs() {
    let directory = tempfile::tempdir().unwrap();
    let good = directory.path().join("good.csv");
    for missing in ["missing/page.html", "."] {
        let missing = directory.path().join(missing);
        let (found, text) = code(small().arg("--csv").arg(&good).arg("--html").arg(&missing));
        assert_eq!(found, Some(2), "{text}");
        let says = format!("error: `{}` cannot be written: ", missing.display());
        assert!(text.starts_with(&says), "{text}");
    }
    let (found, text) = code(small().arg("--csv").arg(&good).arg("--json").arg(&good));
    assert_eq!(found, Some(2), "{text}");
    assert!(text.contains("cannot hold two outputs"), "{text}");
    assert!(!good.exists());
}

/// What a report says of its people is what was measured, and what it says repeats it does.
#[test]
fn a_report_says_over_whom_it_is_and_how_to_repeat_it() {
    let directory = tempfile::tempdir().unwrap();
    let [calls, csv, json] =
        ["two words.jsonl", "rows.csv", "all.json"].map(|name| directory.path().join(name));
    let generate = [
        "generate",
        "--people",
        "5",
        "--rate",
        "family=1",
        "--with-person",
    ];
    let (found, text) = code(twinfold().args(generate).arg("--calls").arg(&calls));
    assert_eq!(found, Some(0), "{text}");
    let lines = std::fs::read_to_string(&calls).unwrap();
    let people: BTreeSet<u64> = lines
        .lines()
        .map(|line| {
            serde_json::from_str::<Value>(line).unwrap()["person"]
                .as_u64()
                .unwrap()
        })
        .collect();
    let written = |command: &mut Command| {
        let command = command.args(["--strategy", "engagement", "--show", "shape,course"]);
        let (found, text) = code(command.arg("--csv").arg(&csv).arg("--json").arg(&json));
        assert_eq!(found, Some(0), "{text}");
        let report: Value = serde_json::from_slice(&std::fs::read(&json).unwrap()).unwrap();
        let mut rows = csv::Reader::from_path(&csv).unwrap();
        let names = rows.headers().unwrap().clone();
        let row = rows.records().next().unwrap().unwrap();
        let columns = names.iter().zip(&row).take(4);
        let columns: Vec<String> = columns
            .map(|(name, cell)| format!("{name}={cell}"))
            .collect();
        (report, columns)
    };
    let (report, columns) = written(twinfold().args(["compare", "--traffic"]).arg(&calls));
    let (path, people, count) = (calls.display(), people.len(), lines.lines().count());
    assert_eq!(
        report["origin"]["command"].as_str().unwrap(),
        format!(
            "twinfold compare --traffic '{path}' --strategy engagement --show shape,course --close-look 100 --worst 2"
        )
    );
    let over = &report["settings"][0];
    assert_eq!(over["population"], path.to_string());
    assert_eq!(
        (&over["people"], &over["calls"]),
        (&people.into(), &count.into())
    );
    let of_traffic = [
        format!("population={path}"),
        format!("people={people}"),
        format!("calls={count}"),
        "seed=n/a".into(),
    ];
    assert_eq!(columns, of_traffic);
    // The last family brings more people than are asked for.
    assert!(people > 5);
    let same = ["compare", "--people", "5", "--rate", "family=1"];
    let (report, columns) = written(twinfold().args(same));
    assert_eq!(columns[1..3], of_traffic[1..3]);
    assert_eq!(report["settings"][0]["people"], people);
    let better = |name: &str| {
        let measures = report["measures"].as_array().unwrap();
        let measure = measures.iter().find(|one| one["name"] == name);
        measure.unwrap()["better"].clone()
    };
    let better = ["bcubed_f1", "splits", "profiles"].map(better);
    assert_eq!(better, [json!("more"), json!("less"), Value::Null]);
}

/// The page loads nothing and says how to repeat it.
#[test]
fn the_page_stands_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("page.html");
    let (found, text) = code(
        twinfold()
            .args(["compare", "--people", "50", "--html"])
            .arg(&path),
    );
    assert_eq!(found, Some(0), "{text}");
    let page = std::fs::read_to_string(path).unwrap();
    assert!(page.contains(
        "twinfold compare --preset small-shop --people 50 --seed 1 --close-look 100 --worst 2"
    ));
    for outside in ["src=", "href=", "@import", "<script"] {
        assert!(!page.contains(outside), "{outside}");
    }
}

/// Measures whose values are known beforehand, and where two strategies part.
#[test]
fn json_says_where_strategies_part_and_whom_each_served_worst() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("all.json");
    let (found, text) = code(
        twinfold()
            .args(["compare", "--preset", "family-devices", "--people", "150"])
            .args(["--strategy", "oracle,engagement,plain-closure", "--json"])
            .arg(&path),
    );
    assert_eq!(found, Some(0), "{text}");
    let report: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let rows = report["strategies"].as_array().unwrap();
    assert_eq!(rows[0]["worst"], serde_json::json!([]));
    assert!(!rows[2]["worst"][0]["story"].as_array().unwrap().is_empty());
    for (name, expected) in [
        ("bcubed_recall", [1.0, 0.783, 0.842]),
        ("splits", [0.0, 59.0, 53.0]),
    ] {
        for (row, expected) in rows.iter().zip(expected) {
            let found = row[name].as_f64().unwrap();
            assert!((found - expected).abs() < 1e-3, "{name}: {found}");
        }
    }
    for name in ["properties_wrong", "consents_leaked", "mails_twice"] {
        assert_eq!(rows[0][name], 0.0, "{name}");
    }
    // Of Engagement's rules everything can be measured, and nobody is better than the truth.
    for measure in report["measures"].as_array().unwrap() {
        let name = measure["name"].as_str().unwrap();
        let [truth, engagement, closure] = [0, 1, 2].map(|at| rows[at][name].as_f64());
        assert!(engagement.is_some(), "{name}");
        for other in [engagement, closure] {
            let is_better = match measure["better"].as_str() {
                Some("more") => other > truth.or(other),
                Some("less") if name != "ns_per_call" => other < truth.or(other),
                _ => false,
            };
            assert!(!is_better, "{name}: {truth:?}, and {other:?}");
        }
    }
    let partings = report["partings"].as_array().unwrap();
    let parting = partings
        .iter()
        .find(|one| one["between"] == serde_json::json!(["engagement", "plain-closure"]))
        .unwrap();
    let (one, other) = (&parting["first"][0], &parting["first"][1]);
    assert_eq!(one["call"], other["call"]);
    let ids = one["ids"].as_array().unwrap();
    let (registered, cookie) = (ids[0].as_str().unwrap(), ids[1].as_str().unwrap());
    let decided = |side: &Value| side["decided"].as_str().unwrap().to_owned();
    let moved = format!("added {registered}, moved {cookie} from #");
    assert!(decided(one).contains(&moved), "{one}");
    let joined = format!("added {registered} (one-known)");
    assert!(decided(other).contains(&joined), "{other}");
    let company = |side: &Value| -> Vec<u64> {
        let company = side["company"].as_array().unwrap().iter();
        company.map(|one| one["person"].as_u64().unwrap()).collect()
    };
    let person = one["person"].as_u64().unwrap();
    assert_eq!(company(one), [person]);
    assert!(company(other).iter().any(|one| *one != person), "{other}");
}
