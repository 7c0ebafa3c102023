//! The segments of a cookie's customer, read without a key, and the IDs that an app links to a cookie (quirk 31).

use reqwest::Method;
use serde_json::{Value, json};

use super::shop;
use crate::client::Raw;

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
