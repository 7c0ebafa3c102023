//! Attributes of a customer, read through definitions: as they are, unknown ones, and those put in place of others.

use serde_json::json;

use super::shop;

#[tokio::test]
async fn attributes_are_read_through_definitions() {
    let client = shop(json!({})).await;
    for (registered, attribute, result) in [
        (
            "ada",
            json!({"type": "segmentation", "id": "s-city"}),
            json!({"success": true, "value": "Brno"}),
        ),
        (
            "eve",
            json!({"type": "segmentation", "id": "s-city"}),
            json!({"success": true, "value": null}),
        ),
        (
            "ada",
            json!({"type": "aggregate", "id": "a-spent"}),
            json!({"success": true, "value": 7}),
        ),
        (
            "ada",
            json!({"type": "expression", "id": "e-half"}),
            json!({"success": true, "value": 3.5}),
        ),
        (
            "bob",
            json!({"type": "prediction", "id": "p"}),
            json!({"success": true, "value": 0.25}),
        ),
        (
            "bob",
            json!({"type": "recommendation", "id": "r"}),
            json!({"success": true, "value": [{"item_id": "1"}]}),
        ),
        (
            "ada",
            json!({"type": "consent", "category": "sms", "mode": "valid"}),
            json!({"success": true, "value": false}),
        ),
        (
            "ada",
            json!({"type": "expression", "id": "x"}),
            json!({"success": false, "error": "Expression with id x does not exist"}),
        ),
        (
            "ada",
            json!({"type": "id", "id": "shoe"}),
            json!({"success": false, "error": "Unknown customer id type shoe"}),
        ),
    ] {
        let asked = json!({"customer_ids": {"registered": registered}, "attributes": [attribute]});
        let reply = client
            .post(&client.data("/attributes"), asked.clone())
            .await;
        assert_eq!(
            reply,
            (200, json!({"success": true, "results": [result]})),
            "{asked}"
        );
    }
}

#[tokio::test]
async fn an_unknown_definition_fails_the_call_if_the_project_says_so() {
    let client = shop(json!({"unknown_definition": "call"})).await;
    let attributes =
        json!([{"type": "property", "property": "city"}, {"type": "expression", "id": "x"}]);
    let asked = json!({"customer_ids": {"registered": "ada"}, "attributes": attributes});
    let says =
        json!({"success": false, "errors": {"_global": ["Expression with id x does not exist"]}});
    assert_eq!(
        client.post(&client.data("/attributes"), asked).await,
        (404, says)
    );
}

#[tokio::test]
async fn definitions_are_put_in_place_of_others() {
    let client = shop(json!({})).await;
    let path = format!("/projects/{}/definitions", client.project.token);
    let stated = json!({"predictions": {"p": 1}});
    let (status, put) = client.control("PUT", &path, stated).await;
    assert_eq!(
        (status, &put["predictions"]["p"], &put["aggregates"]),
        (200, &json!(1), &json!({}))
    );
    let asked = json!({"customer_ids": {"registered": "ada"},
        "attributes": [{"type": "prediction", "id": "p"}, {"type": "aggregate", "id": "a-spent"}]});
    let (_, reply) = client.post(&client.data("/attributes"), asked).await;
    assert_eq!(reply["results"][0]["value"], json!(1));
    assert_eq!(reply["results"][1]["success"], json!(false));
    assert_eq!(client.of_project("/replayed").await["agrees"], json!(true));
    let wrong = json!({"expressions": {"e": {"aggregate": "none"}}});
    let (status, refused) = client.control("PUT", &path, wrong).await;
    assert_eq!(status, 400);
    assert!(
        refused.to_string().contains("definitions.expressions.e"),
        "{refused}"
    );
}
