//! The shapes that clients read (facts 4.4, 5; quirks 18-24).

use std::iter;

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::client::Client;

async fn with_ada() -> Client {
    let client = Client::start().await;
    let customer = json!({
        "customer_ids": {"registered": "ada", "cookie": "laptop"},
        "properties": {"first_name": "Ada", "tags": [{"b": 1, "a": null}], "empty": ""},
    });
    assert_eq!(
        client.post(&client.track("/customers"), customer).await,
        (200, json!({"errors": [], "success": true}))
    );
    for (event_type, timestamp) in [
        ("visit", json!(20)),
        ("purchase", json!(10.5)),
        ("visit", json!("30")),
    ] {
        let event = json!({"customer_ids": {"cookie": "laptop"}, "event_type": event_type, "timestamp": timestamp, "properties": {"z": 1, "a": "x"}});
        let (status, _) = client.post(&client.track("/customers/events"), event).await;
        assert_eq!(status, 200);
    }
    client
}

#[tokio::test]
async fn a_customer_is_read_back_whole() {
    let client = with_ada().await;
    let (status, one) = client
        .post(
            &client.data("/export-one"),
            json!({"customer_ids": {"cookie": "laptop"}}),
        )
        .await;
    assert_eq!(status, 200);
    assert_eq!(
        one["ids"],
        json!({"registered": "ada", "cookie": ["laptop"]})
    );
    assert_eq!(
        one["properties"],
        json!({"first_name": "Ada", "tags": [{"a": null, "b": 1}], "empty": ""})
    );
    assert_eq!(
        one["events"][0],
        json!({"type": "purchase", "timestamp": 10.5, "properties": {"a": "x", "z": 1}})
    );
    let (_, all) = client
        .post(
            &client.data("/export"),
            json!({"attributes": {"type": "properties_and_ids"}, "format": "native_json"}),
        )
        .await;
    assert_eq!(all["fields"][0], json!({"type": "id", "id": "registered"}));
    assert_eq!(
        all["data"],
        json!([["ada", ["laptop"], "", "Ada", [{"a": null, "b": 1}]]])
    );
}

#[tokio::test]
async fn events_are_ordered_and_paged() {
    let client = with_ada().await;
    for (asked, times) in [
        (
            json!({"event_types": ["visit", "purchase"]}),
            json!([10.5, 20.0, 30.0]),
        ),
        (
            json!({"event_types": ["visit"], "order": "desc"}),
            json!([30.0, 20.0]),
        ),
        (
            json!({"event_types": ["visit", "purchase"], "skip": 1, "limit": 1}),
            json!([20.0]),
        ),
        (json!({"event_types": []}), json!([])),
    ] {
        let mut body = json!({"customer_ids": {"registered": "ada"}});
        body.as_object_mut()
            .unwrap()
            .extend(asked.as_object().unwrap().clone());
        let (status, reply) = client.post(&client.data("/events"), body).await;
        let found: Vec<&Value> = reply["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| &e["timestamp"])
            .collect();
        assert_eq!((status, json!(found)), (200, times), "{asked}");
    }
}

#[tokio::test]
async fn attributes_answer_by_position() {
    let client = with_ada().await;
    let consent = json!({"customer_ids": {"registered": "ada"}, "event_type": "consent",
        "properties": {"action": "accept", "category": "newsletter", "valid_until": "unlimited"}});
    assert_eq!(
        client
            .post(&client.track("/customers/events"), consent)
            .await
            .0,
        200
    );
    let asked = json!([
        {"type": "property", "property": "first_name"},
        {"type": "property", "property": "unset"},
        {"type": "id", "id": "cookie"},
        {"type": "id", "id": "registered"},
        {"type": "consent", "category": "newsletter"},
        {"type": "consent", "category": "sms"},
        {"type": "expression", "id": "none"},
    ]);
    let ids = json!({"registered": "ada"});
    let (status, reply) = client
        .post(
            &client.data("/attributes"),
            json!({"customer_ids": ids, "attributes": asked}),
        )
        .await;
    let values: Vec<&Value> = reply["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| &r["value"])
        .collect();
    assert_eq!(status, 200);
    assert_eq!(
        json!(values),
        json!(["Ada", null, ["laptop"], "ada", true, false, null])
    );
    assert_eq!(reply["results"][6]["success"], false);
    let wrong = json!({"customer_ids": ids, "attributes": [{"type": "id", "id": "cookie"}, {"type": "shoe"}]});
    let (status, reply) = client.post(&client.data("/attributes"), wrong).await;
    assert_eq!(
        (status, &reply["errors"]["attributes"]["1"]),
        (400, &json!(["Unknown attribute type shoe"]))
    );
}

#[tokio::test]
async fn reads_find_nobody_and_create_nobody() {
    let client = Client::start().await;
    let nobody =
        json!({"customer_ids": {"registered": "nobody"}, "event_types": [], "attributes": []});
    for route in ["/export-one", "/events", "/attributes", "/anonymize"] {
        let reply = client.post(&client.data(route), nobody.clone()).await;
        let missing = json!({"errors": {"_global": ["Customer does not exist"]}, "success": false});
        assert_eq!(reply, (404, missing), "{route}");
        let (status, reply) = client
            .post(
                &client.data(route),
                json!({"customer_ids": {}, "event_types": [], "attributes": []}),
            )
            .await;
        let asked = json!({"customer_ids": ["Must specify at least one customer ID"]});
        assert_eq!((status, &reply["errors"]), (400, &asked), "{route}");
    }
    assert_eq!(client.of_project("").await["counts"]["customers"], 0);
}

#[tokio::test]
async fn a_batch_answers_by_position_and_one_failure_harms_no_other() {
    let client = Client::start().await;
    let commands = json!({"sdk": "x", "commands": [
        {"name": "customers", "command_id": "a1", "data": {"customer_ids": {"registered": 7}, "properties": null, "update_timestamp": null}},
        {"name": "customers/events", "command_id": 2, "data": {"customer_ids": {}, "event_type": "x"}},
        {"name": "system/time"},
        {"name": "customers/events", "data": {"customer_ids": {"registered": "7"}, "event_type": "x", "timestamp": null}},
    ]});
    let (status, reply) = client.post(&client.track("/batch"), commands).await;
    assert_eq!((status, &reply["success"]), (200, &json!(true)));
    let results = reply["results"].as_array().unwrap();
    assert_eq!(results[0], json!({"success": true, "command_id": "a1"}));
    assert_eq!(
        results[1],
        json!({"success": false, "errors": ["At least one id should be specified."], "command_id": 2})
    );
    assert!(results[2]["time"].is_f64() && results[2]["success"] == true);
    assert_eq!(results[3], json!({"success": true}));
    assert!(reply["start_time"].is_f64() && reply["end_time"].is_f64());
    assert_eq!(client.of_project("").await["counts"]["customers"], 1);
}

#[tokio::test]
async fn an_anonymized_customer_keeps_its_events_and_loses_its_name() {
    let client = with_ada().await;
    let ids = json!({"customer_ids": {"registered": "ada"}});
    assert_eq!(
        client.post(&client.data("/anonymize"), ids.clone()).await,
        (200, json!({"success": true}))
    );
    assert_eq!(client.post(&client.data("/export-one"), ids).await.0, 404);
    let customers = client.of_project("/customers").await;
    let ada = &customers["customers"][0];
    assert_eq!(ada["events"].as_array().unwrap().len(), 3);
    assert_eq!(ada["ids"]["cookie"].as_array().unwrap().len(), 1);
    assert_eq!(ada["properties"]["first_name"], Value::Null);
    assert_ne!(ada["properties"]["tags"], Value::Null);
}

#[tokio::test]
async fn every_number_is_read_back_to_its_last_bit() {
    let mut dice = ChaCha8Rng::seed_from_u64(64);
    let drawn =
        iter::repeat_with(|| f64::from_bits(dice.random())).filter(|number| number.is_finite());
    let numbers: Vec<f64> = drawn.take(500).collect();
    let client = Client::start().await;
    let ids = json!({"cookie": "laptop"});
    let sent = json!({"customer_ids": ids, "properties": {"numbers": numbers}});
    let (status, _) = client.post(&client.track("/customers"), sent).await;
    assert_eq!(status, 200);
    let asked = json!({"customer_ids": ids});
    let (_, read) = client.post(&client.data("/export-one"), asked).await;
    assert_eq!(read["properties"]["numbers"], json!(numbers));
}
