//! Imports: definitions, files inline and by URL, rows as commands, reports, refusals.

use std::{
    io::{Read, Write},
    net::TcpListener,
};

use crate::client::{Client, Raw};
use reqwest::Method;
use serde_json::{Value, json};

fn imports(client: &Client, rest: &str) -> String {
    format!("/imports/v1/{}{rest}", client.project.token)
}

/// A definition over these columns: `from -> to`, IDs and properties.
fn definition(ids: Value, properties: Value, source: Value) -> Value {
    json!({
        "name": "test",
        "trigger": {"trigger_type": "now"},
        "source": source,
        "destination": {"customer_destination": []},
        "mapping": {"tz_info": "UTC", "column_mapping": {"id_mappings": ids, "property_mappings": properties}},
        "timestamp_column": null,
    })
}

fn inline(content: &str) -> Value {
    json!({"source_type": "inline", "content": content})
}

fn id(from: &str, to: &str) -> Value {
    json!({"from_column": from, "to_id": to})
}

fn property(from: &str, to: &str, of: &str) -> Value {
    json!({"from_column": from, "to_column": to, "type": of})
}

async fn get(client: &Client, method: Method, path: String) -> (u16, Value) {
    let basic = client.basic();
    let raw = Raw {
        method,
        path,
        headers: &[("authorization", &basic)],
        body: b"",
    };
    let (status, text) = client.raw(raw).await;
    (status, serde_json::from_str(&text).unwrap())
}

/// Defines an import that runs at once; the report of its run.
async fn imported(client: &Client, definition: Value) -> Value {
    let (status, reply) = client.post(&imports(client, ""), definition).await;
    assert_eq!(status, 200, "{reply}");
    let import_id = reply["import_id"].as_str().unwrap();
    let path = imports(client, &format!("/{import_id}"));
    let (status, mut shown) = get(client, Method::GET, path).await;
    assert_eq!(status, 200, "{shown}");
    assert_eq!(client.of_project("/replayed").await["agrees"], true);
    shown["runs"][0].take()
}

/// IDs and property values of every customer.
async fn customers(client: &Client) -> Value {
    let shown = client.of_project("/customers").await;
    let customers = shown["customers"].as_array().unwrap().iter();
    let customers = customers.map(|one| {
        let properties = one["properties"].as_object().unwrap().iter();
        let values = properties.map(|(name, stored)| (name.clone(), stored["value"].clone()));
        json!([one["ids"], values.collect::<serde_json::Map<_, _>>()])
    });
    customers.collect()
}

fn counts(report: &Value) -> [u64; 6] {
    [
        "rows",
        "accepted",
        "created",
        "merged",
        "rejected",
        "duplicate_events",
    ]
    .map(|name| report[name].as_u64().unwrap())
}

#[tokio::test]
async fn rows_are_commands() {
    let email = || id("email", "registered");
    let both = || json!([email(), id("device", "cookie")]);
    for (says, ids, properties, csv, expected, found) in [
        (
            "columns that are not mapped are left out",
            json!([email()]),
            json!([
                property("age", "age", "number"),
                property("email", "email", "text")
            ]),
            "email,age,note\nada@x.cz,36,hi\n",
            [1, 1, 1, 0, 0, 0],
            json!([[{"registered": ["ada@x.cz"]}, {"age": 36, "email": "ada@x.cz"}]]),
        ),
        (
            "several IDs of one row merge",
            both(),
            json!([]),
            "email,device\nada@x.cz,\n,phone\nada@x.cz,phone\n",
            [3, 3, 2, 1, 0, 0],
            json!([[{"registered": ["ada@x.cz"], "cookie": ["phone"]}, {}]]),
        ),
        (
            "a later row wins, and an empty cell is an empty value",
            json!([email()]),
            json!([property("city", "city", "string")]),
            "email,city\na,Brno\na,Praha\nb,Brno\nb,\n",
            [4, 4, 2, 0, 0, 0],
            json!([[{"registered": ["a"]}, {"city": "Praha"}], [{"registered": ["b"]}, {"city": ""}]]),
        ),
        (
            "an older time of a row does not win",
            json!([email()]),
            json!([
                property("city", "city", "string"),
                property("at", "update_timestamp", "number")
            ]),
            "email,city,at\na,Brno,2000\na,Praha,1000\nb,Brno,1000\nb,Praha,1970-01-01T01:00:00Z\n",
            [4, 4, 2, 0, 0, 0],
            json!([[{"registered": ["a"]}, {"city": "Brno"}], [{"registered": ["b"]}, {"city": "Praha"}]]),
        ),
        (
            "a row that cannot be taken is refused, the others are not",
            json!([email()]),
            json!([property("age", "age", "number")]),
            "\u{feff}email,age\na,old\n,1\n--,1\nb\n\"b\nc\",2\n",
            [5, 1, 1, 0, 4, 0],
            json!([[{"registered": ["b\nc"]}, {"age": 2}]]),
        ),
    ] {
        let mut client = Client::start().await;
        client.create(json!({})).await;
        let report = imported(&client, definition(ids, properties, inline(csv))).await;
        assert_eq!(counts(&report), expected, "{says}: {report}");
        assert_eq!(customers(&client).await, found, "{says}");
    }
}

#[tokio::test]
async fn a_report_says_which_rows_were_refused_and_why() {
    let client = Client::start().await;
    let mapping = json!([property("age", "age", "number")]);
    let csv = "email,age\na,old\n,1\nb\nc,2\n";
    let report = imported(
        &client,
        definition(json!([id("email", "registered")]), mapping, inline(csv)),
    )
    .await;
    assert_eq!(
        report["rejections"],
        json!([
            {"row": 1, "reason": "column `age`: `old` is no number"},
            {"row": 2, "reason": "At least one id should be specified."},
            {"row": 3, "reason": "the row has 1 fields, the header 2"},
        ])
    );
    let journal = client.of_project("/journal").await;
    let entries = journal["entries"].as_array().unwrap().iter();
    let seen =
        entries.map(|entry| json!([entry["source"], entry["item"], entry["command"]["kind"]]));
    assert_eq!(
        seen.collect::<Value>(),
        json!([
            ["import", null, "import-defined"],
            ["import", 1, "refused"],
            ["import", 2, "customers"],
            ["import", 3, "refused"],
            ["import", 4, "customers"],
            ["import", null, "import-finished"],
        ])
    );
}

#[tokio::test]
async fn events_need_their_time_and_are_imported_once() {
    let client = Client::start().await;
    let events = |timestamp_column: Value| {
        let mapping = json!([property("total", "total_price", "number")]);
        let csv = "email,at,total\na,1000,7.5\na,2021-03-01T00:00:00Z,\na,soon,1\na,,2\n";
        let mut body = definition(json!([id("email", "registered")]), mapping, inline(csv));
        body["destination"] =
            json!({"event_destination": {"event_type": "purchase", "event_triggers": false}});
        body["timestamp_column"] = timestamp_column;
        body
    };
    let report = imported(&client, events(json!("at"))).await;
    assert_eq!(counts(&report), [4, 2, 1, 0, 2, 0], "{report}");
    let again = imported(&client, events(json!("at"))).await;
    assert_eq!(counts(&again), [4, 2, 0, 0, 2, 2], "{again}");
    let shown = client.of_project("/customers").await;
    assert_eq!(
        shown["customers"][0]["events"],
        json!([
            {"type": "purchase", "timestamp": 1000.0, "properties": {"total_price": 7.5}},
            {"type": "purchase", "timestamp": 1_614_556_800.0, "properties": {"total_price": ""}},
        ])
    );
    let (status, reply) = client
        .post(&imports(&client, ""), events(Value::Null))
        .await;
    assert_eq!(status, 400);
    assert!(
        reply.to_string().contains("`timestamp_column` is missing"),
        "{reply}"
    );
}

#[tokio::test]
async fn what_cannot_run_is_not_defined() {
    let client = Client::start().await;
    let good = definition(
        json!([id("email", "registered")]),
        json!([]),
        inline("email,crm\na,1\n"),
    );
    for (place, value, says) in [
        ("/name", Value::Null, "`name` is missing"),
        ("/mapping", Value::Null, "`mapping` is missing"),
        (
            "/mapping/tz_info",
            json!("Mars/Base"),
            "`Mars/Base` is not emulated",
        ),
        (
            "/mapping/column_mapping/id_mappings",
            json!([]),
            "at least one column must be paired with an identifier",
        ),
        (
            "/mapping/column_mapping/id_mappings/0/to_id",
            json!("crm"),
            "no ID type `crm`; it has: registered, cookie",
        ),
        (
            "/mapping/column_mapping/id_mappings/0/from_column",
            json!("mail"),
            "no column `mail`; it has: email, crm",
        ),
        (
            "/mapping/column_mapping/property_mappings",
            json!([property("crm", "crm", "colour")]),
            "`colour` is no type",
        ),
        (
            "/mapping/column_mapping/property_mappings",
            json!([property("crm", "a", "text"), property("email", "a", "text")]),
            "two columns are mapped to `a`",
        ),
        (
            "/trigger/trigger_type",
            json!("later"),
            "neither `now` nor `scheduled`",
        ),
        (
            "/source/source_type",
            json!("sftp"),
            "`sftp` is not emulated",
        ),
        (
            "/source/content",
            Value::Null,
            "`source.content` is missing",
        ),
        ("/source/content", json!(""), "the file is empty"),
        (
            "/source/content",
            json!("<customers/>"),
            "only CSV is emulated",
        ),
        (
            "/source/content",
            json!("email;crm\na;1\n"),
            "separate the fields with commas",
        ),
        (
            "/source/content",
            json!("email,email\na,b\n"),
            "two columns `email`",
        ),
        (
            "/destination",
            json!({"catalog_destination": {}}),
            "use the catalog routes",
        ),
        (
            "/destination",
            json!({}),
            "either `customer_destination` or `event_destination`",
        ),
        ("/active", json!("yes"), "expected a boolean"),
    ] {
        let mut body = good.clone();
        if let Some(slot) = body.pointer_mut(place) {
            *slot = value;
        } else {
            body[&place[1..]] = value;
        }
        let (status, reply) = client.post(&imports(&client, ""), body).await;
        let error = reply["errors"]["_global"][0].as_str().unwrap_or_default();
        assert_eq!(status, 400, "{place}: {reply}");
        assert!(error.contains(says), "{place}: {reply}");
    }
    assert_eq!(
        get(&client, Method::GET, imports(&client, "")).await,
        (200, json!([]))
    );
    assert_eq!(customers(&client).await, json!([]));
}

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
