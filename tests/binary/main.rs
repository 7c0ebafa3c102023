//! The binary as scripts use it: one line of JSON, a server behind it, exit codes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

mod compare;
mod histories;
mod plans;
mod populations;
mod reports;

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

fn twinfold() -> Command {
    Command::new(env!("CARGO_BIN_EXE_twinfold"))
}

fn code(command: &mut Command) -> (Option<i32>, String) {
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    (output.status.code(), text.into_owned())
}

#[test]
fn serve_prints_one_line_for_scripts_and_answers() {
    let mut child = twinfold()
        .args(["serve", "--port", "0", "--print", "json"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap())
        .read_line(&mut line)
        .unwrap();
    let printed: Value = serde_json::from_str(&line).unwrap();
    let project = &printed["project"];
    for key in ["token", "api_key_id", "api_secret", "public_token"] {
        assert!(project[key].is_string(), "{printed}");
    }
    let url = printed["base_url"].as_str().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let export = directory.path().join("export.jsonl");
    std::fs::write(&export, "{\"ids\":{\"registered\":\"a@example.com\"},\"properties\":{}}\n{\"ids\":{\"cookie\":[\"c\"]},\"properties\":{\"email\":\"A@example.com\"}}\n").unwrap();
    let missing = directory.path().join("missing.jsonl");
    for (arguments, expected) in [
        (vec!["diagnose", "--url", url], 0),
        (vec!["fix", "--url", url, "--apply"], 0),
        (vec!["diagnose", export.to_str().unwrap()], 1),
        (vec!["fix", export.to_str().unwrap()], 1),
        (vec!["fix", export.to_str().unwrap(), "--apply"], 2),
        (vec!["fix", missing.to_str().unwrap()], 2),
        (vec!["fix", "--url", "http://shop.example", "--apply"], 2),
        (vec!["run", missing.to_str().unwrap()], 2),
        (vec!["diagnose", "--url", url, "--project", "nobody"], 3),
    ] {
        let (found, text) = code(twinfold().args(&arguments));
        assert_eq!((&arguments, found), (&arguments, Some(expected)), "{text}");
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

/// In a shop of customer numbers, giving a guest an address as `registered` would keep it apart for ever.
#[tokio::test]
async fn a_plan_that_doubts_its_type_is_not_applied_unasked() {
    let projects = twinfold_server::Projects::with_default_project();
    let server = twinfold_server::Server::start([127, 0, 0, 1].into(), 0, projects);
    let server = server.await.unwrap();
    let (url, project) = (
        server.base_url(),
        twinfold_server::Credentials::of_default_project(),
    );
    let http = reqwest::Client::new();
    for ids in [
        json!({"registered": "880"}),
        json!({"registered": "881"}),
        json!({"cookie": "guest"}),
    ] {
        let body = json!({"customer_ids": ids, "properties": {"email": "ada@example.com"}});
        let customers = format!("{url}/track/v2/projects/{}/customers", project.token);
        let request = http
            .post(customers)
            .basic_auth(&project.api_key_id, Some(&project.api_secret));
        assert!(
            request
                .body(body.to_string())
                .send()
                .await
                .unwrap()
                .status()
                .is_success()
        );
    }
    for (more, expected, says) in [
        (vec![], 2, "nothing was sent"),
        (vec!["--email-type", "registered"], 1, "1 call made"),
    ] {
        let mut command = twinfold();
        command.args(["fix", "--url", &url, "--apply"]).args(&more);
        let (found, text) = tokio::task::spawn_blocking(move || code(&mut command))
            .await
            .unwrap();
        assert_eq!(found, Some(expected), "{text}");
        assert!(text.contains(says), "{text}");
    }
}

/// A preview writes nothing and finds what the import then does.
#[tokio::test]
async fn an_import_is_previewed_then_done() {
    let projects = twinfold_server::Projects::with_default_project();
    let server = twinfold_server::Server::start([127, 0, 0, 1].into(), 0, projects);
    let server = server.await.unwrap();
    let url = server.base_url();
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let first = write("first.csv", "email,city\nada@x.cz,Brno\nbob@x.cz,Praha\n");
    let second = write(
        "second.csv",
        "card,email,city\n77,ada@x.cz,\n,carol@x.cz,Brno\n",
    );
    let blank = write(
        "blank.csv",
        "email,city,note\nada@x.cz,,hi\neve@x.cz,Wien,\n",
    );
    let orders = write(
        "orders.csv",
        "email,at,total\nada@x.cz,1000,7\nada@x.cz,soon,8\n",
    );
    let map = write(
        "map.yaml",
        "ids: {registered: email}\nproperties: [city]\nskip_empty: true\n",
    );
    let by_email = "--id registered=email --property city";
    let by_card = "--id cookie=card --property email --property city";
    let events = "--id registered=email --event purchase --timestamp at --property total:number";
    for (file, arguments, expected, says) in [
        (
            &first,
            format!("{by_email} --dry-run"),
            0,
            "would create     2 profiles",
        ),
        (&first, by_email.to_owned(), 0, "created    2 profiles"),
        (
            &first,
            format!("{by_email} --dry-run"),
            0,
            "would create     0 profiles",
        ),
        (
            &second,
            format!("{by_card} --dry-run"),
            1,
            "would duplicate  1 e-mail address\n    ada@x.cz",
        ),
        (
            &second,
            format!("{by_card} --dry-run"),
            1,
            "`email` looks like e-mail addresses and is mapped to a property only",
        ),
        (
            &second,
            format!("{by_card} --dry-run"),
            1,
            "rejected   1 row\n    row 2: At least one id",
        ),
        (
            &blank,
            format!("{by_email} --dry-run"),
            1,
            "would blank      1 value\n    city of 1 profile",
        ),
        (
            &blank,
            format!("{by_email} --dry-run"),
            1,
            "not mapped: note",
        ),
        (
            &blank,
            format!("--map {map} --dry-run"),
            0,
            "would blank      0 values",
        ),
        (
            &blank,
            format!("--map {map} --print json --dry-run"),
            0,
            "\"created\":1",
        ),
        (
            &orders,
            events.to_owned(),
            1,
            "column `at`: `soon` is neither",
        ),
        (&orders, events.to_owned(), 1, "dropped    1 event"),
        (
            &orders,
            "--id registered=mail".to_owned(),
            2,
            "did you mean `email`?",
        ),
        (
            &orders,
            "--id crm=email".to_owned(),
            2,
            "the project has no ID type `crm`",
        ),
        (
            &orders,
            "--property total".to_owned(),
            2,
            "no column is paired with an identifier",
        ),
        (
            &orders,
            "--id registered".to_owned(),
            2,
            "write TYPE=COLUMN",
        ),
        (
            &orders,
            "--id registered=email --project nobody".to_owned(),
            3,
            "Invalid project id",
        ),
        (
            &orders,
            "--id registered=email --project nobody --dry-run".to_owned(),
            3,
            "there is no project `nobody`",
        ),
        (
            &orders,
            "--id registered=email --url http://shop.example".to_owned(),
            2,
            "add --remote",
        ),
    ] {
        let mut command = twinfold();
        command.args(["import", file]);
        if !arguments.contains("--url") {
            command.args(["--url", &url]);
        }
        command.args(arguments.split(' '));
        let (found, text) = tokio::task::spawn_blocking(move || code(&mut command))
            .await
            .unwrap();
        assert_eq!(found, Some(expected), "{file} {arguments}: {text}");
        assert!(text.contains(says), "{file} {arguments}: {text}");
    }
    let shown: Value = reqwest::get(format!("{url}/_twinfold/projects"))
        .await
        .unwrap()
        .text()
        .await
        .map(|text| serde_json::from_str(&text).unwrap())
        .unwrap();
    assert_eq!(
        shown["projects"].as_array().unwrap().len(),
        1,
        "no copy is left"
    );
}

#[test]
fn a_broken_copy_of_a_scenario_is_red_with_a_caret() {
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios");
    let story =
        std::fs::read_to_string(scenarios.join("sdk/update-instead-of-identify.md")).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("broken.md");
    for (right, wrong, expected, says) in [
        ("cookie=phone ", "cookie=fone ", 1, "+ #2"),
        ("events lost: 0", "evnts lost: 0", 2, "╰"),
        ("```fix-up", "```fix-upp", 2, "fix-up"),
        ("evidence: documented", "evidence: proven", 2, "documented"),
    ] {
        std::fs::write(&file, story.replace(right, wrong)).unwrap();
        let (found, text) = code(twinfold().arg("run").arg(&file));
        assert_eq!(found, Some(expected), "{text}");
        let (checked, _) = code(twinfold().arg("check").arg(&file));
        assert_eq!(checked, Some(if expected == 2 { 2 } else { 0 }), "{text}");
        assert!(
            text.contains(says) && text.contains("0 passed, 1 failed"),
            "{text}"
        );
    }
}

#[test]
fn credentials_are_the_same_on_every_start() {
    let first = json!(twinfold_server::Credentials::of_default_project());
    assert_eq!(
        first,
        json!(twinfold_server::Credentials::of_default_project())
    );
    assert_eq!(first["public_token"].as_str().unwrap().len(), 64);
}

#[test]
fn a_run_is_narrowed_ends_early_and_is_reported() {
    let directory = tempfile::tempdir().unwrap();
    let front = "cause: x\nevidence: assumed\nsource: x\ntags: [some-tag]\n---\n";
    for name in ["a", "b", "c"] {
        let text = format!("---\ntitle: Title {name}\n{front}```profiles\n#1 registered=x\n```\n");
        std::fs::write(directory.path().join(format!("{name}.md")), text).unwrap();
    }
    let path = directory.path().to_str().unwrap();
    for (arguments, expected, last) in [
        (vec!["--filter", "TITLE B"], 1, "0 passed, 1 failed\n"),
        (
            vec!["--filter", "some-tag", "--filter", "c.md"],
            1,
            "0 passed, 1 failed\n",
        ),
        (
            vec!["--filter", "nothing"],
            2,
            "no scenario contains `nothing`\n",
        ),
        (
            vec!["--fail-fast", "--at-once", "1"],
            1,
            "0 passed, 1 failed, 2 not run\n",
        ),
        (
            vec!["--report", "tap=-", "--filter", "title a"],
            1,
            "  ...\n",
        ),
        (
            vec!["--report", "xml=-"],
            2,
            "For more information, try '--help'.\n",
        ),
    ] {
        let (found, text) = code(twinfold().args(["run", path]).args(&arguments));
        assert_eq!(found, Some(expected), "{arguments:?}: {text}");
        assert!(text.ends_with(last), "{arguments:?}: {text}");
    }
    let report = directory.path().join("report.xml");
    let argument = format!("--report=junit={}", report.display());
    let (found, _) = code(twinfold().args(["run", path]).arg(argument));
    assert_eq!(found, Some(1));
    let xml = std::fs::read_to_string(report).unwrap();
    assert!(
        xml.contains("tests=\"3\"") && xml.contains("failures=\"3\""),
        "{xml}"
    );
}

#[test]
fn documents_are_printed() {
    for (arguments, begins) in [
        (vec!["openapi"], "{\n  \"openapi\": \"3.1.0\""),
        (vec!["coverage"], "# Which routes are there\n"),
        (vec!["completions", "bash"], "_twinfold() {"),
        (vec!["man"], ".ie \\n(.g"),
    ] {
        let (found, text) = code(twinfold().args(&arguments));
        assert_eq!(found, Some(0));
        assert!(text.starts_with(begins), "{arguments:?}: {text}");
    }
}

#[test]
fn the_committed_documents_are_those_that_are_printed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (command, file) in [
        ("openapi", "mock-server/openapi.json"),
        ("coverage", "mock-server/COVERAGE.md"),
        ("schema", "scenarios/front-matter.schema.json"),
    ] {
        let committed = std::fs::read_to_string(root.join(file)).unwrap();
        let (_, printed) = code(twinfold().arg(command));
        assert!(
            committed == printed,
            "`twinfold {command} > {file}` makes it right"
        );
    }
}

#[test]
fn a_new_scenario_runs_green_and_is_never_written_over_another() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("checkout-calls-update.md");
    let title = ["--title", "She said: \"two of me\""];
    let (found, text) = code(twinfold().arg("new").arg(&file).args(title));
    assert_eq!(found, Some(0), "{text}");
    let (found, text) = code(twinfold().arg("run").arg(&file));
    assert_eq!(found, Some(0), "{text}");
    let (found, text) = code(twinfold().arg("new").arg(&file));
    assert_eq!(found, Some(2));
    assert!(text.contains("nothing was written"), "{text}");
    let (found, text) = code(
        twinfold()
            .arg("new")
            .arg(directory.path().join("Two Words.md")),
    );
    assert_eq!(found, Some(2));
    assert!(text.contains("--cause"), "{text}");
}

#[test]
fn a_target_that_is_not_ours_is_asked_only_for_what_it_shows() {
    let mut child = twinfold()
        .args(["serve", "--port", "0", "--print", "json", "--no-control"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap())
        .read_line(&mut line)
        .unwrap();
    let printed: Value = serde_json::from_str(&line).unwrap();
    let url = printed["base_url"].as_str().unwrap();
    let story = "../scenarios/sdk/update-instead-of-identify.md";
    let (found, text) = code(twinfold().args(["run", story, "--target", url]));
    assert_eq!(found, Some(0), "{text}");
    assert!(text.contains("1 passed, 0 failed"), "{text}");
    let (found, text) = code(twinfold().args(["run", story, "--target", "http://shop.example"]));
    assert_eq!(found, Some(3), "{text}");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn watching_runs_again_what_changes() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("story.md");
    assert_eq!(code(twinfold().arg("new").arg(&file)).0, Some(0));
    let mut child = twinfold()
        .arg("run")
        .arg(directory.path())
        .arg("--watch")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut until = |text: &str| {
        lines
            .by_ref()
            .map_while(Result::ok)
            .any(|line| line.contains(text))
    };
    assert!(until("1 passed, 0 failed"));
    assert!(until("watching"));
    let story = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, story.replace("calls: at most 1", "calls: at most 0")).unwrap();
    assert!(until("changed: "));
    assert!(until("curl -X POST"));
    assert!(until("0 passed, 1 failed"));
    child.kill().unwrap();
    child.wait().unwrap();
}
