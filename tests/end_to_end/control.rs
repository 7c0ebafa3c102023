//! The control API: projects are isolated, forks are copies, and nobody else gets in.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, Raw};

#[tokio::test]
async fn a_fork_is_a_copy_with_keys_of_its_own() {
    let mut client = Client::start().await;
    client
        .create(json!({"id_types": {"crm": {"kind": "hard", "lowercase": true}, "cookie": "soft"}}))
        .await;
    let ada = json!({"customer_ids": {"crm": "ADA"}, "properties": {"city": "Brno"}});
    assert_eq!(client.post(&client.track("/customers"), ada).await.0, 200);
    let before = client.of_project("/customers").await;
    assert_eq!(before["customers"][0]["ids"]["crm"], json!(["ada"]));

    let original = client.project.clone();
    let (_, fork) = client
        .control(
            "POST",
            &format!("/projects/{}/fork", original.token),
            Value::Null,
        )
        .await;
    client.adopt(&fork);
    assert_ne!(client.project.token, original.token);
    assert_eq!(client.of_project("/customers").await, before);
    let move_out = json!({"customer_ids": {"crm": "ada"}, "properties": {"city": "Praha"}});
    assert_eq!(
        client.post(&client.track("/customers"), move_out).await.0,
        200
    );
    assert_ne!(client.of_project("/customers").await, before);
    assert_eq!(client.of_project("/replayed").await["agrees"], true);

    client.project = original;
    assert_eq!(client.of_project("/customers").await, before);
    let gone = format!("/projects/{}", client.project.token);
    assert_eq!(client.control("DELETE", &gone, Value::Null).await.0, 200);
    assert_eq!(client.control("GET", &gone, Value::Null).await.0, 404);
    let late = json!({"customer_ids": {"crm": "ada"}, "properties": {}});
    assert_eq!(client.post(&client.track("/customers"), late).await.0, 400);
}

#[tokio::test]
async fn settings_that_mean_nothing_are_refused() {
    let client = Client::start().await;
    for (settings, says) in [
        (json!({"id_type": {}}), "unknown field `id_type`"),
        (
            json!({"id_types": {"registered": "firm"}}),
            "id_types.registered: unknown variant `firm`",
        ),
        (
            json!({"id_types": {"registered": 7}}),
            "id_types.registered: 7 is neither",
        ),
        (
            json!({"id_types": {"cookie": {"kind": "soft", "cap": 3}}}),
            "unknown field `cap`",
        ),
        (
            json!({"id_types": {"cookie": {"kind": "soft", "values_max": 0}}}),
            "`values_max` of at least 1",
        ),
        (
            json!({"switches": {"contested_soft_id": "older"}}),
            "`older` is none of addressed, newer_customer",
        ),
        (
            json!({"strategy": "guess"}),
            "`guess` is none of engagement",
        ),
        (
            json!({"strategy": "engagement:contested_soft_id=newer_customer"}),
            "set them in `switches`",
        ),
        (
            json!({"strategy": "guarded-identify:guard=maybe"}),
            "its choices are on, off",
        ),
        (
            json!({"clock": {"start": "now"}}),
            "invalid type: string \"now\"",
        ),
        (json!([]), "must be a JSON object"),
    ] {
        let (status, reply) = client.control("POST", "/projects", settings.clone()).await;
        let error = reply["error"].as_str().unwrap_or_default();
        assert_eq!(status, 400, "{settings}: {reply}");
        assert!(error.contains(says), "{settings}: {error}");
    }
}

#[tokio::test]
async fn an_absorbed_customer_leads_to_its_survivor() {
    let client = Client::start().await;
    let customers = client.track("/customers");
    for ids in [
        json!({"registered": "ada"}),
        json!({"cookie": "phone"}),
        json!({"registered": "ada", "cookie": "phone"}),
    ] {
        assert_eq!(
            client
                .post(&customers, json!({"customer_ids": ids, "properties": {}}))
                .await
                .0,
            200
        );
    }
    for id in ["2", "000000000000000000000002"] {
        let shown = client.of_project(&format!("/customers/{id}")).await;
        assert_eq!(
            (&shown["number"], &shown["absorbed"]),
            (&json!(1), &json!(true))
        );
    }
    for id in ["cookie=phone", "registered=ada", "registered=%20ada"] {
        let shown = client.of_project(&format!("/customers/{id}")).await;
        assert_eq!(
            (&shown["number"], &shown["absorbed"]),
            (&json!(1), &json!(false))
        );
    }
    for (id, status) in [
        ("3", 404),
        ("0", 400),
        ("x", 400),
        ("cookie=tablet", 404),
        ("shoe_size=44", 400),
        ("registered=%20", 400),
    ] {
        let path = format!("/projects/{}/customers/{id}", client.project.token);
        assert_eq!(
            client.control("GET", &path, Value::Null).await.0,
            status,
            "{id}"
        );
    }
}

#[tokio::test]
async fn a_clock_of_its_own_moves_when_told() {
    let mut client = Client::start().await;
    client
        .create(json!({"clock": {"start": 1000, "step": 1}}))
        .await;
    let event = |n: u32| json!({"customer_ids": {"cookie": "c"}, "event_type": format!("e{n}")});
    assert_eq!(
        client
            .post(&client.track("/customers/events"), event(1))
            .await
            .0,
        200
    );
    let clock = format!("/projects/{}/clock", client.project.token);
    assert_eq!(
        client.control("POST", &clock, json!({"advance": 60})).await,
        (200, json!({"now": 1061.0}))
    );
    assert_eq!(
        client
            .control("POST", &clock, json!({"advance": -1}))
            .await
            .0,
        400
    );
    assert_eq!(
        client
            .post(&client.track("/customers/events"), event(2))
            .await
            .0,
        200
    );
    let customers = client.of_project("/customers").await;
    let times: Vec<&Value> = customers["customers"][0]["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| &e["timestamp"])
        .collect();
    assert_eq!(json!(times), json!([1000.0, 1061.0]));
}

#[tokio::test]
async fn pages_of_other_origins_and_names_are_kept_out() {
    let client = Client::start().await;
    let own = client.base_url();
    for (header, value, status) in [
        ("origin", "https://shop.example", 403),
        ("origin", "null", 403),
        ("origin", own.as_str(), 200),
        ("host", "shop.example", 403),
        ("host", "localhost:80", 200),
    ] {
        let raw = Raw {
            method: Method::GET,
            path: "/_twinfold/projects".into(),
            headers: &[(header, value)],
            body: b"",
        };
        assert_eq!((value, client.raw(raw).await.0), (value, status));
    }
}
