//! What is wrong in a call without a key is refused in the vendor's words, and changes nothing.

use serde_json::json;

use super::{call, of_kind};

#[tokio::test]
async fn what_is_wrong_is_refused_in_the_vendors_words() {
    let (client, named) = of_kind("company_id", json!({})).await;
    let with = |more: &str| format!("{}, {more}}}", named.trim_end_matches('}'));
    let nobody = "11111111-1111-4111-8111-111111111111";
    let time = r#"{"name": "system/time"}"#;
    let many = vec![time; 51].join(", ");
    let no_id = "At least one id should be specified.";
    for (path, body, status, reply) in [
        ("/bulk", "{".to_owned(), 400, "Invalid JSON"),
        ("/bulk", "{}".to_owned(), 400, "No commands"),
        (
            "/bulk",
            r#"{"sdk": "js-client"}"#.to_owned(),
            400,
            "No commands",
        ),
        ("/bulk", with(r#""commands": []"#), 400, "No commands"),
        (
            "/bulk",
            with(r#""commands": {"name": "x"}"#),
            400,
            "Invalid JSON",
        ),
        (
            "/bulk",
            with(r#""commands": [null, null]"#),
            400,
            "Invalid JSON",
        ),
        (
            "/bulk",
            with(&format!(r#""commands": [{many}]"#)),
            400,
            "51",
        ),
        (
            "/bulk",
            format!(r#"{{"commands": [{time}]}}"#),
            401,
            "Invalid project id",
        ),
        (
            "/crm/events",
            format!(r#"{{"project_id": "{nobody}"}}"#),
            401,
            "Could not authenticate",
        ),
        ("/crm/customers", with(r#""properties": {}"#), 400, no_id),
        (
            "/crm/customers",
            with(r#""ids": {"registered": "null"}"#),
            400,
            "At least one valid id",
        ),
        (
            "/crm/customers",
            with(r#""ids": "ada", "properties": []"#),
            400,
            "'properties' must be an object",
        ),
        (
            "/crm/events",
            with(r#""customer_ids": "ada""#),
            400,
            "Field 'event_type' is required.",
        ),
        (
            "/crm/events",
            with(r#""customer_ids": "ada", "type": "x", "age": "old""#),
            400,
            "'age'",
        ),
        (
            "/managed-tags/show",
            "{}".to_owned(),
            400,
            r#""customer_ids""#,
        ),
    ] {
        let (found, body) = call(&client, path, &[], &body).await;
        assert_eq!((path, found), (path, status), "{body}");
        assert_eq!(body["success"], false, "{body}");
        assert!(body.to_string().contains(reply), "{path}: {body}");
    }
    assert_eq!(client.of_project("").await["counts"]["customers"], 0);
}
