//! A whole story on the real server: duplicates come to be, are diagnosed and are repaired.

use serde_json::json;

use crate::{
    scenario::{
        FixUpRequest, FixUpSummary, Hooks, IdSchema, Scenario, Verdict, rewrite, run_scenario,
    },
    target::{InProcess, ProjectClient, Request, Target},
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

async fn run(text: &str) -> (Scenario, Verdict) {
    let router = twinfold_server::router(twinfold_server::Projects::new());
    let target = Target::InProcess(InProcess::new(router));
    let hooks = Hooks::default()
        .with_fix_up(identify_the_phone)
        .with_diagnosis(diagnose);
    let scenario = Scenario::parse("shop/story.md", text)
        .unwrap_or_else(|problems| panic!("{}", problems[0].render(false)));
    let verdict = run_scenario(&scenario, &target, &hooks).await;
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

#[tokio::test]
async fn a_story_without_statements_is_completed() {
    let stated = [
        "profiles",
        "decisions",
        "diagnosis",
        "consents",
        "mail to=sub@example.com",
    ];
    let mut text = String::new();
    let mut is_emptied = false;
    for line in include_str!("story.md").split_inclusive('\n') {
        if line.starts_with("```") {
            is_emptied = stated
                .iter()
                .any(|word| line.trim_end() == format!("```{word}"));
            text.push_str(line);
        } else if !is_emptied {
            text.push_str(line);
        }
    }
    let (scenario, verdict) = run(&text).await;
    assert_eq!(rewrite(&scenario, &verdict), include_str!("story.md"));
}
