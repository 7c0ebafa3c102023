//! A stitched profile is a new one, rebuilt by replaying what its members did; the members themselves are not reached any more.
//! Only so many of the newest events are replayed: older ones stay behind.

use alloc::vec::Vec;

use super::super::{Because, History, LedgerId, Owner, ProfileNumber, Verdict, view::View};
use super::{demote_and_retry::free, switches::switches};
use crate::settings::switch;

switch! {
    /// How many events are replayed.
    Replayed {
        /// The newest 1,500.
        Newest1500 = "newest_1500",
        /// All.
        All = "all",
    }
}

switches! {
    /// What is seen together is replayed into a new profile.
    ReplayRebuild {
        /// How much of the past.
        replayed: Replayed,
    }
}

pub(super) const REPLAYED_MAX: u32 = 1_500;

impl ReplayRebuild {
    pub(super) fn decide(self, view: &View<'_>, ids: &[LedgerId]) -> Verdict {
        if ids.is_empty() {
            return Verdict::nobody(Because::Missing);
        }
        let reached = view.reached(ids);
        let fresh = free(view, ids);
        if reached.len() < 2 {
            let known = reached.first().copied();
            return Verdict::found_or_created(known, Because::OneKnown).with(fresh);
        }
        let mut verdict = Verdict::new(Owner::Created, Because::Merged)
            .absorbing(reached.iter().copied())
            .with(fresh);
        if self.replayed == Replayed::Newest1500 {
            verdict.history = newest(view, &reached);
        }
        verdict
    }
}

fn newest(view: &View<'_>, reached: &[ProfileNumber]) -> History {
    let calls = reached.iter();
    let calls = calls.flat_map(|profile| view.books.calls_of(*profile));
    let mut events: Vec<u32> = calls
        .filter_map(|call| view.books.log().event(*call))
        .collect();
    let Some(too_many) = events.len().checked_sub(REPLAYED_MAX as usize) else {
        return History::Moves;
    };
    let (_, first, _) = events.select_nth_unstable(too_many);
    History::MovesFrom(*first)
}
