//! Who is let in is what the document says, for every operation.

use serde_json::json;
use twinfold_tests::client::{Client, Raw};

use crate::document::{Operation, operations};

#[tokio::test]
async fn every_operation_asks_for_the_key_that_the_document_names() {
    let mut client = Client::start().await;
    client.create(json!({})).await;
    let public = format!("Token {}", client.project.public_token);
    let mut wrong = Vec::new();
    for operation in operations() {
        let without = call(&client, &operation, None).await;
        let with_public = call(&client, &operation, Some(&public)).await;
        let takes = |scheme: &str| operation.schemes.iter().any(|other| other == scheme);
        let open = operation.schemes.is_empty();
        let says_no_key = without.0 == 401 && without.1.contains("Access key not provided");
        if says_no_key == open {
            wrong.push(format!("{}: without a key {without:?}", name(&operation)));
        }
        let refuses_public = with_public.0 == 403;
        if refuses_public != (takes("private") && !takes("public")) {
            let name = name(&operation);
            wrong.push(format!("{name}: with the public key {with_public:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The status and the body; path parameters besides the project are numbers that nothing has.
async fn call(client: &Client, operation: &Operation, key: Option<&str>) -> (u16, String) {
    let path = operation.path.replace("{token}", &client.project.token);
    let path: Vec<&str> = path
        .split('/')
        .map(|segment| {
            if segment.starts_with('{') {
                "1"
            } else {
                segment
            }
        })
        .collect();
    let headers: Vec<_> = key.into_iter().map(|key| ("authorization", key)).collect();
    let raw = Raw {
        method: operation.method.parse().unwrap(),
        path: path.join("/"),
        headers: &headers,
        body: b"{}",
    };
    client.raw(raw).await
}

fn name(operation: &Operation) -> String {
    format!("{} {}", operation.method, operation.path)
}
