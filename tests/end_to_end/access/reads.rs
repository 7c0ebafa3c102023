//! What a group may read and do beside tracking, and what it is told about the rest.

use serde_json::json;

use super::{ask, authorization, store_ada, with_groups};

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
