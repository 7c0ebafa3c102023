//! Files by URL: fetched from this machine only, with a name and a password if wanted, and again for every run.

use std::{
    io::{Read, Write},
    net::TcpListener,
};

use reqwest::Method;
use serde_json::{Value, json};

use super::{counts, customers, definition, get, id, imported, imports};
use crate::client::Client;

/// A file server on a free port: `/customers.csv` asks for ada:secret, the rest is as its name says.
fn file_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let mut head = vec![0; 4096];
            let read = stream.read(&mut head).unwrap();
            let head = String::from_utf8_lossy(&head[..read]).to_lowercase();
            let (status, body) = match head.split(' ').nth(1).unwrap() {
                "/customers.csv" if head.contains("authorization: basic ywrhonnly3jlda==") => {
                    ("200 OK", "email\nada@x.cz\n")
                }
                "/customers.csv" => ("401 Unauthorized", ""),
                "/open.csv" => ("200 OK", "email\nbob@x.cz\n"),
                "/moved.csv" => ("302 Found", ""),
                _ => ("404 Not Found", ""),
            };
            let length = body.len();
            let reply = format!(
                "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
            );
            stream.write_all(reply.as_bytes()).unwrap();
        }
    });
    url
}

#[tokio::test]
async fn a_file_comes_by_url_from_this_machine_only() {
    let client = Client::start().await;
    let files = file_server();
    let at = |url: &str, auth: Value| {
        let source = json!({"source_type": "url", "import_url": url, "auth": auth, "use_socks_proxy": false});
        definition(json!([id("email", "registered")]), json!([]), source)
    };
    let ada = || json!({"username": "ada", "password": "secret"});
    for (url, auth, says) in [
        (
            format!("{files}/customers.csv"),
            Value::Null,
            "answered 401",
        ),
        (format!("{files}/none.csv"), ada(), "answered 404"),
        (
            format!("{files}/moved.csv"),
            ada(),
            "redirects are not followed",
        ),
        ("http://127.0.0.1:1/customers.csv".into(), ada(), "refused"),
        (
            "https://127.0.0.1/customers.csv".into(),
            ada(),
            "TLS is not emulated",
        ),
        (
            "http://shop.example/customers.csv".into(),
            ada(),
            "`shop.example` is not this machine",
        ),
        (
            "http://10.0.0.1/customers.csv".into(),
            ada(),
            "fetches from loopback only",
        ),
    ] {
        let (status, reply) = client.post(&imports(&client, ""), at(&url, auth)).await;
        assert_eq!(status, 200, "{url}: {reply}");
        let failed = reply["run"]["failed"].as_str().unwrap_or_default();
        assert!(failed.contains(says), "{url}: {reply}");
        // A client goes on with the import that it was given.
        let import = imports(
            &client,
            &format!("/{}", reply["import_id"].as_str().unwrap()),
        );
        let (_, shown) = get(&client, Method::GET, import.clone()).await;
        assert_eq!(shown["runs"], json!([reply["run"]]), "{url}");
        assert_eq!(get(&client, Method::DELETE, import).await.0, 200);
    }
    let no_url = at("customers.csv", ada());
    let (status, reply) = client.post(&imports(&client, ""), no_url).await;
    let says = reply["errors"]["_global"][0].as_str().unwrap_or_default();
    assert_eq!(status, 400, "{reply}");
    assert!(says.contains("`customers.csv` is no URL"), "{reply}");
    assert!(customers(&client).await.as_array().unwrap().is_empty());
    let url = format!("{files}/customers.csv");
    let report = imported(&client, at(&url, ada())).await;
    assert_eq!(counts(&report), [1, 1, 1, 0, 0, 0]);
    let (_, listed) = get(&client, Method::GET, imports(&client, "")).await;
    assert_eq!(
        listed[0]["import_definition"]["source"]["auth"]["password"],
        "***"
    );

    let import_id = listed[0]["import_id"].as_str().unwrap();
    let own = |rest: &str| imports(&client, &format!("/{import_id}{rest}"));
    let start = |of: &str| {
        format!(
            "/data/v2/{of}/{}/imports/{import_id}/start",
            client.project.token
        )
    };
    for (path, body, expected) in [
        (own("/run"), json!({"path_to_overwrite": "/open.csv"}), 200),
        (
            own("/run"),
            json!({"path_to_overwrite": format!("{files}/open.csv")}),
            200,
        ),
        (own("/run"), json!({"path_to_overwrite": "/none.csv"}), 400),
        (start("projects"), json!({"test_connection": true}), 200),
        (start("workspaces"), json!({"path": "/open.csv"}), 200),
        (start("workspaces"), json!({"path": 7}), 400),
    ] {
        let (status, reply) = client.post(&path, body.clone()).await;
        assert_eq!(status, expected, "{path} {body}: {reply}");
    }
    let (_, shown) = get(&client, Method::GET, own("")).await;
    assert_eq!(shown["runs"].as_array().unwrap().len(), 5);
    assert_eq!(customers(&client).await.as_array().unwrap().len(), 2);

    assert_eq!(get(&client, Method::DELETE, own("")).await.0, 200);
    let gone = (
        404,
        json!({"success": false, "errors": {"code": "NotFoundError", "message": "The requested resource was not found."}}),
    );
    assert_eq!(get(&client, Method::GET, own("")).await, gone);
    assert_eq!(client.post(&start("projects"), json!({})).await, gone);
    assert_eq!(client.of_project("/replayed").await["agrees"], true);
}
