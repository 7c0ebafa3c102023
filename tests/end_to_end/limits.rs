//! Limits: requests by address and minute, sizes of values, characters of names, the number of customer attributes.
//! What is beyond a limit leaves no trace.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, Raw};

async fn status_and_wait(client: &Client, path: &str, body: Value) -> (u16, Option<String>) {
    let url = format!("{}{path}", client.base_url());
    let reply = reqwest::Client::new()
        .post(url)
        .header("authorization", client.basic())
        .body(body.to_string())
        .send()
        .await
        .unwrap();
    let wait = reply.headers().get("retry-after");
    let wait = wait.map(|value| value.to_str().unwrap().to_owned());
    (reply.status().as_u16(), wait)
}

#[tokio::test]
async fn an_address_waits_when_its_minute_is_full() {
    let mut client = Client::start().await;
    let settings = json!({"rate_limit": {"requests_per_minute": 3}, "clock": {"start": 1000}});
    client.create(settings).await;
    let clock = format!("/projects/{}/clock", client.project.token);
    let (batch, data) = (client.track("/batch"), client.data("/export"));
    let time = || json!({"commands": [{"name": "system/time"}, {"name": "system/time"}]});
    let ada = || json!({"commands": [{"name": "customers", "data": {"customer_ids": {"registered": "ada"}}}]});
    for (advance, path, body, answer) in [
        (0.0, &batch, time(), (200, None)),
        (0.0, &data, json!({}), (200, None)),
        // What is refused counts as well.
        (20.0, &batch, json!([]), (400, None)),
        (0.0, &batch, ada(), (429, Some("40"))),
        (39.5, &data, json!({}), (429, Some("1"))),
        (0.5, &data, json!({}), (200, None)),
        (0.0, &batch, time(), (200, None)),
        (0.0, &batch, time(), (200, None)),
        (0.0, &batch, time(), (429, Some("60"))),
    ] {
        let moved = client
            .control("POST", &clock, json!({"advance": advance}))
            .await;
        assert_eq!(moved.0, 200);
        let (status, wait) = status_and_wait(&client, path, body).await;
        assert_eq!((status, wait.as_deref()), answer, "{path}");
    }
    let (status, reply) = client.post(&batch, ada()).await;
    let body = json!({"success": false, "error": "Too many requests: try again in 60 seconds"});
    assert_eq!((status, reply), (429, body));
    assert_eq!(client.of_project("").await["counts"]["customers"], 0);
    assert_eq!(client.of_project("/journal").await["last"], 1);

    let (status, reply) = client
        .control(
            "POST",
            "/projects",
            json!({"rate_limit": {"requests_per_minute": 0}}),
        )
        .await;
    assert_eq!(status, 400, "{reply}");
}

#[tokio::test]
async fn other_addresses_are_not_affected() {
    let mut client = Client::start().await;
    client
        .create(json!({"rate_limit": {"requests_per_minute": 1}}))
        .await;
    let url = format!("{}{}", client.base_url(), client.track("/system/time"));
    for (address, status) in [
        ([127, 0, 0, 1], 200),
        ([127, 0, 0, 1], 429),
        ([127, 0, 0, 2], 200),
        ([127, 0, 0, 2], 429),
    ] {
        let http = reqwest::Client::builder().local_address(std::net::IpAddr::from(address));
        let request = http
            .build()
            .unwrap()
            .get(&url)
            .header("authorization", client.basic());
        assert_eq!(
            request.send().await.unwrap().status(),
            status,
            "{address:?}"
        );
    }
}

#[tokio::test]
async fn values_and_names_have_limits() {
    let client = Client::start().await;
    let (customers, events) = (
        client.track("/customers"),
        client.track("/customers/events"),
    );
    // A JSON text of so many bytes has two quotes.
    let text = |bytes: usize| "x".repeat(bytes - 2);
    let ids = json!({"registered": "ada"});
    let too_large = "The value of property 'bio' has 16384 bytes, it must have less than 16384.";
    let not_ascii = "The name of property 'město' has characters that are not ASCII.";
    for (says, ids, properties, error) in [
        ("largest", &ids, json!({"bio": text(16_383)}), ""),
        ("too large", &ids, json!({"bio": text(16_384)}), too_large),
        (
            "too large with others",
            &ids,
            json!({"a": 1, "bio": text(16_384)}),
            too_large,
        ),
        (
            "many that are large together",
            &ids,
            json!({"a": text(9_000), "b": text(9_000)}),
            "",
        ),
        (
            "a list",
            &ids,
            json!({"bio": vec![1; 8_192]}),
            "it must have less than 16384.",
        ),
        ("a name", &ids, json!({"město": "Brno"}), not_ascii),
        (
            "a value that is not ASCII",
            &ids,
            json!({"city": "Plzeň"}),
            "",
        ),
        (
            "IDs come first",
            &json!({}),
            json!({"město": "Brno"}),
            "At least one id should be specified.",
        ),
        (
            "valid IDs too",
            &json!({"cookie": "null"}),
            json!({"město": "Brno"}),
            "At least one valid id should be specified",
        ),
    ] {
        let set = json!({"customer_ids": ids, "properties": properties});
        let track = json!({"customer_ids": ids, "properties": properties, "event_type": "visit"});
        let command = json!({"commands": [{"name": "customers/events", "data": track}]});
        for (path, body) in [(&customers, set), (&events, track)] {
            let (status, reply) = client.post(path, body).await;
            let found = reply["errors"][0].as_str().unwrap_or_default();
            assert_eq!(
                status,
                if error.is_empty() { 200 } else { 400 },
                "{says}: {reply}"
            );
            assert!(
                found.ends_with(error) && found.is_empty() == error.is_empty(),
                "{says}: {found}"
            );
        }
        let (status, reply) = client.post(&client.track("/batch"), command).await;
        assert_eq!(status, 200, "{says}");
        assert_eq!(reply["results"][0]["success"], error.is_empty(), "{says}");
    }
    let counts = client.of_project("").await["counts"].clone();
    assert_eq!(
        (&counts["customers"], &counts["events"]),
        (&json!(1), &json!(6))
    );
}

#[tokio::test]
async fn a_project_has_so_many_attributes() {
    let mut client = Client::start().await;
    for (max, settings) in [
        (255, json!({"clock": {"start": 1}})),
        (
            3,
            json!({"clock": {"start": 1}, "customer_attributes_max": 3}),
        ),
        (
            0,
            json!({"clock": {"start": 1}, "customer_attributes_max": 0}),
        ),
    ] {
        client.create(settings).await;
        let names = |from: usize, to: usize| -> Value {
            let pairs = (from..to).map(|n| (format!("p{n:04}"), json!(n)));
            Value::Object(pairs.collect())
        };
        for (customer, properties) in [
            ("ada", names(0, max)),
            ("ada", names(max.saturating_sub(1), max + 2)),
            ("bob", names(0, max + 1)),
        ] {
            let set = json!({"customer_ids": {"registered": customer}, "properties": properties});
            assert_eq!(client.post(&client.track("/customers"), set).await.0, 200);
        }
        let customers = client.of_project("/customers").await;
        for customer in customers["customers"].as_array().unwrap() {
            assert_eq!(customer["properties"].as_object().unwrap().len(), max);
        }
        assert_eq!(customers["customers"].as_array().unwrap().len(), 2);
        let journal = client.of_project("/journal").await;
        let label = &journal["entries"][2]["decision"]["because"];
        assert!(
            label.to_string().contains("new-attribute-discarded"),
            "{label}"
        );
        let replayed = client.of_project("/replayed").await;
        assert_eq!(replayed["agrees"], true);
    }
}

#[tokio::test]
async fn bodies_are_read_whatever_they_say_they_are() {
    let client = Client::start().await;
    let basic = client.basic();
    let body = br#"{"customer_ids":{"registered":"ada"}}"#;
    for (header, value, status) in [
        ("content-type", "application/json", 200),
        ("content-type", "text/plain;charset=UTF-8", 200),
        ("content-type", "application/x-www-form-urlencoded", 200),
        ("content-type", "nonsense", 200),
        ("content-encoding", "identity", 200),
        ("content-encoding", "gzip", 400),
        ("content-encoding", "br", 400),
    ] {
        let raw = Raw {
            method: Method::POST,
            path: client.track("/customers"),
            headers: &[("authorization", &basic), (header, value)],
            body,
        };
        assert_eq!((value, client.raw(raw).await.0), (value, status));
    }
}
