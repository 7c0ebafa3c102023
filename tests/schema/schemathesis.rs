//! Schemathesis sends random requests by the document: no reply is a 5xx, and every reply has the shape that it names.

use std::{fs, path::Path, process::Command};

use serde_json::json;
use twinfold_tests::{client::Client, environment};

/// Where Schemathesis is installed.
const FOLDER: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/clients");

const PACKAGE: &str = "schemathesis==4.32.5";

/// The same requests each time; another number finds others.
const SEED: u64 = 1729;

/// Per operation, for each of valid and invalid data.
const EXAMPLES_MAX: u64 = 15;

const CHECKS: &[&str] = &[
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
];

#[tokio::test]
async fn replies_are_those_of_the_document() {
    let mut client = Client::start().await;
    client.create(json!({})).await;
    let folder = tempfile::tempdir().unwrap();
    let configuration = configuration(&client);
    fs::write(folder.path().join("schemathesis.toml"), configuration).unwrap();
    let url = client.base_url();
    let document = format!("{url}{}/openapi.json", twinfold_server::CONTROL_PREFIX);
    println!("Schemathesis with the seed {SEED}");
    let ran = tokio::task::spawn_blocking(move || {
        let mut python = Command::new(environment::python(Path::new(FOLDER), &[PACKAGE]));
        // The environment was moved after its programs were written, so they are called as modules.
        python.args(["-m", "schemathesis.cli", "run", &document, "--url", &url]);
        // A declared route answers 501, which is no fault of its own.
        python.args(["--exclude-path-regex", "/(analyses|streams)/|^/track/u/"]);
        python.current_dir(folder.path()).output().unwrap()
    });
    let output = ran.await.unwrap();
    let says = String::from_utf8_lossy(&output.stdout);
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "seed {SEED}\n{says}\n{wrong}");
    assert_eq!(client.of_project("/replayed").await["agrees"], true);
}

// One worker: in two threads at once, Python 3.11 may count the depth of what it parses wrongly and fail by itself.
fn configuration(client: &Client) -> String {
    let (token, basic) = (&client.project.token, client.basic());
    let checks: String = CHECKS
        .iter()
        .map(|check| format!("{check}.enabled = true\n"))
        .collect();
    format!(
        "seed = {SEED}
workers = 1
color = false
continue-on-failure = true
headers = {{ Authorization = \"{basic}\" }}

[parameters]
\"path.token\" = \"{token}\"

[generation]
max-examples = {EXAMPLES_MAX}
database = \"none\"
no-shrink = true

[checks]
enabled = false
{checks}
[phases]
stateful.enabled = false
"
    )
}
