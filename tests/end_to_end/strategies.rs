//! Projects that answer by another strategy: settings, replies that say success, forks, replay, and shadow runs.

use serde_json::{Value, json};

use crate::client::Client;

async fn send(client: &Client, ids: Value) -> (u16, Value) {
    let body = json!({"customer_ids": ids, "properties": {}});
    client.post(&client.track("/customers"), body).await
}

async fn of_strategy(strategy: &str) -> Client {
    let mut client = Client::start().await;
    client.create(json!({"strategy": strategy})).await;
    client
}

/// Mira signs in, then Odd on the same browser, whom nobody has seen before.
async fn signed_in_twice(strategy: &str) -> Client {
    let client = of_strategy(strategy).await;
    for ids in [
        json!({"registered": "mira", "cookie": "k1"}),
        json!({"registered": "odd", "cookie": "k1"}),
    ] {
        assert_eq!(send(&client, ids).await.0, 200);
    }
    client
}

#[tokio::test]
async fn a_project_says_by_what_it_answers_and_its_reads_show_it() {
    let client = signed_in_twice("guarded-identify").await;
    assert_eq!(client.of_project("").await["strategy"], "guarded-identify");
    let customers = client.of_project("/customers").await;
    let customers = customers["customers"].as_array().unwrap();
    assert_eq!(customers.len(), 1);
    assert_eq!(customers[0]["ids"]["registered"], json!(["mira", "odd"]));
    let path = format!(
        "/data/v2/projects/{}/customers/export-one",
        client.project.token
    );
    let who = json!({"customer_ids": {"cookie": "k1"}});
    let (status, exported) = client.post(&path, who).await;
    assert_eq!(status, 200);
    assert_eq!(exported["ids"]["registered"], json!(["mira", "odd"]));
    let journal = client.of_project("/journal").await;
    let because = journal["entries"][1]["decision"]["because"].to_string();
    assert!(because.contains("target-joins-source"), "{because}");
    assert_eq!(client.of_project("/replayed").await["agrees"], true);
}

#[tokio::test]
async fn a_fork_remembers_what_its_strategy_does() {
    let mut client = of_strategy("oldest-wins-fork").await;
    for ids in [
        json!({"registered": "anna", "cookie": "c"}),
        json!({"registered": "otto", "cookie": "c"}),
    ] {
        send(&client, ids).await;
    }
    let path = format!("/projects/{}/fork", client.project.token);
    let (_, fork) = client.control("POST", &path, Value::Null).await;
    client.adopt(&fork);
    send(&client, json!({"cookie": "c"})).await;
    let customers = client.of_project("/customers").await;
    let ids: Vec<_> = customers["customers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["ids"].clone())
        .collect();
    assert_eq!(
        ids,
        [
            json!({"registered": ["anna"], "cookie": ["c"]}),
            json!({"registered": ["otto"], "cookie": ["c"]}),
            json!({"cookie": ["c"]}),
        ]
    );
    assert_eq!(client.of_project("/replayed").await["agrees"], true);
}

/// Refused is not failed: alone, in a batch and in a bulk.
#[tokio::test]
async fn what_a_strategy_refuses_is_answered_with_success() {
    let client = of_strategy("demote-and-retry").await;
    let (status, reply) = send(&client, json!({"registered": "unknown"})).await;
    assert_eq!((status, &reply["success"]), (200, &json!(true)));
    let command = json!({"name": "customers", "data": {"customer_ids": {"registered": "unknown"}}});
    let batch = json!({"commands": [command]});
    let (_, reply) = client.post(&client.track("/batch"), batch).await;
    assert_eq!(reply["results"][0]["success"], true, "{reply}");
    let counts = &client.of_project("").await["counts"];
    assert_eq!(counts["customers"], 0);
    let journal = client.of_project("/journal").await;
    assert_eq!(journal["entries"][0]["rejection"]["kind"], "nothing-taken");
    assert_eq!(journal["entries"][0]["reply"]["status"], 200);
}

#[tokio::test]
async fn a_shadow_run_names_the_command_that_made_the_difference() {
    let client = signed_in_twice("engagement").await;
    let path = "/shadow?strategy=guarded-identify,engagement";
    let shown = client.of_project(path).await;
    assert_eq!(shown["answers"], "engagement");
    let [guarded, same] = [&shown["shadows"][0], &shown["shadows"][1]];
    assert_eq!(same["divergences"], json!([]));
    let one = &guarded["divergences"][0];
    assert_eq!(
        (&one["kind"], &one["since"], &one["healed"]),
        (&json!("apart-here"), &json!(2), &Value::Null)
    );
    let cause = &guarded["causes"][0];
    assert_eq!(cause["seq"], 2);
    assert_eq!(cause["source"], "api");
    assert_eq!(cause["here"]["decision"]["created"], true);
    assert_eq!(cause["there"]["decision"]["survivor"], 1);
    // Without names, everything else that could answer.
    let all = client.of_project("/shadow").await;
    assert!(all["shadows"].as_array().unwrap().len() > 10);
    let wrong = format!("/projects/{}/shadow?strategy=guess", client.project.token);
    let (status, reply) = client.control("GET", &wrong, Value::Null).await;
    assert_eq!(status, 400);
    let says = reply["error"].as_str().unwrap();
    assert!(says.contains("`guess` is none of engagement"), "{says}");
}

/// The journal has forgotten who had which number, so a command that names a customer by one would meet a stranger.
#[tokio::test]
async fn a_shadow_of_a_journal_that_forgot_leaves_out_what_names_a_number() {
    let mut client = Client::start().await;
    client.create(json!({"journal_bytes_max": 0})).await;
    let visit = |person: usize| {
        json!({"name": "customers/events", "data": {"customer_ids": {"registered": format!("person {person}")},
            "event_type": "visit", "properties": {"padding": "x".repeat(400)}}})
    };
    for batch in 0..10 {
        let commands = Vec::from_iter((batch * 50..batch * 50 + 50).map(visit));
        let (status, _) = client
            .post(&client.track("/batch"), json!({"commands": commands}))
            .await;
        assert_eq!(status, 200);
    }
    let first =
        client.of_project("/customers?limit=1").await["customers"][0]["internal_id"].clone();
    let whom = json!({"customers": [{"internal_id": first}]});
    let (status, _) = client.post(&client.data("/anonymize_bulk"), whom).await;
    assert_eq!(status, 200);
    let shown = client.of_project("/shadow?strategy=engagement").await;
    let limits = shown["limits"].as_array().unwrap();
    assert!(
        limits[0]
            .as_str()
            .unwrap()
            .starts_with("the journal has forgotten its first "),
        "{limits:?}"
    );
    assert!(
        limits[1]
            .as_str()
            .unwrap()
            .starts_with("anonymizations by a customer's number are left out (1)"),
        "{limits:?}"
    );
    assert_eq!(shown["shadows"][0]["divergences"], json!([]));
    let [all, compared] = [
        &client.of_project("/journal?limit=1").await,
        &shown["shadows"][0],
    ];
    let remembered = all["last"].as_u64().unwrap() - all["folded"].as_u64().unwrap();
    assert_eq!(compared["commands"].as_u64().unwrap(), remembered - 1);
}
