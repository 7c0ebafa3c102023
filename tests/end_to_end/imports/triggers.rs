//! Triggers: who may start an import, and what anyone else is told.

use crate::client::Client;

#[tokio::test]
async fn starting_without_a_key_asks_for_a_login() {
    let client = Client::start().await;
    let path = format!("/data/v2/projects/{}/imports/1/start", client.project.token);
    let http = reqwest::Client::new();
    for (authorization, status, header, says) in [
        (
            None,
            401,
            Some("Basic realm=\"Login Required\""),
            "Access key not provided",
        ),
        (
            Some(format!("Token {}", client.project.public_token)),
            403,
            None,
            "No permission to allow trigger imports.",
        ),
    ] {
        let mut request = http.post(format!("{}{path}", client.base_url()));
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        let reply = request.send().await.unwrap();
        let asked = reply.headers().get("www-authenticate");
        assert_eq!(asked.map(|value| value.to_str().unwrap()), header);
        assert_eq!(reply.status().as_u16(), status);
        assert!(reply.text().await.unwrap().contains(says));
    }
}
