//! The identity layer never guesses: a call belongs to its strongest ID, and only a caller joins two.
//! Who goes on is named; a source or a target that is missing is refused as success, with a warning.

use super::{
    super::{Because, LedgerId, Owner, Verdict, View},
    never_merge,
};

pub(super) fn decide(view: &View<'_>, ids: &[LedgerId]) -> Verdict {
    let mut verdict = never_merge::decide(view, ids);
    // An ID that nobody holds is a field of the profile; one that somebody holds stays there.
    let is_fresh = |id: &LedgerId| view.holder(*id).is_none();
    let fresh = verdict.dropped.iter().copied().filter(is_fresh);
    verdict.attached.extend(fresh);
    verdict.dropped.retain(|id| !is_fresh(id));
    verdict
}

pub(super) fn link(view: &View<'_>, source: LedgerId, target: LedgerId) -> Verdict {
    match (view.holder(source), view.holder(target)) {
        (Some(from), Some(to)) if from != to => {
            let mut verdict = Verdict::new(Owner::Found(to), Because::Merged).absorbing([from]);
            // The source is gone: its name leads nowhere, and its other IDs go along.
            verdict.released.push(source);
            verdict
        }
        (Some(_), Some(to)) => Verdict::new(Owner::Found(to), Because::OneKnown),
        _ => Verdict::new(Owner::Nobody, Because::Missing),
    }
}

pub(super) fn not_applicable() -> Verdict {
    Verdict::new(Owner::Nobody, Because::NotApplicable)
}
