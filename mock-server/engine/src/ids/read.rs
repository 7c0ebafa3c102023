//! From the IDs as they were sent to the IDs that take part, or the rejection.

use alloc::{string::ToString, vec::Vec};
use smallvec::SmallVec;

use super::{IdKind, IdSchema, value::value};
use crate::{
    command::Rejection,
    decision::Effect,
    rule::{Rule, Rules},
    settings::UnknownIdType,
    store::{IdAt, Key, Store},
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
    /// Nothing if nobody holds it, or if it was not looked up.
    pub(crate) held: Option<Held>,
}

/// Where an ID stands, and the customer who holds it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Held {
    pub(crate) at: IdAt,
    pub(crate) owner: u32,
}

impl ReadId<'_> {
    pub(crate) fn owner(&self) -> Option<u32> {
        self.held.map(|held| held.owner)
    }
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
    read.fill(schema, unknown, given)?;
    Ok(read)
}

/// The position of a type that the schema lacks, until it is treated.
const UNKNOWN: u16 = u16::MAX;

impl<'a> ReadIds<'a> {
    /// Reads the IDs of a command in the place of what stood here; after a rejection a part of them stands here.
    pub(crate) fn fill(
        &mut self,
        schema: &IdSchema,
        unknown: UnknownIdType,
        given: &[GivenId<'a>],
    ) -> Result<(), Rejection> {
        self.clear();
        let mut anything_given = false;
        for (position, id) in given.iter().enumerate() {
            anything_given |= self.read_one(schema, position as u16, id)?;
        }
        if !anything_given {
            return Err(Rejection::NoId);
        }
        if self.ids.iter().any(|id| id.id_type == UNKNOWN) {
            self.treat_unknown(schema, unknown, given)?;
        }
        if self.ids.is_empty() {
            return Err(Rejection::NoValidId);
        }
        self.order();
        Ok(())
    }

    /// Reads one ID, which may take no part; whether anything was given.
    fn read_one(
        &mut self,
        schema: &IdSchema,
        given: u16,
        id: &GivenId<'a>,
    ) -> Result<bool, Rejection> {
        let raw = match id.value {
            GivenValue::Text(text) => text,
            GivenValue::Number(text) => {
                self.because.add(number_rule(text));
                text
            }
            GivenValue::Null => {
                self.because.add(Rule::NullIgnored);
                return Ok(false);
            }
            GivenValue::Other => {
                self.drop(given, Rule::InvalidValueDropped);
                return Ok(true);
            }
        };
        let known = schema.position(id.id_type);
        let id_type = known.map(|known| schema.at(known));
        let Some(text) = value(id_type, raw, &mut self.because) else {
            self.drop(given, Rule::InvalidValueDropped);
            return Ok(true);
        };
        if text.len() > ID_BYTES_MAX {
            return Err(Rejection::IdTooLong {
                id_type: id.id_type.to_string(),
            });
        }
        let known = known.unwrap_or(UNKNOWN);
        self.ids.push(ReadId {
            given,
            id_type: known,
            kind: id_type.map_or(IdKind::Soft, |id_type| id_type.kind),
            key: Key::new(u32::from(known), text),
            held: None,
        });
        Ok(true)
    }

    /// Finds who holds each ID.
    pub(crate) fn look_up(&mut self, store: &Store) {
        for id in &mut self.ids {
            let at = store.ids.find(id.id_type, &id.key);
            id.held = at.map(|at| Held {
                at,
                owner: store.owner(at),
            });
        }
    }

    /// The one customer who holds every ID.
    pub(crate) fn only_owner(&self) -> Option<u32> {
        let owner = self.ids.first()?.owner();
        owner.filter(|_| self.ids.iter().all(|id| id.owner() == owner))
    }

    /// The ID at this position among those that were given, if it takes part.
    pub(crate) fn given(&self, given: u16) -> Option<&ReadId<'a>> {
        self.ids.iter().find(|id| id.given == given)
    }

    /// Where those stand that somebody holds, and who does.
    pub(crate) fn held(&self) -> impl Iterator<Item = Held> + '_ {
        self.ids.iter().filter_map(|id| id.held)
    }

    pub(crate) fn has_hard(&self) -> bool {
        self.ids.iter().any(|id| id.kind == IdKind::Hard)
    }

    pub(crate) fn clear(&mut self) {
        self.ids.clear();
        self.dropped.clear();
        self.declared.clear();
        self.because = Rules::default();
    }

    /// Schema order, and the same ID given twice is one.
    fn order(&mut self) {
        let done = self.ids.is_sorted_by(|a, b| a.id_type < b.id_type);
        if !done {
            self.ids.sort_by_key(|id| id.id_type);
            self.forget_repetitions();
        }
    }

    #[cold]
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

    #[cold]
    fn drop(&mut self, given: u16, rule: Rule) {
        self.because.add(rule);
        self.dropped.push(Effect::Dropped { given, rule });
    }

    /// Types that the schema lacks reject the command, take no part, or are declared.
    #[cold]
    fn treat_unknown(
        &mut self,
        schema: &IdSchema,
        unknown: UnknownIdType,
        given: &[GivenId<'a>],
    ) -> Result<(), Rejection> {
        for mut id in core::mem::take(&mut self.ids) {
            if id.id_type != UNKNOWN {
                self.ids.push(id);
                continue;
            }
            let name = given[usize::from(id.given)].id_type;
            match unknown {
                UnknownIdType::Reject => return Err(unknown_type(schema, name)),
                UnknownIdType::Ignore => self.drop(id.given, Rule::UnknownTypeIgnored),
                UnknownIdType::DeclareSoft => {
                    id.id_type = declared_position(schema, name, &mut self.declared)?;
                    id.key = Key::new(u32::from(id.id_type), id.key.text);
                    self.because.add(Rule::UnknownTypeDeclared);
                    self.ids.push(id);
                }
            }
        }
        Ok(())
    }
}

#[cold]
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
        return Err(unknown_type(schema, name));
    }
    declared.push(name);
    Ok(position as u16)
}

#[cold]
fn unknown_type(schema: &IdSchema, name: &str) -> Rejection {
    Rejection::UnknownIdType {
        name: name.to_string(),
        known: schema.types().iter().map(|t| t.name.clone()).collect(),
    }
}
