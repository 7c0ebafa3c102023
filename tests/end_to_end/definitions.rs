//! What a project defines, as the Data API, exports and apps read it (facts 5, quirks 23, 31).

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, Raw};

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
async fn an_export_has_the_customers_of_a_segment_and_columns_of_definitions() {
    let client = shop(json!({})).await;
    let list = json!([
        {"type": "aggregate", "id": "a-spent"},
        {"type": "property", "property": "city"},
        {"type": "id", "id": "registered"},
        {"type": "segmentation", "id": "s-city"}]);
    let columns = json!({"type": "some", "list": list});
    let segment = |index: i64| json!({"type": "segment", "segmentation_id": "s-city", "segment_index": index});
    for (asked, rows) in [
        (
            json!({}),
            json!([
                ["ada", "Brno", 7, "Brno"],
                ["bob", "Praha", 0, "Praha"],
                ["eve", null, 0, null]
            ]),
        ),
        (
            json!({"filter": segment(0)}),
            json!([["ada", "Brno", 7, "Brno"]]),
        ),
        (
            json!({"filter": segment(-1), "timezone": "Europe/Prague"}),
            json!([["eve", null, 0, null]]),
        ),
        (
            json!({"filter": segment(0), "execution_time": 10}),
            json!([["ada", "Brno", 3, "Brno"]]),
        ),
    ] {
        let mut asked = asked;
        asked["attributes"] = columns.clone();
        let (status, reply) = client.post(&client.data("/export"), asked.clone()).await;
        assert_eq!((status, &reply["data"]), (200, &rows), "{asked}");
    }
    let asked = json!({"attributes": columns, "filter": segment(0), "format": "csv"});
    let (_, csv) = client.post(&client.data("/export"), asked).await;
    assert_eq!(
        csv,
        json!("a-spent,city,registered,s-city\r\n7,Brno,ada,Brno\r\n")
    );
}

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

#[tokio::test]
async fn a_bulk_is_anonymized_by_ids_and_by_internal_ids() {
    let client = shop(json!({})).await;
    let customers = client.of_project("/customers").await;
    let bob = &customers["customers"][1]["internal_id"];
    let body = json!({"customers": [
        {"customer_ids": {"registered": "ada"}}, {"internal_id": bob}, {"internal_id": "none"},
        {"customer_ids": {"registered": "nobody"}}]});
    let (status, reply) = client.post(&client.data("/anonymize_bulk"), body).await;
    assert_eq!((status, &reply["success"]), (200, &json!(true)));
    assert!(reply["bulk_id"].is_string(), "{reply}");
    let customers = client.of_project("/customers").await;
    let registered = customers["customers"].as_array().unwrap().iter();
    let registered: Vec<&Value> = registered
        .map(|customer| &customer["ids"]["registered"])
        .collect();
    assert_eq!(registered, [&Value::Null, &Value::Null, &json!(["eve"])]);
    assert_eq!(client.of_project("/replayed").await["agrees"], json!(true));
}

#[tokio::test]
async fn segments_of_a_cookie_are_read_without_a_key() {
    let client = shop(json!({})).await;
    let path = format!("/webxp/projects/{}/segments", client.project.token);
    for (method, query, reply) in [
        (
            Method::GET,
            "?cookie=c-ada",
            json!({"discovery": [{"id": "k", "segmentation_id": "s-web"}], "content": []}),
        ),
        (
            Method::POST,
            "?cookie=c-eve",
            json!({"discovery": [{"id": "1", "segmentation_id": "s-web"}], "content": []}),
        ),
        (Method::GET, "?cookie=none", json!({})),
        (Method::GET, "", json!({})),
    ] {
        let path = format!("{path}{query}");
        let raw = Raw {
            method,
            path,
            headers: &[],
            body: b"",
        };
        let (status, body) = client.raw(raw).await;
        assert_eq!(
            (status, serde_json::from_str::<Value>(&body).unwrap()),
            (200, reply),
            "{query}"
        );
    }
}

#[tokio::test]
async fn linking_ids_is_an_ordinary_resolution() {
    let client = shop(json!({})).await;
    for (cookie, body, status) in [
        ("phone", json!({"external_ids": {"registered": "ada"}}), 200),
        ("phone", json!({"external_ids": {"shoe": "43"}}), 400),
        ("phone", json!({"external_ids": 1}), 400),
        ("tablet", json!({}), 200),
    ] {
        let path = format!(
            "/webxp/projects/{}/cookies/{cookie}/link-ids",
            client.project.token
        );
        let body = body.to_string();
        let raw = Raw {
            method: Method::POST,
            path,
            headers: &[],
            body: body.as_bytes(),
        };
        assert_eq!(client.raw(raw).await.0, status, "{cookie} {body}");
    }
    let customers = client.of_project("/customers").await;
    assert_eq!(
        customers["customers"][0]["ids"]["cookie"],
        json!(["c-ada", "phone"])
    );
    assert_eq!(
        customers["customers"][3]["ids"],
        json!({"cookie": ["tablet"]})
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

#[tokio::test]
async fn consent_categories_are_listed_for_apps_and_servers() {
    let mut client = Client::start().await;
    let own = json!([{"id": "push", "legitimate_interest": true, "sources": ["page"],
        "translations": {"cs": {"name": "Zprávy", "description": "do aplikace"}}}]);
    client.create(json!({"consent_categories": own})).await;
    let path = format!(
        "/data/v2/projects/{}/consent/categories",
        client.project.token
    );
    let sources = json!({"crm": false, "import": false, "page": true, "private_api": false, "public_api": false, "scenario": false});
    let expected = json!({"success": true, "results": [{"id": "push", "legitimate_interest": true, "sources": sources,
        "translations": {"cs": {"name": "Zprávy", "description": "do aplikace"}}}]});
    let public = format!("Token {}", client.project.public_token);
    for (method, key) in [
        (Method::GET, client.basic()),
        (Method::POST, client.basic()),
        (Method::GET, public),
    ] {
        let headers = [("authorization", key.as_str())];
        let raw = Raw {
            method,
            path: path.clone(),
            headers: &headers,
            body: b"",
        };
        let (status, body) = client.raw(raw).await;
        assert_eq!(
            (status, serde_json::from_str::<Value>(&body).unwrap()),
            (200, expected.clone())
        );
    }
    for (settings, says) in [
        (json!({"consent_categories": []}), "at least one"),
        (
            json!({"consent_categories": [{"id": "a", "sources": ["moon"]}]}),
            "`moon`",
        ),
    ] {
        let (status, refused) = client.control("POST", "/projects", settings).await;
        assert_eq!(status, 400);
        assert!(refused.to_string().contains(says), "{refused}");
    }
}
