//! Every scenario is green, and has the same verdict in process and over HTTP.
//! A deliberately wrong copy of each kind of statement is red.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use twinfold::{
    cli::hooks,
    scenario::{Runner, Scenario, Verdict, discover, index},
    target::{HttpTarget, InProcess, Target},
};
use twinfold_server::{Projects, Server, router};

fn catalogue() -> Vec<Arc<Scenario>> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios");
    let files = discover(&[directory]).unwrap();
    assert!(
        files.len() >= 15,
        "only {} scenarios were found",
        files.len()
    );
    files.iter().map(read).collect()
}

fn read(path: &PathBuf) -> Arc<Scenario> {
    let text = std::fs::read_to_string(path).unwrap();
    match Scenario::parse(path, text) {
        Ok(scenario) => Arc::new(scenario),
        Err(problems) => panic!("{}", problems[0]),
    }
}

fn all_green(verdicts: &[Verdict]) {
    let failed = verdicts.iter().flat_map(|verdict| &verdict.problems);
    let failed: Vec<_> = failed.map(ToString::to_string).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scenario_is_green_in_process() {
    let target = Target::InProcess(InProcess::new(router(Projects::new())));
    all_green(&Runner::new(target, hooks()).run(&catalogue()).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scenario_is_green_over_http() {
    let server = Server::start([127, 0, 0, 1].into(), 0, Projects::new())
        .await
        .unwrap();
    let target = Target::Http(HttpTarget::new(&server.base_url()).unwrap());
    all_green(&Runner::new(target, hooks()).run(&catalogue()).await);
}

#[test]
fn the_index_is_the_one_that_is_generated() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios");
    let page = std::fs::read_to_string(directory.join("README.md")).unwrap();
    let generated = index(&catalogue(), &directory);
    assert!(
        page == generated,
        "run `twinfold index scenarios > scenarios/README.md`"
    );
}

/// Statements of one kind, each turned into a wrong one, must all be noticed.
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_statement_of_each_kind_is_red() {
    let story = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../scenarios/sdk/update-instead-of-identify.md");
    let text = std::fs::read_to_string(&story).unwrap();
    let target = Target::InProcess(InProcess::new(router(Projects::new())));
    let runner = Runner::new(target, hooks());
    for (right, wrong) in [
        ("events: purchase purchase merge", "events: purchase merge"),
        ("written by js-sdk", "written by api"),
        ("policy: report", "policy: report\ncalls: 2"),
        ("calls: at most 1", "calls: at most 0"),
        ("ada@example.com: 1", "ada@example.com: 3"),
    ] {
        let broken = text.replace(right, wrong);
        assert_ne!(broken, text, "`{right}` is not in the story any more");
        let scenario = Arc::new(Scenario::parse(&story, broken).unwrap());
        let verdicts = runner.run(&[scenario]).await;
        assert!(!verdicts[0].passed(), "`{wrong}` was not noticed");
    }
}
