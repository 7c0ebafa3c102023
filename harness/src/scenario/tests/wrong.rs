//! A wrong expectation of every block kind, and the error that its author sees.
//! The errors are part of the product: each says what is wrong, where, and what to do.

use std::{fs, path::Path};

use super::story::in_process;
use crate::{
    cli::hooks,
    scenario::{Hooks, IdSchema, Scenario, run_scenario, words},
    target::ProjectClient,
};

/// The error that the author of the file sees, in a terminal without colour.
async fn said(name: &str, text: &str, hooks: &Hooks) -> String {
    let problems = match Scenario::parse(format!("shop/{name}.md"), text) {
        Err(problems) => problems,
        Ok(scenario) => run_scenario(&scenario, &in_process(), hooks).await.problems,
    };
    let shown = problems.iter().map(|problem| problem.render(false));
    without_tokens(&shown.collect::<Vec<_>>().join("\n"))
}

/// A project's token is another one in every run.
fn without_tokens(said: &str) -> String {
    let is_token = |part: &&str| part.len() == 36 && part.matches('-').count() == 4;
    let parts: Vec<&str> = said.split(['/', ' ', '"']).filter(is_token).collect();
    let mut said = said.to_owned();
    for token in parts {
        said = said.replace(token, "TOKEN");
    }
    said
}

/// The names of the files beside this one, in order.
fn names() -> Vec<String> {
    let files = fs::read_dir(directory()).unwrap();
    let paths = files.map(|file| file.unwrap().path());
    let mut names: Vec<String> = paths
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

fn directory() -> &'static Path {
    Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/scenario/tests/wrong"
    ))
}

async fn anomalies(_: ProjectClient, _: IdSchema) -> Result<Vec<String>, String> {
    Ok(vec!["duplicate-by-property  #1, #2".into()])
}

#[tokio::test]
async fn every_wrong_expectation_is_named() {
    for name in names() {
        let text = fs::read_to_string(directory().join(format!("{name}.md"))).unwrap();
        let hooks = match name.as_str() {
            "anomalies-unanswered" | "causes-unanswered" => Hooks::default(),
            _ => hooks().with_anomalies(anomalies),
        };
        let said = said(&name, &text, &hooks).await;
        assert!(!said.is_empty(), "nothing is wrong with {name}.md");
        insta::assert_snapshot!(format!("wrong_{name}"), said);
    }
}

#[test]
fn no_block_kind_is_left_out() {
    let names = names();
    let has_file = |word: &&str| names.iter().any(|name| name.starts_with(*word));
    assert!(words::BLOCKS.iter().all(has_file));
}
