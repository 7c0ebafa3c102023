//! Imports: definitions, files inline and by URL, rows as commands, reports, refusals.

mod definitions;
mod files;
mod rows;
mod triggers;

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, Raw};

fn imports(client: &Client, rest: &str) -> String {
    format!("/imports/v1/{}{rest}", client.project.token)
}

/// A definition over these columns: `from -> to`, IDs and properties.
fn definition(ids: Value, properties: Value, source: Value) -> Value {
    json!({
        "name": "test",
        "trigger": {"trigger_type": "now"},
        "source": source,
        "destination": {"customer_destination": []},
        "mapping": {"tz_info": "UTC", "column_mapping": {"id_mappings": ids, "property_mappings": properties}},
        "timestamp_column": null,
    })
}

fn inline(content: &str) -> Value {
    json!({"source_type": "inline", "content": content})
}

fn id(from: &str, to: &str) -> Value {
    json!({"from_column": from, "to_id": to})
}

fn property(from: &str, to: &str, of: &str) -> Value {
    json!({"from_column": from, "to_column": to, "type": of})
}

async fn get(client: &Client, method: Method, path: String) -> (u16, Value) {
    let basic = client.basic();
    let raw = Raw {
        method,
        path,
        headers: &[("authorization", &basic)],
        body: b"",
    };
    let (status, text) = client.raw(raw).await;
    (status, serde_json::from_str(&text).unwrap())
}

/// Defines an import that runs at once; the report of its run.
async fn imported(client: &Client, definition: Value) -> Value {
    let (status, reply) = client.post(&imports(client, ""), definition).await;
    assert_eq!(status, 200, "{reply}");
    let import_id = reply["import_id"].as_str().unwrap();
    let path = imports(client, &format!("/{import_id}"));
    let (status, mut shown) = get(client, Method::GET, path).await;
    assert_eq!(status, 200, "{shown}");
    assert_eq!(client.of_project("/replayed").await["agrees"], true);
    shown["runs"][0].take()
}

/// IDs and property values of every customer.
async fn customers(client: &Client) -> Value {
    let shown = client.of_project("/customers").await;
    let customers = shown["customers"].as_array().unwrap().iter();
    let customers = customers.map(|one| {
        let properties = one["properties"].as_object().unwrap().iter();
        let values = properties.map(|(name, stored)| (name.clone(), stored["value"].clone()));
        json!([one["ids"], values.collect::<serde_json::Map<_, _>>()])
    });
    customers.collect()
}

fn counts(report: &Value) -> [u64; 6] {
    [
        "rows",
        "accepted",
        "created",
        "merged",
        "rejected",
        "duplicate_events",
    ]
    .map(|name| report[name].as_u64().unwrap())
}
