//! Planned faults, as a client on a socket meets them: a status, a lost reply, a broken connection, one refused command.
//! What a fault keeps from being carried out leaves no trace.

use serde_json::{Value, json};

use crate::client::Client;

async fn plan(client: &Client, planned: Value) -> (u16, Value) {
    let path = format!("/projects/{}/faults", client.project.token);
    client.control("POST", &path, planned).await
}

/// The status and the time to wait, or nothing if the connection broke.
async fn answer(client: &Client, path: &str, body: &Value) -> Option<(u16, String)> {
    let request = reqwest::Client::new()
        .post(format!("{}{path}", client.base_url()))
        .header("authorization", client.basic())
        .body(body.to_string());
    let reply = request.send().await.ok()?;
    let wait = reply.headers().get("retry-after");
    let wait = wait.map_or("", |value| value.to_str().unwrap()).to_owned();
    let status = reply.status().as_u16();
    reply.bytes().await.ok()?;
    Some((status, wait))
}

#[tokio::test]
async fn the_next_replies_fail_as_planned() {
    let mut client = Client::start().await;
    client.create(json!({"fail_on": "assumed"})).await;
    for fault in [
        json!({"fault": {"kind": "status", "status": 429, "retry_after": 5}}),
        json!({"fault": {"kind": "status", "status": 503}, "times": 2, "path": "/customers"}),
        json!({"fault": {"kind": "reset"}}),
        json!({"fault": {"kind": "timeout"}, "skip": 1}),
    ] {
        assert_eq!(plan(&client, fault).await.0, 200);
    }
    let path = client.track("/customers");
    let mut met = Vec::new();
    let mut customers = Vec::new();
    for _ in 0..7 {
        let body = json!({"customer_ids": {"registered": format!("c{}", met.len())}});
        met.push(answer(&client, &path, &body).await);
        customers.push(client.of_project("").await["counts"]["customers"].clone());
    }
    let said = |status: u16, wait: &str| Some((status, wait.to_owned()));
    let (busy, broken, fine) = (said(503, ""), None, said(200, ""));
    let expected = [
        said(429, "5"),
        busy.clone(),
        busy,
        broken.clone(),
        fine.clone(),
        broken,
        fine,
    ];
    assert_eq!(met, expected);
    // The reply that was lost belongs to a request that was carried out.
    assert_eq!(json!(customers), json!([0, 0, 0, 0, 1, 2, 3]));
    let shown = client.of_project("/faults").await;
    let fired = shown["faults"].as_array().unwrap().iter();
    let fired: Vec<_> = fired.map(|one| (&one["id"], &one["fired"])).collect();
    assert_eq!(json!(fired), json!([[1, 1], [2, 2], [3, 1], [4, 1]]));
}

#[tokio::test]
async fn a_call_without_a_key_meets_the_faults_of_the_project_it_names() {
    let mut client = Client::start().await;
    client.create(json!({})).await;
    let other = Client::start().await;
    let command = |token: &str| {
        json!({"commands": [{"name": "crm/customers",
        "data": {"ids": {"registered": "ada"}, "project_id": token}}]})
    };
    let own = command(&client.project.token);
    plan(&client, json!({"fault": {"kind": "reset"}})).await;
    plan(
        &client,
        json!({"fault": {"kind": "item", "item": 1, "error": "no"}}),
    )
    .await;
    assert_eq!(
        answer(&client, "/bulk", &command(&other.project.token))
            .await
            .map(|(status, _)| status),
        Some(200)
    );
    assert_eq!(answer(&client, "/bulk", &own).await, None);
    let (status, reply) = client.post("/bulk", own.clone()).await;
    let refused = json!({"status": "error", "errors": ["no"]});
    assert_eq!((status, &reply["results"][0]), (200, &refused));
    let (_, reply) = client.post("/bulk", own).await;
    assert_eq!(reply["results"][0]["status"], "ok");
}

#[tokio::test]
async fn one_command_of_a_batch_is_refused_alone() {
    let mut client = Client::start().await;
    client.create(json!({"fail_on": "assumed"})).await;
    plan(&client, json!({"fault": {"kind": "item", "item": 2}})).await;
    let command = |id: &str| json!({"name": "customers", "command_id": id, "data": {"customer_ids": {"registered": id}}});
    let batch = json!({"commands": [command("a"), command("b"), command("c")]});
    let (status, reply) = client.post(&client.track("/batch"), batch).await;
    let results = json!([{"success": true, "command_id": "a"},
        {"success": false, "errors": ["Internal error"], "command_id": "b"},
        {"success": true, "command_id": "c"}]);
    assert_eq!((status, &reply["results"]), (200, &results));
    assert_eq!(client.of_project("").await["counts"]["customers"], 2);
    let entry = &client.of_project("/journal").await["entries"][1];
    assert_eq!(entry["command"]["kind"], "refused");
}

#[tokio::test]
async fn faults_can_be_forgotten_and_are_not_copied() {
    let mut client = Client::start().await;
    client.create(json!({})).await;
    plan(&client, json!({"fault": {"kind": "reset"}})).await;
    let faults = format!("/projects/{}/faults", client.project.token);
    let fork = format!("/projects/{}/fork", client.project.token);
    let (_, fork) = client.control("POST", &fork, json!({})).await;
    let of_fork = format!("/projects/{}/faults", fork["token"].as_str().unwrap());
    let (_, shown) = client.control("GET", &of_fork, json!({})).await;
    assert_eq!(shown, json!({"faults": []}));
    assert_eq!(client.control("DELETE", &faults, json!({})).await.0, 200);
    assert_eq!(client.control("GET", &faults, json!({})).await.1, shown);
    let body = json!({"customer_ids": {"registered": "ada"}});
    assert_eq!(client.post(&client.track("/customers"), body).await.0, 200);
    let wrong = json!({"fault": {"kind": "status", "status": 404}});
    let (status, reply) = plan(&client, wrong).await;
    let says = "`status` must be 429 or between 500 and 599, not 404";
    assert_eq!((status, &reply["error"]), (400, &json!(says)));
}
