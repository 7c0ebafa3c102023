//! The value of one ID as it is stored: trimmed, in lower case, or not valid.

use alloc::borrow::Cow;

use super::{
    IdType,
    schema::{may_change_case, trimmed},
};
use crate::rule::{Rule, Rules};

/// A given value as it is stored; nothing if it is not valid.
pub(super) fn value<'a>(
    id_type: Option<&IdType>,
    raw: &'a str,
    because: &mut Rules,
) -> Option<Cow<'a, str>> {
    if is_plain(id_type, raw) {
        return Some(Cow::Borrowed(raw));
    }
    let text = transform(id_type, raw, because);
    is_valid(&text).then_some(text)
}

/// Whether a value is surely valid and stays as it is, as most do; seen without reading all of it.
fn is_plain(id_type: Option<&IdType>, raw: &str) -> bool {
    let bytes = raw.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.last().is_some_and(u8::is_ascii_graphic)
        && raw != "null"
        && raw != "undefined"
        && !id_type.is_some_and(|id_type| id_type.lowercase && may_change_case(raw))
}

#[cold]
fn transform<'a>(id_type: Option<&IdType>, raw: &'a str, because: &mut Rules) -> Cow<'a, str> {
    let Some(id_type) = id_type else {
        return Cow::Borrowed(trimmed(raw));
    };
    let text = id_type.normalise(raw);
    // What is borrowed was trimmed at most.
    let kept = match &text {
        Cow::Borrowed(kept) => kept,
        Cow::Owned(lowered) => {
            let kept = if id_type.trim { trimmed(raw) } else { raw };
            if lowered != kept {
                because.add(Rule::Lowercased);
            }
            kept
        }
    };
    if kept.len() != raw.len() {
        because.add(Rule::Trimmed);
    }
    text
}

/// At least one alphanumeric character, and not the word `null` or `undefined`.
pub(super) fn is_valid(text: &str) -> bool {
    let word = trimmed(text);
    word != "null" && word != "undefined" && text.chars().any(char::is_alphanumeric)
}
