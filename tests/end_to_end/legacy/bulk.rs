//! `/bulk`: results by position, and the browser's cookie that joins its commands to one customer.

use serde_json::{Value, json};

use super::{call, of_kind};
use crate::client::Client;

/// Commands, with the project in the body of the bulk.
async fn bulk(client: &Client, commands: Value) -> (u16, Value) {
    let body = json!({"project_id": client.project.token, "commands": commands});
    call(client, "/bulk", &[], &body.to_string()).await
}

#[tokio::test]
async fn a_bulk_answers_by_position_and_a_good_result_has_no_errors() {
    let (client, _) = of_kind("project_id", json!({})).await;
    let (status, reply) = bulk(
        &client,
        json!([
            {"name": "crm/customers", "data": {"ids": {"registered": "ada"}, "properties": {}}, "scheduled": 7},
            {"name": "crm/events", "data": {"customer_ids": {}, "type": "x"}},
            {"name": "customers/events", "data": {"customer_ids": {"registered": "ada"}, "type": "x"}},
            {"name": "system/time"},
            {"name": "system/tracking", "data": {}},
            {"name": "crm\\/events", "data": {}},
            {"name": "crm/customers", "data": []},
            {"name": "crm/customers", "data": {"ids": "ada", "project_id": "another"}},
        ]),
    )
    .await;
    assert_eq!((status, &reply["success"]), (200, &json!(true)));
    assert!(reply["start_time"].is_f64() && reply["end_time"].is_f64());
    let results = reply["results"].as_array().unwrap();
    let statuses: Vec<&Value> = results.iter().map(|result| &result["status"]).collect();
    assert_eq!(
        json!(statuses),
        json!(["ok", "error", "ok", "ok", "ok", "error", "error", "error"])
    );
    for result in results {
        let errors = result["errors"].as_array().map(Vec::len);
        assert_eq!(errors, (result["status"] != "ok").then_some(1), "{result}");
    }
    assert_eq!(results[0], json!({"status": "ok"}));
    assert_eq!(
        results[1]["errors"],
        json!(["At least one id should be specified."])
    );
    assert_eq!(results[4]["data"], json!([]));
    assert_eq!(client.of_project("").await["counts"]["customers"], 1);
    assert_eq!(client.of_project("/replayed").await["agrees"], true);
}

/// What a browser has, what its first bulk holds besides `system/ids`, and the IDs of all customers afterwards.
#[tokio::test]
async fn the_cookie_joins_the_first_bulk_to_one_customer() {
    let ids = json!({"name": "system/ids", "data": {}});
    let visit = |customer: Value| json!({"name": "crm/events", "data": {"customer_ids": customer, "type": "page_visit"}});
    let ada = || visit(json!({"registered": "ada"}));
    for (says, cookie, commands, customers) in [
        (
            "nothing else",
            "xnpe_=c1",
            json!([ids]),
            json!([{"cookie": ["c1"]}]),
        ),
        (
            "the script's cookie",
            "a=b; __exponea_etc__=c2",
            json!([ids]),
            json!([{"cookie": ["c2"]}]),
        ),
        (
            "the server's first",
            "__exponea_etc__=c2; xnpe_=c1",
            json!([ids]),
            json!([{"cookie": ["c1"]}]),
        ),
        (
            "an event after",
            "xnpe_=c1",
            json!([ids, visit(json!({}))]),
            json!([{"cookie": ["c1"]}]),
        ),
        (
            "an event before",
            "xnpe_=c1",
            json!([ada(), ids]),
            json!([{"registered": ["ada"], "cookie": ["c1"]}]),
        ),
        (
            "a null beside",
            "xnpe_=c1",
            json!([visit(json!({"cookie": null})), ids]),
            json!([{"cookie": ["c1"]}]),
        ),
        (
            "a cookie in the command",
            "xnpe_=c1",
            json!([{"name": "system/ids", "data": {"cookie": "c9"}}, visit(json!({}))]),
            json!([{"cookie": ["c9"]}]),
        ),
        (
            "an event that has one",
            "xnpe_=c1",
            json!([ids, visit(json!({"cookie": "c7"}))]),
            json!([{"cookie": ["c7"]}, {"cookie": ["c1"]}]),
        ),
        (
            "a placeholder is no cookie",
            "xnpe_=undefined; __exponea_etc__=c3",
            json!([ada()]),
            json!([{"registered": ["ada"]}]),
        ),
    ] {
        let (client, _) = of_kind("project_id", json!({})).await;
        let token = &client.project.token;
        let cookie = cookie.replace("xnpe_", &format!("xnpe_{token}"));
        let body = json!({"company_id": token, "commands": commands}).to_string();
        let (status, reply) = call(&client, "/bulk", &[("cookie", &cookie)], &body).await;
        assert_eq!((says, status), (says, 200), "{reply}");
        let found = client.of_project("/customers").await;
        let found = found["customers"].as_array().unwrap();
        let mut found: Vec<Value> = found
            .iter()
            .map(|customer| customer["ids"].clone())
            .collect();
        // Two customers may have come in either order.
        found.sort_by_key(|ids| std::cmp::Reverse(ids.to_string()));
        assert_eq!((says, json!(found)), (says, customers));
    }
}
