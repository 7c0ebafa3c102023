//! A run sends what the blocks say, compares what is seen, and can write it into the file.
//! The server notes every call and answers the least that a run needs.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{Method, Uri},
};
use serde_json::{Value, json};

use crate::{
    scenario::{
        FixUpRequest, FixUpSummary, Hooks, IdSchema, Report, Runner, Scenario, Verdict, rewrite,
        run_scenario, summary,
    },
    target::{InProcess, ProjectClient, Target},
};

/// Every call, in order, with what was sent.
type Log = Arc<Mutex<Vec<(String, Value)>>>;

const TOP: &str = "---\ntitle: A run\nevidence: observed\nsource: nowhere\n---\n";

/// A server on which every customer command makes a customer of its own.
fn server() -> (Target, Log) {
    let log = Log::default();
    let router = Router::new().fallback(answer).with_state(Arc::clone(&log));
    (Target::InProcess(InProcess::new(router)), log)
}

async fn answer(
    State(log): State<Log>,
    method: Method,
    uri: Uri,
    body: Bytes,
) -> (axum::http::StatusCode, String) {
    let path = uri.path().to_owned();
    let sent: Value = serde_json::from_slice(&body).unwrap_or_default();
    log.lock()
        .unwrap()
        .push((format!("{method} {path}"), sent.clone()));
    if sent["customer_ids"]["registered"] == "bad" {
        let refused =
            json!({"success": false, "errors": ["At least one valid id should be specified"]});
        return (axum::http::StatusCode::BAD_REQUEST, refused.to_string());
    }
    let body = match path.rsplit('/').next().unwrap_or_default() {
        "projects" => json!({"token": "t", "api_key_id": "k", "api_secret": "s"}),
        "customers" if method == Method::GET => json!({"customers": stored(&log)}),
        "journal" => json!({"entries": [], "folded": 0, "last": 0}),
        "mails" => json!({"mails": [{"to": "a@x.cz", "subject": "Please confirm",
            "links": [{"name": "confirm", "path": "/link/1"}]}]}),
        "1" => return (axum::http::StatusCode::FOUND, String::new()),
        "t" if method == Method::POST => json!({"import_id": "i"}),
        "i" => json!({"runs": [{"rows": 2, "accepted": 1, "created": 1, "merged": 0, "rejected": 1,
            "duplicate_events": 0,
            "rejections": [{"row": 2, "reason": "At least one valid id should be specified"}]}]}),
        _ => json!({"success": true, "errors": []}),
    };
    (axum::http::StatusCode::OK, body.to_string())
}

fn stored(log: &Log) -> Vec<Value> {
    let calls = log.lock().unwrap();
    let commands = calls.iter().filter(|(call, sent)| {
        call.ends_with("/track/v2/projects/t/customers")
            && sent["customer_ids"]["registered"] != "bad"
    });
    let customer = |(index, (_, sent)): (usize, &(String, Value))| {
        let properties = sent["properties"].as_object().cloned().unwrap_or_default();
        let dated = properties
            .into_iter()
            .map(|(name, value)| (name, json!({"value": value, "at": 1.0})));
        let mut ids = sent["customer_ids"].clone();
        if let Some(cookie) = ids.get_mut("cookie") {
            *cookie = json!([cookie.take()]);
        }
        json!({"number": index + 1, "ids": ids, "properties": dated.collect::<serde_json::Map<_, _>>(),
            "events": [], "consents": {"newsletter": true}})
    };
    commands.enumerate().map(customer).collect()
}

fn scenario(text: &str) -> Scenario {
    Scenario::parse("shop/run.md", text).unwrap_or_else(|problems| panic!("{problems:?}"))
}

async fn run(text: &str, hooks: Hooks) -> (Scenario, Verdict, Vec<(String, Value)>) {
    let (target, log) = server();
    let scenario = scenario(text);
    let verdict = run_scenario(&scenario, &target, &hooks).await;
    let calls = log.lock().unwrap().clone();
    (scenario, verdict, calls)
}

async fn sent(blocks: &str) -> Vec<String> {
    let (_, verdict, calls) = run(&format!("{TOP}{blocks}"), Hooks::default()).await;
    assert_eq!(verdict.problems, []);
    let written = calls.iter().filter(|(call, _)| call.contains("/track/"));
    written
        .map(|(call, sent)| format!("{} {sent}", call.rsplit('/').next().unwrap()))
        .collect()
}

#[tokio::test]
async fn a_browser_is_known_by_its_cookie() {
    let sent = sent(
        "```js browser=laptop\nexponea.identify('ada', {age: 36})\nexponea.anonymize()\nexponea.update({a: 1})\n\
         exponea.track('x')\nexponea.identify({crm: '7'})\n```\n",
    );
    insta::assert_snapshot!(sent.await.join("\n"));
}

#[tokio::test]
async fn a_device_sends_all_it_knows_and_queues() {
    let sent = sent(
        "```app device=phone\nidentifyCustomer({registered: 'ada'}, {})\noffline\ntrackEvent('queued')\nanonymize()\n\
         trackEvent('later')\nonline\ntrackEvent('last')\n```\n",
    );
    insta::assert_snapshot!(sent.await.join("\n"));
}

#[tokio::test]
async fn an_import_goes_on_after_a_refused_row() {
    let text = format!(
        "{TOP}```import\nname: shop\nids: {{registered: email, crm: no}}\nproperties: {{age: age}}\n\
         types: {{age: number}}\nupdate_timestamp: at\nrejected: 0\n---\nemail,no,age,at\na,,36,17\nbad,1,,\n```\n"
    );
    let (_, verdict, calls) = run(&text, Hooks::default()).await;
    let rows: Vec<String> = calls
        .iter()
        .skip(1)
        .map(|(_, sent)| sent.to_string())
        .collect();
    let shown: Vec<String> = verdict
        .problems
        .iter()
        .map(|one| one.render(false))
        .collect();
    insta::assert_snapshot!(format!("{}\n{}", rows.join("\n"), shown.join("\n")));
    assert_eq!(verdict.imports[0].accepted, 1);
}

#[tokio::test]
async fn what_is_seen_can_be_written_into_the_file() {
    let blocks = "```js browser=a\nexponea.identify('ada lovelace', {age: 36, vip: true})\nexponea.update({age: '36'})\n```\n\n\
        - in a list\n\n  ```profiles\n  #1 registered=ada  cookie=a\n  #2 cookie=a age=\"36\"\n  ```\n\n\
        ```consents\n```\n\n```mail to=a@x.cz\nsubject=\"Hello\"\n```\n\n\
        ```decisions\nnothing\n```\n\nThe end.\n";
    let (scenario, verdict, _) = run(&format!("{TOP}{blocks}"), Hooks::default()).await;
    assert_eq!(verdict.problems.len(), 4);
    let written = rewrite(&scenario, &verdict);
    let shown: Vec<String> = verdict
        .problems
        .iter()
        .map(|one| one.render(false))
        .collect();
    insta::assert_snapshot!(format!("{}\n{written}", shown.join("\n")));
    let (scenario, verdict, _) = run(&written, Hooks::default()).await;
    assert_eq!(verdict.problems, []);
    assert_eq!(rewrite(&scenario, &verdict), written);
}

#[tokio::test]
async fn a_goal_is_checked_at_the_end() {
    let hooks = Hooks::default().with_fix_up(
        |_: ProjectClient, _: IdSchema, request: FixUpRequest| async move {
            assert_eq!(request.policy, "resolve");
            let conflicts = vec!["ambiguous".to_owned()];
            Ok(FixUpSummary {
                calls: 3,
                conflicts,
                verified: true,
                text: "the plan".into(),
            })
        },
    );
    let blocks = "```js browser=a\nexponea.identify('ada@x.cz')\n```\n```goal\nprofiles with email Ada@x.cz: 2\n\
        calls: at most 2\n```\n```fix-up\npolicy: resolve\ncalls: 2\n```\n```goal\nprofiles: 1\n```\n";
    let (_, verdict, _) = run(&format!("{TOP}{blocks}"), hooks).await;
    let shown: Vec<String> = verdict
        .problems
        .iter()
        .map(|one| one.render(false))
        .collect();
    insta::assert_snapshot!(shown.join("\n"));
}

#[tokio::test]
async fn a_failing_action_ends_the_run_and_the_project_is_deleted() {
    let blocks = "```http\nPOST /track/v2/projects/{{token}}/customers\n\n{\"customer_ids\": {\"registered\": \"bad\"}}\n```\n\
        ```profiles\n#1 cookie=never\n```\n";
    let (_, verdict, calls) = run(&format!("{TOP}{blocks}"), Hooks::default()).await;
    assert_eq!(verdict.problems.len(), 1);
    insta::assert_snapshot!(verdict.problems[0].render(false));
    assert_eq!(calls.last().unwrap().0, "DELETE /_twinfold/projects/t");
}

#[tokio::test]
async fn a_reply_is_compared_as_a_subset() {
    let http = |reply: &str| format!("{TOP}```http\nPOST /x\n\n{{}}\n\nHTTP {reply}\n```\n");
    let mut shown = Vec::new();
    for reply in [
        "200\n{\"success\": true}",
        "200\n{\"errors\": [\"no\"]}",
        "404",
        "200\n{\"success\": 1, \"x\": 1}",
    ] {
        let (_, verdict, _) = run(&http(reply), Hooks::default()).await;
        shown.extend(verdict.problems.iter().map(|one| one.render(false)));
    }
    insta::assert_snapshot!(shown.join("\n"));
}

#[tokio::test]
async fn a_link_is_opened_and_a_missing_one_named() {
    let click =
        |to: &str, link: &str| format!("{TOP}```mail to={to} click={link} browser=a\n```\n");
    assert!(
        run(&click("a@x.cz", "confirm"), Hooks::default())
            .await
            .1
            .passed()
    );
    let mut shown = Vec::new();
    for (to, link) in [("a@x.cz", "confrim"), ("b@x.cz", "confirm")] {
        let (_, verdict, _) = run(&click(to, link), Hooks::default()).await;
        shown.extend(verdict.problems.iter().map(|one| one.render(false)));
    }
    insta::assert_snapshot!(shown.join("\n"));
}

#[tokio::test]
async fn many_run_at_once_with_verdicts_in_order() {
    let (target, _) = server();
    let text = |number: usize| TOP.replace("A run", &format!("Run {number}"));
    let scenarios: Vec<_> = (0..20)
        .map(|number| Arc::new(scenario(&text(number))))
        .collect();
    let verdicts = Runner::new(target, Hooks::default())
        .at_once(3)
        .run(&scenarios)
        .await;
    let titles: Vec<&str> = verdicts
        .iter()
        .map(|verdict| verdict.title.as_str())
        .collect();
    let expected: Vec<String> = (0..20).map(|number| format!("Run {number}")).collect();
    assert_eq!(titles, expected);
}

#[tokio::test]
async fn the_summary_ends_with_the_counts() {
    let (_, good, _) = run(TOP, Hooks::default()).await;
    let (_, bad, _) = run(
        &format!("{TOP}```profiles\n#1 cookie=a\n```\n"),
        Hooks::default(),
    )
    .await;
    let report = Report {
        place: "in process".into(),
        elapsed: std::time::Duration::from_millis(1_260),
        colour: false,
    };
    let still = |verdict: Verdict| Verdict {
        elapsed: std::time::Duration::from_millis(2),
        ..verdict
    };
    let text = summary(&[still(good), still(bad)], &report);
    assert!(text.ends_with("\n1 passed, 1 failed\n"));
    insta::assert_snapshot!(text);
}
