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
    time::{Duration, Instant},
};

use twinfold::{
    cli::hooks,
    scenario::{ForeignProject, IdSchema, Runner, Scenario, Verdict, discover, index, run_abroad},
    target::{Credentials, HttpTarget, InProcess, ProjectClient, Request, Target},
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

/// Not only green in both places, but the same in everything that a verdict says; also in another order.
#[tokio::test(flavor = "multi_thread")]
async fn every_scenario_is_green_and_the_same_in_process_and_over_http() {
    let server = Server::start([127, 0, 0, 1].into(), 0, Projects::new())
        .await
        .unwrap();
    let over_http = Target::Http(HttpTarget::new(&server.base_url()).unwrap());
    let in_process = Target::InProcess(InProcess::new(router(Projects::new())));
    let scenarios = catalogue();
    let start = Instant::now();
    let one = Runner::new(in_process, hooks()).run(&scenarios).await;
    let in_process = start.elapsed();
    let backwards: Vec<_> = scenarios.iter().rev().cloned().collect();
    let mut other = Runner::new(over_http, hooks()).run(&backwards).await;
    println!(
        "{} scenarios: {in_process:?} in process, {:?} over HTTP",
        scenarios.len(),
        start.elapsed() - in_process
    );
    other.reverse();
    all_green(&one);
    for (one, other) in one.into_iter().zip(other) {
        assert_same(one, other);
    }
}

fn assert_same(one: Verdict, other: Verdict) {
    let path = one.path.display().to_string();
    let (one, other) = (timeless(one), timeless(other));
    let mut lines = one.lines().zip(other.lines());
    let differing = lines.find(|(one, other)| one != other);
    assert!(one == other, "{path}: {differing:?}");
}

/// What a verdict says, without how long it took and which project it was: a call can be made again by a line with the
/// address of its server and the keys of its project, and each transport says in its own words that there was no reply.
fn timeless(mut verdict: Verdict) -> String {
    verdict.elapsed = Duration::ZERO;
    let said = format!("{verdict:#?}");
    let place = regex::Regex::new(
        r"no reply from .*?\\ncurl|basic [A-Za-z0-9+/]{50,}=*|[0-9a-f]{64}|https?://127\.0\.0\.1:\d+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    );
    place.unwrap().replace_all(&said, "<place>").into_owned()
}

/// Also of what is wrong: every statement of the catalogue that can be made wrong by a number is red in the same words.
#[tokio::test(flavor = "multi_thread")]
async fn a_red_verdict_is_the_same_in_process_and_over_http() {
    let server = Server::start([127, 0, 0, 1].into(), 0, Projects::new())
        .await
        .unwrap();
    let over_http = Target::Http(HttpTarget::new(&server.base_url()).unwrap());
    let in_process = Target::InProcess(InProcess::new(router(Projects::new())));
    let spoilt = catalogue().into_iter().filter_map(|scenario| {
        let text = scenario.text().replace("\n#1  ", "\n#7  ");
        let is_spoilt = text != scenario.text();
        // A number that a later block names again is an error of the file, not of the run.
        let parsed = Scenario::parse(scenario.path(), text).ok()?;
        is_spoilt.then(|| Arc::new(parsed))
    });
    let spoilt: Vec<_> = spoilt.collect();
    assert!(spoilt.len() > 60, "{}", spoilt.len());
    let one = Runner::new(in_process, hooks()).run(&spoilt).await;
    let other = Runner::new(over_http, hooks()).run(&spoilt).await;
    for (one, other) in one.into_iter().zip(other) {
        assert!(one.failed(), "{}", one.path.display());
        assert_same(one, other);
    }
}

/// A project that is not ours shows less, but what it shows agrees; nothing stays behind.
#[tokio::test(flavor = "multi_thread")]
async fn the_catalogue_is_green_where_only_the_emulated_api_answers() {
    let projects = Projects::with_default_project();
    let emulated = router(projects.clone().without_control());
    let first = twinfold_server::Credentials::of_default_project();
    let credentials = Credentials {
        token: first.token,
        api_key_id: first.api_key_id,
        api_secret: first.api_secret,
        public_token: first.public_token,
        access_groups: Vec::new(),
    };
    let client = ProjectClient::new(Target::InProcess(InProcess::new(emulated)), credentials);
    let project = ForeignProject {
        client,
        schema: IdSchema::default(),
    };
    let ours = Target::InProcess(InProcess::new(router(Projects::new())));
    let scenarios = catalogue();
    let ran = run_abroad(&scenarios, &project, &ours, &hooks()).await;
    all_green(&ran);
    let passed = ran.iter().filter(|verdict| verdict.passed()).count();
    let reasons = ran.iter().filter(|verdict| verdict.was_left_out);
    assert!(reasons.into_iter().all(|one| !one.why_left_out.is_empty()));
    println!("{passed} of {} can be compared abroad", ran.len());
    assert!(passed > 50, "only {passed}");
    // Once more: nobody of the first run is in the way.
    let again = run_abroad(&scenarios, &project, &ours, &hooks()).await;
    all_green(&again);
    let in_the_way: Vec<_> = again.iter().map(|verdict| &verdict.why_left_out).collect();
    let before: Vec<_> = ran.iter().map(|verdict| &verdict.why_left_out).collect();
    assert_eq!(in_the_way, before);
    // Somebody who was there before is never touched.
    let path = project.client.track_path("/customers");
    let ada =
        serde_json::json!({"customer_ids": {"registered": "ada@example.com"}, "properties": {}});
    project
        .client
        .accepted(Request::post(path, &ada))
        .await
        .unwrap();
    let third = run_abroad(&scenarios, &project, &ours, &hooks()).await;
    let in_the_way = "`registered=ada@example.com` is a customer there already";
    assert!(
        third
            .iter()
            .any(|verdict| verdict.why_left_out == in_the_way)
    );
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
