//! What a project defines, as the Data API, exports and apps read it (facts 5, quirks 23, 31).

mod anonymization;
mod attributes;
mod consents;
mod exports;
mod fields;
mod segments;

use serde_json::{Value, json};

use crate::client::Client;

fn definitions() -> Value {
    let in_city = |city: &str| json!([{"property": "city", "operator": "equals", "value": city}]);
    json!({
        "segmentations": {
            "s-city": {"name": "City", "segments": [
                {"name": "Brno", "when": in_city("Brno")},
                {"name": "Praha", "when": in_city("Praha")}]},
            "s-web": {"name": "Web", "category": "discovery", "segments": [
                {"name": "known", "id": "k", "when": [{"property": "city", "operator": "is_set"}]},
                {"name": "others"}]},
            "s-none": {"name": "None", "category": "content", "segments": []}
        },
        "aggregates": {"a-spent": {"event_type": "purchase", "aggregate": "sum", "property": "price"}},
        "expressions": {"e-half": {"divide": [{"aggregate": "a-spent"}, {"constant": 2}]}},
        "predictions": {"p": 0.25},
        "recommendations": {"r": [{"item_id": "1"}]}
    })
}

async fn shop(settings: Value) -> Client {
    let mut client = Client::start().await;
    let mut all = json!({"definitions": definitions()});
    all.as_object_mut()
        .unwrap()
        .extend(settings.as_object().unwrap().clone());
    client.create(all).await;
    for (registered, city) in [
        ("ada", json!("Brno")),
        ("bob", json!("Praha")),
        ("eve", Value::Null),
    ] {
        let customer = json!({"customer_ids": {"registered": registered, "cookie": format!("c-{registered}")},
            "properties": {"city": city}});
        assert_eq!(
            client.post(&client.track("/customers"), customer).await.0,
            200
        );
    }
    for (at, price) in [(10, 3), (20, 4)] {
        let event = json!({"customer_ids": {"registered": "ada"}, "event_type": "purchase", "timestamp": at,
            "properties": {"price": price}});
        assert_eq!(
            client
                .post(&client.track("/customers/events"), event)
                .await
                .0,
            200
        );
    }
    client
}
