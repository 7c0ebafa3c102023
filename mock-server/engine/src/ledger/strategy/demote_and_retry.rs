//! All profiles that the call reaches merge, if the result keeps the limits of every type.
//! If not, the weakest ID of the call is left out and the call is looked at again.

use alloc::vec::Vec;

use super::{
    super::{Because, LedgerId, Owner, Verdict, View},
    closure::too_many,
};

pub(super) fn decide(view: &View<'_>, ids: &[LedgerId]) -> Verdict {
    for length in (1..=ids.len()).rev() {
        let (kept, demoted) = ids.split_at(length);
        let reached = view.reached(kept);
        let fresh: Vec<LedgerId> = kept
            .iter()
            .copied()
            .filter(|id| view.holder(*id).is_none())
            .collect();
        let held = reached.iter().flat_map(|profile| view.ids_of(*profile));
        let adds_nothing = reached.len() == 1 && fresh.is_empty();
        if !adds_nothing && length > 1 && too_many(view, held.chain(&fresh).copied()) {
            continue;
        }
        let because = match (demoted.len(), reached.len()) {
            (0, 0 | 1) => Because::OneKnown,
            (0, _) => Because::Merged,
            _ => Because::Demoted,
        };
        let mut reached = reached.into_iter();
        return Verdict::found_or_created(reached.next(), because)
            .absorbing(reached)
            .with(fresh)
            .without(demoted.iter().copied());
    }
    Verdict::new(Owner::Nobody, Because::Missing)
}
