//! Every reply of the emulated API names the weakest label it rests on, and fails where a test wants no guess.

use reqwest::Method;
use serde_json::{Value, json};
use twinfold_server::{CONTROL_PREFIX, FailOn, Projects, Server};

use crate::client::{Client, Raw};

/// The label of a reply and its status.
async fn labelled(
    client: &Client,
    path: &str,
    body: Value,
    headers: &[(&str, &str)],
) -> (u16, String) {
    let basic = client.basic();
    let headers: Vec<_> = [("authorization", basic.as_str())]
        .into_iter()
        .chain(headers.iter().copied())
        .collect();
    let reply = client
        .raw_reply(Raw {
            method: Method::POST,
            path: path.to_owned(),
            headers: &headers,
            body: body.to_string().as_bytes(),
        })
        .await;
    let label = reply.headers().get("twinfold-evidence");
    let label = label.map(|label| label.to_str().unwrap().to_owned());
    (reply.status().as_u16(), label.unwrap_or_default())
}

#[tokio::test]
async fn a_reply_names_its_weakest_label() {
    let client = Client::start().await;
    let ids = |ids: Value| json!({"customer_ids": ids, "properties": {}});
    let batch = |second: Value| {
        json!({"commands": [
            {"name": "customers", "data": ids(json!({"registered": "ada"}))},
            {"name": "customers", "data": second},
        ]})
    };
    for (path, body, status, label) in [
        (
            "/customers",
            ids(json!({"registered": "ada"})),
            200,
            "documented",
        ),
        (
            "/customers",
            ids(json!({"registered": "ada", "cookie": null})),
            200,
            "observed",
        ),
        (
            "/customers",
            ids(json!({"registered": "ada", "cookie": "--"})),
            200,
            "assumed",
        ),
        ("/customers", ids(json!({})), 400, "documented"),
        ("/customers", ids(json!({"shoe": 1})), 400, "assumed"),
        ("/customers", json!([]), 400, "documented"),
        (
            "/batch",
            batch(ids(json!({"registered": "bob"}))),
            200,
            "documented",
        ),
        ("/batch", batch(ids(json!({"shoe": 1}))), 200, "assumed"),
        ("/batch", batch(json!({"customer_ids": 1})), 200, "assumed"),
        ("/batch", json!({"commands": []}), 400, "documented"),
        ("/nothing", json!({}), 404, "documented"),
    ] {
        let seen = labelled(&client, &client.track(path), body.clone(), &[]).await;
        assert_eq!(seen, (status, label.to_owned()), "{path} {body}");
    }
}

#[tokio::test]
async fn a_test_may_ask_for_a_failure_by_header_project_or_server() {
    let mut client = Client::start().await;
    let guess = json!({"customer_ids": {"registered": "ada", "cookie": "--"}, "properties": {}});
    let observed = json!({"customer_ids": {"registered": "ada", "cookie": null}, "properties": {}});
    let path = client.track("/customers");
    for (header, body, status) in [
        (None, &guess, 200),
        (Some("assumed"), &guess, 422),
        (Some("assumed"), &observed, 200),
        (Some("observed"), &observed, 422),
    ] {
        let header: Vec<_> = header
            .map(|on| ("twinfold-fail-on", on))
            .into_iter()
            .collect();
        let (seen, _) = labelled(&client, &path, body.clone(), &header).await;
        assert_eq!(seen, status, "{header:?} {body}");
    }
    client.create(json!({"fail_on": "assumed"})).await;
    let (status, body) = client
        .post(&client.track("/customers"), guess.clone())
        .await;
    assert_eq!(status, 422);
    let says = body["errors"][1].as_str().unwrap();
    assert!(
        says.starts_with("invalid-value-dropped (assumed): "),
        "{says}"
    );
    let (_, unknown) = client
        .control("POST", "/projects", json!({"fail_on": "documented"}))
        .await;
    assert!(
        unknown["error"].as_str().unwrap().contains("`documented`"),
        "{unknown}"
    );

    let projects = Projects::with_default_project().failing_on(Some(FailOn::Assumed));
    let server = Server::start([127, 0, 0, 1].into(), 0, projects)
        .await
        .unwrap();
    let url = format!(
        "{}{}",
        server.base_url(),
        Client::start().await.track("/customers")
    );
    let reply = reqwest::Client::new()
        .post(url)
        .basic_auth("twinfold-key", Some("twinfold-secret"))
        .body(guess.to_string());
    assert_eq!(reply.send().await.unwrap().status(), 422);
}

#[tokio::test]
async fn a_failure_that_was_asked_for_is_a_failure_of_the_reply_only() {
    let mut client = Client::start().await;
    client.create(json!({"fail_on": "assumed"})).await;
    let guess = json!({"customer_ids": {"registered": "ada", "cookie": "--"}, "properties": {}});
    let (status, _) = client.post(&client.track("/customers"), guess).await;
    assert_eq!(status, 422);
    let customers = client.of_project("/customers").await;
    assert_eq!(
        customers["customers"][0]["ids"]["registered"],
        json!(["ada"])
    );
}

#[tokio::test]
async fn slashes_too_many_count_for_nothing() {
    let client = Client::start().await;
    let body = json!({"customer_ids": {"registered": "ada"}, "properties": {}});
    let tracked = client.track("/customers");
    for path in [
        format!("/{tracked}"),
        format!("{tracked}/"),
        format!("{}//", tracked.replace('/', "//")),
    ] {
        let (status, _) = client.post(&path, body.clone()).await;
        assert_eq!(status, 200, "{path}");
    }
    let (_, document) = client.control("GET", "/openapi.json", Value::Null).await;
    assert_eq!(
        document["openapi"], "3.1.0",
        "{CONTROL_PREFIX}/openapi.json"
    );
}

#[tokio::test]
async fn pages_of_any_origin_may_call_the_emulated_api_and_none_the_control_api() {
    let client = Client::start().await;
    let preflight = [
        ("origin", "https://shop.example"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "content-type"),
    ];
    let asked = |path: String| Raw {
        method: Method::OPTIONS,
        path,
        headers: &preflight,
        body: b"",
    };
    let reply = client.raw_reply(asked(client.track("/customers"))).await;
    let header = |name: &str| {
        reply
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    assert_eq!(reply.status(), 200);
    assert_eq!(
        header("access-control-allow-origin"),
        Some("https://shop.example")
    );
    assert_eq!(header("access-control-allow-credentials"), Some("true"));
    assert_eq!(header("access-control-allow-headers"), Some("content-type"));
    let reply = client
        .raw_reply(asked(format!("{CONTROL_PREFIX}/projects")))
        .await;
    assert!(reply.headers().get("access-control-allow-origin").is_none());
}
