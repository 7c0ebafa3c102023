//! What is wrong is refused with the vendor's words where they are known, and changes nothing.

use reqwest::Method;
use serde_json::json;

use crate::client::{Client, Raw};

/// What is sent, to which route of the tracking API, and what must come back.
struct Case {
    says: &'static str,
    route: &'static str,
    body: Vec<u8>,
    status: u16,
    reply: &'static str,
}

fn case(
    says: &'static str,
    route: &'static str,
    body: impl Into<Vec<u8>>,
    status: u16,
    reply: &'static str,
) -> Case {
    let body = body.into();
    Case {
        says,
        route,
        body,
        status,
        reply,
    }
}

fn cases() -> Vec<Case> {
    const INVALID: &str = r#""message":"Invalid JSON""#;
    const NO_ID: &str = "At least one id should be specified.";
    const NO_VALID_ID: &str = "At least one valid id should be specified";
    let many: Vec<_> = (0..51).map(|_| json!({"name": "system/time"})).collect();
    let many = json!({"commands": many}).to_string();
    let deep = "[".repeat(100_000);
    vec![
        case("no JSON", "/customers", "{", 400, INVALID),
        case("nothing", "/customers", "", 400, INVALID),
        case("a scalar", "/customers", "7", 400, INVALID),
        case("an array", "/customers", "[]", 400, INVALID),
        case("JSON and more", "/customers", "{} {}", 400, INVALID),
        case(
            "no UTF-8",
            "/customers",
            b"{\"customer_ids\":{\"registered\":\"\xff\"}}",
            400,
            INVALID,
        ),
        case("deep nesting", "/customers", deep.clone(), 400, INVALID),
        case(
            "deep properties",
            "/customers",
            format!("{{\"customer_ids\":{{\"cookie\":\"c\"}},\"properties\":{deep}"),
            400,
            INVALID,
        ),
        case("no IDs", "/customers", "{}", 400, NO_ID),
        case(
            "null IDs",
            "/customers",
            r#"{"customer_ids":null}"#,
            400,
            NO_ID,
        ),
        case(
            "only null",
            "/customers",
            r#"{"customer_ids":{"registered":null}}"#,
            400,
            NO_ID,
        ),
        case(
            "no IDs, array properties",
            "/customers",
            r#"{"customer_ids":{},"properties":[]}"#,
            400,
            NO_ID,
        ),
        case(
            "placeholders",
            "/customers",
            r#"{"customer_ids":{"registered":"null","cookie":"undefined"}}"#,
            400,
            NO_VALID_ID,
        ),
        case(
            "a boolean ID",
            "/customers",
            r#"{"customer_ids":{"registered":true}}"#,
            400,
            NO_VALID_ID,
        ),
        case(
            "an array of IDs",
            "/customers",
            r#"{"customer_ids":["ada"]}"#,
            400,
            "must be an object",
        ),
        case(
            "an unknown type",
            "/customers",
            r#"{"customer_ids":{"shoe_size":"43"}}"#,
            400,
            "`shoe_size`",
        ),
        case(
            "array properties",
            "/customers",
            r#"{"customer_ids":{"cookie":"c"},"properties":[]}"#,
            400,
            "must be an object",
        ),
        case(
            "text properties",
            "/customers",
            r#"{"customer_ids":{"cookie":"c"},"properties":"x"}"#,
            400,
            "must be an object",
        ),
        case(
            "a time in words",
            "/customers",
            r#"{"customer_ids":{"cookie":"c"},"update_timestamp":"soon"}"#,
            400,
            "update_timestamp",
        ),
        case(
            "an endless time",
            "/customers",
            r#"{"customer_ids":{"cookie":"c"},"update_timestamp":"inf"}"#,
            400,
            "update_timestamp",
        ),
        case(
            "no event type",
            "/customers/events",
            r#"{"customer_ids":{"cookie":"c"}}"#,
            400,
            "Field 'event_type' is required.",
        ),
        case(
            "an event type of 7",
            "/customers/events",
            r#"{"customer_ids":{"cookie":"c"},"event_type":7}"#,
            400,
            "event_type",
        ),
        case(
            "array of event properties",
            "/customers/events",
            r#"{"customer_ids":{"cookie":"c"},"event_type":"x","properties":[1]}"#,
            400,
            "must be an object",
        ),
        case(
            "no commands",
            "/batch",
            "{}",
            400,
            r#""message":"No commands""#,
        ),
        case(
            "an empty batch",
            "/batch",
            r#"{"commands":[]}"#,
            400,
            r#""message":"No commands""#,
        ),
        case(
            "a null command",
            "/batch",
            r#"{"commands":[null]}"#,
            400,
            INVALID,
        ),
        case("51 commands", "/batch", many, 400, "51"),
        case(
            "an unknown command",
            "/batch",
            r#"{"commands":[{"name":"merge","data":{}}]}"#,
            200,
            "Unknown command 'merge'",
        ),
        case(
            "a command without data",
            "/batch",
            r#"{"commands":[{"name":"customers"}]}"#,
            200,
            NO_ID,
        ),
        case(
            "data that is a list",
            "/batch",
            r#"{"commands":[{"name":"customers","data":[]}]}"#,
            200,
            "Field 'data' must be an object.",
        ),
        case(
            "more than 800 kB",
            "/customers",
            vec![b' '; 800_001],
            413,
            "larger than 800000 bytes",
        ),
        case("an unknown route", "/customer", "{}", 404, "URL not found"),
    ]
}

#[tokio::test]
async fn each_is_refused_and_changes_nothing() {
    let client = Client::start().await;
    let stored = json!({"customer_ids": {"registered": "ada", "cookie": "laptop"}, "properties": {"city": "Brno"}});
    assert_eq!(
        client.post(&client.track("/customers"), stored).await.0,
        200
    );
    let before = client.of_project("/customers").await;
    let basic = client.basic();
    for case in cases() {
        let raw = Raw {
            method: Method::POST,
            path: client.track(case.route),
            headers: &[("authorization", &basic)],
            body: &case.body,
        };
        let (status, reply) = client.raw(raw).await;
        assert_eq!((case.says, status), (case.says, case.status), "{reply}");
        assert!(reply.contains(case.reply), "{}: {reply}", case.says);
        let body: serde_json::Value = serde_json::from_str(&reply).unwrap();
        assert_eq!(body["success"], json!(status == 200), "{}", case.says);
    }
    assert_eq!(client.of_project("/customers").await, before);
    assert_eq!(client.of_project("/replayed").await["agrees"], true);
}

#[tokio::test]
async fn compressed_bodies_and_wrong_methods_are_refused() {
    let client = Client::start().await;
    let basic = client.basic();
    let compressed = Raw {
        method: Method::POST,
        path: client.track("/customers"),
        headers: &[("authorization", &basic), ("content-encoding", "gzip")],
        body: b"\x1f\x8b\x08",
    };
    let (status, reply) = client.raw(compressed).await;
    assert!(
        status == 400 && reply.contains("could not understand"),
        "{status} {reply}"
    );
    let wrong = Raw {
        method: Method::GET,
        path: client.track("/customers"),
        headers: &[("authorization", &basic)],
        body: b"",
    };
    assert_eq!(client.raw(wrong).await.0, 405);
}

#[tokio::test]
async fn keys_are_checked_as_the_vendor_does() {
    let client = Client::start().await;
    let private = client.basic();
    let public = format!("Token {}", client.project.public_token);
    let unknown_key = "Basic bm9ib2R5OnNlY3JldA==";
    let wrong_secret = "Basic dHdpbmZvbGQta2V5Ondyb25n";
    let lower = private.replace("Basic", "basic");
    let track = client.track("/customers");
    let data = client.data("/export-one");
    let by_query = format!("{track}?access_token={}", client.project.public_token);
    let by_unknown_query = format!("{track}?access_token=x");
    let elsewhere = "/track/v2/projects/11111111-1111-4111-8111-111111111111/customers".to_owned();
    let nowhere = "/track/v2/projects/shop/customers".to_owned();
    let ids = br#"{"customer_ids":{"registered":"ada"}}"#;
    for (says, path, key, status, reply) in [
        ("private", &track, private.as_str(), 200, "true"),
        ("private in lower case", &track, &lower, 200, "true"),
        ("public", &track, &public, 200, "true"),
        ("private reads", &data, &private, 200, "ada"),
        (
            "public does not export",
            &data,
            &public,
            403,
            "private access",
        ),
        ("by query", &by_query, "", 200, "true"),
        (
            "unknown by query",
            &by_unknown_query,
            "",
            401,
            "access key not found",
        ),
        ("no key", &track, "", 401, "Access key not provided"),
        (
            "empty key",
            &track,
            "Basic Og==",
            401,
            "Access key not provided",
        ),
        (
            "no scheme",
            &track,
            "secret",
            401,
            "Access key not provided",
        ),
        (
            "no base64",
            &track,
            "Basic %%%",
            401,
            "Access key not provided",
        ),
        (
            "unknown key",
            &track,
            unknown_key,
            401,
            "access key not found",
        ),
        (
            "unknown token",
            &track,
            "Token x",
            401,
            "access key not found",
        ),
        ("wrong secret", &track, wrong_secret, 403, "invalid secret"),
        (
            "a customer token",
            &track,
            "Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2ln",
            401,
            "only for the app inbox",
        ),
        (
            "unknown project",
            &elsewhere,
            &private,
            400,
            "Could not authenticate",
        ),
        (
            "malformed project",
            &nowhere,
            &private,
            400,
            "Invalid project id",
        ),
    ] {
        let headers = [("authorization", key)];
        let raw = Raw {
            method: Method::POST,
            path: path.clone(),
            headers: if key.is_empty() { &[] } else { &headers },
            body: ids,
        };
        let (found, body) = client.raw(raw).await;
        assert_eq!((says, found), (says, status), "{body}");
        assert!(body.contains(reply), "{says}: {body}");
    }
}
