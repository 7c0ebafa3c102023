//! Apps: the cookie that one negotiates, and the campaign click that one tracks.

use serde_json::json;

use super::{call, of_kind};
use crate::client::Client;

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
