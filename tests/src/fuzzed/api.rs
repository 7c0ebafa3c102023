//! Requests to the server in process: a documented status, a readable reply, and a project that stays sound.
//! What was refused has changed nothing.

use std::sync::LazyLock;

use http::Method;
use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};
use twinfold::target::{CONTROL, InProcess, ProjectClient, Reply, Request, Target};
use twinfold_server::{Projects, router};

use super::{Read, run};

/// `POST` routes of the emulated API, as its document names them, and those of the control API.
static POSTED: LazyLock<Vec<String>> = LazyLock::new(|| {
    let document: Value = serde_json::from_str(&twinfold_server::openapi::document()).unwrap();
    let paths = document["paths"].as_object().unwrap().iter();
    let posted = paths.filter(|(_, methods)| methods.get("post").is_some());
    let control = ["", "/{token}/fork", "/{token}/clock", "/{token}/faults"];
    let control = control.map(|rest| format!("{CONTROL}/projects{rest}"));
    let posted = posted.map(|(path, _)| path.clone());
    posted.chain(control).collect()
});

/// Its steps move no clock, so that commands one by one and in a batch come at the same time.
pub(super) fn settings() -> Value {
    json!({
        "id_types": {"registered": "hard", "cookie": "soft"},
        "clock": {"start": 1_767_225_600, "step": 0},
        "double_opt_in": {},
        "definitions": {
            "segmentations": {"s1": {"name": "S", "segments": [{"name": "adults", "when": [
                {"property": "age", "operator": "greater_than", "value": 17}]}]}},
            "aggregates": {"a1": {"event_type": "purchase", "aggregate": "count"}},
        },
    })
}

/// A project with two customers, of whom one has an event and a mail.
pub(super) async fn project() -> ProjectClient {
    thread_local! {
        static SERVER: Target = Target::InProcess(InProcess::new(router(Projects::new())));
    }
    let target = SERVER.with(Target::clone);
    let client = ProjectClient::create(target, &settings()).await.unwrap();
    let commands = json!({"commands": [
        {"name": "customers", "data": {"customer_ids": {"registered": "ada@example.com", "cookie": "laptop"},
            "properties": {"email": "ada@example.com", "age": 36}}},
        {"name": "customers", "data": {"customer_ids": {"cookie": "phone"}, "properties": {"email": "ada@example.com"}}},
        {"name": "customers/events", "data": {"customer_ids": {"cookie": "phone"}, "event_type": "purchase",
            "timestamp": 1_767_225_000, "properties": {"total": 12.5}}},
    ]});
    let request = Request::post(client.track_path("/batch"), &commands);
    client.accepted(request).await.unwrap();
    // What an input causes to be sent is what counts.
    client.calls.taken();
    client
}

/// Deletes every project, so that an input leaves nothing to the next.
pub(super) async fn forget(client: &ProjectClient) {
    let listed = client
        .accepted(Request::get(format!("{CONTROL}/projects")))
        .await;
    for token in listed.unwrap()["projects"].as_array().unwrap() {
        let path = format!("{CONTROL}/projects/{}", token.as_str().unwrap());
        let request = Request {
            method: Method::DELETE,
            ..Request::get(path)
        };
        client.accepted(request).await.unwrap();
    }
}

/// Everything that the control API shows of a project, as bytes.
pub(super) async fn state(client: &ProjectClient) -> Vec<Vec<u8>> {
    let mut parts = Vec::new();
    for rest in ["/customers?limit=1000000", "/mails", "/definitions", ""] {
        let path = client.control_path(rest);
        let mut shown = client.accepted(Request::get(path)).await.unwrap();
        // Refusals are counted, and that is all that may change.
        shown["counts"] = Value::Null;
        parts.push(shown.to_string().into_bytes());
    }
    let catalogs = format!(
        "/data/v2/projects/{}/catalogs",
        client.credentials.token.clone()
    );
    for path in [
        catalogs,
        format!("/imports/v1/{}", client.credentials.token),
    ] {
        parts.push(client.send(Request::get(path)).await.unwrap().body);
    }
    parts
}

/// The engine's invariants hold, and the journal gives the project again.
pub(super) async fn is_sound(client: &ProjectClient) {
    let path = client.control_path("/replayed");
    let replayed = client.accepted(Request::get(path)).await.unwrap();
    assert_eq!(replayed["agrees"], true, "the journal gives another state");
    assert_eq!(replayed["violation"], Value::Null);
}

/// A body. Its first line may be a request line such as `POST /track/v2/projects/{token}/batch`, with which the rest
/// is sent; without one, all of it is sent to every `POST` route.
pub fn body(bytes: &[u8]) -> Read {
    run(async {
        let (line, rest) = match bytes.iter().position(|byte| *byte == b'\n') {
            Some(end) => (&bytes[..end], &bytes[end + 1..]),
            None => (&[][..], bytes),
        };
        let client = project().await;
        let mut is_taken = false;
        match request(line, rest, &client) {
            Some(request) => is_taken = send(&client, request).await,
            None => {
                for path in POSTED.iter() {
                    is_taken |= send(&client, posted(path, bytes, &client)).await;
                }
            }
        }
        forget(&client).await;
        Read::taken_if(is_taken)
    })
}

/// The request that a first line and a rest are.
fn request(line: &[u8], rest: &[u8], client: &ProjectClient) -> Option<Request> {
    let (method, path) = std::str::from_utf8(line).ok()?.split_once(' ')?;
    let method: Method = method.parse().ok()?;
    let known = [Method::GET, Method::POST, Method::PUT, Method::DELETE];
    let is_path = path.starts_with('/') && path.parse::<http::Uri>().is_ok();
    // The project must be there when its state is looked at afterwards.
    let removes = method == Method::DELETE && path.starts_with(CONTROL);
    (known.contains(&method) && is_path && !removes).then(|| Request {
        method,
        ..posted(path, rest, client)
    })
}

fn posted(path: &str, body: &[u8], client: &ProjectClient) -> Request {
    let token = &client.credentials.token;
    let filled = |text: &str| {
        let text = text.replace("{token}", token);
        text.replace("{catalog_id}", &format!("{:024x}", 1))
            .replace("{item_id}", "1")
            .replace("{import_id}", &format!("{:024x}", 1))
    };
    let body = match std::str::from_utf8(body) {
        Ok(text) => text.replace("{token}", token).into_bytes(),
        Err(_) => body.to_vec(),
    };
    Request {
        method: Method::POST,
        body,
        ..Request::get(filled(path))
    }
}

/// Whether it was accepted.
async fn send(client: &ProjectClient, request: Request) -> bool {
    let says = format!("{} {}", request.method, request.path);
    let before = state(client).await;
    let is_definition = request.path.ends_with("/definitions");
    let reply = client.send(request).await.unwrap();
    is_documented(&says, &reply);
    if reply.status >= 400 {
        assert!(
            before == state(client).await,
            "{says} was refused and changed something"
        );
    }
    is_sound(client).await;
    if says.ends_with(&format!("{CONTROL}/projects")) && reply.status == 200 {
        lives(client, &reply).await;
    }
    // What is defined is evaluated by whoever reads.
    if is_definition {
        let ids = json!({"customer_ids": {"registered": "ada@example.com"}});
        let path = client.data_path("/customers/export-one");
        let read = client.send(Request::post(path, &ids)).await.unwrap();
        is_documented(&says, &read);
    }
    reply.status < 400
}

/// No route fails; those that are only declared say so.
fn is_documented(says: &str, reply: &Reply) {
    let text = String::from_utf8_lossy(&reply.body);
    match reply.status {
        200..=204 | 301..=308 | 400 | 401 | 403..=405 | 409 | 413 | 415 | 422 | 429 => {}
        501 => assert!(text.contains("declared but not answered"), "{says}: {text}"),
        other => panic!("{says} was answered {other}: {text}"),
    }
    let media_type = reply.header("content-type").unwrap_or_default();
    if media_type.starts_with("application/json") && !reply.body.is_empty() {
        let read = serde_json::from_slice::<Value>(&reply.body);
        assert!(read.is_ok(), "{says}: {read:?}: {text}");
    }
}

/// A project with settings of any kind takes commands and stays sound.
async fn lives(client: &ProjectClient, created: &Reply) {
    let created = ProjectClient::new(
        client.target.clone(),
        serde_json::from_slice(&created.body).unwrap(),
    );
    for name in ["registered", "cookie"] {
        let body = json!({"customer_ids": {name: "Ada@Example.com "}, "properties": {"email": 1}});
        let sent = Request::post(created.track_path("/customers"), &body);
        let reply = created.send(sent).await.unwrap();
        is_documented("a command to a new project", &reply);
    }
    is_sound(&created).await;
}

/// One command, its data as written.
#[derive(Deserialize)]
struct Command<'a> {
    #[serde(default)]
    name: String,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

/// The list of a batch: its commands end as they do when each is sent alone, and each has its result.
pub fn batch(bytes: &[u8]) -> Read {
    run(async {
        let client = project().await;
        let alone = client.fork().await.unwrap();
        let mut request = Request::post(client.track_path("/batch"), &Value::Null);
        request.body = [b"{\"commands\":", bytes, b"}"].concat();
        let before = state(&client).await;
        let reply = client.send(request).await.unwrap();
        is_documented("a batch", &reply);
        match reply.status {
            200 => one_by_one(bytes, &reply, (&client, &alone)).await,
            _ => assert!(
                before == state(&client).await,
                "a refused batch changed something"
            ),
        }
        is_sound(&client).await;
        forget(&client).await;
        Read::taken_if(reply.status == 200)
    })
}

async fn one_by_one(
    bytes: &[u8],
    reply: &Reply,
    (client, alone): (&ProjectClient, &ProjectClient),
) {
    let Ok(commands) = serde_json::from_slice::<Vec<Command<'_>>>(bytes) else {
        return;
    };
    let reply = reply.json().unwrap();
    let results = reply["results"].as_array().unwrap();
    assert_eq!(results.len(), commands.len(), "one result a command");
    for (command, result) in commands.iter().zip(results) {
        let path = match &*command.name {
            "customers" => "/customers",
            "customers/events" => "/customers/events",
            _ => continue,
        };
        let data = command.data.map_or("{}", RawValue::get);
        let mut request = Request::post(alone.track_path(path), &Value::Null);
        request.body = if data == "null" { "{}" } else { data }.into();
        let single = alone.send(request).await.unwrap();
        let succeeded = single.status == 200 && single.json().unwrap()["success"] == true;
        assert_eq!(result["success"], succeeded, "{data}: {single:?}");
    }
    let shown = |client: &ProjectClient| Request::get(client.control_path("/customers"));
    let together = client.accepted(shown(client)).await.unwrap();
    assert_eq!(together, alone.accepted(shown(alone)).await.unwrap());
}
