//! From the IDs as they were sent to the IDs that take part, or the rejection.

use alloc::{borrow::Cow, string::ToString, vec::Vec};
use smallvec::SmallVec;

use super::{IdKind, IdSchema, schema::trimmed};
use crate::{
    command::Rejection,
    decision::Effect,
    rule::{Rule, Rules},
    settings::UnknownIdType,
    store::Key,
};

/// The value of one key of `customer_ids`, by its JSON type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GivenValue<'a> {
    /// `null`: as if the key were absent.
    Null,
    /// A string.
    Text(&'a str),
    /// A number, as it was written.
    Number(&'a str),
    /// A boolean, an array or an object.
    Other,
}

/// One ID of a command, as it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GivenId<'a> {
    /// The ID type's name.
    pub id_type: &'a str,
    /// The value.
    pub value: GivenValue<'a>,
}

impl<'a> GivenId<'a> {
    /// An ID whose value is a string.
    pub fn text(id_type: &'a str, value: &'a str) -> Self {
        Self {
            id_type,
            value: GivenValue::Text(value),
        }
    }
}

/// One ID that takes part in resolution.
#[derive(Clone, Debug)]
pub(crate) struct ReadId<'a> {
    /// Its position among the given IDs.
    pub(crate) given: u16,
    /// Its type's position in the schema; beyond its end for a type this command declares.
    pub(crate) id_type: u16,
    pub(crate) kind: IdKind,
    pub(crate) key: Key<'a>,
}

/// The IDs that take part, in schema order, and what happened on the way.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReadIds<'a> {
    pub(crate) ids: SmallVec<[ReadId<'a>; 2]>,
    pub(crate) dropped: SmallVec<[Effect; 1]>,
    /// Names of soft types that carrying this command out will declare.
    pub(crate) declared: Vec<&'a str>,
    pub(crate) because: Rules,
}

/// Longest ID value in bytes; the request body limit lies below it.
pub(crate) const ID_BYTES_MAX: usize = (1 << 20) - 1;

/// Reads the IDs of a command in the order of `semantics.md`, section 2.
pub(crate) fn read<'a>(
    schema: &IdSchema,
    unknown: UnknownIdType,
    given: &[GivenId<'a>],
) -> Result<ReadIds<'a>, Rejection> {
    let mut read = ReadIds::default();
    let mut anything_given = false;
    let mut unknown_types: SmallVec<[ReadId<'a>; 1]> = SmallVec::new();
    for (position, id) in given.iter().enumerate() {
        let position = position as u16;
        let raw = match id.value {
            GivenValue::Null => {
                read.because.add(Rule::NullIgnored);
                continue;
            }
            GivenValue::Text(text) => text,
            GivenValue::Number(text) => {
                read.because.add(number_rule(text));
                text
            }
            GivenValue::Other => {
                anything_given = true;
                read.drop(position, Rule::InvalidValueDropped);
                continue;
            }
        };
        anything_given = true;
        let known = schema.position(id.id_type);
        let text = transform(schema, known, raw, &mut read.because);
        if !is_valid(&text) {
            read.drop(position, Rule::InvalidValueDropped);
            continue;
        }
        if text.len() > ID_BYTES_MAX {
            return Err(Rejection::IdTooLong {
                id_type: id.id_type.to_string(),
            });
        }
        let read_id = |id_type, kind| ReadId {
            given: position,
            id_type,
            kind,
            key: Key::new(u32::from(id_type), text),
        };
        match known {
            Some(known) => read.ids.push(read_id(known, schema.at(known).kind)),
            None => unknown_types.push(read_id(0, IdKind::Soft)),
        }
    }
    if !anything_given {
        return Err(Rejection::NoId);
    }
    if read.ids.is_empty() && unknown_types.is_empty() {
        return Err(Rejection::NoValidId);
    }
    if !unknown_types.is_empty() {
        treat_unknown(schema, unknown, given, unknown_types, &mut read)?;
        if read.ids.is_empty() {
            return Err(Rejection::NoValidId);
        }
    }
    read.ids.sort_by_key(|id| id.id_type);
    read.forget_repetitions();
    Ok(read)
}

impl ReadIds<'_> {
    /// The same ID given twice is one.
    fn forget_repetitions(&mut self) {
        let mut position = 1;
        while position < self.ids.len() {
            let (before, rest) = self.ids.split_at(position);
            let repeated =
                |id: &ReadId<'_>| id.id_type == rest[0].id_type && id.key.text == rest[0].key.text;
            if before.iter().any(repeated) {
                self.ids.remove(position);
            } else {
                position += 1;
            }
        }
    }

    fn drop(&mut self, given: u16, rule: Rule) {
        self.because.add(rule);
        self.dropped.push(Effect::Dropped { given, rule });
    }
}

fn number_rule(text: &str) -> Rule {
    if text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'-')
    {
        Rule::IntegerAsText
    } else {
        Rule::FractionKept
    }
}

fn transform<'a>(
    schema: &IdSchema,
    known: Option<u16>,
    raw: &'a str,
    because: &mut Rules,
) -> Cow<'a, str> {
    let Some(known) = known else {
        return Cow::Borrowed(trimmed(raw));
    };
    let id_type = schema.at(known);
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

fn treat_unknown<'a>(
    schema: &IdSchema,
    unknown: UnknownIdType,
    given: &[GivenId<'a>],
    unknown_types: SmallVec<[ReadId<'a>; 1]>,
    read: &mut ReadIds<'a>,
) -> Result<(), Rejection> {
    for mut id in unknown_types {
        let name = given[usize::from(id.given)].id_type;
        match unknown {
            UnknownIdType::Reject => {
                return Err(Rejection::UnknownIdType {
                    name: name.to_string(),
                    known: schema.types().iter().map(|t| t.name.clone()).collect(),
                });
            }
            UnknownIdType::Ignore => read.drop(id.given, Rule::UnknownTypeIgnored),
            UnknownIdType::DeclareSoft => {
                id.id_type = declared_position(schema, name, &mut read.declared)?;
                id.key = Key::new(u32::from(id.id_type), id.key.text);
                read.because.add(Rule::UnknownTypeDeclared);
                read.ids.push(id);
            }
        }
    }
    Ok(())
}

fn declared_position<'a>(
    schema: &IdSchema,
    name: &'a str,
    declared: &mut Vec<&'a str>,
) -> Result<u16, Rejection> {
    let known = schema.types().len();
    if let Some(position) = declared.iter().position(|other| *other == name) {
        return Ok((known + position) as u16);
    }
    let position = known + declared.len();
    if position >= IdSchema::TYPES_MAX || name.is_empty() {
        return Err(Rejection::UnknownIdType {
            name: name.to_string(),
            known: schema.types().iter().map(|t| t.name.clone()).collect(),
        });
    }
    declared.push(name);
    Ok(position as u16)
}
