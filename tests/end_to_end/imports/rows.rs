//! Rows: each is a command or is refused, and the report and the journal say which.

use serde_json::{Value, json};

use super::{counts, customers, definition, id, imported, imports, inline, property};
use crate::client::Client;

#[tokio::test]
async fn rows_are_commands() {
    let email = || id("email", "registered");
    let both = || json!([email(), id("device", "cookie")]);
    for (says, ids, properties, csv, expected, found) in [
        (
            "columns that are not mapped are left out",
            json!([email()]),
            json!([
                property("age", "age", "number"),
                property("email", "email", "text")
            ]),
            "email,age,note\nada@x.cz,36,hi\n",
            [1, 1, 1, 0, 0, 0],
            json!([[{"registered": ["ada@x.cz"]}, {"age": 36, "email": "ada@x.cz"}]]),
        ),
        (
            "several IDs of one row merge",
            both(),
            json!([]),
            "email,device\nada@x.cz,\n,phone\nada@x.cz,phone\n",
            [3, 3, 2, 1, 0, 0],
            json!([[{"registered": ["ada@x.cz"], "cookie": ["phone"]}, {}]]),
        ),
        (
            "a later row wins, and an empty cell is an empty value",
            json!([email()]),
            json!([property("city", "city", "string")]),
            "email,city\na,Brno\na,Praha\nb,Brno\nb,\n",
            [4, 4, 2, 0, 0, 0],
            json!([[{"registered": ["a"]}, {"city": "Praha"}], [{"registered": ["b"]}, {"city": ""}]]),
        ),
        (
            "an older time of a row does not win",
            json!([email()]),
            json!([
                property("city", "city", "string"),
                property("at", "update_timestamp", "number")
            ]),
            "email,city,at\na,Brno,2000\na,Praha,1000\nb,Brno,1000\nb,Praha,1970-01-01T01:00:00Z\n",
            [4, 4, 2, 0, 0, 0],
            json!([[{"registered": ["a"]}, {"city": "Brno"}], [{"registered": ["b"]}, {"city": "Praha"}]]),
        ),
        (
            "a row that cannot be taken is refused, the others are not",
            json!([email()]),
            json!([property("age", "age", "number")]),
            "\u{feff}email,age\na,old\n,1\n--,1\nb\n\"b\nc\",2\n",
            [5, 1, 1, 0, 4, 0],
            json!([[{"registered": ["b\nc"]}, {"age": 2}]]),
        ),
    ] {
        let mut client = Client::start().await;
        client.create(json!({})).await;
        let report = imported(&client, definition(ids, properties, inline(csv))).await;
        assert_eq!(counts(&report), expected, "{says}: {report}");
        assert_eq!(customers(&client).await, found, "{says}");
    }
}

#[tokio::test]
async fn a_report_says_which_rows_were_refused_and_why() {
    let client = Client::start().await;
    let mapping = json!([property("age", "age", "number")]);
    let csv = "email,age\na,old\n,1\nb\nc,2\n";
    let report = imported(
        &client,
        definition(json!([id("email", "registered")]), mapping, inline(csv)),
    )
    .await;
    assert_eq!(
        report["rejections"],
        json!([
            {"row": 1, "reason": "column `age`: `old` is no number"},
            {"row": 2, "reason": "At least one id should be specified."},
            {"row": 3, "reason": "the row has 1 fields, the header 2"},
        ])
    );
    let journal = client.of_project("/journal").await;
    let entries = journal["entries"].as_array().unwrap().iter();
    let seen =
        entries.map(|entry| json!([entry["source"], entry["item"], entry["command"]["kind"]]));
    assert_eq!(
        seen.collect::<Value>(),
        json!([
            ["import", null, "import-defined"],
            ["import", 1, "refused"],
            ["import", 2, "customers"],
            ["import", 3, "refused"],
            ["import", 4, "customers"],
            ["import", null, "import-finished"],
        ])
    );
}

#[tokio::test]
async fn events_need_their_time_and_are_imported_once() {
    let client = Client::start().await;
    let events = |timestamp_column: Value| {
        let mapping = json!([property("total", "total_price", "number")]);
        let csv = "email,at,total\na,1000,7.5\na,2021-03-01T00:00:00Z,\na,soon,1\na,,2\n";
        let mut body = definition(json!([id("email", "registered")]), mapping, inline(csv));
        body["destination"] =
            json!({"event_destination": {"event_type": "purchase", "event_triggers": false}});
        body["timestamp_column"] = timestamp_column;
        body
    };
    let report = imported(&client, events(json!("at"))).await;
    assert_eq!(counts(&report), [4, 2, 1, 0, 2, 0], "{report}");
    let again = imported(&client, events(json!("at"))).await;
    assert_eq!(counts(&again), [4, 2, 0, 0, 2, 2], "{again}");
    let shown = client.of_project("/customers").await;
    assert_eq!(
        shown["customers"][0]["events"],
        json!([
            {"type": "purchase", "timestamp": 1000.0, "properties": {"total_price": 7.5}},
            {"type": "purchase", "timestamp": 1_614_556_800.0, "properties": {"total_price": ""}},
        ])
    );
    let (status, reply) = client
        .post(&imports(&client, ""), events(Value::Null))
        .await;
    assert_eq!(status, 400);
    assert!(
        reply.to_string().contains("`timestamp_column` is missing"),
        "{reply}"
    );
}
