//! One key per person, the strongest type. The current profile, that of the device, merges with the others of its key.
//! If it has another key, the user has switched: the device goes over to the profile of the new key.

use alloc::vec::Vec;

use super::super::{
    Because, DroppedBy, LedgerId, Owner, ProfileNumber, Verdict, property::PropertyRule,
    verdict::Dropped, view::View,
};
use super::switches::switches;
use crate::settings::switch;

switch! {
    /// Into whom profiles of the same key are folded.
    Master {
        /// Into the one that came first.
        EarliestFirstVisit = "earliest_first_visit",
        /// Into the current one.
        Current = "current",
    }
}

switch! {
    /// How many profiles one call may fold.
    Candidates {
        /// 50.
        Fifty = "fifty",
        /// Any number.
        All = "all",
    }
}

switches! {
    /// The same key merges, another switches the user.
    MergeKeySwitch {
        /// The master.
        master: Master,
        /// Which value of a property stays, unless it has a rule of its own.
        properties: PropertyRule,
        /// The cap.
        candidates: Candidates,
    }
}

/// The type that is the merge property.
const KEY: u8 = 0;
const CANDIDATES_MAX: usize = 50;

impl MergeKeySwitch {
    pub(super) fn decide(self, view: &View<'_>, ids: &[LedgerId]) -> Verdict {
        let Some((key, others)) = ids.split_first() else {
            return Verdict::nobody(Because::Missing);
        };
        if key.id_type != KEY {
            return current(view, ids);
        }
        let of_key = view.holder(*key);
        let mut verdict = Verdict::found_or_created(of_key, Because::OneKnown).with([*key]);
        // Every profile that goes into the one of this key, the current one last.
        let mut joining: Vec<ProfileNumber> = of_key.into_iter().collect();
        for id in others {
            let holder = view.holder(*id);
            let has_another_key = |profile| view.of_type(profile, KEY).any(|held| held != *key);
            match holder {
                None => verdict.attached.push(*id),
                Some(holder) if joining.contains(&holder) => {}
                Some(holder) if has_another_key(holder) => {
                    verdict.attached.push(*id);
                    verdict.because = Because::UserSwitched;
                }
                Some(_) if self.is_full(&joining) => {
                    let by = DroppedBy::CapOfCandidates;
                    verdict.dropped.push(Dropped { id: *id, by });
                }
                Some(holder) => joining.push(holder),
            }
        }
        self.joined(&joining, verdict)
    }

    fn is_full(self, joining: &[ProfileNumber]) -> bool {
        self.candidates == Candidates::Fifty && joining.len() > CANDIDATES_MAX
    }

    fn joined(self, joining: &[ProfileNumber], mut verdict: Verdict) -> Verdict {
        let master = match self.master {
            Master::EarliestFirstVisit => joining.iter().min(),
            Master::Current => joining.last(),
        };
        let Some(master) = master else {
            return verdict;
        };
        verdict.owner = Owner::Found(*master);
        let others = joining.iter().copied().filter(|one| one != master);
        verdict.absorbed.extend(others);
        if !verdict.absorbed.is_empty() {
            verdict.because = Because::Merged;
        } else if verdict.because == Because::NobodyKnown {
            verdict.because = Because::OneKnown;
        }
        verdict
    }
}

/// Without a key nothing merges: the call belongs to the first profile that is there.
fn current(view: &View<'_>, ids: &[LedgerId]) -> Verdict {
    let known = ids.iter().find_map(|id| view.holder(*id));
    let (fresh, held): (Vec<_>, Vec<_>) = ids.iter().copied().partition(|id| view.is_free(*id));
    let elsewhere = held.into_iter().filter(|id| view.holder(*id) != known);
    Verdict::found_or_created(known, Because::OneKnown)
        .with(fresh)
        .without(elsewhere, DroppedBy::NoJoin)
}
