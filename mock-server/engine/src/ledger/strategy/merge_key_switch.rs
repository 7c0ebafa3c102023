//! One key per person. The current profile, that of the device, merges with the others of the same key.
//! If it has another key, the user has switched: the device goes over to the profile of the new key.

use super::super::{Because, LedgerId, Owner, Verdict, View};

/// The strongest type is the merge property.
const KEY: u8 = 0;

pub(super) fn decide(view: &View<'_>, ids: &[LedgerId]) -> Verdict {
    let Some(key) = ids.first().copied() else {
        return Verdict::new(Owner::Nobody, Because::Missing);
    };
    if key.id_type != KEY {
        return current(view, ids);
    }
    let others = ids.iter().copied().filter(|id| *id != key);
    let mut of_key = view.holder(key);
    let mut verdict = Verdict::found_or_created(of_key, Because::OneKnown).with([key]);
    for id in others {
        let Some(current) = view.holder(id).filter(|current| Some(*current) != of_key) else {
            if view.holder(id).is_none() {
                verdict.attached.push(id);
            }
            continue;
        };
        let is_another = view.of_type(current, key.id_type).next().is_some();
        match of_key {
            _ if is_another => {
                verdict.attached.push(id);
                verdict.because = Because::UserSwitched;
            }
            None => {
                of_key = Some(current);
                verdict.owner = Owner::Found(current);
                verdict.because = Because::OneKnown;
            }
            // The master is the one with the earliest first visit.
            Some(master) if master < current => {
                verdict.absorbed.push(current);
                verdict.because = Because::Merged;
            }
            Some(master) => {
                verdict.absorbed.push(master);
                of_key = Some(current);
                verdict.owner = Owner::Found(current);
                verdict.because = Because::Merged;
            }
        }
    }
    verdict
}

/// Without a key nothing merges: the call belongs to the first profile that is there.
fn current(view: &View<'_>, ids: &[LedgerId]) -> Verdict {
    let known = ids.iter().find_map(|id| view.holder(*id));
    let (fresh, held): (alloc::vec::Vec<_>, alloc::vec::Vec<_>) = ids
        .iter()
        .copied()
        .partition(|id| view.holder(*id).is_none());
    let elsewhere = held.into_iter().filter(|id| view.holder(*id) != known);
    Verdict::found_or_created(known, Because::OneKnown)
        .with(fresh)
        .without(elsewhere)
}
