//! `twinfold serve`: one line for scripts, the same credentials on every start, and a server for the other commands.

use std::{
    io::{BufRead, BufReader},
    process::Stdio,
};

use serde_json::{Value, json};

use super::{code, twinfold};

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

#[test]
fn credentials_are_the_same_on_every_start() {
    let first = json!(twinfold_server::Credentials::of_default_project());
    assert_eq!(
        first,
        json!(twinfold_server::Credentials::of_default_project())
    );
    assert_eq!(first["public_token"].as_str().unwrap().len(), 64);
}
