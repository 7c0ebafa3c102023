//! Consent categories, as a project defines them and as apps and servers list them (quirk 31).

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, Raw};

#[tokio::test]
async fn consent_categories_are_listed_for_apps_and_servers() {
    let mut client = Client::start().await;
    let own = json!([{"id": "push", "legitimate_interest": true, "sources": ["page"],
        "translations": {"cs": {"name": "Zprávy", "description": "do aplikace"}}}]);
    client.create(json!({"consent_categories": own})).await;
    let path = format!(
        "/data/v2/projects/{}/consent/categories",
        client.project.token
    );
    let sources = json!({"crm": false, "import": false, "page": true, "private_api": false, "public_api": false, "scenario": false});
    let expected = json!({"success": true, "results": [{"id": "push", "legitimate_interest": true, "sources": sources,
        "translations": {"cs": {"name": "Zprávy", "description": "do aplikace"}}}]});
    let public = format!("Token {}", client.project.public_token);
    for (method, key) in [
        (Method::GET, client.basic()),
        (Method::POST, client.basic()),
        (Method::GET, public),
    ] {
        let headers = [("authorization", key.as_str())];
        let raw = Raw {
            method,
            path: path.clone(),
            headers: &headers,
            body: b"",
        };
        let (status, body) = client.raw(raw).await;
        assert_eq!(
            (status, serde_json::from_str::<Value>(&body).unwrap()),
            (200, expected.clone())
        );
    }
    for (settings, says) in [
        (json!({"consent_categories": []}), "at least one"),
        (
            json!({"consent_categories": [{"id": "a", "sources": ["moon"]}]}),
            "`moon`",
        ),
    ] {
        let (status, refused) = client.control("POST", "/projects", settings).await;
        assert_eq!(status, 400);
        assert!(refused.to_string().contains(says), "{refused}");
    }
}
