//! What a group may set: properties and events, those it may make new, and each command of a batch by itself.

use serde_json::{Value, json};

use super::{ask, authorization, event, set, store_ada, with_groups};

#[tokio::test]
async fn a_group_sets_what_it_may_and_nothing_else() {
    let (client, groups) = with_groups(json!([
        {"name": "nothing", "kind": "private"},
        {"name": "listed", "kind": "public", "permissions": {
            "properties": {"set": ["city", "street"]}, "events": {"set": ["visit", "order"]}}},
        {"name": "seen", "kind": "private", "permissions": {
            "properties": {"set": "all"}, "events": {"set": "all"}}},
        {"name": "new", "kind": "private", "permissions": {
            "properties": {"set": "all"}, "events": {"set": "all"}, "new_properties": true, "new_events": true}},
    ]))
    .await;
    store_ada(&client).await;
    let keys: Vec<String> = groups
        .as_array()
        .unwrap()
        .iter()
        .map(authorization)
        .collect();
    let [nothing, listed, seen, new] = &keys[..] else {
        panic!("{groups}")
    };
    let property = json!({"errors": ["not authorized to update specified customer properties"], "success": false});
    let typed =
        json!({"errors": ["Not authorized to add event of specified type"], "success": false});
    let done = json!({"errors": [], "success": true});
    let (customers, events) = ("/customers", "/customers/events");
    for (key, route, body, reply) in [
        (nothing, customers, set(json!({})), &done),
        (nothing, customers, set(json!({"city": "Wien"})), &property),
        (nothing, events, event("visit"), &typed),
        (listed, customers, set(json!({"city": "Wien"})), &done),
        (listed, customers, set(json!({"email": "x"})), &property),
        (
            listed,
            customers,
            set(json!({"city": "Linz", "email": "x"})),
            &property,
        ),
        (
            listed,
            customers,
            set(json!({"street": "new to the project"})),
            &property,
        ),
        (listed, events, event("visit"), &done),
        (listed, events, event("order"), &typed),
        (seen, customers, set(json!({"email": "y"})), &done),
        (
            seen,
            customers,
            set(json!({"street": "new to the project"})),
            &property,
        ),
        (seen, events, event("order"), &typed),
        (
            new,
            customers,
            set(json!({"street": "Dominikanska"})),
            &done,
        ),
        (new, events, event("order"), &done),
        (
            listed,
            customers,
            set(json!({"street": "seen by now"})),
            &done,
        ),
        (listed, events, event("order"), &done),
    ] {
        let before = client.of_project("/customers").await;
        let answer = ask(&client, key, &client.track(route), &body).await;
        assert_eq!(answer, (200, reply.clone()), "{body}");
        if *reply != done {
            assert_eq!(client.of_project("/customers").await, before, "{body}");
            let journal = client.of_project("/journal").await;
            let last = journal["entries"]
                .as_array()
                .unwrap()
                .last()
                .unwrap()
                .clone();
            assert_eq!(last["command"]["kind"], "refused", "{body}");
            assert_eq!(
                last["reply"],
                json!({"status": 200, "body": reply}),
                "{body}"
            );
        }
    }
    assert_eq!(client.of_project("/replayed").await["agrees"], true);
}

#[tokio::test]
async fn a_batch_refuses_command_by_command() {
    let (client, groups) = with_groups(json!([{"name": "shop", "kind": "private", "permissions": {
        "properties": {"set": ["city"]}, "events": {"set": ["visit"]}, "new_properties": true}}]))
    .await;
    let commands = json!({"commands": [
        {"name": "customers", "command_id": "a", "data": set(json!({"city": "Brno"}))},
        {"name": "customers", "command_id": "b", "data": set(json!({"email": "x"}))},
        {"name": "customers/events", "command_id": "c", "data": event("visit")},
        {"name": "system/time", "command_id": "d"},
        {"name": "customers", "command_id": "e", "data": {"customer_ids": {}}},
    ]});
    let key = authorization(&groups[0]);
    let (status, reply) = ask(&client, &key, &client.track("/batch"), &commands).await;
    assert_eq!((status, &reply["success"]), (200, &json!(true)));
    let results = reply["results"].as_array().unwrap();
    let errors: Vec<&Value> = results.iter().map(|result| &result["errors"][0]).collect();
    assert_eq!(
        json!(errors),
        json!([
            null,
            "not authorized to update specified customer properties",
            "Not authorized to add event of specified type",
            null,
            "At least one id should be specified.",
        ])
    );
    let ada = &client.of_project("/customers").await["customers"][0];
    assert_eq!(ada["properties"].as_object().unwrap().len(), 1);
}
