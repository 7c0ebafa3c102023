//! A plan that was made from an export, written to a file and carried out later: what was reviewed is what is done.
//! Files that are no plan are refused with a place, before anything is sent.

use std::{fs, path::Path};

use serde_json::{Value, json};
use twinfold_server::{Credentials, Projects, Server};

use crate::{code, twinfold};

/// A served project that holds these customers, each with an update of its properties.
async fn served(customers: &[(Value, Value)]) -> Server {
    let projects = Projects::with_default_project();
    let server = Server::start([127, 0, 0, 1].into(), 0, projects).await;
    let server = server.unwrap();
    for (ids, properties) in customers {
        let body = json!({"customer_ids": ids, "properties": properties});
        post(&server, "/track/v2/projects/{}/customers", &body).await;
    }
    server
}

async fn post(server: &Server, path: &str, body: &Value) -> String {
    let project = Credentials::of_default_project();
    let url = server.base_url() + &path.replace("{}", &project.token);
    let request = reqwest::Client::new().post(url).body(body.to_string());
    let request = request.basic_auth(&project.api_key_id, Some(&project.api_secret));
    let response = request.send().await.unwrap();
    assert!(response.status().is_success(), "{path}: {response:?}");
    response.text().await.unwrap()
}

async fn run(arguments: Vec<String>) -> (Option<i32>, String) {
    let run = move || code(twinfold().args(arguments));
    tokio::task::spawn_blocking(run).await.unwrap()
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

fn ada() -> [(Value, Value); 3] {
    let address = json!({"email": "ada@example.com"});
    [
        (json!({"registered": "ada@example.com"}), address.clone()),
        (json!({"cookie": "phone"}), address),
        (
            json!({"registered": "Ada@Example.com", "cookie": "tablet"}),
            json!({"city": "Brno"}),
        ),
    ]
}

/// A plan for these profiles, as a file.
async fn planned(server: &Server, directory: &Path) -> String {
    let body = json!({"attributes": {"type": "properties_and_ids"}, "format": "native_json"});
    let export = directory.join("export.json");
    let exported = post(server, "/data/v2/projects/{}/customers/export", &body).await;
    fs::write(&export, exported).unwrap();
    let export = export.to_str().unwrap();
    let arguments = format!("fix {export} --policy resolve --print json");
    let (found, text) = run(words(&arguments)).await;
    assert_eq!(found, Some(1), "{text}");
    let plan = directory.join("plan.json");
    fs::write(&plan, text).unwrap();
    plan.to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_plan_of_an_export_is_carried_out_later() {
    let server = served(&ada()).await;
    let directory = tempfile::tempdir().unwrap();
    let plan = planned(&server, directory.path()).await;
    let fix = format!("fix --url {} --plan {plan}", server.base_url());
    for (more, expected, says) in [
        ("", 1, "Dry run: nothing was sent"),
        (" --apply", 2, "--confirm says that you mean it"),
        (
            " --apply --confirm",
            0,
            "5 calls made, 1 not needed any more",
        ),
        // The plan does not change; what it wanted is there.
        (" --apply --confirm", 0, "0 calls made"),
    ] {
        let (found, text) = run(words(&format!("{fix}{more}"))).await;
        assert_eq!((more, found), (more, Some(expected)), "{text}");
        assert!(text.contains(says), "`{says}` is in {text}");
    }
    let (found, text) = run(words(&format!("diagnose --url {}", server.base_url()))).await;
    assert_eq!(found, Some(0), "{text}");
}

#[tokio::test]
async fn what_is_no_plan_is_refused_with_its_place() {
    let server = served(&ada()).await;
    let directory = tempfile::tempdir().unwrap();
    let plan = planned(&server, directory.path()).await;
    let text = fs::read_to_string(&plan).unwrap();
    let cut = &text[..text.len() / 2];
    let mut other_types: Value = serde_json::from_str(&text).unwrap();
    other_types["plan"]["hard_types"] = json!(["customer_number"]);
    let mut fewer_calls: Value = serde_json::from_str(&text).unwrap();
    fewer_calls["plan"]["keys"] = json!([]);
    let later = text.replace("\"schema_version\":1", "\"schema_version\":99");
    for (name, content, says) in [
        ("cut", cut, ":1:"),
        ("log", "{\"run\":{}}", "missing field `plan`"),
        ("types", &other_types.to_string(), "hard customer_number"),
        ("calls", &fewer_calls.to_string(), "something was cut off"),
        ("version", &later, "version 99"),
    ] {
        let file = directory.path().join(name);
        fs::write(&file, content).unwrap();
        let file = file.to_str().unwrap();
        let fix = format!("fix --url {} --plan {file}", server.base_url());
        let (found, text) = run(words(&format!("{fix} --apply --confirm"))).await;
        assert_eq!((name, found), (name, Some(2)), "{text}");
        assert!(text.contains(says), "`{says}` is in {text}");
    }
}
