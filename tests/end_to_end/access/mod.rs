//! Access groups: what each may do, what it is told where it may not, and the life of its keys.
//! Refused commands change nothing and stand in the journal.

mod groups;
mod keys;
mod reads;
mod writes;

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, Raw};

/// A server whose project has these groups, and the groups with their keys.
async fn with_groups(groups: Value) -> (Client, Value) {
    let mut client = Client::start().await;
    let settings = json!({"access_groups": groups, "clock": {"start": 1000}});
    let (status, created) = client.control("POST", "/projects", settings).await;
    assert_eq!(status, 200, "{created}");
    client.adopt(&created);
    let groups = created["access_groups"].clone();
    (client, groups)
}

/// The header that shows a group's key.
fn authorization(group: &Value) -> String {
    use base64::{Engine, prelude::BASE64_STANDARD};
    let text = |key: &str| group[key].as_str().unwrap();
    match text("kind") {
        "public" => format!("Token {}", text("public_token")),
        _ => {
            let pair = format!("{}:{}", text("api_key_id"), text("api_secret"));
            format!("Basic {}", BASE64_STANDARD.encode(pair))
        }
    }
}

async fn ask(client: &Client, key: &str, path: &str, body: &Value) -> (u16, Value) {
    let (body, headers) = (body.to_string(), [("authorization", key)]);
    let raw = Raw {
        method: Method::POST,
        path: path.to_owned(),
        headers: &headers,
        body: body.as_bytes(),
    };
    let (status, reply) = client.raw(raw).await;
    (status, serde_json::from_str(&reply).unwrap())
}

fn set(properties: Value) -> Value {
    json!({"customer_ids": {"registered": "ada"}, "properties": properties})
}

fn event(event_type: &str) -> Value {
    json!({"customer_ids": {"registered": "ada"}, "event_type": event_type})
}

async fn store_ada(client: &Client) {
    let city = set(json!({"city": "Brno", "email": "ada@example.com"}));
    let (customers, events) = (
        client.track("/customers"),
        client.track("/customers/events"),
    );
    assert_eq!(client.post(&customers, city).await.0, 200);
    assert_eq!(client.post(&events, event("visit")).await.0, 200);
}
