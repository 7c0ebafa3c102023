//! One type is unique, the strongest. Profiles without a conflict in it merge into the oldest.
//! A conflict gives the call a profile of its own to which its weaker IDs point as well: no guess is made from then on.

use alloc::vec::Vec;

use super::super::{Because, DroppedBy, LedgerId, Owner, ProfileNumber, Verdict, view::View};
use super::{closure::all_together, switches::switches};
use crate::settings::switch;

switch! {
    /// Whose a call is that has nothing but IDs of several people.
    AmbiguousCall {
        /// A placeholder's, the same each time.
        Placeholder = "placeholder",
        /// The oldest of them: a guess that the published rules do not make.
        Oldest = "oldest",
    }
}

switch! {
    /// Whether a type is unique.
    UniqueType {
        /// The strongest.
        Strongest = "strongest",
        /// None, so that nothing conflicts.
        None = "none",
    }
}

switches! {
    /// The older profile survives; another unique ID makes a profile of its own that shares the weaker IDs.
    OldestWinsFork {
        /// The unique type.
        unique: UniqueType,
        /// Calls without a clear ID.
        ambiguous: AmbiguousCall,
    }
}

const UNIQUE: u8 = 0;

impl OldestWinsFork {
    pub(super) fn decide(self, view: &View<'_>, ids: &[LedgerId]) -> Verdict {
        let (shared, clear): (Vec<LedgerId>, Vec<LedgerId>) = ids
            .iter()
            .copied()
            .partition(|id| view.books.is_shared(*id));
        let mut verdict = if clear.is_empty() {
            shared.first().map_or_else(
                || Verdict::nobody(Because::Missing),
                |id| self.unclear(view, *id),
            )
        } else {
            self.of_clear(view, &clear)
        };
        // A call that says who it is makes its shared IDs point to that person too.
        if clear.iter().any(|id| self.is_unique(*id)) {
            let owner = verdict.found();
            let is_new = |id: &&LedgerId| {
                owner.is_none_or(|owner| !view.books.holders(**id).contains(&owner))
            };
            let others = shared.iter().filter(is_new);
            verdict.shared.extend(others);
        }
        verdict.ambiguous = shared;
        verdict
    }

    fn is_unique(self, id: LedgerId) -> bool {
        self.unique == UniqueType::Strongest && id.id_type == UNIQUE
    }

    fn of_clear(self, view: &View<'_>, clear: &[LedgerId]) -> Verdict {
        let unique = clear.iter().copied().find(|id| self.is_unique(*id));
        let reached = view.reached(clear);
        let uniques = |profile: &ProfileNumber| {
            let held = view.of_type(*profile, UNIQUE);
            held.filter(|_| self.unique == UniqueType::Strongest)
        };
        if let Some(unique) = unique {
            let conflicts = |profile: &ProfileNumber| uniques(profile).any(|held| held != unique);
            if reached
                .iter()
                .any(|profile| view.holder(unique) != Some(*profile) && conflicts(profile))
            {
                return forked(view, unique, clear);
            }
        } else if reached.iter().flat_map(uniques).nth(1).is_some() {
            let oldest = reached.first().copied();
            let others = clear.iter().copied();
            let others = others.filter(|id| view.holder(*id) != oldest);
            return Verdict::found_or_created(oldest, Because::Ambiguous)
                .without(others, DroppedBy::AnotherPersons);
        }
        all_together(view, clear)
    }

    fn unclear(self, view: &View<'_>, id: LedgerId) -> Verdict {
        if self.ambiguous == AmbiguousCall::Oldest {
            let oldest = view.books.holders(id).first().copied();
            return Verdict::found_or_created(oldest, Because::Ambiguous);
        }
        let stands = view.books.placeholder(id);
        let mut verdict = Verdict::found_or_created(stands, Because::Ambiguous);
        if verdict.owner == Owner::Created {
            verdict.stands_for = Some(id);
        }
        verdict
    }
}

/// The profile of the unique value; every other ID of the call that others hold points to both.
fn forked(view: &View<'_>, unique: LedgerId, clear: &[LedgerId]) -> Verdict {
    let own = view.holder(unique);
    let mut verdict = Verdict::found_or_created(own, Because::Forked).with([unique]);
    for id in clear.iter().filter(|id| **id != unique) {
        match view.holder(*id) {
            None => verdict.attached.push(*id),
            Some(holder) if Some(holder) == own => {}
            Some(_) => verdict.shared.push(*id),
        }
    }
    verdict
}
