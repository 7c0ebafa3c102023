//! All profiles that the call reaches merge, if the result keeps the limits of every type.
//! If not, the weakest ID of the call is left out and the call is looked at again.

use alloc::vec::Vec;

use super::super::{Because, DroppedBy, LedgerId, ProfileNumber, Verdict, view::View};
use super::{
    closure::{Counts, counted},
    switches::switches,
};
use crate::settings::switch;

switch! {
    /// How long a value of a soft type counts against the limit of its type; one of a hard type counts for ever.
    LimitWindow {
        /// For ever.
        ForEver = "for_ever",
        /// A day.
        Day = "day",
        /// Seven days.
        Week = "week",
        /// Thirty days.
        Month = "month",
        /// 365 days.
        Year = "year",
    }
}

switch! {
    /// How large a profile may grow. What is too much is left out, and the caller does not hear of it.
    Caps {
        /// 100 merges and 1,000 mappings.
        Published = "published",
        /// As large as it comes.
        Off = "off",
    }
}

switch! {
    /// Values that are never taken for an ID.
    Blocked {
        /// Words that stand for nobody, and patterns such as all zeros or dashes.
        Published = "published",
        /// None but blanks.
        OnlyBlanks = "only_blanks",
    }
}

switches! {
    /// The weakest IDs of a call give way until the profile keeps its limits. The priority is the order of the types.
    DemoteAndRetry {
        /// The limits' window.
        window: LimitWindow,
        /// The hard caps.
        caps: Caps,
        /// The block list.
        blocked: Blocked,
    }
}

/// How many profiles may become part of one.
const MERGES_MAX: u32 = 100;
/// How many IDs a profile may hold.
const MAPPINGS_MAX: usize = 1_000;

const WORDS: [&str; 7] = [
    "null",
    "none",
    "undefined",
    "unknown",
    "anonymous",
    "n/a",
    "never",
];

impl LimitWindow {
    fn days(self) -> Option<u32> {
        match self {
            Self::ForEver => None,
            Self::Day => Some(1),
            Self::Week => Some(7),
            Self::Month => Some(30),
            Self::Year => Some(365),
        }
    }
}

impl DemoteAndRetry {
    pub(super) fn refuses(self, value: &str) -> bool {
        let value = value.trim();
        let is_pattern = value.chars().all(|letter| matches!(letter, '0' | '-'));
        let is_word = WORDS.iter().any(|word| word.eq_ignore_ascii_case(value));
        value.is_empty() || self.blocked == Blocked::Published && (is_pattern || is_word)
    }

    pub(super) fn decide(self, view: &View<'_>, ids: &[LedgerId]) -> Verdict {
        for length in (1..=ids.len()).rev() {
            let (kept, demoted) = ids.split_at(length);
            let reached = view.reached(kept);
            let fresh: Vec<LedgerId> = free(view, kept);
            let adds_nothing = reached.len() == 1 && fresh.is_empty();
            if !adds_nothing && length > 1 && self.is_too_much(view, &reached, &fresh) {
                continue;
            }
            let because = match (demoted.len(), reached.len()) {
                (0, 0 | 1) => Because::OneKnown,
                (0, _) => Because::Merged,
                _ => Because::Demoted,
            };
            let mut others = reached.iter().copied();
            let verdict = Verdict::found_or_created(others.next(), because)
                .absorbing(others)
                .with(fresh)
                .without(demoted.iter().copied(), DroppedBy::Limit);
            return self.capped(view, kept, verdict);
        }
        Verdict::nobody(Because::Missing)
    }

    fn is_too_much(self, view: &View<'_>, reached: &[ProfileNumber], fresh: &[LedgerId]) -> bool {
        let since = self.window.days().map(|days| view.days_ago(days));
        let holdings = reached.iter().flat_map(|profile| view.holdings(*profile));
        let counts = |holding: &&super::super::books::Holding| {
            view.is_hard(holding.id) || since.is_none_or(|since| holding.since > since)
        };
        let held = holdings.filter(counts).map(|holding| holding.id);
        counted(held.chain(fresh.iter().copied()), &mut Counts::default())
            .any(|(id, count)| count > view.kind(id).limit)
    }

    /// A full profile takes nothing more; the event still resolves to the profile of its strongest ID.
    fn capped(self, view: &View<'_>, kept: &[LedgerId], mut verdict: Verdict) -> Verdict {
        let Some(owner) = verdict.found().filter(|_| self.caps == Caps::Published) else {
            return verdict;
        };
        let joined = core::iter::once(&owner).chain(&verdict.absorbed);
        let merges: u32 = joined.map(|profile| view.books.merges(*profile)).sum();
        let new = u32::try_from(verdict.absorbed.len()).unwrap_or(u32::MAX);
        if new > 0 && merges.saturating_add(new) > MERGES_MAX {
            let strongest = kept.iter().find_map(|id| view.holder(*id));
            let others = kept.iter().copied();
            let others = others.filter(|id| !view.is_free(*id) && view.holder(*id) != strongest);
            let mut capped = Verdict::found_or_created(strongest, Because::CapReached);
            // What was demoted before stays left out.
            capped.dropped = verdict.dropped;
            return capped
                .without(others, DroppedBy::CapOfMerges)
                .without(free(view, kept), DroppedBy::CapOfMerges);
        }
        let held: usize = core::iter::once(&owner)
            .chain(&verdict.absorbed)
            .map(|profile| view.holdings(*profile).len())
            .sum();
        let room = MAPPINGS_MAX
            .saturating_sub(held)
            .min(verdict.attached.len());
        let too_many = verdict.attached.split_off(room);
        if !too_many.is_empty() {
            verdict.because = Because::CapReached;
        }
        verdict.without(too_many, DroppedBy::CapOfMappings)
    }
}

/// Those of the IDs that nobody holds.
pub(super) fn free(view: &View<'_>, ids: &[LedgerId]) -> Vec<LedgerId> {
    let ids = ids.iter().copied();
    ids.filter(|id| view.is_free(*id)).collect()
}
