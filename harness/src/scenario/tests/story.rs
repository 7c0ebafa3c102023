//! A whole story on the real server: duplicates come to be, are diagnosed and are repaired.
//! In process and over HTTP, the verdict is the same.

use serde_json::json;

use crate::{
    scenario::{
        FixUpRequest, FixUpSummary, Hooks, IdSchema, Scenario, Verdict, rewrite, run_scenario,
    },
    target::{HttpTarget, InProcess, ProjectClient, Request, Target},
};

/// A repair of exactly this story: one call that identifies the phone.
async fn identify_the_phone(
    client: ProjectClient,
    _: IdSchema,
    _: FixUpRequest,
) -> Result<FixUpSummary, String> {
    let body = json!({"customer_ids": {"cookie": "phone", "registered": "ada@example.com"}, "properties": {}});
    let request =
        Request::post(client.track_path("/customers"), &body).header("twinfold-source", "repair");
    client
        .accepted(request)
        .await
        .map_err(|error| error.to_string())?;
    Ok(FixUpSummary {
        calls: 1,
        verified: true,
        ..FixUpSummary::default()
    })
}

async fn diagnose(_: ProjectClient, _: IdSchema) -> Result<Vec<String>, String> {
    Ok(vec!["ada@example.com  #1 hard ID, #2 property  written by js-sdk  cause update-instead-of-identify".into()])
}

pub(super) fn in_process() -> Target {
    let router = twinfold_server::router(twinfold_server::Projects::new());
    Target::InProcess(InProcess::new(router))
}

async fn run(text: &str) -> (Scenario, Verdict) {
    run_on(&in_process(), text).await
}

async fn run_on(target: &Target, text: &str) -> (Scenario, Verdict) {
    let hooks = Hooks::default()
        .with_fix_up(identify_the_phone)
        .with_diagnosis(diagnose);
    let scenario = Scenario::parse("shop/story.md", text)
        .unwrap_or_else(|problems| panic!("{}", problems[0].render(false)));
    let verdict = run_scenario(&scenario, target, &hooks).await;
    (scenario, verdict)
}

fn shown(verdict: &Verdict) -> String {
    verdict
        .problems
        .iter()
        .map(|problem| problem.render(false))
        .collect()
}

#[tokio::test]
async fn a_story_holds_on_the_real_server() {
    let (scenario, verdict) = run(include_str!("story.md")).await;
    assert_eq!(shown(&verdict), "");
    assert!(verdict.has_run);
    assert_eq!(rewrite(&scenario, &verdict), scenario.text());
}

/// The story with every statement taken out.
fn emptied(story: &str) -> String {
    let stated = [
        "profiles",
        "decisions",
        "diagnosis",
        "consents",
        "mail to=sub@example.com",
    ];
    let mut text = String::new();
    let mut is_stated = false;
    for line in story.split_inclusive('\n') {
        if line.starts_with("```") {
            is_stated = stated.contains(&line.trim_end().trim_start_matches("```"));
            text.push_str(line);
        } else if !is_stated {
            text.push_str(line);
        }
    }
    text
}

#[tokio::test]
async fn a_story_without_statements_is_completed() {
    let story = include_str!("story.md");
    for story in [story.to_owned(), story.replace('\n', "\r\n")] {
        let (scenario, verdict) = run(&emptied(&story)).await;
        assert!(!verdict.passed());
        assert_eq!(rewrite(&scenario, &verdict), story);
        let (_, verdict) = run(&story).await;
        assert_eq!(shown(&verdict), "");
    }
}

#[tokio::test]
async fn a_story_holds_over_http() {
    let projects = twinfold_server::Projects::new();
    let server = twinfold_server::Server::start([127, 0, 0, 1].into(), 0, projects);
    let server = server.await.unwrap();
    let target = Target::Http(HttpTarget::new(&server.base_url()).unwrap());
    let (_, verdict) = run_on(&target, include_str!("story.md")).await;
    assert_eq!(shown(&verdict), "");
    server.stop().await.unwrap();
    let (_, verdict) = run_on(&target, include_str!("story.md")).await;
    assert!(!verdict.has_run && !verdict.passed());
}

#[tokio::test]
async fn a_variant_is_named_in_its_problem() {
    let text = "---\ntitle: x\nevidence: assumed\nsource: y\nvariants: [{id: ada}, {id: bob}]\n---\n\
        ```js browser=a\nexponea.identify(\"{{id}}\")\n```\n```profiles\n#1  registered=ada  cookie=a\n```\n";
    let (scenario, verdict) = run(text).await;
    assert_eq!(verdict.problems.len(), 1);
    assert!(verdict.problems[0].message().ends_with("(variant id: bob)"));
    assert_eq!(rewrite(&scenario, &verdict), text);
}

#[tokio::test]
async fn a_given_file_runs_first_and_states_nothing() {
    let root = tempfile::tempdir().unwrap();
    let top = "---\ntitle: x\nevidence: assumed\nsource: y\n";
    let given = format!("{top}---\n```js browser=a\nexponea.track('x')\n```\n```profiles\n```\n");
    std::fs::write(root.path().join("given.md"), given).unwrap();
    let text = format!(
        "{top}given: [given.md]\n---\n```profiles\n#1 cookie=a events: x\n```\n```decisions\n```\n"
    );
    let scenario = Scenario::parse(root.path().join("own.md"), text).unwrap();
    let verdict = run_scenario(&scenario, &in_process(), &Hooks::default()).await;
    assert_eq!(shown(&verdict), "");
}

const FRONT: &str = "---\ntitle: x\nevidence: assumed\nsource: y\n---\n";

#[tokio::test]
async fn a_reply_is_waited_for_on_the_projects_clock() {
    let text = format!(
        "{FRONT}```http until=+2m every=+30s\nGET /track/v2/projects/{{{{token}}}}/system/time\n\nHTTP 200\n\
        {{\"time\": 1767225690}}\n```\n"
    );
    let (_, verdict) = run(&text).await;
    assert_eq!(shown(&verdict), "");
    let after = "line 6: the reply came after 1m30s on the project's clock";
    assert_eq!(verdict.notes, [after]);
}

#[tokio::test]
async fn what_a_reply_brings_is_kept_for_later_blocks() {
    let text = format!(
        "{FRONT}```http\nGET /track/v2/projects/{{{{token}}}}/system/time\n\nHTTP 200\n\
        content-type: {{{{keep type}}}}\n\n{{\"time\": \"{{{{keep time}}}}\"}}\n```\n\
        ```js browser={{{{time}}}}\nexponea.update({{ at: {{{{time}}}}, kind: '{{{{type}}}}' }})\n```\n\
        ```profiles\n#1  cookie={{{{time}}}}  city=Brno\n```\n"
    );
    let (scenario, verdict) = run(&text).await;
    let written = rewrite(&scenario, &verdict);
    // What a block wrote by its name is written by its name again.
    assert!(
        written.ends_with("#1  cookie={{time}}  at={{time}}  kind=application/json\n```\n"),
        "{written}"
    );
    assert_eq!(shown(&run(&written).await.1), "");
}

#[tokio::test]
async fn an_app_keeps_the_order_of_what_did_not_get_through() {
    let text = format!(
        "{FRONT}```fault\nreset\n503 on /events\n```\n\
        ```app device=phone fails\ntrackEvent('one')\ntrackEvent('two')\n```\n\
        ```app device=phone\ntrackEvent('three')\n```\n\
        ```profiles\n#1  cookie=phone  events: one two three\n```\n"
    );
    let (_, verdict) = run(&text).await;
    assert_eq!(shown(&verdict), "");
}

#[tokio::test]
async fn a_browser_repeats_after_a_5xx_and_not_after_a_4xx() {
    for (fault, retries, has_failed) in [
        ("503 times 2", "retries=2", false),
        ("reset", "retries=1", false),
        ("503 times 2", "retries=1", true),
        ("429", "retries=5", true),
    ] {
        let text = format!(
            "{FRONT}```fault\n{fault}\n```\n```js browser=laptop {retries}\nexponea.track('x')\n```\n"
        );
        let (_, verdict) = run(&text).await;
        assert_eq!(verdict.failed(), has_failed, "{fault} {retries}");
    }
}
