//! Merge strategies: each reads the project and the IDs of a call and returns a decision.
//! One file per strategy; the choice is closed.

mod engagement;
mod person;

use smallvec::SmallVec;

use crate::{
    command::Rejection,
    decision::Decision,
    ids::{IdKind, IdSchema, ReadId, ReadIds},
    settings::{Switches, switch},
    store::{IdAt, Store},
};

switch! {
    /// How calls are turned into decisions.
    Strategy {
        /// Bloomreach Engagement as documented (`semantics.md`, section 3).
        Engagement = "engagement",
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

impl Strategy {
    /// Decides what a call does to identities. Reads all, changes nothing.
    pub(crate) fn decide(self, view: View<'_>, call: &Call<'_, '_>) -> Result<Decision, Rejection> {
        match self {
            Self::Engagement => engagement::decide(view, call),
        }
    }
}
