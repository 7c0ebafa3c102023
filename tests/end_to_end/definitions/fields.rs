//! Fields of Data API bodies: a wrong one is refused by its name.

use serde_json::json;

use super::shop;

#[tokio::test]
async fn wrong_fields_are_refused_by_their_names() {
    let client = shop(json!({})).await;
    let segment = |id: &str, index: i64| json!({"type": "segment", "segmentation_id": id, "segment_index": index});
    for (route, body, errors) in [
        (
            "/attributes",
            json!({"customer_ids": {}, "attributes": []}),
            json!({"customer_ids": ["Must specify at least one customer ID"]}),
        ),
        (
            "/attributes",
            json!({"customer_ids": [1], "attributes": []}),
            json!({"customer_ids": ["Must be an object of IDs by type"]}),
        ),
        (
            "/attributes",
            json!({"customer_ids": {"registered": "ada"}, "attributes": {}}),
            json!({"attributes": ["Must be a list of attributes"]}),
        ),
        (
            "/attributes",
            json!({"customer_ids": {"registered": "ada"},
            "attributes": [{"type": "shoe"}, {"type": "id", "id": "registered"}, {"type": "property"}]}),
            json!({"attributes": {"0": ["Unknown attribute type shoe"], "2": ["Field 'property' is required."]}}),
        ),
        (
            "/events",
            json!({"customer_ids": {"registered": "ada"}}),
            json!({"event_types": ["Must specify the event types to export"]}),
        ),
        (
            "/events",
            json!({"event_types": ["a", 1]}),
            json!({"event_types": {"1": ["Must be a string"]}}),
        ),
        (
            "/events",
            json!({"event_types": [], "order": "up"}),
            json!({"order": ["Must be asc or desc"]}),
        ),
        (
            "/events",
            json!({"event_types": [], "limit": -1}),
            json!({"limit": ["Must be a whole number that is not negative"]}),
        ),
        (
            "/events",
            json!({"event_types": [], "skip": "1"}),
            json!({"skip": ["Must be a whole number that is not negative"]}),
        ),
        (
            "/export",
            json!({"format": "xml"}),
            json!({"format": ["Must be native_json, table_json or csv, not xml"]}),
        ),
        (
            "/export",
            json!({"timezone": "Moon/Crater"}),
            json!({"timezone": ["Must be a name of the time zone database, such as Africa/Lagos"]}),
        ),
        (
            "/export",
            json!({"filter": segment("none", 0)}),
            json!({"filter": ["Segmentation with id none does not exist"]}),
        ),
        (
            "/export",
            json!({"filter": segment("s-city", 2)}),
            json!({"filter": ["segment_index must be -1 or a position below 2, not 2"]}),
        ),
        (
            "/export",
            json!({"attributes": {"type": "some", "list": [{"type": "aggregate", "id": "x"}]}}),
            json!({"attributes": {"0": ["Aggregate with id x does not exist"]}}),
        ),
        (
            "/anonymize_bulk",
            json!({"customers": []}),
            json!({"customers": ["Must name 1 to 1000 customers, not 0"]}),
        ),
        (
            "/anonymize_bulk",
            json!({"customers": vec![json!({"internal_id": "1"}); 1001]}),
            json!({"customers": ["Must name 1 to 1000 customers, not 1001"]}),
        ),
        (
            "/anonymize_bulk",
            json!({"customers": [{"customer_ids": {"registered": "ada"}}, {}, 7]}),
            json!({"customers": {"1": ["Must specify at least one customer ID"],
                "2": ["Must be an object with customer_ids or internal_id"]}}),
        ),
    ] {
        let reply = client.post(&client.data(route), body.clone()).await;
        assert_eq!(
            reply,
            (400, json!({"success": false, "errors": errors})),
            "{route} {body}"
        );
    }
    let asked = json!({"customer_ids": {"registered": "nobody"}, "attributes": []});
    let unknown = json!({"success": false, "errors": {"_global": ["Customer does not exist"]}});
    assert_eq!(
        client.post(&client.data("/attributes"), asked).await,
        (404, unknown)
    );
    let customers = client.of_project("/customers").await;
    assert_eq!(
        customers["customers"][0]["ids"]["registered"],
        json!(["ada"])
    );
}
