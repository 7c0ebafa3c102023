//! The reply that an `http` block must get: a status, headers, and JSON that the reply's body must contain.
//! What the subset does not mention may be anything.

use std::ops::Range;

use serde_json::Value;

use super::{
    body::Body,
    cell,
    headers::{self, Headers},
};
use crate::{problem::Problem, target::Reply};

/// What a reply must be.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    status: u16,
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
        let status = status.and_then(|status| status.parse().ok());
        let status = status
            .filter(|status| (100..600).contains(status))
            .ok_or_else(|| {
                let problem = body.problem(status_range.clone(), "this is no status line");
                problem.expected("`HTTP 200`")
            })?;
        let after = (status_range.end + 1).min(range.end);
        let (headers, body_start) = headers::headers(body, after, range.end)?;
        let rest = body_start..range.end;
        let subset = json(body, rest.clone())?;
        let says_something = !body.text()[rest.clone()].trim().is_empty();
        Ok(Self {
            status,
            status_range,
            headers,
            body: says_something.then_some((subset, rest)),
        })
    }

    pub(crate) fn failure(&self, body: &Body, reply: &Reply) -> Option<Problem> {
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        if reply.status != self.status {
            let problem = body.problem(self.status_range.clone(), "the reply has another status");
            let problem = problem
                .expected(self.status.to_string())
                .found(reply.status.to_string());
            return Some(problem.difference(format!("the reply is {text}")));
        }
        let lacking = headers::lacking(body, self.status_range.clone(), &self.headers, reply);
        if lacking.is_some() {
            return lacking;
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
        Some(problem.difference(format!("the reply is {text}")))
    }
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
