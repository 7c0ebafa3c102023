//! The cells of a table, `name=value`, read and written.
//! Text stands bare unless it would be misread; everything else is JSON.

use std::ops::Range;

use serde_json::Value;

use super::body::Body;
use crate::problem::Problem;

/// `name=value` in a line, with its place in the body.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cell {
    pub(crate) name: String,
    pub(crate) value: Value,
    /// The value as it is written.
    pub(crate) written: String,
    pub(crate) range: Range<usize>,
}

/// A line of a table that is read from left to right.
pub(crate) struct Line<'a> {
    body: &'a Body,
    at: usize,
    end: usize,
}

impl<'a> Line<'a> {
    pub(crate) fn new(body: &'a Body, at: usize, line: &str) -> Self {
        Self {
            body,
            at,
            end: at + line.len(),
        }
    }

    fn rest(&self) -> &'a str {
        self.body.text().get(self.at..self.end).unwrap_or_default()
    }

    fn skip_blank(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    pub(crate) fn is_done(&mut self) -> bool {
        self.skip_blank();
        self.rest().is_empty()
    }

    /// The next word without moving.
    pub(crate) fn peek(&mut self) -> &'a str {
        self.skip_blank();
        self.rest().split_whitespace().next().unwrap_or_default()
    }

    /// The next word, which may be empty at the end of the line.
    pub(crate) fn word(&mut self) -> (&'a str, Range<usize>) {
        let word = self.peek();
        let start = self.at;
        self.at += word.len();
        (word, start..self.at)
    }

    /// The next word, or the JSON string that stands there.
    pub(crate) fn name(&mut self) -> Result<String, Problem> {
        self.skip_blank();
        if self.rest().starts_with('"') {
            return Ok(text_of(&self.json()?));
        }
        Ok(self.word().0.to_owned())
    }

    /// `#3`.
    pub(crate) fn number(&mut self) -> Result<u64, Problem> {
        let (word, range) = self.word();
        let number = word
            .strip_prefix('#')
            .and_then(|digits| digits.parse().ok());
        number.ok_or_else(|| {
            let problem = self
                .body
                .problem(range, "a line begins with a customer's number");
            problem
                .expected("a number such as `#1`")
                .found(format!("`{word}`"))
        })
    }

    /// `name=value`.
    pub(crate) fn cell(&mut self) -> Result<Cell, Problem> {
        self.skip_blank();
        let start = self.at;
        let name = self.cell_name()?;
        if name.is_empty() || !self.rest().starts_with('=') {
            let range = start..self.at + self.peek().len();
            return Err(self
                .body
                .problem(range, "a cell has a name and a value")
                .expected("`name=value`")
                .found(format!("`{}`", self.body.text()[start..self.at].trim_end())));
        }
        self.at += 1;
        let value_start = self.at;
        let value = self.value()?;
        Ok(Cell {
            name,
            value,
            written: self.body.text()[value_start..self.at].to_owned(),
            range: start..self.at,
        })
    }

    fn cell_name(&mut self) -> Result<String, Problem> {
        if self.rest().starts_with('"') {
            return Ok(text_of(&self.json()?));
        }
        let rest = self.rest();
        let length = rest
            .find(|c: char| c == '=' || c.is_whitespace())
            .unwrap_or(rest.len());
        self.at += length;
        Ok(rest[..length].to_owned())
    }

    fn value(&mut self) -> Result<Value, Problem> {
        if self.rest().starts_with(['"', '{', '[']) {
            return self.json();
        }
        let rest = self.rest();
        let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
        self.at += length;
        let bare = &rest[..length];
        Ok(serde_json::from_str(bare).unwrap_or_else(|_| bare.into()))
    }

    fn json(&mut self) -> Result<Value, Problem> {
        let start = self.at;
        let mut stream = serde_json::Deserializer::from_str(self.rest()).into_iter::<Value>();
        let value = stream.next().and_then(Result::ok);
        let length = stream.byte_offset();
        let value = value.ok_or_else(|| {
            let problem = self.body.problem(start..self.end, "this is not JSON");
            problem.help(
                "a text with quotes or blanks is written as a JSON string, such as `\"two words\"`",
            )
        })?;
        self.at += length;
        Ok(value)
    }
}

fn text_of(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

impl Cell {
    /// The value as text, whatever it looks like.
    pub(crate) fn text(&self) -> String {
        match &self.value {
            Value::String(text) => text.clone(),
            _ => self.written.clone(),
        }
    }
}

/// An ID as a table shows it.
pub(crate) fn id(value: &str) -> String {
    if is_plain(value) && !value.starts_with(['"', '{', '[']) {
        return value.to_owned();
    }
    Value::from(value).to_string()
}

/// A property as a table shows it.
pub(crate) fn property(value: &Value) -> String {
    match value {
        Value::String(text) if is_plain(text) && serde_json::from_str::<Value>(text).is_err() => {
            id(text)
        }
        other => other.to_string(),
    }
}

fn is_plain(text: &str) -> bool {
    let odd = |c: char| c.is_whitespace() || c.is_control() || c == '"' || c == '\'';
    !text.is_empty() && !text.contains(odd)
}

/// Whether two JSON values are the same; `36` and `36.0` are.
pub(crate) fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one == other || one.as_f64() == other.as_f64()
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let held =
                |(key, value): (&String, &Value)| other.get(key).is_some_and(|it| same(value, it));
            one.len() == other.len() && one.iter().all(held)
        }
        _ => one == other,
    }
}
