//! What a ledger knows of its world beforehand: the types of IDs in their order of priority, with their limits,
//! and the properties that are treated in a way of their own.

use alloc::{boxed::Box, vec::Vec};

use super::{
    LedgerId,
    property::{Empty, PropertyRule},
};

/// One type of IDs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedgerType {
    /// It names a person, not a device: a log-in.
    pub is_hard: bool,
    /// How many values of it one profile may hold, where the strategy limits that. A type with 1 is unique.
    pub limit: u32,
}

/// A property with a rule of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedProperty {
    /// Its name.
    pub name: Box<str>,
    /// Which value stays when two profiles become one.
    pub rule: PropertyRule,
    /// What counts as no value there.
    pub empty: Empty,
}

/// The world of a ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerSettings {
    /// The strongest first; hard types stand before soft types.
    pub types: Vec<LedgerType>,
    /// Those whose rule differs from the strategy's.
    pub properties: Vec<NamedProperty>,
    /// The limit of every type that is none of these and so is soft; none if left out.
    pub limit_of_others: Option<u32>,
}

impl LedgerSettings {
    /// Only types.
    pub fn of_types(types: Vec<LedgerType>) -> Self {
        Self {
            types,
            ..Self::default()
        }
    }

    pub(super) fn kind(&self, id: LedgerId) -> LedgerType {
        let unknown = LedgerType {
            is_hard: false,
            limit: self.limit_of_others.unwrap_or(u32::MAX),
        };
        let kind = self.types.get(usize::from(id.id_type));
        kind.copied().unwrap_or(unknown)
    }
}
