//! The requests of clients that no registry has, sent as these clients write them.
//! The reply is checked as the client reads it: status, headers, and those parts of the body that it uses.

use std::collections::BTreeMap;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use twinfold_tests::client;

use crate::{
    requests::{self, Client, Kind, Row},
    wire::{self, Reply},
};

#[tokio::test]
async fn clients_read_what_they_need() {
    let mut server = client::Client::start().await;
    let mut wrong = Vec::new();
    for client in requests::all() {
        assert!(!client.source.is_empty() && !client.requests.is_empty());
        server.create(json!(client.project)).await;
        wrong.extend(replay(&server, &client).await);
    }
    let count = wrong.len();
    assert!(wrong.is_empty(), "{count} wrong:\n{}", wrong.join("\n"));
}

/// Sends every request of a client; what is wrong with the replies.
async fn replay(server: &client::Client, client: &Client) -> Vec<String> {
    let mut kept = BTreeMap::from(
        [
            ("url", server.base_url()),
            ("token", server.project.token.clone()),
            ("public", server.project.public_token.clone()),
            ("basic", server.basic().replace("Basic ", "")),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    let mut wrong = Vec::new();
    for row in &client.requests {
        let reply = send(server, client, row, &kept).await;
        let body = serde_json::from_str(&reply.body).unwrap_or(json!(reply.body));
        let differences = differences(client, row, &reply, &body, &kept);
        wrong.extend(differences.iter().map(|difference| {
            let (name, says) = (&client.client, &row.says);
            let (status, body) = (reply.status, &reply.body);
            format!("{name}: {says}: {difference}\n    {status} {body}")
        }));
        for (name, pointer) in &row.keep {
            let found = body.pointer(pointer).and_then(Value::as_str);
            kept.insert(name.clone(), found.unwrap_or_default().to_owned());
        }
    }
    wrong
}

async fn send(
    server: &client::Client,
    client: &Client,
    row: &Row,
    kept: &BTreeMap<String, String>,
) -> Reply {
    let mut headers = client.headers.clone();
    headers.extend(row.headers.clone());
    headers.retain(|_, value| !value.is_empty());
    let headers: Vec<_> = headers
        .into_iter()
        .map(|(name, value)| (name, filled(&value, kept)))
        .collect();
    let body = match &row.body_base64 {
        Some(bytes) => BASE64_STANDARD.decode(bytes).unwrap(),
        None => filled(&row.body, kept).into_bytes(),
    };
    let request = filled(&row.request, kept);
    wire::send(&server.base_url(), &request, &headers, &body).await
}

fn differences(
    client: &Client,
    row: &Row,
    reply: &Reply,
    body: &Value,
    kept: &BTreeMap<String, String>,
) -> Vec<String> {
    let mut wrong = Vec::new();
    if reply.status != row.status {
        wrong.push(format!("the status is not {}", row.status));
    }
    for (name, value) in &row.sees {
        let expected = filled(value, kept);
        if reply.header(name) != Some(&expected) {
            let found = reply.header(name);
            wrong.push(format!(
                "the header {name} is not {expected}, but {found:?}"
            ));
        }
    }
    for (pointer, expected) in &row.reads {
        let found = body.pointer(pointer);
        let right = match Kind::of(expected) {
            Some(kind) => kind.takes(found),
            None => found.is_some_and(|found| equal(found, expected, kept)),
        };
        if !right {
            wrong.push(format!("`{pointer}` is not {expected}"));
        }
    }
    let refused = client.never.as_deref();
    if let Some(words) = refused.filter(|words| reply.body.contains(*words)) {
        wrong.push(format!("the client takes `{words}` for a refusal"));
    }
    wrong
}

/// 1 and 1.0 are one number to every client.
fn equal(found: &Value, expected: &Value, kept: &BTreeMap<String, String>) -> bool {
    match (found, expected) {
        (Value::Number(found), Value::Number(expected)) => found.as_f64() == expected.as_f64(),
        (_, Value::String(expected)) => found == &json!(filled(expected, kept)),
        _ => found == expected,
    }
}

fn filled(text: &str, kept: &BTreeMap<String, String>) -> String {
    kept.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(&format!("{{{name}}}"), value)
    })
}
