//! `/crm`: customers and events one at a time, under every name that older clients use.

use serde_json::json;

use super::{call, of_kind};

#[tokio::test]
async fn customers_and_events_are_read_under_every_name() {
    let (client, _) = of_kind("project_id", json!({"clock": {"start": 1000}})).await;
    let token = &client.project.token;
    for (path, body) in [
        (
            "/crm/customers",
            json!({"ids": "ada", "project_id": token, "properties": {"city": "Brno"}}),
        ),
        (
            "/crm/customers",
            json!({"customer_ids": {"registered": "ada"}, "company_id": token, "timestamp": 5}),
        ),
        (
            "/crm/events",
            json!({"customer_ids": "ada", "project_id": token, "type": "old", "properties": {}, "age": 400}),
        ),
        (
            "/crm/events",
            json!({"customer_ids": {"registered": "ada"}, "company_id": token, "event_type": "older", "timestamp": 500, "age": 1}),
        ),
    ] {
        let reply = call(
            &client,
            path,
            &[("content-type", "text/plain;charset=UTF-8")],
            &body.to_string(),
        )
        .await;
        assert_eq!(
            reply,
            (200, json!({"success": true, "errors": []})),
            "{path}"
        );
    }
    let customers = client.of_project("/customers").await;
    let [ada] = customers["customers"].as_array().unwrap().as_slice() else {
        panic!("{customers}");
    };
    let events = ada["events"].as_array().unwrap();
    let times: Vec<_> = events
        .iter()
        .map(|event| (&event["type"], &event["timestamp"]))
        .collect();
    assert_eq!(json!(times), json!([["older", 500.0], ["old", 600.0]]));
    assert_eq!(ada["properties"]["city"]["value"], "Brno");
}
