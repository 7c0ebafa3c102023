//! Connected components: what a call names together is one profile, the oldest going on.
//! With limits, a link is refused that would put too many values of one type into a profile.

use alloc::vec::Vec;

use super::super::{
    Because, DroppedBy, LedgerId, ProfileNumber, Verdict, property::PropertyRule, verdict::Dropped,
    view::View,
};
use super::{closure_pairs as pairs, demote_and_retry::free, switches::switches};
use crate::settings::switch;

switch! {
    /// Whether a profile may hold any number of values.
    Limits {
        /// The limit of each type; a type with 1 is a do-not-merge key: two values never join, none may.
        PerProfile = "per_profile",
        /// How many IDs of another type an ID may be linked with, in each direction: an e-mail with one user, a user with many.
        /// A batch run has no such limits.
        PerPair = "per_pair",
        /// No limit.
        Off = "off",
    }
}

switch! {
    /// When links are taken.
    Run {
        /// With every call, for ever.
        AsTheyCome = "as_they_come",
        /// The same, and a batch run puts all calls together anew.
        Batch = "batch",
    }
}

switch! {
    /// In which order a batch run takes links: whoever comes later may be refused.
    LinkOrder {
        /// Call by call, as each gives its IDs.
        Records = "records",
        /// The links of the strongest type first.
        KeyPriority = "key_priority",
    }
}

switch! {
    /// What a match of records does in a batch run.
    Matching {
        /// Whoever matches a member belongs to the group.
        Transitive = "transitive",
        /// Types are levels of rules; a record that matched at one level leaves the pool.
        Waterfall = "waterfall",
    }
}

switch! {
    /// How long a batch run goes on.
    Rounds {
        /// Until everything that belongs together is together.
        UntilClosed = "until_closed",
        /// Three rounds, each one link further; what is not reached by then is flagged.
        Three = "three",
    }
}

switches! {
    /// What was seen together is one profile, within limits.
    ClosureWithLimits {
        /// The limits.
        limits: Limits,
        /// Whether there are batch runs.
        run: Run,
        /// Their order of links.
        order: LinkOrder,
        /// Their kind of match.
        matching: Matching,
        /// Their end.
        rounds: Rounds,
        /// Which value stays.
        properties: PropertyRule,
    }
}

impl ClosureWithLimits {
    pub(super) fn decide(self, view: &View<'_>, ids: &[LedgerId]) -> Verdict {
        if ids.is_empty() {
            return Verdict::nobody(Because::Missing);
        }
        match self.limits {
            Limits::Off => all_together(view, ids),
            Limits::PerPair => pairs::decide(view, ids),
            Limits::PerProfile => within_limits(view, ids),
        }
    }
}

fn within_limits(view: &View<'_>, ids: &[LedgerId]) -> Verdict {
    let mut joined = Joined::default();
    let mut dropped = Vec::new();
    for (place, id) in ids.iter().enumerate() {
        if place > 0 && joined.breaks_a_limit(view, *id) {
            let by = DroppedBy::Limit;
            dropped.push(Dropped { id: *id, by });
        } else {
            joined.add(view, *id);
        }
    }
    joined.profiles.sort_unstable();
    let mut profiles = joined.profiles.into_iter();
    let oldest = profiles.next();
    let because = match (profiles.len(), dropped.len()) {
        (0, 0) => Because::OneKnown,
        (_, 0) => Because::Merged,
        _ => Because::MergeRefused,
    };
    let mut verdict = Verdict::found_or_created(oldest, because)
        .absorbing(profiles)
        .with(joined.fresh);
    verdict.dropped = dropped;
    verdict
}

/// Every profile that the IDs reach becomes part of the oldest, and the rest is attached to it.
pub(super) fn all_together(view: &View<'_>, ids: &[LedgerId]) -> Verdict {
    let mut reached = view.reached(ids).into_iter();
    let oldest = reached.next();
    let because = if reached.len() > 0 {
        Because::Merged
    } else {
        Because::OneKnown
    };
    Verdict::found_or_created(oldest, because)
        .absorbing(reached)
        .with(free(view, ids))
}

/// What the links taken so far come to.
#[derive(Default)]
struct Joined {
    profiles: Vec<ProfileNumber>,
    fresh: Vec<LedgerId>,
}

impl Joined {
    fn add(&mut self, view: &View<'_>, id: LedgerId) {
        match view.holder(id) {
            None => self.fresh.push(id),
            Some(profile) if self.profiles.contains(&profile) => {}
            Some(profile) => self.profiles.push(profile),
        }
    }

    fn breaks_a_limit(&self, view: &View<'_>, id: LedgerId) -> bool {
        let holder = view.holder(id);
        if holder.is_some_and(|profile| self.profiles.contains(&profile)) {
            return false;
        }
        let comes = holder.into_iter().flat_map(|profile| view.ids_of(profile));
        let comes = comes.chain(holder.is_none().then_some(id));
        let own = self.profiles.iter();
        let own = own.flat_map(|profile| view.ids_of(*profile));
        let all = own.chain(self.fresh.iter().copied()).chain(comes);
        counted(all, &mut Counts::default()).any(|(id, count)| count > view.kind(id).limit)
    }
}

/// How many IDs of each type there were.
pub(super) struct Counts([u32; 256]);

impl Default for Counts {
    fn default() -> Self {
        Self([0; 256])
    }
}

/// The IDs, each once, with how many of its type there were by then.
pub(super) fn counted(
    ids: impl Iterator<Item = LedgerId>,
    counts: &mut Counts,
) -> impl Iterator<Item = (LedgerId, u32)> {
    ids.map(|id| {
        let count = &mut counts.0[usize::from(id.id_type)];
        *count += 1;
        (id, *count)
    })
}
