//! Reading the IDs of a command: null, numbers, transformation, validity, unknown types.
//! Step by step as in `semantics.md`, section 2.

use twinfold_engine::{
    Effect, GivenId, GivenValue, IdKind, IdType, Rejection, Rule, UnknownIdType,
};

/// Longest ID value in bytes that a project stores.
const ID_BYTES_MAX: usize = (1 << 20) - 1;

/// An ID that takes part.
#[derive(Clone, Debug)]
pub(super) struct CallId {
    /// Its position among the IDs as they were sent.
    pub(super) given: u16,
    pub(super) id_type: IdType,
    pub(super) value: String,
}

/// The IDs of a command, read.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    /// Those that take part, in the order given.
    pub(super) ids: Vec<CallId>,
    pub(super) dropped: Vec<Effect>,
    /// Soft types that carrying out the command declares.
    pub(super) declared: Vec<IdType>,
}

pub(super) fn read(
    types: &[IdType],
    unknown: UnknownIdType,
    given: &[GivenId<'_>],
) -> Result<Reading, Rejection> {
    let positions = 0u16..;
    let sent: Vec<_> = positions
        .zip(given)
        .filter(|(_, id)| id.value != GivenValue::Null)
        .collect();
    if sent.is_empty() {
        return Err(Rejection::NoId);
    }
    let mut reading = Reading {
        ids: Vec::new(),
        dropped: Vec::new(),
        declared: Vec::new(),
    };
    for (given, id) in sent {
        match valid_id(types, given, id) {
            Some(id) => reading.ids.push(id),
            None => reading.dropped.push(Effect::Dropped {
                given,
                rule: Rule::InvalidValueDropped,
            }),
        }
    }
    if reading.ids.is_empty() {
        return Err(Rejection::NoValidId);
    }
    if let Some(id) = reading.ids.iter().find(|id| id.value.len() > ID_BYTES_MAX) {
        let id_type = id.id_type.name.clone();
        return Err(Rejection::IdTooLong { id_type });
    }
    judge_unknown(types, unknown, &mut reading)?;
    match reading.ids.is_empty() {
        true => Err(Rejection::NoValidId),
        false => Ok(reading),
    }
}

fn valid_id(types: &[IdType], given: u16, id: &GivenId<'_>) -> Option<CallId> {
    let known = types.iter().find(|t| t.name == id.id_type).cloned();
    let id_type = known.unwrap_or_else(|| undeclared(id.id_type));
    let text = match id.value {
        GivenValue::Text(text) | GivenValue::Number(text) => text,
        GivenValue::Null | GivenValue::Other => return None,
    };
    let value = transform(&id_type, text);
    is_valid(&value).then_some(CallId {
        given,
        id_type,
        value,
    })
}

fn undeclared(name: &str) -> IdType {
    IdType {
        name: name.to_owned(),
        kind: IdKind::Soft,
        trim: true,
        lowercase: false,
        values_max: 64,
    }
}

fn judge_unknown(
    types: &[IdType],
    unknown: UnknownIdType,
    reading: &mut Reading,
) -> Result<(), Rejection> {
    for id in reading.ids.clone() {
        if types.iter().any(|t| t.name == id.id_type.name) {
            continue;
        }
        match unknown {
            UnknownIdType::DeclareSoft if !id.id_type.name.is_empty() => {
                if !reading.declared.contains(&id.id_type) {
                    reading.declared.push(id.id_type);
                }
            }
            // A type without a name cannot be declared.
            UnknownIdType::Reject | UnknownIdType::DeclareSoft => {
                return Err(Rejection::UnknownIdType {
                    name: id.id_type.name,
                    known: types.iter().map(|t| t.name.clone()).collect(),
                });
            }
            UnknownIdType::Ignore => {
                reading.ids.retain(|other| other.given != id.given);
                reading.dropped.push(Effect::Dropped {
                    given: id.given,
                    rule: Rule::UnknownTypeIgnored,
                });
            }
        }
    }
    Ok(())
}

/// Trimmed, then lower-cased, as the type says.
pub(super) fn transform(id_type: &IdType, value: &str) -> String {
    let trimmed = if id_type.trim { value.trim() } else { value };
    if id_type.lowercase {
        trimmed.to_lowercase()
    } else {
        trimmed.to_owned()
    }
}

/// At least one alphanumeric character, and not one of the two placeholder words.
pub(super) fn is_valid(value: &str) -> bool {
    value.chars().any(char::is_alphanumeric) && !["null", "undefined"].contains(&value.trim())
}
