//! Calls of an SDK as they stand in a shop's code: a name and literals in brackets.
//! A small scanner finds where a call ends; the literals themselves are read by a JSON5 reader.

use std::ops::Range;

use serde_json::Value;

use super::body::Body;
use crate::problem::Problem;

/// Deeper literals than this are refused before they are read.
const DEPTH_MAX: usize = 64;

/// `name(argument, ...)`, or a bare `name`.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) name: String,
    pub(crate) name_range: Range<usize>,
    pub(crate) arguments: Vec<Literal>,
    /// The call from its name to its closing bracket.
    pub(crate) range: Range<usize>,
}

/// A JavaScript literal as JSON.
#[derive(Clone, Debug)]
pub(crate) struct Literal {
    pub(crate) value: Value,
    pub(crate) range: Range<usize>,
}

/// Every call of the body, in order.
pub(crate) fn calls(body: &Body) -> Result<Vec<Call>, Problem> {
    let mut scanner = Scanner { body, at: 0 };
    let mut calls = Vec::new();
    while let Some(call) = scanner.call()? {
        calls.push(call);
    }
    Ok(calls)
}

struct Scanner<'a> {
    body: &'a Body,
    at: usize,
}

impl Scanner<'_> {
    fn rest(&self) -> &str {
        self.body.text().get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn step(&mut self) {
        self.at += self.peek().map_or(0, char::len_utf8);
    }

    fn call(&mut self) -> Result<Option<Call>, Problem> {
        self.skip_blank();
        let Some(first) = self.peek() else {
            return Ok(None);
        };
        let start = self.at;
        while self.peek().is_some_and(is_name_character) {
            self.step();
        }
        let name_range = start..self.at;
        if name_range.is_empty() {
            let range = start..start + first.len_utf8();
            return Err(self
                .body
                .problem(range, format!("`{first}` does not begin a call"))
                .expected("a call such as `exponea.track(\"purchase\")`"));
        }
        let arguments = self.arguments(&name_range)?;
        Ok(Some(Call {
            name: self.body.text()[name_range.clone()].to_owned(),
            name_range,
            arguments,
            range: start..self.at,
        }))
    }

    /// Blanks, line ends, semicolons and comments.
    fn skip_blank(&mut self) {
        loop {
            let rest = self.rest();
            let length = if rest.starts_with("//") {
                rest.find('\n').unwrap_or(rest.len())
            } else if rest.starts_with("/*") {
                rest.find("*/").map_or(rest.len(), |end| end + 2)
            } else {
                rest.len()
                    - rest
                        .trim_start_matches(|c: char| c.is_whitespace() || c == ';')
                        .len()
            };
            if length == 0 {
                return;
            }
            self.at += length;
        }
    }

    fn arguments(&mut self, name: &Range<usize>) -> Result<Vec<Literal>, Problem> {
        if self.peek() != Some('(') {
            return Ok(Vec::new());
        }
        let parts = self.parts(name)?;
        let said = |part: &Range<usize>| !self.body.text()[part.clone()].trim().is_empty();
        let last = parts.iter().rposition(said).map_or(0, |index| index + 1);
        parts[..last]
            .iter()
            .map(|part| literal(self.body, part.clone()))
            .collect()
    }

    /// The ranges between the brackets that the commas on the outside divide.
    fn parts(&mut self, name: &Range<usize>) -> Result<Vec<Range<usize>>, Problem> {
        let opening = self.at;
        self.step();
        let (mut closers, mut parts, mut start) = (vec![')'], Vec::new(), self.at);
        while let Some(character) = self.peek() {
            let at = self.at;
            if self.rest().starts_with("//") || self.rest().starts_with("/*") {
                self.skip_blank();
                continue;
            }
            match character {
                '"' | '\'' | '`' => self.skip_string(character)?,
                '(' => closers.push(')'),
                '[' => closers.push(']'),
                '{' => closers.push('}'),
                ')' | ']' | '}' => self.close(&mut closers, character)?,
                ',' if closers.len() == 1 => {
                    parts.push(start..at);
                    start = at + 1;
                }
                _ => {}
            }
            if closers.len() > DEPTH_MAX {
                return Err(self
                    .body
                    .problem(at..at + 1, "the argument is nested too deeply"));
            }
            self.step();
            if closers.is_empty() {
                parts.push(start..at);
                return Ok(parts);
            }
        }
        Err(self
            .body
            .problem(opening..opening + 1, "this bracket is never closed")
            .help(format!(
                "close the call `{}` with `)`",
                &self.body.text()[name.clone()]
            )))
    }

    fn close(&self, closers: &mut Vec<char>, found: char) -> Result<(), Problem> {
        let expected = closers.pop().unwrap_or(')');
        if expected == found {
            return Ok(());
        }
        Err(self
            .body
            .problem(self.at..self.at + 1, "the brackets do not match")
            .expected(format!("`{expected}`"))
            .found(format!("`{found}`")))
    }

    /// Moves to the closing quote.
    fn skip_string(&mut self, quote: char) -> Result<(), Problem> {
        let opening = self.at;
        self.step();
        while let Some(character) = self.peek() {
            match character {
                '\\' => self.step(),
                _ if character == quote => return Ok(()),
                _ => {}
            }
            self.step();
        }
        Err(self
            .body
            .problem(opening..opening + 1, "this quote is never closed"))
    }
}

fn is_name_character(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '.' || character == '$'
}

fn literal(body: &Body, part: Range<usize>) -> Result<Literal, Problem> {
    let text = &body.text()[part.clone()];
    let value = json5::from_str(text).map_err(|error| not_a_literal(body, &part, &error))?;
    let start = part.start + text.len() - text.trim_start().len();
    let range = start..part.start + text.trim_end().len();
    Ok(Literal {
        value,
        range: range.start..range.end.max(range.start),
    })
}

fn not_a_literal(body: &Body, part: &Range<usize>, error: &json5::Error) -> Problem {
    let text = &body.text()[part.clone()];
    let place = error
        .position()
        .map_or(0, |place| offset(text, place.line, place.column));
    let start = part.start + place;
    let word = text[place..]
        .chars()
        .take_while(|c| is_name_character(*c))
        .map(char::len_utf8);
    let end = (start + word.sum::<usize>().max(1)).min(part.end.max(start));
    let said = error
        .code()
        .map_or_else(|| error.to_string(), |code| code.to_string());
    body.problem(start..end, format!("this is not a JavaScript literal: {said}"))
        .help("write the value itself, such as `\"text\"`, `12`, `true` or `{ email: \"a@example.com\" }`; variables are not known here")
}

fn offset(text: &str, line: usize, column: usize) -> usize {
    let lines = text.split_inclusive('\n');
    let start: usize = lines.take(line).map(str::len).sum();
    let rest = text.get(start..).unwrap_or_default();
    start + rest.chars().take(column).map(char::len_utf8).sum::<usize>()
}
