//! The two commands that SDKs send: properties of a customer, and an event.
//! Who refuses such a command is told apart from who cannot be reached.

use std::ops::Range;

use serde_json::{Value, json};

use super::{body::Body, sdk::Named, world::World};
use crate::{
    problem::Problem,
    target::{Reply, Request, TargetError},
};

/// The header by which our server's journal learns who wrote.
pub(crate) const SOURCE_HEADER: &str = "twinfold-source";

/// A command of the Tracking API.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Write {
    path: &'static str,
    body: Value,
}

/// What became of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Accepted,
    /// The project refused it, with these words.
    Refused(String),
    /// Nothing usable came back: the connection broke, or a status that says nothing about the command.
    Failed(Failure),
}

/// A command without a usable reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// For the author of the scenario.
    pub(crate) problem: Problem,
    /// A client may well send it again: the connection broke, or the status is a 5xx.
    pub(crate) is_passing: bool,
}

impl Write {
    pub(crate) fn customer(ids: &Named, properties: &Named) -> Self {
        let body = json!({"customer_ids": ids, "properties": properties});
        Self {
            path: "/customers",
            body,
        }
    }

    pub(crate) fn event(ids: &Named, event_type: &str, properties: &Named) -> Self {
        let body = json!({"customer_ids": ids, "event_type": event_type, "properties": properties});
        Self {
            path: "/customers/events",
            body,
        }
    }

    /// Sends it as `source`; the place is the one in the scenario that asks for it.
    pub(crate) async fn send(
        &self,
        world: &mut World,
        source: &str,
        (body, range): (&Body, &Range<usize>),
    ) -> Answer {
        world.writes += 1;
        let request = Request::post(world.client.track_path(self.path), &self.body)
            .header(SOURCE_HEADER, source);
        let reply = world.client.send(request).await;
        let failed = |says: String, is_passing: bool| {
            let problem = body.problem(range.clone(), says);
            Answer::Failed(Failure {
                problem,
                is_passing,
            })
        };
        match reply {
            Err(error) => failed(error.to_string(), true),
            Ok(reply) => answer(&reply).unwrap_or_else(|| {
                let text = String::from_utf8_lossy(&reply.body).into_owned();
                let says = format!("the call was answered {}: {text}", reply.status);
                failed(says, reply.status >= 500)
            }),
        }
    }
}

/// The answer in a reply; nothing if the reply is neither a yes nor a refusal of the command.
fn answer(reply: &Reply) -> Option<Answer> {
    let body = reply.json().unwrap_or_default();
    let accepted = (200..300).contains(&reply.status) && body["success"] != Value::Bool(false);
    if accepted {
        return Some(Answer::Accepted);
    }
    let errors = body["errors"].as_array()?;
    let texts = errors
        .iter()
        .map(|error| error.as_str().map_or(error.to_string(), str::to_owned));
    Some(Answer::Refused(texts.collect::<Vec<_>>().join("; ")))
}

/// A transport error at a place of the scenario.
pub(crate) fn at(body: &Body, range: Range<usize>) -> impl Fn(TargetError) -> Problem {
    move |error| body.problem(range.clone(), error.to_string())
}
