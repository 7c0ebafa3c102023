//! Canonical JSON: equal values have equal texts, so that the engine can compare them as bytes.

use std::borrow::Cow;

use serde_json::Value;

/// How deep lists and objects may lie in each other: replies add a few levels, and readers give up at 128.
const DEPTH_MAX: usize = 100;

/// The canonical text of a value, or why nobody could read it back: a number beyond all, half a character, too deep.
pub(crate) fn canonical(text: &str) -> Result<Cow<'_, str>, String> {
    if is_canonical_scalar(text.as_bytes()) {
        return Ok(Cow::Borrowed(text));
    }
    let value: Value = serde_json::from_str(text).map_err(|error| without_place(&error))?;
    if depth(&value) > DEPTH_MAX {
        return Err(format!("it is nested more than {DEPTH_MAX} levels deep"));
    }
    // Objects are sorted maps here, so writing them sorts their keys.
    Ok(Cow::Owned(value.to_string()))
}

/// The place is one in the value, which says nothing to who sent a whole body.
fn without_place(error: &serde_json::Error) -> String {
    let says = error.to_string();
    let says = says.split(" at line ").next().unwrap_or_default();
    says.to_owned()
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// Strings without escapes, integers, literals: already the only way to write them.
fn is_canonical_scalar(text: &[u8]) -> bool {
    match text.first() {
        Some(b'"') => !text.contains(&b'\\'),
        Some(b't' | b'f' | b'n') => true,
        Some(b'1'..=b'9') => text.len() < 19 && text.iter().all(u8::is_ascii_digit),
        _ => text == b"0",
    }
}

/// The canonical text of an object with these canonical members; sorts them, and of equal names the last counts.
pub(crate) fn object(members: &[(Cow<'_, str>, Cow<'_, str>)]) -> String {
    let mut text = String::with_capacity(
        2 + members
            .iter()
            .map(|(n, v)| n.len() + v.len() + 4)
            .sum::<usize>(),
    );
    text.push('{');
    for (position, (name, value)) in members.iter().enumerate() {
        if position > 0 {
            text.push(',');
        }
        if name
            .bytes()
            .any(|byte| byte < 0x20 || byte == b'"' || byte == b'\\')
        {
            text.push_str(&Value::from(&**name).to_string());
        } else {
            text.push('"');
            text.push_str(name);
            text.push('"');
        }
        text.push(':');
        text.push_str(value);
    }
    text.push('}');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_have_equal_texts() {
        for (written, text) in [
            (r#""Ada""#, r#""Ada""#),
            (r#""\u0041da""#, r#""Ada""#),
            ("36", "36"),
            ("1e2", "100.0"),
            ("1.50", "1.5"),
            ("-0", "-0.0"),
            (r#"{ "b" : [1, 2], "a": null }"#, r#"{"a":null,"b":[1,2]}"#),
        ] {
            assert_eq!(canonical(written).unwrap(), text, "{written}");
        }
    }

    #[test]
    fn what_nobody_could_read_back_is_refused() {
        let deep = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        for (written, says) in [
            ("1e999", "number out of range"),
            ("[-1e999]", "number out of range"),
            (r#""\ud800""#, "unexpected end of hex escape"),
            (&deep(101), "it is nested more than 100 levels deep"),
            (&deep(1_000), "recursion limit exceeded"),
        ] {
            assert_eq!(canonical(written).unwrap_err(), says, "{written}");
        }
        assert!(canonical(&deep(100)).is_ok());
    }
}
