//! Mails and the consent page of their recipients (facts 8.9, 8.10).

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, Raw};

async fn send(client: &Client, body: Value) -> (u16, Value) {
    let path = format!("/email/v2/projects/{}/sync", client.project.token);
    client.post(&path, body).await
}

#[tokio::test]
async fn a_mail_has_text_or_a_template() {
    let client = Client::start().await;
    let recipient = json!({"customer_ids": {"registered": "ada@example.com"}, "language": "cs"});
    for (content, shown) in [
        (
            json!({"html": "<p>Hi</p>", "subject": "Hello", "sender_name": "Shop", "sender_address": "s@example.com"}),
            json!({"html": "<p>Hi</p>", "subject": "Hello", "sender": "Shop <s@example.com>", "template_id": null}),
        ),
        (
            json!({"template_id": "t1", "params": {"first_name": "Ada"}}),
            json!({"html": "", "template_id": "t1", "params": {"first_name": "Ada"}, "sender": null}),
        ),
    ] {
        let body = json!({"email_content": content, "campaign_name": "c", "recipient": recipient,
            "settings": {"transfer_user_identity": "first_click", "other": 1}});
        let (status, reply) = send(&client, body).await;
        assert_eq!(
            (status, &reply["message"]),
            (200, &json!("Email was sent successfully."))
        );
        let mails = client.of_project("/mails").await;
        let mail = mails["mails"].as_array().unwrap().last().unwrap();
        assert_eq!(mail["transfer_identity"], json!("first_click"));
        for (name, value) in shown.as_object().unwrap() {
            assert_eq!(&mail[name], value, "{name}");
        }
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_mail_is_said() {
    let client = Client::start().await;
    let to = json!({"customer_ids": {"registered": "ada@example.com"}});
    for (body, says) in [
        (json!({}), "Field 'recipient' is required."),
        (
            json!({"recipient": 1}),
            "Field 'recipient' must be an object with customer_ids, and perhaps email.",
        ),
        (
            json!({"recipient": {"customer_ids": {}}}),
            "At least one id should be specified.",
        ),
        (
            json!({"recipient": to}),
            "Field 'email_content' is required.",
        ),
        (
            json!({"recipient": to, "email_content": {}}),
            "Field 'email_content.html' is required.",
        ),
        (
            json!({"recipient": to, "email_content": {"html": 1}}),
            "Field 'email_content' must be an object with html and subject, or with template_id and params.",
        ),
        (
            json!({"recipient": {"customer_ids": {"registered": 7}}, "email_content": {"html": "x"}}),
            "Field 'recipient.email' is required, because no id is an address.",
        ),
        (
            json!({"recipient": to, "email_content": {"html": "x"}, "transfer_identity": "always"}),
            "Field 'transfer_identity' must be enabled, disabled or first_click.",
        ),
    ] {
        let reply = send(&client, body.clone()).await;
        assert_eq!(
            reply,
            (400, json!({"success": false, "errors": [says]})),
            "{body}"
        );
    }
}

#[tokio::test]
async fn a_consent_page_changes_the_recipients_consents_only() {
    let client = Client::start().await;
    let html = r#"<a href="{{ consent.page }}">consents</a>"#;
    let body = json!({"email_content": {"html": html}, "transfer_identity": "enabled",
        "recipient": {"customer_ids": {"registered": "ada@example.com"}}});
    assert_eq!(send(&client, body).await.0, 200);
    let mails = client.of_project("/mails").await;
    let page = mails["mails"][0]["consent_page"].as_str().unwrap();
    assert_eq!(
        mails["mails"][0]["html"],
        json!(format!(r#"<a href="{page}">consents</a>"#))
    );
    assert!(!page.contains("ada"), "{page}");
    let cookie = format!("xnpe_{}=stranger", client.project.token);
    let headers = [("cookie", cookie.as_str())];
    for (method, form, newsletter, sms) in [
        (Method::GET, "", false, false),
        (
            Method::POST,
            "category=newsletter&category=unknown",
            true,
            false,
        ),
        (Method::POST, "category=newsletter&category=sms", true, true),
        (Method::GET, "", true, true),
        (Method::POST, "category=sms", false, true),
    ] {
        let raw = Raw {
            method,
            path: page.to_owned(),
            headers: &headers,
            body: form.as_bytes(),
        };
        let (status, shown) = client.raw(raw).await;
        let checked = |category: &str| shown.contains(&format!(r#"value="{category}" checked"#));
        let found = (status, checked("newsletter"), checked("sms"));
        assert_eq!(found, (200, newsletter, sms), "{form}: {shown}");
    }
    let customers = client.of_project("/customers").await;
    let customers = customers["customers"].as_array().unwrap();
    assert_eq!(customers.len(), 1);
    assert_eq!(
        customers[0]["ids"],
        json!({"registered": ["ada@example.com"]})
    );
    let events = customers[0]["events"].as_array().unwrap().iter();
    let sources: Vec<_> = events
        .map(|e| (&e["type"], &e["properties"]["source"]))
        .collect();
    assert_eq!(sources, [(&json!("consent"), &json!("page")); 3]);
    assert_eq!(client.of_project("/replayed").await["agrees"], json!(true));
    let unknown = format!("/consent/{}/nobody", client.project.token);
    let raw = Raw {
        method: Method::GET,
        path: unknown,
        headers: &[],
        body: b"",
    };
    assert_eq!(client.raw(raw).await.0, 404);
}
