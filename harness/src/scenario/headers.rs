//! Header lines of an `http` block: those that a request brings, and those that its reply must have.

use std::ops::Range;

use super::{body::Body, keep};
use crate::{problem::Problem, target::Reply};

/// Names in lower case with their values, in the order written.
pub(super) type Headers = Vec<(String, String)>;

/// The header lines from here on, and where the JSON behind them begins.
pub(super) fn headers(body: &Body, from: usize, end: usize) -> Result<(Headers, usize), Problem> {
    let mut headers = Vec::new();
    for (at, line) in body.lines().filter(|(at, _)| (from..end).contains(at)) {
        if line.trim().is_empty() || line.trim_start().starts_with(['{', '[', '"']) {
            return Ok((headers, at));
        }
        let is_name = |name: &str| name.parse::<http::HeaderName>().is_ok();
        let range = at..at + line.len();
        let header = line
            .split_once(':')
            .filter(|(name, _)| is_name(name.trim()));
        let (name, value) = header.ok_or_else(|| {
            let problem = body.problem(range.clone(), "this is no header line");
            problem.expected("`name: value`, or a blank line before the body")
        })?;
        if value.trim().parse::<http::HeaderValue>().is_err() {
            return Err(body.problem(range, "this cannot be the value of a header"));
        }
        headers.push((name.trim().to_lowercase(), value.trim().to_owned()));
    }
    Ok((headers, end))
}

/// The first header that the reply lacks. A value that ends in `...` is the beginning of one.
pub(super) fn lacking(
    body: &Body,
    range: Range<usize>,
    headers: &Headers,
    reply: &Reply,
) -> Option<Problem> {
    let is_there = |(name, value): &&(String, String)| {
        let mut found = reply.headers.iter().filter(|(other, _)| other == name);
        found.any(|(_, found)| match value.strip_suffix("...") {
            Some(beginning) => found.starts_with(beginning),
            // Whatever is there is kept.
            None => found == value || keep::name(value).is_some(),
        })
    };
    let (name, value) = headers.iter().find(|header| !is_there(header))?;
    let found = reply.header(name).unwrap_or("no such header");
    let problem = body.problem(range, format!("the reply differs in its header `{name}`"));
    Some(problem.expected(value.clone()).found(found))
}
