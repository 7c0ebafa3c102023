//! Merge strategies: each reads the project and the IDs of a call and returns a decision.
//! Engagement's rules are written here; the published ones keep a ledger, whose verdicts are told as decisions.

pub(crate) mod engagement;
mod person;
pub(crate) mod published;

use alloc::{format, string::String};

use smallvec::SmallVec;

use crate::{
    ids::{IdKind, IdSchema, ReadId, ReadIds},
    ledger::LedgerStrategy,
    settings::Switches,
    store::{IdAt, Store},
};

/// How many ID types a ledger tells apart.
const LEDGER_TYPES_MAX: usize = u8::MAX as usize;

/// How calls are turned into decisions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Strategy {
    /// Bloomreach Engagement as documented (`semantics.md`, section 3).
    #[default]
    Engagement,
    /// Another one, as published.
    Published(LedgerStrategy),
}

impl Strategy {
    /// Every choice, the default first.
    pub const ALL: &[Self] = &{
        let mut all = [Self::Engagement; LedgerStrategy::ALL.len() + 1];
        let mut place = 0;
        while place < LedgerStrategy::ALL.len() {
            all[place + 1] = Self::Published(LedgerStrategy::ALL[place]);
            place += 1;
        }
        all
    };

    /// The choice as it is written in settings.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Engagement => "engagement",
            Self::Published(strategy) => strategy.slug(),
        }
    }

    /// Whether a project with these ID types can answer by it; if not, why.
    pub fn takes(self, schema: &IdSchema) -> Result<(), String> {
        let (types, most) = (schema.types().len(), LEDGER_TYPES_MAX);
        match self {
            Self::Published(strategy) if types > most => Err(format!(
                "`{}` tells at most {most} ID types apart, the project has {types}; leave some out",
                strategy.slug()
            )),
            _ => Ok(()),
        }
    }

    /// The choice that is written so.
    pub fn from_slug(slug: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|choice| choice.slug() == slug)
    }
}

/// What a strategy may read of a project.
#[derive(Clone, Copy)]
pub(crate) struct View<'p> {
    pub(crate) store: &'p Store,
    pub(crate) schema: &'p IdSchema,
    pub(crate) switches: Switches,
}

/// The IDs of a command that take part, in schema order, with those who hold them.
pub(crate) struct Call<'c, 'a> {
    pub(crate) ids: &'c [ReadId<'a>],
    /// Names of soft types that the call declares; their positions follow the schema's.
    pub(crate) declared: &'c [&'a str],
    pub(crate) found: Found,
}

/// For each ID of a call, where it stands and who holds it.
pub(crate) type Found = SmallVec<[Option<(IdAt, u32)>; 4]>;

impl<'c, 'a> Call<'c, 'a> {
    /// Looks up every ID.
    pub(crate) fn look_up(read: &'c ReadIds<'a>, store: &Store) -> Self {
        let found = read
            .ids
            .iter()
            .map(|id| {
                let at = store.ids.find(id.id_type, &id.key)?;
                Some((at, store.owner(at)))
            })
            .collect();
        Self {
            ids: &read.ids,
            declared: &read.declared,
            found,
        }
    }

    /// The one customer who holds every ID of the call.
    pub(crate) fn only_owner(&self) -> Option<u32> {
        let (_, owner) = (*self.found.first()?)?;
        let all = self
            .found
            .iter()
            .all(|found| matches!(found, Some((_, other)) if *other == owner));
        all.then_some(owner)
    }

    pub(crate) fn has_hard(&self) -> bool {
        self.ids.iter().any(|id| id.kind == IdKind::Hard)
    }
}
