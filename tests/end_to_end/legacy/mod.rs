//! `/bulk` and `/crm`, as the browser SDK and older clients call them: without a key, the project in the body.

mod apps;
mod bulk;
mod crm;
mod empty;
mod refusals;

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, Raw};

async fn call(client: &Client, path: &str, headers: &[(&str, &str)], body: &str) -> (u16, Value) {
    let raw = Raw {
        method: Method::POST,
        path: path.to_owned(),
        headers,
        body: body.as_bytes(),
    };
    let (status, text) = client.raw(raw).await;
    (status, serde_json::from_str(&text).unwrap())
}

async fn of_kind(kind: &str, settings: Value) -> (Client, String) {
    let mut client = Client::start().await;
    client.create(settings).await;
    let named = json!({ kind: client.project.token }).to_string();
    (client, named)
}
