//! Cells as property values, by the type that the mapping gives their column.

use std::borrow::Cow;

use serde_json::{Number, Value, value::to_raw_value};

use crate::wire::moment;

/// The type of a column (facts 7.3; names as clients write them).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Number,
    Boolean,
    List,
    /// A day or an instant, stored as seconds since 1970 (assumed).
    Time,
}

/// Every name of a type.
const NAMES: [(&str, Kind); 9] = [
    ("string", Kind::Text),
    ("text", Kind::Text),
    ("long text", Kind::Text),
    ("url", Kind::Text),
    ("number", Kind::Number),
    ("boolean", Kind::Boolean),
    ("list", Kind::List),
    ("date", Kind::Time),
    ("datetime", Kind::Time),
];

impl Kind {
    /// The type of this name, or what names there are.
    pub(crate) fn named(name: &str) -> Result<Self, String> {
        let found = NAMES.iter().find(|(other, _)| *other == name);
        found.map(|(_, kind)| *kind).ok_or_else(|| {
            let known = NAMES.map(|(name, _)| name).join(", ");
            format!("`{name}` is no type; known are {known}")
        })
    }

    /// The canonical JSON of a cell, or why it has none. An empty cell is an empty value (fact 7.4).
    pub(crate) fn value(self, cell: &str) -> Result<Cow<'static, str>, String> {
        if cell.is_empty() {
            return Ok(Cow::Borrowed("\"\""));
        }
        let value = match self {
            Self::Text => Some(Value::from(cell)),
            Self::Number => cell.trim().parse().ok().map(Value::Number),
            Self::Boolean => truth(cell.trim()).map(Value::Bool),
            Self::List => serde_json::from_str(cell).ok().filter(Value::is_array),
            Self::Time => time(cell).and_then(seconds).map(Value::Number),
        };
        match value {
            Some(value) => Ok(Cow::Owned(value.to_string())),
            None => Err(format!("`{cell}` is {}", self.missed())),
        }
    }

    fn missed(self) -> &'static str {
        match self {
            Self::Text => "no text",
            Self::Number => "no number",
            Self::Boolean => "neither true nor false",
            Self::List => "no JSON list",
            Self::Time => "neither a unix time in seconds nor an ISO 8601 date",
        }
    }
}

fn truth(cell: &str) -> Option<bool> {
    match cell.to_lowercase().as_str() {
        "true" | "yes" | "1" => Some(true),
        "false" | "no" | "0" => Some(false),
        _ => None,
    }
}

/// Seconds since 1970, in every form that the tracking API reads.
pub(crate) fn time(cell: &str) -> Option<f64> {
    let raw = to_raw_value(cell.trim()).ok()?;
    let time = moment::timestamp("timestamp", Some(&raw)).ok().flatten()?;
    Some(time.seconds())
}

fn seconds(time: f64) -> Option<Number> {
    let whole = time.fract() == 0.0 && time.abs() < 9e15;
    match whole {
        true => Some(Number::from(time as i64)),
        false => Number::from_f64(time),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_become_values_of_their_columns_type() {
        for (name, cell, value) in [
            ("string", "007", Ok("\"007\"")),
            ("text", "say \"no\"", Ok("\"say \\\"no\\\"\"")),
            ("number", " 7 ", Ok("7")),
            ("number", "1.50", Ok("1.5")),
            ("number", "", Ok("\"\"")),
            ("number", "1,5", Err("`1,5` is no number")),
            ("boolean", "Yes", Ok("true")),
            ("boolean", "maybe", Err("`maybe` is neither true nor false")),
            ("list", "[\"a\", 1]", Ok("[\"a\",1]")),
            ("list", "a, b", Err("`a, b` is no JSON list")),
            ("date", "2021-03-01", Ok("1614556800")),
            ("datetime", "1614585422.5", Ok("1614585422.5")),
        ] {
            let found = Kind::named(name).and_then(|kind| kind.value(cell));
            let found = found.as_deref().map_err(String::as_str);
            assert_eq!(found, value, "{name} {cell}");
        }
        assert!(Kind::named("colour").is_err());
    }
}
