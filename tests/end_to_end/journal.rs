//! The journal: what was written, why it merged, and the state that follows from it even when it is full.

use serde_json::{Value, json};

use crate::client::Client;

#[tokio::test]
async fn an_entry_says_what_was_asked_decided_and_answered() {
    let client = Client::start().await;
    let customers = client.track("/customers");
    for ids in [
        json!({"registered": "ada"}),
        json!({"cookie": "phone"}),
        json!({"cookie": " phone ", "registered": "ada"}),
    ] {
        assert_eq!(
            client
                .post(&customers, json!({"customer_ids": ids, "properties": {}}))
                .await
                .0,
            200
        );
    }
    assert_eq!(
        client
            .post(&customers, json!({"customer_ids": {"registered": "--"}}))
            .await
            .0,
        400
    );
    let journal = client.of_project("/journal?after=2").await;
    let entries = journal["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 2);
    let merge = &entries[0];
    assert_eq!(merge["decision"]["absorbed"], json!([2]));
    let rules: Vec<&Value> = merge["decision"]["because"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| &r["rule"])
        .collect();
    assert_eq!(
        json!(rules),
        json!([
            "trimmed",
            "found-by-id",
            "shared-id-merges",
            "oldest-survives",
            "merge-tracked"
        ])
    );
    assert_eq!(merge["command"]["customer_ids"]["cookie"], " phone ");
    assert_eq!(entries[1]["rejection"]["kind"], "no-valid-id");
    assert_eq!(entries[1]["reply"]["status"], 400);
}

#[tokio::test]
async fn a_full_journal_forgets_entries_and_no_state() {
    let mut client = Client::start().await;
    client
        .create(json!({"journal_bytes_max": 300_000, "double_opt_in": {}}))
        .await;
    for round in 0..60 {
        let commands: Vec<_> = (0..50)
            .map(|n| {
                let ids = json!({"registered": format!("person {}", (round * 7 + n) % 90), "cookie": format!("cookie {}", (round + n) % 70)});
                json!({"name": "customers/events", "data": {"customer_ids": ids, "event_type": "visit", "properties": {"padding": "x".repeat(200)}}})
            })
            .collect();
        assert_eq!(
            client
                .post(&client.track("/batch"), json!({"commands": commands}))
                .await
                .0,
            200
        );
    }
    let form = json!({"customer_ids": {"cookie": "form"}, "event_type": "double_opt_in", "properties": {"action": "new", "email": "ada@example.com"}});
    assert_eq!(
        client
            .post(&client.track("/customers/events"), form)
            .await
            .0,
        200
    );
    let journal = client.of_project("/journal?limit=1").await;
    assert!(journal["folded"].as_u64().unwrap() > 0, "{journal}");
    assert_eq!(journal["last"], 3002);
    assert_eq!(
        journal["entries"][0]["seq"].as_u64().unwrap(),
        journal["folded"].as_u64().unwrap() + 1
    );
    assert_eq!(client.of_project("/replayed").await["agrees"], true);
}
