//! The identity layer never guesses: a call belongs to its strongest ID, and only a caller joins two, naming both sides.
//! Vendors differ in who goes on, which values stay, what follows, and what happens if a side is missing.

mod choices;

use super::super::{
    Because, Deferred, DroppedBy, Due, History, LedgerId, Owner, ProfileNumber, Split, Verdict,
    Waiting, property::PropertyPolicy, view::View,
};
use super::never_merge;
pub use choices::{
    Blocking, ExplicitFill, MergeCap, Pairs, Past, SourceAfter, Survivor, TargetMissing, Undo, When,
};

const MERGES_COMBINED_MAX: u32 = 250;
const DAYS_AT_ONCE: u32 = 30;
const PAIRS_MAX: usize = 50;

impl ExplicitFill {
    pub(super) fn policy(self) -> PropertyPolicy {
        PropertyPolicy {
            rule: self.properties,
            empty: self.empty,
            tie: self.tie,
            objects: self.objects,
        }
    }

    pub(super) fn decide(view: &View<'_>, ids: &[LedgerId]) -> Verdict {
        let mut verdict = never_merge::decide(view, ids);
        // An ID that nobody holds is a field of the profile; one that somebody holds stays there.
        let (fresh, held): (alloc::vec::Vec<_>, _) = verdict
            .dropped
            .into_iter()
            .partition(|dropped| view.is_free(dropped.id));
        verdict.dropped = held;
        verdict.attached.extend(fresh.iter().map(|fresh| fresh.id));
        verdict
    }

    pub(super) fn merge(self, view: &View<'_>, source: LedgerId, target: LedgerId) -> Verdict {
        match self.when {
            When::AtOnce => self.merge_now(view, source, target),
            When::AnyOrder => self.wait(view, &[(source, target)]),
        }
    }

    /// One request with several pairs; it is taken as a whole or not at all.
    pub(super) fn merge_pairs(self, view: &View<'_>, pairs: &[(LedgerId, LedgerId)]) -> Verdict {
        let most = match self.pairs {
            Pairs::One => 1,
            Pairs::AtMost50 => PAIRS_MAX,
        };
        if pairs.len() > most {
            let sources = pairs.iter().map(|(source, _)| *source);
            return Verdict::nobody(Because::RecordRefused)
                .without(sources, DroppedBy::CapOfRequest);
        }
        self.wait(view, pairs)
    }

    fn wait(self, view: &View<'_>, pairs: &[(LedgerId, LedgerId)]) -> Verdict {
        let due = match self.when {
            When::AtOnce => Due::At(view.at),
            When::AnyOrder => Due::Unordered,
        };
        let mut verdict = Verdict::nobody(Because::Deferred);
        let numbers = view.books.next_deferred()..;
        let waiting = numbers.zip(pairs).map(|(number, pair)| Deferred {
            number,
            due,
            what: Waiting::Merge {
                source: pair.0,
                target: pair.1,
            },
        });
        verdict.deferred.extend(waiting);
        verdict
    }

    pub(super) fn merge_now(self, view: &View<'_>, source: LedgerId, target: LedgerId) -> Verdict {
        let Some(from) = view.holder(source) else {
            return Verdict::nobody(Because::Missing);
        };
        let Some(to) = view.holder(target) else {
            return self.without_target(from, source, target);
        };
        if from == to {
            return Verdict::new(Owner::Found(to), Because::OneKnown);
        }
        let is_blocked = |profile| value_of(view, profile, "blocks_merge") == Some("true");
        if self.blocking == Blocking::ByProperty && (is_blocked(from) || is_blocked(to)) {
            return Verdict::new(Owner::Found(to), Because::MergeRefused)
                .without([source], DroppedBy::Blocked);
        }
        if self.source == SourceAfter::Orphaned {
            return orphaned(view, (source, from), (target, to));
        }
        let merges = view.books.merges(from) + view.books.merges(to);
        if self.cap == MergeCap::Combined250 && merges >= MERGES_COMBINED_MAX {
            return Verdict::new(Owner::Found(to), Because::MergeRefused)
                .without([source], DroppedBy::CapOfMerges);
        }
        self.join(view, (source, from), (target, to))
    }

    fn without_target(self, from: ProfileNumber, source: LedgerId, target: LedgerId) -> Verdict {
        match self.target_missing {
            TargetMissing::Nothing => Verdict::nobody(Because::Missing),
            TargetMissing::SourceRenamed => {
                let mut verdict = Verdict::new(Owner::Found(from), Because::Renamed).with([target]);
                if self.source == SourceAfter::Gone {
                    verdict.released.push(source);
                }
                verdict
            }
        }
    }

    fn join(
        self,
        view: &View<'_>,
        source: (LedgerId, ProfileNumber),
        target: (LedgerId, ProfileNumber),
    ) -> Verdict {
        let (goes_on, ends) = if self.source_survives(view, source.1, target.1) {
            (source, target)
        } else {
            (target, source)
        };
        let mut verdict =
            Verdict::new(Owner::Found(goes_on.1), Because::Merged).absorbing([ends.1]);
        if self.source == SourceAfter::Gone {
            verdict.released.push(ends.0);
        }
        match self.past {
            Past::Moves => {}
            Past::StaysBehind => verdict.history = History::StaysBehind,
            Past::ThirtyDaysThenRest => {
                verdict.history = History::MovesSince(view.days_ago(DAYS_AT_ONCE));
                verdict.deferred.push(Deferred {
                    number: view.books.next_deferred(),
                    due: Due::Unordered,
                    what: Waiting::RestOfHistory(ends.1),
                });
            }
        }
        verdict
    }

    fn source_survives(
        self,
        view: &View<'_>,
        source: ProfileNumber,
        target: ProfileNumber,
    ) -> bool {
        let (created, updated) = view.books.times(source);
        let (target_created, target_updated) = view.books.times(target);
        match self.survivor {
            Survivor::Target => false,
            Survivor::StrongThenUpdated => {
                let strong = |profile| view.has_hard(profile);
                (strong(source), updated) > (strong(target), target_updated)
            }
            Survivor::EarliestCreated => (created, source) < (target_created, target),
            Survivor::EarliestTime => {
                let first = created.min(updated);
                let target_first = target_created.min(target_updated);
                first < target_first || first == target_first && source > target
            }
            Survivor::RuleChain => chain_prefers(view, source, target),
        }
    }

    /// The source of an earlier merge comes back, by one of its IDs.
    pub(super) fn unmerge(self, view: &View<'_>, whose: LedgerId) -> Verdict {
        if self.undo == Undo::Never {
            return Verdict::nobody(Because::NotApplicable);
        }
        let Some(owner) = view.holder(whose) else {
            return Verdict::nobody(Because::Missing);
        };
        let absorbed = view.books.absorbed_by(owner);
        let holds = |ids: &[super::super::books::Holding]| ids.iter().any(|one| one.id == whose);
        let Some(place) = absorbed.iter().rposition(|one| holds(&one.ids)) else {
            return Verdict::nobody(Because::Missing);
        };
        let mut verdict = Verdict::new(Owner::Found(owner), Because::Split);
        let ids = absorbed[place].ids.iter().map(|one| one.id);
        verdict.split.push(Split {
            into: Owner::Created,
            ids: ids.filter(|id| view.holder(*id) == Some(owner)).collect(),
            restores: Some(place),
        });
        verdict
    }
}

/// The target exists: the source lives on without anybody who reaches it, and only its ID goes over.
fn orphaned(
    view: &View<'_>,
    (source, from): (LedgerId, ProfileNumber),
    (_, to): (LedgerId, ProfileNumber),
) -> Verdict {
    let mut verdict = Verdict::new(Owner::Found(to), Because::Orphaned);
    if view.of_type(to, source.id_type).next().is_some() {
        verdict.because = Because::MergeRefused;
        return verdict.without([source], DroppedBy::SameLabel);
    }
    verdict.orphaned.push(from);
    verdict.attached.push(source);
    let others = view.ids_of(from).filter(|id| *id != source);
    verdict.released.extend(others);
    verdict
}

/// Whether the rule chain keeps the source: an override, then an e-mail; who they are decides only where both have one.
fn chain_prefers(view: &View<'_>, source: ProfileNumber, target: ProfileNumber) -> bool {
    let named = |profile| {
        let is_named = value_of(view, profile, "email_to_keep") == Some("true");
        (is_named, has_email(view, profile))
    };
    let (ours, theirs) = (named(source), named(target));
    let both_have_one = ours.1 && theirs.1;
    ours > theirs
        || ours == theirs && both_have_one && standing(view, source) > standing(view, target)
}

fn has_email(view: &View<'_>, profile: ProfileNumber) -> bool {
    value_of(view, profile, "email").is_some_and(|json| !matches!(json, "null" | "\"\""))
}

/// What speaks for a profile: an enabled account, then consent, then an invited account.
fn standing(view: &View<'_>, profile: ProfileNumber) -> (bool, bool, bool) {
    let state = value_of(view, profile, "account_state");
    let consent = value_of(view, profile, "consent");
    let (enabled, invited) = (Some("\"enabled\""), Some("\"invited\""));
    (state == enabled, consent == Some("true"), state == invited)
}

fn value_of<'v>(view: &View<'v>, profile: ProfileNumber, name: &str) -> Option<&'v str> {
    let number = view.books.number_of(name)?;
    let mut kept = view.books.properties(profile).iter();
    let kept = kept.find(|kept| kept.name == number)?;
    Some(&kept.json)
}
