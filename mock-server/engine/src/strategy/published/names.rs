//! The IDs that a ledger was ever told of, by number: a ledger compares numbers, a project texts.
//! Numbers are given in the order in which IDs were first seen, and never again.

use alloc::{boxed::Box, vec::Vec};
use core::hash::{BuildHasher, Hasher};
use foldhash::fast::FixedState;
use hashbrown::HashTable;

use crate::{
    decision::Displaced,
    ids::{IdKind, IdSchema},
    ledger::LedgerId,
};

const HASH: FixedState = FixedState::with_seed(0x6e61_6d65);

/// A type by its place in the schema, and a value.
#[derive(Clone, Debug)]
struct Name {
    id_type: u16,
    text: Box<str>,
}

/// The names of types: those of the schema, then those that the call declares.
#[derive(Clone, Copy)]
pub(super) struct TypeNames<'t> {
    pub(super) schema: &'t IdSchema,
    pub(super) declared: &'t [&'t str],
}

impl<'t> TypeNames<'t> {
    fn at(self, position: u16) -> &'t str {
        let (position, known) = (usize::from(position), self.schema.types());
        match known.get(position) {
            Some(id_type) => &id_type.name,
            None => self
                .declared
                .get(position - known.len())
                .copied()
                .unwrap_or_default(),
        }
    }
}

/// Every ID by number.
#[derive(Clone, Debug, Default)]
pub(super) struct IdNames {
    /// The place of each type of the schema in the order of priority: hard types before soft ones.
    ranks: Vec<u8>,
    names: Vec<Name>,
    index: HashTable<u32>,
}

impl IdNames {
    pub(super) fn new(schema: &IdSchema) -> Self {
        let types = schema.types();
        let of_kind = |kind| (0..types.len()).filter(move |place| types[*place].kind == kind);
        let mut ranks = alloc::vec![0; types.len()];
        let by_priority = of_kind(IdKind::Hard).chain(of_kind(IdKind::Soft));
        for (rank, place) in by_priority.enumerate() {
            ranks[place] = u8::try_from(rank).unwrap_or(u8::MAX);
        }
        Self {
            ranks,
            ..Self::default()
        }
    }

    /// The number of an ID, a new one if it was never seen.
    pub(super) fn number(&mut self, id_type: u16, text: &str) -> LedgerId {
        let hash = hash(id_type, text);
        let known = self
            .index
            .find(hash, |number| self.is(*number, id_type, text));
        let value = known.copied().unwrap_or_else(|| {
            // A ledger counts in 32 bits, as the store does; the store asserts that it never holds more.
            let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
            let names = &mut self.names;
            names.push(Name {
                id_type,
                text: text.into(),
            });
            self.index.insert_unique(hash, number, |number| {
                let name = &names[*number as usize];
                self::hash(name.id_type, &name.text)
            });
            number
        });
        self.id(id_type, value)
    }

    /// The number of an ID that was seen.
    pub(super) fn known(&self, id_type: u16, text: &str) -> Option<LedgerId> {
        let is = |number: &u32| self.is(*number, id_type, text);
        let value = *self.index.find(hash(id_type, text), is)?;
        Some(self.id(id_type, value))
    }

    /// The ID of this number.
    pub(super) fn numbered(&self, value: u32) -> LedgerId {
        self.id(self.names[value as usize].id_type, value)
    }

    /// The place of an ID's type in the schema, and its value.
    pub(super) fn text(&self, id: LedgerId) -> (u16, &str) {
        let name = &self.names[id.value as usize];
        (name.id_type, &name.text)
    }

    /// The ID as a decision names it.
    pub(super) fn named(&self, types: TypeNames<'_>, id: LedgerId) -> Displaced {
        let (id_type, value) = self.text(id);
        Displaced {
            id_type: types.at(id_type).into(),
            value: value.into(),
        }
    }

    /// Every ID that was ever seen.
    pub(super) fn all(&self) -> impl Iterator<Item = LedgerId> + '_ {
        let names = self.names.iter().zip(0..);
        names.map(|(name, value)| self.id(name.id_type, value))
    }

    fn is(&self, number: u32, id_type: u16, text: &str) -> bool {
        let name = &self.names[number as usize];
        name.id_type == id_type && *name.text == *text
    }

    fn id(&self, id_type: u16, value: u32) -> LedgerId {
        // A type that a call declared comes after all others.
        let declared = || u8::try_from(id_type).unwrap_or(u8::MAX);
        let rank = self.ranks.get(usize::from(id_type)).copied();
        LedgerId {
            id_type: rank.unwrap_or_else(declared),
            value,
        }
    }
}

fn hash(id_type: u16, text: &str) -> u64 {
    let mut hasher = HASH.build_hasher();
    hasher.write_u16(id_type);
    hasher.write(text.as_bytes());
    hasher.finish()
}
