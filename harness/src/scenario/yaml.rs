//! YAML read into nodes that know their place, so that every complaint about a value has a caret.
//! Mappings keep the order in which they were written.

use std::ops::Range;

use serde_json::Value;
use serde_saphyr::Location;

use super::{body::Body, yaml_input::Input};
use crate::problem::Problem;

/// A YAML value and its range in the body it was read from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) range: Range<usize>,
    pub(crate) kind: Kind,
}

/// What a YAML value is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// A scalar as JSON.
    Scalar(Value),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// One key of a mapping and its value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_range: Range<usize>,
    pub(crate) value: Node,
}

/// Reads a YAML mapping; an empty text is an empty mapping.
pub(crate) fn mapping(body: &Body) -> Result<Vec<Entry>, Problem> {
    let node = parse(body)?;
    match node.kind {
        Kind::Scalar(Value::Null) => Ok(Vec::new()),
        _ => node.entries(body).map(<[Entry]>::to_vec),
    }
}

fn parse(body: &Body) -> Result<Node, Problem> {
    let options = serde_saphyr::options! {
        with_snippet: false,
    };
    let input: Input = serde_saphyr::from_str_with_options(body.text(), options)
        .map_err(|error| not_yaml(body, &error))?;
    Ok(input.0)
}

fn not_yaml(body: &Body, error: &serde_saphyr::Error) -> Problem {
    let location = error.location();
    let start = location.map_or(0, |location| offset_of(body, &location));
    let line = body
        .text()
        .get(start..)
        .and_then(|rest| rest.lines().next());
    let end = start + line.map_or(0, str::len);
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default();
    let said = first.split(" at line ").next().unwrap_or_default();
    body.problem(start..end, format!("this is not YAML: {said}"))
        .expected("`key: value` lines")
}

/// Errors give line and column, both counted from 1 and in characters, and not always a byte.
fn offset_of(body: &Body, location: &Location) -> usize {
    let number = |value: u64| usize::try_from(value).unwrap_or_default();
    let line = body.lines().nth(number(location.line()).saturating_sub(1));
    let Some((start, line)) = line else {
        return body.text().len();
    };
    let column = number(location.column()).saturating_sub(1);
    let before = line.char_indices().nth(column);
    start + before.map_or(line.len(), |(at, _)| at)
}

pub(crate) fn range_of(location: &Location) -> Range<usize> {
    let span = location.span();
    let number = |value: Option<u64>| value.and_then(|value| usize::try_from(value).ok());
    let start = number(span.byte_offset()).unwrap_or_default();
    start..start + number(span.byte_len()).unwrap_or_default()
}

impl Node {
    /// The entries of a mapping.
    pub(crate) fn entries(&self, body: &Body) -> Result<&[Entry], Problem> {
        match &self.kind {
            Kind::Map(entries) => Ok(entries),
            _ => Err(self.wrong(body, "a mapping such as `{name: value}`")),
        }
    }

    /// The items of a list.
    pub(crate) fn items(&self, body: &Body) -> Result<&[Node], Problem> {
        match &self.kind {
            Kind::List(items) => Ok(items),
            _ => Err(self.wrong(body, "a list such as `[one, two]`")),
        }
    }

    /// The text of a scalar, as it is written.
    pub(crate) fn text(&self, body: &Body) -> Result<String, Problem> {
        match &self.kind {
            Kind::Scalar(Value::String(text)) => Ok(text.clone()),
            Kind::Scalar(Value::Null) => Err(self.wrong(body, "a text")),
            Kind::Scalar(other) => Ok(self.written(body).map_or(other.to_string(), str::to_owned)),
            _ => Err(self.wrong(body, "a text")),
        }
    }

    /// `true` or `false`.
    pub(crate) fn flag(&self, body: &Body) -> Result<bool, Problem> {
        match &self.kind {
            Kind::Scalar(Value::Bool(flag)) => Ok(*flag),
            _ => Err(self.wrong(body, "`true` or `false`")),
        }
    }

    /// A count of things.
    pub(crate) fn count(&self, body: &Body) -> Result<usize, Problem> {
        let number = match &self.kind {
            Kind::Scalar(value) => value.as_u64(),
            _ => None,
        };
        number
            .and_then(|number| usize::try_from(number).ok())
            .ok_or_else(|| self.wrong(body, "a whole number, 0 or more"))
    }

    /// One of `choices`.
    pub(crate) fn choice(&self, body: &Body, choices: &[&str]) -> Result<String, Problem> {
        let word = self.text(body)?;
        if choices.contains(&word.as_str()) {
            return Ok(word);
        }
        let problem = body.problem(self.range.clone(), format!("`{word}` is not possible here"));
        Err(problem.choice(&word, choices))
    }

    /// The same value as JSON.
    pub(crate) fn json(&self) -> Value {
        match &self.kind {
            Kind::Scalar(value) => value.clone(),
            Kind::List(items) => items.iter().map(Self::json).collect(),
            Kind::Map(entries) => {
                let pairs = entries.iter();
                pairs
                    .map(|entry| (entry.key.clone(), entry.value.json()))
                    .collect()
            }
        }
    }

    /// A problem with this value: something else is expected.
    pub(crate) fn wrong(&self, body: &Body, expected: &str) -> Problem {
        let what = match &self.kind {
            Kind::Scalar(Value::Null) => "nothing".into(),
            Kind::Scalar(value) => {
                format!("`{}`", self.written(body).unwrap_or(&value.to_string()))
            }
            Kind::List(_) => "a list".into(),
            Kind::Map(_) => "a mapping".into(),
        };
        body.problem(self.range.clone(), "this value does not fit")
            .expected(expected)
            .found(what)
    }

    fn written<'a>(&self, body: &'a Body) -> Option<&'a str> {
        body.text()
            .get(self.range.clone())
            .filter(|text| !text.is_empty())
    }
}

impl Entry {
    /// A problem with the key: it is none of `known`.
    pub(crate) fn unknown(&self, body: &Body, what: &str, known: &[&str]) -> Problem {
        body.problem(
            self.key_range.clone(),
            format!("unknown {what} `{}`", self.key),
        )
        .choice(&self.key, known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Source;

    fn read(text: &str) -> (Body, Vec<Entry>) {
        let source = Source::new("a.md", text);
        let body = Body::of(&source, 0..text.len());
        let entries = mapping(&body).unwrap();
        (body, entries)
    }

    #[test]
    fn nodes_know_their_place_and_order() {
        let text = "title: Straße und mehr\nids: {b: hard, a: soft}\nlist: [1, 2.5, true, ~]\n";
        let (body, entries) = read(text);
        let keys: Vec<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
        assert_eq!(keys, ["title", "ids", "list"]);
        let title = &entries[0];
        assert_eq!(&text[title.key_range.clone()], "title");
        assert_eq!(&text[title.value.range.clone()], "Straße und mehr");
        let ids = entries[1].value.entries(&body).unwrap();
        assert_eq!((ids[0].key.as_str(), ids[1].key.as_str()), ("b", "a"));
        assert_eq!(&text[ids[0].value.range.clone()], "hard");
        assert_eq!(
            entries[2].value.json(),
            serde_json::json!([1, 2.5, true, null])
        );
    }

    #[test]
    fn a_yaml_error_points_at_its_line() {
        let text = "title: x\nids: {a: hard\nnext: y\n";
        let source = Source::new("a.md", text);
        let problem = mapping(&Body::of(&source, 0..text.len())).unwrap_err();
        assert!(problem.position().0 >= 2, "{problem}");
    }

    #[test]
    fn an_empty_text_is_an_empty_mapping() {
        assert!(read("").1.is_empty());
        assert!(read("# only a comment\n").1.is_empty());
    }
}
