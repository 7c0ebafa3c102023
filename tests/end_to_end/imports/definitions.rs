//! Definitions of imports: what cannot run is refused before there is an import.

use reqwest::Method;
use serde_json::{Value, json};

use super::{customers, definition, get, id, imports, inline, property};
use crate::client::Client;

#[tokio::test]
async fn what_cannot_run_is_not_defined() {
    let client = Client::start().await;
    let good = definition(
        json!([id("email", "registered")]),
        json!([]),
        inline("email,crm\na,1\n"),
    );
    for (place, value, says) in [
        ("/name", Value::Null, "`name` is missing"),
        ("/mapping", Value::Null, "`mapping` is missing"),
        (
            "/mapping/tz_info",
            json!("Mars/Base"),
            "`Mars/Base` is not emulated",
        ),
        (
            "/mapping/column_mapping/id_mappings",
            json!([]),
            "at least one column must be paired with an identifier",
        ),
        (
            "/mapping/column_mapping/id_mappings/0/to_id",
            json!("crm"),
            "no ID type `crm`; it has: registered, cookie",
        ),
        (
            "/mapping/column_mapping/id_mappings/0/from_column",
            json!("mail"),
            "no column `mail`; it has: email, crm",
        ),
        (
            "/mapping/column_mapping/property_mappings",
            json!([property("crm", "crm", "colour")]),
            "`colour` is no type",
        ),
        (
            "/mapping/column_mapping/property_mappings",
            json!([property("crm", "a", "text"), property("email", "a", "text")]),
            "two columns are mapped to `a`",
        ),
        (
            "/trigger/trigger_type",
            json!("later"),
            "neither `now` nor `scheduled`",
        ),
        (
            "/source/source_type",
            json!("sftp"),
            "`sftp` is not emulated",
        ),
        (
            "/source/content",
            Value::Null,
            "`source.content` is missing",
        ),
        ("/source/content", json!(""), "the file is empty"),
        (
            "/source/content",
            json!("<customers/>"),
            "only CSV is emulated",
        ),
        (
            "/source/content",
            json!("email;crm\na;1\n"),
            "separate the fields with commas",
        ),
        (
            "/source/content",
            json!("email,email\na,b\n"),
            "two columns `email`",
        ),
        (
            "/destination",
            json!({"catalog_destination": {}}),
            "use the catalog routes",
        ),
        (
            "/destination",
            json!({}),
            "either `customer_destination` or `event_destination`",
        ),
        ("/active", json!("yes"), "expected a boolean"),
    ] {
        let mut body = good.clone();
        if let Some(slot) = body.pointer_mut(place) {
            *slot = value;
        } else {
            body[&place[1..]] = value;
        }
        let (status, reply) = client.post(&imports(&client, ""), body).await;
        let error = reply["errors"]["_global"][0].as_str().unwrap_or_default();
        assert_eq!(status, 400, "{place}: {reply}");
        assert!(error.contains(says), "{place}: {reply}");
    }
    assert_eq!(
        get(&client, Method::GET, imports(&client, "")).await,
        (200, json!([]))
    );
    assert_eq!(customers(&client).await, json!([]));
}
