//! `/bulk` and `/crm`, as the browser SDK and older clients call them: without a key, the project in the body.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, Raw};

async fn call(client: &Client, path: &str, headers: &[(&str, &str)], body: &str) -> (u16, Value) {
    let raw = Raw {
        method: Method::POST,
        path: path.to_owned(),
        headers,
        body: body.as_bytes(),
    };
    let (status, text) = client.raw(raw).await;
    (status, serde_json::from_str(&text).unwrap())
}

async fn of_kind(kind: &str, settings: Value) -> (Client, String) {
    let mut client = Client::start().await;
    client.create(settings).await;
    let named = json!({ kind: client.project.token }).to_string();
    (client, named)
}

/// Commands, with the project in the body of the bulk.
async fn bulk(client: &Client, commands: Value) -> (u16, Value) {
    let body = json!({"project_id": client.project.token, "commands": commands});
    call(client, "/bulk", &[], &body.to_string()).await
}

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

#[tokio::test]
async fn customers_and_events_are_read_under_every_name() {
    let (client, _) = of_kind("project_id", json!({"clock": {"start": 1000}})).await;
    let token = &client.project.token;
    for (path, body) in [
        (
            "/crm/customers",
            json!({"ids": "ada", "project_id": token, "properties": {"city": "Brno"}}),
        ),
        (
            "/crm/customers",
            json!({"customer_ids": {"registered": "ada"}, "company_id": token, "timestamp": 5}),
        ),
        (
            "/crm/events",
            json!({"customer_ids": "ada", "project_id": token, "type": "old", "properties": {}, "age": 400}),
        ),
        (
            "/crm/events",
            json!({"customer_ids": {"registered": "ada"}, "company_id": token, "event_type": "older", "timestamp": 500, "age": 1}),
        ),
    ] {
        let reply = call(
            &client,
            path,
            &[("content-type", "text/plain;charset=UTF-8")],
            &body.to_string(),
        )
        .await;
        assert_eq!(
            reply,
            (200, json!({"success": true, "errors": []})),
            "{path}"
        );
    }
    let customers = client.of_project("/customers").await;
    let [ada] = customers["customers"].as_array().unwrap().as_slice() else {
        panic!("{customers}");
    };
    let events = ada["events"].as_array().unwrap();
    let times: Vec<_> = events
        .iter()
        .map(|event| (&event["type"], &event["timestamp"]))
        .collect();
    assert_eq!(json!(times), json!([["older", 500.0], ["old", 600.0]]));
    assert_eq!(ada["properties"]["city"]["value"], "Brno");
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

#[tokio::test]
async fn an_app_negotiates_its_cookie() {
    let (client, named) = of_kind("project_id", json!({})).await;
    let ask = |ids: &str| format!(r#"{}, "ids": {ids}}}"#, named.trim_end_matches('}'));
    for (ids, same) in [
        (r#"{"cookie": "c1"}"#, true),
        (r#"{"cookie": "null"}"#, false),
        ("{}", false),
    ] {
        let (status, reply) = call(&client, "/crm/customers/track", &[], &ask(ids)).await;
        let cookie = reply["data"]["ids"]["cookie"].as_str().unwrap_or_default();
        assert_eq!((status, &reply["success"]), (200, &json!(true)), "{reply}");
        assert_eq!((ids, cookie == "c1"), (ids, same));
        assert!(cookie == "c1" || cookie.len() == 36, "{cookie}");
    }
    assert_eq!(client.of_project("").await["counts"]["customers"], 3);
}

#[tokio::test]
async fn an_app_tracks_a_campaign_click() {
    let client = Client::start().await;
    let click = json!({"customer_ids": {"cookie": "phone"}, "age": 3, "url": "https://shop.example/?xnpe_cmp=x", "properties": {"platform": "Android"}});
    let reply = client.post(&client.track("/campaigns/clicks"), click).await;
    assert_eq!(reply, (200, json!({"errors": [], "success": true})));
    let customers = client.of_project("/customers").await;
    let event = &customers["customers"][0]["events"][0];
    assert_eq!(event["type"], "campaign");
    assert_eq!(
        event["properties"],
        json!({"platform": "Android", "url": "https://shop.example/?xnpe_cmp=x"})
    );
}

/// Answers that keep clients running, and routes that are declared only.
#[tokio::test]
async fn what_is_not_there_is_empty_or_501() {
    let client = Client::start().await;
    let (basic, token) = (client.basic(), client.project.token.clone());
    let company = json!({"company_id": token, "customer_ids": {"cookie": "c"}}).to_string();
    let key = [("authorization", basic.as_str())];
    let customer = [("authorization", "Bearer e30.e30.e30")];
    let none: &[(&str, &str)] = &[];
    for (method, path, headers, status, reply) in [
        (
            "POST",
            "/sms/v1/projects/{t}/sync",
            &key[..],
            200,
            r#""message_id":"#,
        ),
        (
            "POST",
            "/sms/v1/projects/{t}/sync",
            none,
            401,
            "Access key not provided",
        ),
        (
            "POST",
            "/webxp/s/{t}/inappmessages?v=1",
            &key[..],
            200,
            r#""data": []"#,
        ),
        (
            "POST",
            "/webxp/s/{t}/inappcontentblocks?v=2",
            &key[..],
            200,
            r#""data": []"#,
        ),
        (
            "POST",
            "/webxp/projects/{t}/appinbox/fetch",
            &customer[..],
            200,
            r#""messages": []"#,
        ),
        (
            "POST",
            "/webxp/projects/{t}/appinbox/fetch",
            none,
            401,
            "Access key not provided",
        ),
        (
            "POST",
            "/webxp/projects/{t}/appinbox/markasread",
            &key[..],
            200,
            "true",
        ),
        (
            "GET",
            "/wxstatic/projects/{t}/bundle-android.json?v=2",
            none,
            200,
            r#""in_app_content_blocks": []"#,
        ),
        (
            "POST",
            "/wxstatic/projects/{t}/bundle-ios.json?v=2",
            none,
            200,
            r#""data": []"#,
        ),
        (
            "GET",
            "/wxstatic/projects/{t}/other.json",
            none,
            404,
            "URL not found",
        ),
        (
            "GET",
            "/webxp/projects/{t}/bundle",
            none,
            200,
            r#""constantManagedTags": []"#,
        ),
        (
            "GET",
            "/webxp/projects/11111111-1111-4111-8111-111111111111/bundle",
            none,
            400,
            "Could not authenticate",
        ),
        ("POST", "/managed-tags/show", none, 200, r#""data": []"#),
        (
            "POST",
            "/campaigns/banners/show",
            none,
            200,
            r#""data": []"#,
        ),
        (
            "POST",
            "/campaigns/experiments/show",
            none,
            200,
            r#""data": []"#,
        ),
        ("POST", "/campaigns/html/get", none, 200, r#""data": """#),
        (
            "POST",
            "/campaigns/send-self-check-notification?project_id={t}",
            none,
            200,
            "true",
        ),
        ("POST", "/webxp/bandits/reward", none, 200, "true"),
        (
            "POST",
            "/optimization/recommend/user",
            none,
            200,
            r#""data": []"#,
        ),
        (
            "POST",
            "/analytics/segmentation-for",
            none,
            200,
            r#""segment": null"#,
        ),
        (
            "GET",
            "/js/exponea.min.js",
            none,
            200,
            "does not include the vendor's script",
        ),
        (
            "GET",
            "/webxp/script/{t}/new/modifications.min.js?timeout=4000ms",
            none,
            200,
            "this one is empty",
        ),
        (
            "GET",
            "/webxp/script-async/{t}/new/modifications.min.js",
            none,
            200,
            "this one is empty",
        ),
        (
            "POST",
            "/data/v2/projects/{t}/analyses/funnel",
            &key[..],
            501,
            "has no analyses",
        ),
        (
            "POST",
            "/track/u/v1/batch?stream_id=s",
            none,
            501,
            "has no Data hub streams",
        ),
        (
            "GET",
            "/webxp/streams/s/bundle",
            none,
            501,
            "has no Data hub streams",
        ),
    ] {
        let raw = Raw {
            method: method.parse().unwrap(),
            path: path.replace("{t}", &token),
            headers,
            body: company.as_bytes(),
        };
        let (found, body) = client.raw(raw).await;
        assert_eq!((path, found), (path, status), "{body}");
        assert!(body.contains(reply), "{path}: {body}");
    }
}
