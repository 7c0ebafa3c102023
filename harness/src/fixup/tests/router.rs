//! The emulated API over the simulated project, as far as a repair calls it, with faults on request.

use std::sync::{Arc, Mutex, MutexGuard};

use axum::{Router, body::Body, extract::State, response::Response};
use http_body_util::BodyExt;
use serde_json::{Map, Value, json};

use super::simulated::Simulated;
use crate::fixup::IdSchema;
use crate::target::{Credentials, InProcess, ProjectClient, Target};

/// A project behind a router.
#[derive(Clone)]
pub(crate) struct Served(Arc<Mutex<Behind>>);

pub(crate) struct Behind {
    pub(crate) project: Simulated,
    /// Bodies of the customer updates that came, with their source.
    pub(crate) updates: Vec<(String, Value)>,
    /// After so many updates the next is answered with this status.
    pub(crate) fault: Option<(usize, u16)>,
    /// What the control API says; none, where there is none.
    pub(crate) journal: Option<Value>,
}

impl Served {
    pub(crate) fn new(types: IdSchema) -> Self {
        Self(Arc::new(Mutex::new(Behind {
            project: Simulated::new(types),
            updates: Vec::new(),
            fault: None,
            journal: None,
        })))
    }

    pub(crate) fn behind(&self) -> MutexGuard<'_, Behind> {
        self.0
            .lock()
            .expect("no test panicked while it held the project")
    }

    pub(crate) fn client(&self) -> ProjectClient {
        let router = Router::new().fallback(answer).with_state(self.clone());
        let credentials = Credentials {
            token: "shop".to_owned(),
            api_key_id: "id".to_owned(),
            api_secret: "secret".to_owned(),
            public_token: String::new(),
            access_groups: Vec::new(),
        };
        ProjectClient::new(Target::InProcess(InProcess::new(router)), credentials)
    }

    /// Sends IDs, properties and events as a channel would; `events` are event types.
    pub(crate) fn write(&self, ids: Value, properties: Value, events: &[&str]) {
        let mut behind = self.behind();
        let ids = ids.as_object().expect("an object").clone();
        behind
            .project
            .write(&ids, properties.as_object().expect("an object"), events);
    }
}

async fn answer(State(served): State<Served>, request: http::Request<Body>) -> Response {
    let path = request.uri().path().to_owned();
    let source = request.headers().get("twinfold-source");
    let source = source
        .and_then(|value| value.to_str().ok())
        .unwrap_or("api")
        .to_owned();
    let body = request
        .into_body()
        .collect()
        .await
        .map(|body| body.to_bytes());
    let body = serde_json::from_slice(&body.unwrap_or_default()).unwrap_or(Value::Null);
    let (status, reply) = served.behind().answer(&path, source, &body);
    let mut response = Response::new(Body::from(reply.to_string()));
    *response.status_mut() = http::StatusCode::from_u16(status).expect("a status");
    response
}

impl Behind {
    fn answer(&mut self, path: &str, source: String, body: &Value) -> (u16, Value) {
        let ids = body.get("customer_ids").and_then(Value::as_object);
        match path {
            "/track/v2/projects/shop/customers" => self.update(source, body),
            "/track/v2/projects/shop/batch" => self.batch(&source, body),
            "/data/v2/projects/shop/customers/export" => (200, self.export()),
            "/data/v2/projects/shop/customers/export-one" => self.export_one(ids),
            "/_twinfold/projects/shop/journal" if self.journal.is_some() => {
                (200, json!(self.journal))
            }
            "/_twinfold/projects/shop/customers" if self.journal.is_some() => {
                (200, self.customers())
            }
            _ => (
                404,
                json!({"success": false, "errors": {"_global": ["Not found"]}}),
            ),
        }
    }

    fn update(&mut self, source: String, body: &Value) -> (u16, Value) {
        if let Some((after, status)) = self.fault
            && self.updates.len() >= after
        {
            self.fault = None;
            return (status, json!({"success": false, "errors": ["try later"]}));
        }
        self.updates.push((source, body.clone()));
        let ids = body["customer_ids"]
            .as_object()
            .cloned()
            .unwrap_or_default();
        match self.project.resolve(&ids) {
            Ok(_) => (200, json!({"success": true, "errors": []})),
            Err(error) => (400, json!({"success": false, "errors": [error]})),
        }
    }

    /// A command that fails is an answer of its own inside a 200.
    fn batch(&mut self, source: &str, body: &Value) -> (u16, Value) {
        let commands = body["commands"].as_array().cloned().unwrap_or_default();
        let results = commands.iter().map(|command| {
            let (_, answer) = self.update(source.to_owned(), &command["data"]);
            answer
        });
        let results: Vec<Value> = results.collect();
        (200, json!({"success": true, "results": results}))
    }

    fn export_one(&self, ids: Option<&Map<String, Value>>) -> (u16, Value) {
        let mut owners = ids
            .into_iter()
            .flatten()
            .filter_map(|(name, value)| self.project.owner(name, value.as_str()?));
        match owners.next() {
            Some(number) => (
                200,
                self.project.customers[&number].exported(&self.project.types),
            ),
            None => (
                404,
                json!({"success": false, "errors": {"_global": ["Customer does not exist"]}}),
            ),
        }
    }

    fn export(&self) -> Value {
        let names: Vec<String> = self
            .project
            .types
            .types()
            .iter()
            .map(|t| t.name.clone())
            .collect();
        let properties = ["email", "first_name", "city"];
        let rows: Vec<Value> = self
            .project
            .customers
            .values()
            .map(|customer| {
                let shown = customer.exported(&self.project.types);
                let ids = names.iter().map(|name| shown["ids"][name].clone());
                let values = properties
                    .iter()
                    .map(|name| shown["properties"][name].clone());
                ids.chain(values).collect()
            })
            .collect();
        let fields: Vec<Value> = names
            .iter()
            .map(|name| json!({"type": "id", "id": name}))
            .chain(
                properties
                    .iter()
                    .map(|name| json!({"type": "property", "property": name})),
            )
            .collect();
        json!({"success": true, "fields": fields, "data": rows})
    }

    fn customers(&self) -> Value {
        let customers: Vec<Value> = self.project.customers.iter().map(|(number, customer)| {
            let ids = customer.exported(&self.project.types)["ids"].clone();
            json!({"number": number, "ids": ids, "properties": {"email": {"value": "x", "at": 1.0}}})
        }).collect();
        json!({"customers": customers})
    }
}
