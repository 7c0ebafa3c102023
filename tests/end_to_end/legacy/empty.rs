//! What this server does not have: valid and empty answers, scripts without content, and 501 for declared routes.

use serde_json::json;

use crate::client::{Client, Raw};

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
