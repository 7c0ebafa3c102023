//! Traffic put together by hand, and what came of it.

use serde_json::json;
use twinfold_server::{Projects, router};

use super::*;
use crate::target::{InProcess, Target};

async fn project(settings: &Value) -> ProjectClient {
    let target = Target::InProcess(InProcess::new(router(Projects::new())));
    ProjectClient::create(target, settings).await.unwrap()
}

async fn track(client: &ProjectClient, rest: &str, body: Value) {
    let request = Request::post(client.track_path(rest), &body);
    client.send(request).await.unwrap();
}

/// Every kind of command, hard types in an order that is not the alphabet's, and a switch.
async fn shop() -> ProjectClient {
    let client = project(&json!({
        "id_types": {"registered": "hard", "crm": {"kind": "hard", "lowercase": true}, "cookie": {"kind": "soft", "values_max": 2}},
        "switches": {"hard_id_conflict": "first_hard_type_wins"},
        "private_properties": ["email"],
        "clock": {"start": 1000, "step": 1},
    }))
    .await;
    let events = "/customers/events";
    track(&client, "/customers", json!({"customer_ids": {"cookie": "a", "registered": null}, "properties": {"n": 1.0, "b": [1, {"z": 1, "a": 2}]}})).await;
    track(&client, events, json!({"customer_ids": {"cookie": "b", "crm": 77}, "event_type": "view", "timestamp": 5, "properties": {"p": "\u{e9}"}})).await;
    track(&client, "/customers", json!({"customer_ids": {"registered": "r1", "crm": "K1"}, "properties": {"email": "x@y.z"}, "update_timestamp": 12.5})).await;
    track(
        &client,
        "/customers",
        json!({"customer_ids": {"registered": "r1", "cookie": "a"}, "properties": {}}),
    )
    .await;
    track(
        &client,
        "/customers",
        json!({"customer_ids": {"registered": "r1", "crm": 77}, "properties": {}}),
    )
    .await;
    track(
        &client,
        events,
        json!({"customer_ids": {"registered": true}, "event_type": "view"}),
    )
    .await;
    track(
        &client,
        events,
        json!({"customer_ids": {"registered": "r2", "cookie": ["a"]}, "event_type": "view"}),
    )
    .await;
    let anonymize = Request::post(
        client.data_path("/customers/anonymize"),
        &json!({"customer_ids": {"crm": "77"}}),
    );
    client.send(anonymize).await.unwrap();
    client
}

#[tokio::test]
async fn what_is_replayed_is_what_the_server_holds() {
    let client = shop().await;
    let traffic = Traffic::read(&client).await.unwrap();
    assert_eq!((traffic.commands.len(), traffic.folded), (8, 0));
    let shown = client
        .accepted(Request::get(client.control_path("/customers")))
        .await
        .unwrap();
    let held: Vec<Value> = shown["customers"].as_array().unwrap().clone();
    let replayed = traffic.replay();
    assert_eq!(replayed.customers().count(), held.len());
    for (customer, held) in replayed.customers().zip(&held) {
        let profile = replayed.profile(customer).unwrap();
        assert_eq!(json!(profile.internal_id.number()), held["number"]);
        let ids: Vec<_> = profile.ids.iter().flat_map(|(_, values)| values).collect();
        let text = held["ids"].to_string();
        assert!(ids.iter().all(|id| text.contains(*id)), "{ids:?} {text}");
        assert_eq!(
            profile.events.len(),
            held["events"].as_array().unwrap().len()
        );
        for (name, stored) in &profile.properties {
            assert_eq!(
                stored.value,
                held["properties"][name]["value"].to_string(),
                "{name}"
            );
            assert_eq!(
                json!(stored.at.seconds()),
                held["properties"][name]["at"],
                "{name}"
            );
        }
    }
}

#[tokio::test]
async fn a_file_says_what_is_wrong_with_it() {
    for (text, says) in [
        ("", "this is no journal file: EOF while parsing"),
        ("{\"entries\": []}", "missing field `project`"),
        (
            "{\"project\": {\"strategy\": \"x\"}, \"entries\": []}",
            "its `project` is none: strategy: `x` is none of",
        ),
        (
            "{\"project\": {}, \"entries\": [{\"seq\": 3, \"at\": 1, \"command\": {\"kind\": \"anonymize\", \"internal_id\": \"zz\"}}]}",
            "entry 3 of the journal cannot be read: its internal ID is none",
        ),
    ] {
        let error = Traffic::from_text(text).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
}
