//! The reply that an `http` block must get: a status, headers, and JSON that the reply's body must contain.
//! What the subset does not mention may be anything.

use std::ops::Range;

use serde_json::Value;

use super::{
    body::Body,
    cell,
    headers::{self, Headers},
    keep::{self, Kept},
};
use crate::{problem::Problem, target::Reply};

const MEND: &str =
    "mend the request, or what is stated of its reply; `--update` leaves `http` blocks alone";

/// The word for a reply that never comes.
const BROKEN: &str = "broken";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Code(u16),
    /// The connection breaks before a reply.
    Broken,
}

/// What a reply must be.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    status: Status,
    status_range: Range<usize>,
    headers: Headers,
    body: Option<(Value, Range<usize>)>,
}

impl Expected {
    pub(crate) fn parse(body: &Body, range: Range<usize>) -> Result<Self, Problem> {
        let text = &body.text()[range.clone()];
        let line = text.lines().next().unwrap_or_default();
        let status_range = range.start..range.start + line.trim_end().len();
        let status = line.trim_start_matches("HTTP ").split_whitespace().next();
        let status = status.and_then(Status::read).ok_or_else(|| {
            let problem = body.problem(status_range.clone(), "this is no status line");
            problem.expected("`HTTP 200`, or `HTTP broken` for a connection that breaks")
        })?;
        let after = (status_range.end + 1).min(range.end);
        let (headers, body_start) = headers::headers(body, after, range.end)?;
        let rest = body_start..range.end;
        let subset = json(body, rest.clone())?;
        let says_something = !body.text()[rest.clone()].trim().is_empty();
        if status == Status::Broken && (says_something || !headers.is_empty()) {
            let problem = body.problem(status_range, "a connection that breaks brings no reply");
            return Err(problem.help("take out what stands below `HTTP broken`"));
        }
        Ok(Self {
            status,
            status_range,
            headers,
            body: says_something.then_some((subset, rest)),
        })
    }

    /// Whether no reply is expected, because the connection breaks.
    pub(crate) fn is_broken(&self) -> bool {
        self.status == Status::Broken
    }

    /// How many values are kept.
    pub(crate) fn count_kept(&self) -> usize {
        let in_headers = self
            .headers
            .iter()
            .filter(|(_, value)| keep::name(value).is_some());
        let in_body = self
            .body
            .as_ref()
            .map_or(0, |(subset, _)| count_kept(subset));
        in_headers.count() + in_body
    }

    /// Keeps what is to be kept of a reply that is as expected.
    pub(crate) fn keep(&self, reply: Option<&Reply>, kept: &mut Kept) {
        let Some(reply) = reply else {
            return;
        };
        for (name, value) in &self.headers {
            if let (Some(own), Some(value)) = (keep::name(value), reply.header(name)) {
                kept.keep(own.to_owned(), &Value::from(value));
            }
        }
        if let Some((subset, _)) = &self.body {
            let found = serde_json::from_slice(&reply.body).unwrap_or_default();
            keep_all(subset, &found, kept);
        }
    }

    /// How a reply, or a connection that broke, differs.
    pub(crate) fn failure(&self, body: &Body, reply: Option<&Reply>) -> Option<Problem> {
        let reply = match (self.status, reply) {
            (Status::Broken, None) => return None,
            (_, None) => {
                let says = "the connection broke before a reply";
                return Some(body.problem(self.status_range.clone(), says));
            }
            (_, Some(reply)) => reply,
        };
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        if Status::Code(reply.status) != self.status {
            let (says, expected) = match self.status {
                Status::Code(status) => ("the reply has another status", status.to_string()),
                Status::Broken => ("a reply came", "a connection that breaks".to_owned()),
            };
            let problem = body.problem(self.status_range.clone(), says);
            let problem = problem.expected(expected).found(reply.status.to_string());
            let problem = problem.difference(format!("the reply is {text}"));
            return Some(problem.help(MEND));
        }
        let lacking = headers::lacking(body, self.status_range.clone(), &self.headers, reply);
        if let Some(lacking) = lacking {
            return Some(lacking.help(MEND));
        }
        let (subset, range) = self.body.as_ref()?;
        let found = serde_json::from_slice(&reply.body).unwrap_or(Value::String(text.clone()));
        let lack = lack(subset, &found, "reply")?;
        let blank =
            body.text()[range.clone()].len() - body.text()[range.clone()].trim_start().len();
        let start = range.start + blank;
        let end = start
            + body.text()[range.clone()]
                .trim()
                .lines()
                .next()
                .map_or(0, str::len);
        let problem = body.problem(start..end, format!("the reply differs at `{}`", lack.path));
        let problem = problem.expected(lack.expected).found(lack.found);
        let problem = problem.difference(format!("the reply is {text}"));
        Some(problem.help(MEND))
    }
}

impl Status {
    fn read(text: &str) -> Option<Self> {
        if text == BROKEN {
            return Some(Self::Broken);
        }
        let code = text.parse().ok().filter(|code| (100..600).contains(code));
        code.map(Self::Code)
    }
}

/// Where both are containers, the parts of one beside those of the other.
fn parts<'v>(subset: &'v Value, found: &'v Value) -> Vec<(&'v Value, &'v Value)> {
    match (subset, found) {
        (Value::Object(subset), Value::Object(found)) => {
            let both = subset
                .iter()
                .filter_map(|(key, value)| Some((value, found.get(key)?)));
            both.collect()
        }
        (Value::Array(subset), Value::Array(found)) => subset.iter().zip(found).collect(),
        _ => Vec::new(),
    }
}

fn keep_all(subset: &Value, found: &Value, kept: &mut Kept) {
    if let Some(name) = subset.as_str().and_then(keep::name) {
        kept.keep(name.to_owned(), found);
    }
    for (subset, found) in parts(subset, found) {
        keep_all(subset, found, kept);
    }
}

fn count_kept(subset: &Value) -> usize {
    let own = usize::from(subset.as_str().and_then(keep::name).is_some());
    let inner = parts(subset, subset)
        .into_iter()
        .map(|(part, _)| count_kept(part));
    own + inner.sum::<usize>()
}

struct Lack {
    path: String,
    expected: String,
    found: String,
}

/// The first place at which `found` does not contain `subset`.
fn lack(subset: &Value, found: &Value, path: &str) -> Option<Lack> {
    match (subset, found) {
        (Value::Object(subset), Value::Object(found)) => subset.iter().find_map(|(key, value)| {
            let path = format!("{path}.{key}");
            match found.get(key) {
                Some(found) => lack(value, found, &path),
                None => Some(Lack {
                    path,
                    expected: value.to_string(),
                    found: "nothing".into(),
                }),
            }
        }),
        (Value::Array(subset), Value::Array(found)) if subset.len() == found.len() => {
            let pairs = subset.iter().zip(found).enumerate();
            pairs
                .map(|(index, pair)| (format!("{path}[{index}]"), pair))
                .find_map(|(path, (subset, found))| lack(subset, found, &path))
        }
        // Whatever is there is kept.
        (Value::String(text), found) if !found.is_null() && keep::name(text).is_some() => None,
        _ if cell::same(subset, found) => None,
        _ => Some(Lack {
            path: path.to_owned(),
            expected: subset.to_string(),
            found: found.to_string(),
        }),
    }
}

/// The JSON at a range; null if there is nothing.
pub(crate) fn json(body: &Body, range: Range<usize>) -> Result<Value, Problem> {
    let text = body.text().get(range.clone()).unwrap_or_default();
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_str(text).map_err(|error| {
        let lines = text
            .split_inclusive('\n')
            .take(error.line().saturating_sub(1));
        let before: usize = lines.map(str::len).sum();
        let start = range.start + before + error.column().saturating_sub(1);
        let said = error.to_string();
        let said = said.split(" at line ").next().unwrap_or_default();
        body.problem(start..start + 1, format!("this is not JSON: {said}"))
            .help("if that is meant, write ```http raw")
    })
}
