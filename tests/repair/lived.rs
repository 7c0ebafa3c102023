//! A project in which a history was lived: made and filled by the API, read by the control API.
//! What is read here is what the laws are judged by; the fix-up reads for itself.

use std::collections::BTreeMap;

use axum::Router;
use serde_json::{Value, json};
use twinfold::target::{Credentials, InProcess, ProjectClient, Reply, Request, Target};
use twinfold_server::{Projects, router};

use crate::history::History;

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
    let requests = commands.filter_map(|c| c.request(|id_type| history.sends(id_type)));
    let requests: Vec<_> = requests.collect();
    for (requests, source) in requests.chunks(history.batch).zip(SOURCES.iter().cycle()) {
        let request = match requests {
            [(path, body)] => Request::post(client.track_path(&format!("/{path}")), body),
            _ => Request::post(client.track_path("/batch"), &batch(requests)),
        };
        let request = request.header("twinfold-source", *source);
        let reply = client.send(request).await.unwrap();
        assert!([200, 400].contains(&reply.status), "{reply:?}");
    }
    client
}

fn batch(requests: &[(&str, Value)]) -> Value {
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
