//! A look-up, not a merge: each call is answered with one profile, type by type in the order of priority.
//! A profile with a log-in is found only by that log-in; the modes differ in what a new log-in and a log-out lead to.

use alloc::vec::Vec;

use smallvec::SmallVec;

use super::super::{
    Because, Copied, Deferred, DroppedBy, Due, LedgerId, Owner, ProfileNumber, Unlinked, Verdict,
    Waiting, view::View,
};
use super::switches::switches;
use crate::{settings::switch, time::Timestamp};

switch! {
    /// What a new log-in does with the anonymous profile.
    LookupMode {
        /// It is written onto it; log-out gives a fresh one.
        Conversion = "conversion",
        /// It gets a profile of its own, and the anonymous one is left for good.
        Link = "link",
        /// It gets a profile of its own, and the anonymous one waits for the log-out.
        Isolation = "isolation",
        /// No type is a log-in and none is unique: the first profile found takes every value.
        BestMatch = "best_match",
    }
}

switch! {
    /// When a copy of the past takes place.
    AliasDelay {
        /// After 24 hours.
        Day = "day",
        /// At once.
        None = "none",
    }
}

switch! {
    /// How far back a copy may reach.
    AliasWindow {
        /// 90 days.
        NinetyDays = "ninety_days",
        /// As far as asked.
        AsAsked = "as_asked",
    }
}

switches! {
    /// One answer by priority. Hard types are log-ins; a type with a limit of 1 is unique.
    PriorityLookup {
        /// What log-in and log-out do.
        mode: LookupMode,
        /// When an alias takes place.
        alias_delay: AliasDelay,
        /// How far back an alias reaches.
        alias_window: AliasWindow,
    }
}

const ALIAS_DELAY_HOURS: u32 = 24;
const ALIAS_WINDOW_DAYS: u32 = 90;

type Candidates = SmallVec<[ProfileNumber; 4]>;

impl PriorityLookup {
    pub(super) fn decide(self, view: &View<'_>, ids: &[LedgerId]) -> Verdict {
        if ids.is_empty() {
            return Verdict::nobody(Because::Missing);
        }
        let (logins, others): (Vec<LedgerId>, Vec<LedgerId>) =
            ids.iter().copied().partition(|id| self.is_login(view, *id));
        let found = self.look_up(view, ids, &logins);
        let is_new_login = !logins.is_empty() && !found.is_some_and(|one| self.is_known(view, one));
        let owner = match self.mode {
            LookupMode::Link | LookupMode::Isolation if is_new_login => None,
            _ => found,
        };
        let mut verdict = Verdict::found_or_created(owner, Because::LookedUp);
        let fresh = logins.into_iter().filter(|id| view.is_free(*id));
        let has_room = |id: &LedgerId| {
            let mut held = owner
                .into_iter()
                .flat_map(|one| view.of_type(one, id.id_type));
            !view.is_unique(*id) || held.next().is_none()
        };
        let (fresh, too_many): (Vec<_>, Vec<_>) = fresh.partition(has_room);
        verdict.attached = fresh;
        verdict = verdict.without(too_many, DroppedBy::Limit);
        let is_logged_in =
            !verdict.attached.is_empty() || owner.is_some_and(|one| self.is_known(view, one));
        for id in others {
            self.take_other(view, id, is_logged_in, &mut verdict);
        }
        verdict
    }

    fn is_login(self, view: &View<'_>, id: LedgerId) -> bool {
        self.mode != LookupMode::BestMatch && view.is_hard(id)
    }

    fn is_known(self, view: &View<'_>, profile: ProfileNumber) -> bool {
        self.mode != LookupMode::BestMatch && view.has_hard(profile)
    }

    /// Type by type; what several profiles have, the next type decides, and the oldest if none does.
    fn look_up(
        self,
        view: &View<'_>,
        ids: &[LedgerId],
        logins: &[LedgerId],
    ) -> Option<ProfileNumber> {
        let mut candidates = Candidates::new();
        for id in ids {
            let mut reached = view.books.holders(*id);
            reached.retain(|one| {
                !self.is_known(view, *one)
                    || logins.iter().any(|login| view.holder(*login) == Some(*one))
            });
            if candidates.is_empty() {
                candidates = reached;
            } else if candidates.iter().any(|one| reached.contains(one)) {
                candidates.retain(|one| reached.contains(one));
            }
            if candidates.len() == 1 {
                break;
            }
        }
        candidates.first().copied()
    }

    /// What the call brings beside its log-ins.
    fn take_other(self, view: &View<'_>, id: LedgerId, is_logged_in: bool, verdict: &mut Verdict) {
        let holders = view.books.holders(id);
        let is_own = verdict.found().is_some_and(|own| holders.contains(&own));
        let is_anonymous = |one: &ProfileNumber| !self.is_known(view, *one);
        match self.mode {
            // What led from the device to its anonymous profile ends with the log-in.
            LookupMode::Link if is_logged_in && holders.iter().any(is_anonymous) => {
                verdict.released.push(id);
            }
            LookupMode::Link | LookupMode::Isolation if is_logged_in && !view.is_unique(id) => {}
            _ if is_own => {}
            _ if holders.is_empty() => verdict.attached.push(id),
            LookupMode::Conversion | LookupMode::Isolation | LookupMode::Link if is_logged_in => {
                let by = DroppedBy::AnotherPersons;
                verdict.dropped.push(super::super::Dropped { id, by });
            }
            _ if view.is_unique(id) && self.mode != LookupMode::BestMatch => {
                let by = DroppedBy::AnotherPersons;
                verdict.dropped.push(super::super::Dropped { id, by });
            }
            _ => verdict.shared.push(id),
        }
    }

    /// The value of a unique type moves over from whoever holds it, and that profile may be reached by nobody any more.
    pub(super) fn modify(self, view: &View<'_>, whose: LedgerId, to: LedgerId) -> Verdict {
        let Some(owner) = view.holder(whose) else {
            return Verdict::nobody(Because::Missing);
        };
        let mut verdict = Verdict::new(Owner::Found(owner), Because::Modified);
        if !view.is_unique(to) || self.mode == LookupMode::BestMatch {
            verdict.shared.push(to);
            return verdict;
        }
        let old = view.of_type(owner, to.id_type).filter(|id| *id != to);
        verdict.released.extend(old);
        verdict.attached.push(to);
        if let Some(loser) = view.holder(to).filter(|holder| *holder != owner) {
            verdict.unlinked.push(Unlinked::Taken(to, loser));
            if view.ids_of(loser).all(|id| id == to) {
                verdict.orphaned.push(loser);
            }
        }
        verdict
    }

    /// An alias. A wrong request fails, and the caller hears of a success.
    pub(super) fn alias(
        self,
        view: &View<'_>,
        (source, target): (LedgerId, LedgerId),
        (since, until): (Timestamp, Timestamp),
    ) -> Verdict {
        let (Some(from), Some(to)) = (view.holder(source), view.holder(target)) else {
            return Verdict::nobody(Because::Missing);
        };
        if from == to {
            return Verdict::nobody(Because::Missing);
        }
        let since = match self.alias_window {
            AliasWindow::NinetyDays => since.max(view.days_ago(ALIAS_WINDOW_DAYS)),
            AliasWindow::AsAsked => since,
        };
        let copied = Copied {
            from,
            to,
            since,
            until,
        };
        match self.alias_delay {
            AliasDelay::None => copy(&copied),
            AliasDelay::Day => {
                let mut verdict = Verdict::nobody(Because::Deferred);
                verdict.deferred.push(Deferred {
                    number: view.books.next_deferred(),
                    due: Due::At(view.hours_later(ALIAS_DELAY_HOURS)),
                    what: Waiting::Copy(copied),
                });
                verdict
            }
        }
    }
}

/// The copy takes place: both profiles live on.
pub(super) fn copy(copied: &Copied) -> Verdict {
    let mut verdict = Verdict::new(Owner::Found(copied.to), Because::Copied);
    verdict.copied.push(*copied);
    verdict
}
