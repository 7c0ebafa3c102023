//! One type is unique. Profiles without a conflict in it merge into the oldest.
//! A conflict gives the call a profile of its own to which its weaker IDs point as well: no guess is made from then on.

use alloc::vec::Vec;

use super::super::{Because, LedgerId, Owner, ProfileNumber, Verdict, View};

/// The strongest type is the unique one.
const UNIQUE: u8 = 0;

pub(super) fn decide(view: &View<'_>, ids: &[LedgerId]) -> Verdict {
    let is_clear = |id: &LedgerId| view.books.fork(*id).is_none();
    let clear: Vec<LedgerId> = ids.iter().copied().filter(is_clear).collect();
    if clear.is_empty() {
        return ids.first().map_or_else(
            || Verdict::new(Owner::Nobody, Because::Missing),
            |id| placeholder(view, *id),
        );
    }
    let unique = ids.first().copied().filter(|id| id.id_type == UNIQUE);
    let reached = view.reached(&clear);
    if let Some(unique) = unique {
        let conflicts =
            |profile: &ProfileNumber| view.of_type(*profile, UNIQUE).any(|held| held != unique);
        if reached
            .iter()
            .any(|profile| view.holder(unique) != Some(*profile) && conflicts(profile))
        {
            return forked(view, unique, &clear);
        }
    } else if has_two_people(view, &reached) {
        return Verdict::new(Owner::Found(reached[0]), Because::Ambiguous).without(
            clear
                .iter()
                .copied()
                .filter(|id| view.holder(*id) != Some(reached[0])),
        );
    }
    let because = if reached.len() > 1 {
        Because::Merged
    } else {
        Because::OneKnown
    };
    let mut reached = reached.into_iter();
    Verdict::found_or_created(reached.next(), because)
        .absorbing(reached)
        .with(clear.into_iter().filter(|id| view.holder(*id).is_none()))
}

fn has_two_people(view: &View<'_>, reached: &[ProfileNumber]) -> bool {
    let mut people = reached
        .iter()
        .flat_map(|profile| view.of_type(*profile, UNIQUE));
    let first = people.next();
    first.is_some() && people.next().is_some()
}

/// The profile of the unique value; every other ID of the call that others hold points to both.
fn forked(view: &View<'_>, unique: LedgerId, clear: &[LedgerId]) -> Verdict {
    let own = view.holder(unique);
    let mut verdict = Verdict::found_or_created(own, Because::Forked).with([unique]);
    verdict.because = Because::Forked;
    for id in clear.iter().filter(|id| **id != unique) {
        match view.holder(*id) {
            None => verdict.attached.push(*id),
            Some(holder) if Some(holder) == own => {}
            Some(_) => verdict.forked.push(*id),
        }
    }
    verdict
}

fn placeholder(view: &View<'_>, id: LedgerId) -> Verdict {
    let stands = view.books.fork(id).flatten();
    let mut verdict = Verdict::found_or_created(stands, Because::Ambiguous);
    verdict.because = Because::Ambiguous;
    if stands.is_none() {
        verdict.stands_for = Some(id);
    }
    verdict
}
