//! Access groups: what each may do, what it is told where it may not, and the life of its keys.
//! Refused commands change nothing and stand in the journal.

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

#[tokio::test]
async fn a_group_reads_what_it_may_and_nothing_else() {
    let (client, groups) = with_groups(json!([
        {"name": "nothing", "kind": "private"},
        {"name": "app", "kind": "public", "permissions": {"properties": {"get": ["city"]}}},
        {"name": "office", "kind": "private", "permissions": {
            "properties": {"get": "all"}, "events": {"get": ["visit"]},
            "actions": ["export_customer", "export_customers", "anonymize", "get_consents", "get_definitions", "send_emails"]}},
    ]))
    .await;
    store_ada(&client).await;
    let keys: Vec<String> = groups
        .as_array()
        .unwrap()
        .iter()
        .map(authorization)
        .collect();
    let [nothing, app, office] = &keys[..] else {
        panic!("{groups}")
    };
    let ids = json!({"customer_ids": {"registered": "ada"}});
    let asked = json!({"customer_ids": {"registered": "ada"}, "attributes": [
        {"type": "property", "property": "city"}, {"type": "property", "property": "email"},
        {"type": "id", "id": "registered"}, {"type": "consent", "category": "news"},
        {"type": "segmentation", "id": "s"}]});
    let visits = json!({"customer_ids": {"registered": "ada"}, "event_types": ["visit"]});
    let orders = json!({"customer_ids": {"registered": "ada"}, "event_types": ["visit", "order"]});
    let global = |says: &str| json!({"success": false, "errors": {"_global": [says]}});
    let value = |value: &str| json!({"success": true, "value": value});
    let denied = || json!({"success": false, "error": "No permission"});
    let email = format!("/email/v2/projects/{}/sync", client.project.token);
    let mail = json!({"recipient": {"customer_ids": {"registered": "ada"}, "email": "a@example.com"},
        "email_content": {"html": "hello"}});
    let none = json!({});
    for (key, path, body, status, part) in [
        (
            nothing,
            client.data("/export-one"),
            &ids,
            403,
            global("No permission to export customer"),
        ),
        (
            nothing,
            client.data("/export"),
            &none,
            403,
            global("No permission to export customers"),
        ),
        (
            nothing,
            client.data("/anonymize"),
            &ids,
            403,
            global("No permission to anonymize customer"),
        ),
        (
            nothing,
            client.data("/events"),
            &visits,
            403,
            global("No permission to get events of type visit"),
        ),
        (
            nothing,
            email.clone(),
            &mail,
            403,
            global("No permission to send emails"),
        ),
        (
            nothing,
            client.data("/attributes"),
            &asked,
            200,
            json!({"results": [denied(), denied(), value("ada"), denied(), denied()]}),
        ),
        (
            app,
            client.data("/attributes"),
            &asked,
            200,
            json!({"results": [value("Brno"), denied(), value("ada"), denied(), denied()]}),
        ),
        (
            app,
            client.data("/export-one"),
            &ids,
            403,
            json!({"success": false}),
        ),
        (
            office,
            client.data("/attributes"),
            &asked,
            200,
            json!({"results": [
            value("Brno"), value("ada@example.com"), value("ada"), {"success": true, "value": false},
            {"success": false, "error": "Segmentation with id s does not exist"}]}),
        ),
        (
            office,
            client.data("/events"),
            &visits,
            200,
            json!({"success": true}),
        ),
        (
            office,
            client.data("/events"),
            &orders,
            403,
            global("No permission to get events of type order"),
        ),
        (
            office,
            client.data("/export-one"),
            &ids,
            200,
            json!({"success": true}),
        ),
        (
            office,
            client.data("/export"),
            &none,
            200,
            json!({"success": true}),
        ),
        (office, email, &mail, 200, json!({"success": true})),
        (
            office,
            client.data("/anonymize"),
            &ids,
            200,
            json!({"success": true}),
        ),
    ] {
        let (found, reply) = ask(&client, key, &path, body).await;
        assert_eq!((&path, found), (&path, status), "{reply}");
        for (member, expected) in part.as_object().unwrap() {
            assert_eq!(&reply[member], expected, "{path}: {reply}");
        }
    }
}

#[tokio::test]
async fn a_rotated_key_stays_valid_for_a_day_and_a_revoked_one_not_at_all() {
    let (client, groups) = with_groups(json!([
        {"name": "app", "kind": "public", "permissions": {}},
        {"name": "shop", "kind": "private"},
    ]))
    .await;
    let control = |rest: &str| format!("/projects/{}{rest}", client.project.token);
    let unknown = json!("access key not found");
    let wrong = json!("invalid secret");
    let revoked = json!("The access key was revoked");
    let track = client.track("/customers");
    for (group, expired, old_is) in [(&groups[0], 401, &unknown), (&groups[1], 403, &wrong)] {
        let name = group["name"].as_str().unwrap();
        let rotate = control(&format!("/access-groups/{name}/rotate"));
        let old = authorization(group);
        let (status, rotated) = client.control("POST", &rotate, Value::Null).await;
        let new = authorization(&rotated);
        assert_eq!(status, 200, "{rotated}");
        assert_eq!(rotated["api_key_id"], group["api_key_id"]);
        assert_ne!(old, new);
        for key in [&old, &new] {
            assert_eq!(ask(&client, key, &track, &set(json!({}))).await.0, 200);
        }
        for (advance, status) in [(86_399.0, 200), (1.0, expired)] {
            let clock = json!({"advance": advance});
            assert_eq!(
                client.control("POST", &control("/clock"), clock).await.0,
                200
            );
            let (found, reply) = ask(&client, &old, &track, &set(json!({}))).await;
            assert_eq!(found, status, "{name}: {reply}");
            assert_eq!(ask(&client, &new, &track, &set(json!({}))).await.0, 200);
        }
        assert_eq!(
            &ask(&client, &old, &track, &set(json!({}))).await.1["error"],
            old_is
        );

        let revoke = control(&format!("/access-groups/{name}/revoke"));
        assert_eq!(client.control("POST", &revoke, Value::Null).await.0, 200);
        let (status, reply) = ask(&client, &new, &track, &set(json!({}))).await;
        assert_eq!((status, &reply["error"]), (403, &revoked));
        let (_, rotated) = client.control("POST", &rotate, Value::Null).await;
        assert_eq!(rotated["old_key_valid_until"], Value::Null);
        let newest = authorization(&rotated);
        assert_eq!(ask(&client, &newest, &track, &set(json!({}))).await.0, 200);
        assert_eq!(ask(&client, &new, &track, &set(json!({}))).await.0, 403);
    }
    let nobody = control("/access-groups/nobody/rotate");
    assert_eq!(client.control("POST", &nobody, Value::Null).await.0, 404);
}

#[tokio::test]
async fn groups_are_listed_without_secrets_and_copied_with_other_keys() {
    let (mut client, groups) =
        with_groups(json!([{"name": "shop", "kind": "private", "permissions": {
        "properties": {"get": "all", "set": ["b", "a"]}, "actions": ["anonymize"]}}]))
        .await;
    let listed = client.of_project("/access-groups").await;
    let names: Vec<&Value> = listed["access_groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|g| &g["name"])
        .collect();
    assert_eq!(json!(names), json!(["private", "public", "shop"]));
    let shop = &listed["access_groups"][2];
    assert_eq!(
        shop["permissions"],
        json!({"properties": {"get": "all", "set": ["a", "b"]}, "events": {"get": "none", "set": "none"},
            "new_properties": false, "new_events": false, "actions": ["anonymize"]})
    );
    assert_eq!(shop["api_key_id"], groups[0]["api_key_id"]);
    let text = listed.to_string();
    for secret in [&client.project.api_secret, &client.project.public_token] {
        assert!(!text.contains(secret.as_str()));
    }
    assert!(!text.contains(groups[0]["api_secret"].as_str().unwrap()));

    let fork = format!("/projects/{}/fork", client.project.token);
    let (_, fork) = client.control("POST", &fork, Value::Null).await;
    client.adopt(&fork);
    let track = client.track("/customers");
    let (own, copied) = (
        authorization(&groups[0]),
        authorization(&fork["access_groups"][0]),
    );
    assert_eq!(ask(&client, &own, &track, &set(json!({}))).await.0, 401);
    let (status, reply) = ask(&client, &copied, &track, &set(json!({"c": 1}))).await;
    assert_eq!((status, &reply["success"]), (200, &json!(false)));
}

#[tokio::test]
async fn groups_that_mean_nothing_are_refused() {
    let client = Client::start().await;
    for (groups, says) in [
        (
            json!([{"name": "x"}]),
            "access_groups[0]: missing field `kind`",
        ),
        (
            json!([{"name": "x", "kind": "secret"}]),
            "access_groups[0]: unknown variant `secret`",
        ),
        (
            json!([{"name": "public", "kind": "public"}]),
            "access_groups[0]: another group has the name `public`",
        ),
        (
            json!([{"name": "x", "kind": "public"}, {"name": "x", "kind": "public"}]),
            "access_groups[1]: another group",
        ),
        (
            json!([{"name": "a/b", "kind": "public"}]),
            "access_groups[0]: a group needs a name without",
        ),
        (
            json!([{"name": "x", "kind": "public", "permissions": {"actions": ["fly"]}}]),
            "unknown variant `fly`",
        ),
        (
            json!([{"name": "x", "kind": "public", "permissions": {"events": {"get": "some"}}}]),
            "\"some\" is neither \"all\" nor \"none\" nor a list of names",
        ),
        (
            json!([{"name": "x", "kind": "public", "permissions": {"event": {}}}]),
            "unknown field `event`",
        ),
    ] {
        let settings = json!({"access_groups": groups});
        let (status, reply) = client.control("POST", "/projects", settings).await;
        let error = reply["error"].as_str().unwrap_or_default();
        assert_eq!(status, 400, "{groups}");
        assert!(error.contains(says), "{groups}: {error}");
    }
}
