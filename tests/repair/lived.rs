//! A project in which a history was lived: made and filled by the API, read by the control API.
//! What is read here is what the laws are judged by; the fix-up reads for itself.

use std::collections::BTreeMap;

use axum::Router;
use serde_json::{Value, json};
use twinfold::target::{Credentials, InProcess, ProjectClient, Reply, Request, Target};
use twinfold_server::{Projects, router};

use crate::{command::Sent, history::History};

/// Who sends the requests of a history, in turn.
const SOURCES: [&str; 4] = ["js-sdk", "api", "import", "app-sdk"];

/// A customer with times, as the control API shows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Customer {
    pub(crate) number: u64,
    pub(crate) ids: BTreeMap<String, Vec<String>>,
    /// Value and time by name.
    pub(crate) properties: BTreeMap<String, (Value, f64)>,
    /// Type, time and properties of every event but `merge`, sorted.
    pub(crate) events: Vec<String>,
}

/// All customers, by number.
pub(crate) type Customers = BTreeMap<u64, Customer>;

/// A project with this history behind it.
pub(crate) async fn live(history: &History) -> ProjectClient {
    live_in(history, &router(Projects::new())).await
}

/// The same in a server that is there.
pub(crate) async fn live_in(history: &History, server: &Router) -> ProjectClient {
    let target = Target::InProcess(InProcess::new(server.clone()));
    let mut create = Request::post("/_twinfold/projects", &json!({}));
    create.body = history.settings().into_bytes();
    let created = target.send(create).await.unwrap();
    let credentials: Credentials = serde_json::from_value(answer(&created)).unwrap();
    let client = ProjectClient::new(target, credentials);
    let commands = history.commands.iter();
    let sent = commands.filter_map(|c| c.sent(|id_type| history.sends(id_type)));
    let mut sources = SOURCES.iter().cycle();
    let mut together = Vec::new();
    for command in sent {
        match command {
            Sent::Track(name, data) => together.push((name, data)),
            other => {
                track(&client, &mut together, sources.next().unwrap()).await;
                send(&client, &other, sources.next().unwrap()).await;
            }
        }
        if together.len() == history.batch {
            track(&client, &mut together, sources.next().unwrap()).await;
        }
    }
    track(&client, &mut together, "api").await;
    client
}

/// Sends what waits, in one request.
async fn track(client: &ProjectClient, waiting: &mut Vec<(&'static str, Value)>, source: &str) {
    let requests = std::mem::take(waiting);
    let (path, body) = match &requests[..] {
        [] => return,
        [(path, body)] => (client.track_path(&format!("/{path}")), body.clone()),
        _ => (client.track_path("/batch"), batch(&requests)),
    };
    post(client, path, &body, source).await;
}

/// Sends one command.
pub(crate) async fn send(client: &ProjectClient, sent: &Sent, source: &str) {
    match sent {
        Sent::Track(name, data) => {
            post(client, client.track_path(&format!("/{name}")), data, source).await;
        }
        Sent::Import(definition) => {
            let path = format!("/imports/v1/{}", client.credentials.token);
            post(client, path, definition, "import").await;
        }
        Sent::Anonymize(body) => {
            let path = client.data_path("/customers/anonymize");
            post(client, path, body, source).await;
        }
        Sent::OptIn(form, cookie) => {
            post(client, client.track_path("/customers/events"), form, source).await;
            let mails = control(client, "/mails").await;
            if let Some(link) = mails["mails"].as_array().unwrap().last() {
                let path = link["links"][0]["path"].as_str().unwrap();
                let cookie = format!("xnpe_{}={cookie}", client.credentials.token);
                let opened = Request::get(path).header("cookie", cookie);
                client.target.send(opened).await.unwrap();
            }
        }
    }
}

async fn post(client: &ProjectClient, path: String, body: &Value, source: &str) {
    let request = Request::post(path, body).header("twinfold-source", source);
    let reply = client.send(request).await.unwrap();
    let refused = [400, 404].contains(&reply.status);
    assert!((200..300).contains(&reply.status) || refused, "{reply:?}");
}

fn batch(requests: &[(&'static str, Value)]) -> Value {
    let commands = requests.iter();
    let commands: Vec<_> = commands
        .map(|(name, data)| json!({"name": name, "data": data}))
        .collect();
    json!({"commands": commands})
}

/// What the control API says of a project.
pub(crate) async fn control(client: &ProjectClient, rest: &str) -> Value {
    let request = Request::get(client.control_path(rest));
    answer(&client.target.send(request).await.unwrap())
}

fn answer(reply: &Reply) -> Value {
    let text = String::from_utf8_lossy(&reply.body);
    assert_eq!(reply.status, 200, "{text}");
    reply.json().unwrap()
}

/// All customers as they stand.
pub(crate) async fn customers(client: &ProjectClient) -> Customers {
    let shown = control(client, "/customers").await;
    let shown = shown["customers"].as_array().unwrap().iter();
    let customers = shown.map(customer);
    customers.map(|found| (found.number, found)).collect()
}

/// For each of these, the number that stands for it now.
pub(crate) async fn survivors(client: &ProjectClient, of: &Customers) -> BTreeMap<u64, u64> {
    let mut survivors = BTreeMap::new();
    for number in of.keys() {
        let shown = control(client, &format!("/customers/{number}")).await;
        survivors.insert(*number, shown["number"].as_u64().unwrap());
    }
    survivors
}

/// The entries of the journal behind one place.
pub(crate) async fn journal_after(client: &ProjectClient, seq: u64) -> Vec<Value> {
    let page = control(client, &format!("/journal?after={seq}")).await;
    assert_eq!(page["folded"], 0, "the journal is whole");
    page["entries"].as_array().unwrap().clone()
}

fn customer(shown: &Value) -> Customer {
    let properties = shown["properties"].as_object().unwrap().iter();
    let events = shown["events"].as_array().unwrap().iter();
    let events = events.filter(|event| event["type"] != "merge");
    let mut events: Vec<_> = events.map(Value::to_string).collect();
    events.sort();
    Customer {
        number: shown["number"].as_u64().unwrap(),
        ids: serde_json::from_value(shown["ids"].clone()).unwrap(),
        properties: properties
            .map(|(name, stored)| {
                let at = stored["at"].as_f64().unwrap();
                (name.clone(), (stored["value"].clone(), at))
            })
            .collect(),
        events,
    }
}

/// Survivor and absorbed of a journal entry.
pub(crate) fn joined_by(entry: &Value) -> (u64, Vec<u64>) {
    let absorbed = entry["decision"]["absorbed"].as_array().unwrap().iter();
    let survivor = entry["decision"]["survivor"].as_u64().unwrap();
    (
        survivor,
        absorbed.map(|number| number.as_u64().unwrap()).collect(),
    )
}
