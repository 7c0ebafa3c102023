//! The block `http`: any request, and the reply that it must get.
//! The project's token and keys are filled in; without `authorization`, the private key is sent.

use std::ops::Range;

use super::{
    block::Block,
    body::Body,
    headers::headers,
    keys,
    reply::{self, Expected},
    world::World,
    write::{self, SOURCE_HEADER},
};
use crate::{
    problem::Problem,
    target::{CONTROL, Credentials, Request},
};

const SOURCES: [&str; 6] = ["js-sdk", "app-sdk", "api", "import", "link", "repair"];
const METHODS: [&str; 4] = ["GET", "POST", "PUT", "DELETE"];

/// A request and what is expected of its reply.
#[derive(Clone, Debug)]
pub(crate) struct Http {
    source: String,
    method: http::Method,
    path: String,
    headers: Vec<(String, String)>,
    body: String,
    request_range: Range<usize>,
    expected: Option<Expected>,
}

impl Http {
    pub(crate) fn parse(block: &Block) -> Result<Self, Problem> {
        block.only(&["source", "raw"])?;
        let (request, reply) = divided(&block.body);
        let mut lines = block.body.rows();
        let (at, line) = lines.next().ok_or_else(|| {
            block
                .problem("the block `http` has no request")
                .expected(EXAMPLE)
        })?;
        let (method, path) = request_line(&block.body, at, line)?;
        let (headers, body_start) = headers(&block.body, at + line.len(), request.end)?;
        let body = body_start..request.end.max(body_start);
        let is_raw = block.argument("raw").is_some();
        if !is_raw {
            reply::json(&block.body, body.clone())?;
        }
        Ok(Self {
            source: source(block)?,
            method,
            path,
            headers,
            body: block.body.text()[body].trim().to_owned(),
            request_range: at..at + line.len(),
            expected: reply
                .map(|reply| Expected::parse(&block.body, reply))
                .transpose()?,
        })
    }

    pub(crate) async fn run(&self, block: &Block, world: &mut World) -> Result<(), Problem> {
        if self.changes_something() {
            world.writes += 1;
        }
        let reply = world
            .client
            .send(self.request(&world.client.credentials))
            .await;
        let reply = reply.map_err(write::at(&block.body, self.request_range.clone()))?;
        match &self.expected {
            Some(expected) => world.failures.extend(expected.failure(&block.body, &reply)),
            None if (200..300).contains(&reply.status) => {}
            None => {
                let text = String::from_utf8_lossy(&reply.body).into_owned();
                let range = self.request_range.clone();
                return Err(block
                    .body
                    .problem(
                        range,
                        format!("the request was answered {}: {text}", reply.status),
                    )
                    .help(format!(
                        "if that is meant, end the block with a blank line and `HTTP {}`",
                        reply.status
                    )));
            }
        }
        Ok(())
    }

    /// Whether it asks the emulated API, and not the control API.
    pub(crate) fn is_emulated(&self) -> bool {
        !self.path.starts_with(CONTROL)
    }

    fn changes_something(&self) -> bool {
        let reads = self.method == http::Method::GET
            || (self.path.starts_with("/data/") && !self.path.contains("anonymize"));
        !reads
    }

    fn request(&self, keys: &Credentials) -> Request {
        let fill = |text: &str| keys::filled(text, keys);
        let mut request = Request {
            method: self.method.clone(),
            path: fill(&self.path),
            headers: Vec::new(),
            body: fill(&self.body).into_bytes(),
        };
        let has = |name: &str| self.headers.iter().any(|(own, _)| own == name);
        if !self.body.is_empty() && !has("content-type") {
            request = request.header("content-type", "application/json");
        }
        if !has(SOURCE_HEADER) {
            request = request.header(SOURCE_HEADER, &*self.source);
        }
        for (name, value) in &self.headers {
            request = request.header(name, keys::header(name, value, keys));
        }
        request
    }
}

const EXAMPLE: &str = "a request line such as `POST /track/v2/projects/{{token}}/customers`";

fn source(block: &Block) -> Result<String, Problem> {
    let Some(argument) = block.argument("source") else {
        return Ok("api".into());
    };
    if SOURCES.contains(&argument.value.as_str()) {
        return Ok(argument.value.clone());
    }
    let message = format!("unknown source `{}`", argument.value);
    let problem = Problem::new(block.body.source(), argument.span.clone(), message);
    Err(problem.choice(&argument.value, &SOURCES))
}

/// The ranges of the request and of the expected reply.
fn divided(body: &Body) -> (Range<usize>, Option<Range<usize>>) {
    let end = body.text().len();
    let mut is_after_blank = false;
    for (at, line) in body.lines() {
        let is_status = line
            .strip_prefix("HTTP ")
            .is_some_and(|rest| !rest.trim().is_empty());
        if is_after_blank && is_status {
            return (0..at, Some(at..end));
        }
        is_after_blank = line.trim().is_empty();
    }
    (0..end, None)
}

fn request_line(body: &Body, at: usize, line: &str) -> Result<(http::Method, String), Problem> {
    let mut words = line.split_whitespace();
    let (method, path) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    if !METHODS.contains(&method) {
        let range = at..at + method.len();
        return Err(body
            .problem(range, format!("unknown method `{method}`"))
            .choice(method, &METHODS));
    }
    let range = at..at + line.len();
    let is_path = path
        .replace("{{token}}", "t")
        .parse::<http::uri::PathAndQuery>()
        .is_ok();
    if !path.starts_with('/') || !is_path || words.next().is_some() {
        return Err(body
            .problem(range, "this is no request line")
            .expected(EXAMPLE));
    }
    let method = method
        .parse()
        .map_err(|_| body.problem(range, "this is no request line"))?;
    Ok((method, path.to_owned()))
}
