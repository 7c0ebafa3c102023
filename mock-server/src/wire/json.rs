//! Canonical JSON: equal values have equal texts, so that the engine can compare them as bytes.

use std::borrow::Cow;

use serde_json::{Value, value::RawValue};

/// The canonical text of a value.
pub(crate) fn canonical(raw: &RawValue) -> Cow<'_, str> {
    let text = raw.get();
    if is_canonical_scalar(text.as_bytes()) {
        return Cow::Borrowed(text);
    }
    match serde_json::from_str::<Value>(text) {
        // Objects are sorted maps here, so writing them sorts their keys.
        Ok(value) => Cow::Owned(value.to_string()),
        Err(_) => Cow::Borrowed(text),
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
            let raw = RawValue::from_string(written.into()).unwrap();
            assert_eq!(canonical(&raw), text, "{written}");
        }
    }
}
