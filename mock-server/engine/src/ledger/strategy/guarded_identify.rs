//! The first ID of a call is its target, every other one a source that is folded into it.
//! A source that is identified already is not, unless nobody holds the target: as published, that branch has no guard.

use alloc::vec::Vec;

use super::super::{
    Because, DroppedBy, LedgerId, Owner, ProfileNumber, Split, Verdict, verdict::Dropped,
    view::View,
};
use super::switches::switches;
use crate::settings::switch;

switch! {
    /// Whether identified profiles are protected where both sides are known.
    Guard {
        /// An identified source is not folded into another profile.
        On = "on",
        /// Everything is folded.
        Off = "off",
    }
}

switch! {
    /// Whether they are protected where nobody holds the target.
    OneKnownGuard {
        /// The new ID is attached to whoever holds the source: two people may be joined without a warning.
        Off = "off",
        /// It is not attached to an identified profile.
        On = "on",
    }
}

switch! {
    /// Values that are never taken for an ID.
    RefusedValues {
        /// The published list.
        Published = "published",
        /// None but blanks.
        OnlyBlanks = "only_blanks",
    }
}

switch! {
    /// How many IDs one fold may move.
    MovedIds {
        /// Any number, as the published settings begin.
        Any = "any",
        /// 100: a call that would move more is set aside as a whole, for somebody to look at.
        AtMost100 = "at_most_100",
    }
}

switches! {
    /// Sources fold into the target that an event names, with a guard for identified ones.
    GuardedIdentify {
        /// Where both are known.
        guard: Guard,
        /// Where only the source is known.
        one_known_guard: OneKnownGuard,
        /// The value list.
        refused_values: RefusedValues,
        /// The cap of a fold.
        moved_ids: MovedIds,
    }
}

/// Refused in any case of letters.
const WORDS: [&str; 10] = [
    "anonymous",
    "guest",
    "distinctid",
    "distinct_id",
    "id",
    "not_authenticated",
    "email",
    "undefined",
    "true",
    "false",
];

const MOVED_IDS_MAX: usize = 100;

/// Refused as written.
const EXACT: [&str; 6] = ["[object Object]", "NaN", "None", "none", "null", "0"];

impl GuardedIdentify {
    pub(super) fn refuses(self, value: &str) -> bool {
        let bare = value
            .trim()
            .trim_matches(|letter| letter == '"' || letter == '\'');
        let is_listed =
            EXACT.contains(&bare) || WORDS.iter().any(|word| word.eq_ignore_ascii_case(bare));
        bare.is_empty() || is_listed && self.refused_values == RefusedValues::Published
    }

    pub(super) fn decide(self, view: &View<'_>, ids: &[LedgerId]) -> Verdict {
        let Some((target, sources)) = ids.split_first() else {
            return Verdict::nobody(Because::Missing);
        };
        let mut verdict =
            Verdict::found_or_created(view.holder(*target), Because::OneKnown).with([*target]);
        for source in sources {
            self.take_source(view, *source, &mut verdict);
        }
        if let Some(source) = self.moves_too_many(view, sources, &verdict) {
            return Verdict::nobody(Because::RecordRefused)
                .without([source], DroppedBy::CapOfMovedIds);
        }
        // Events are read through the ID under which they came, so that they go with it when profiles are split.
        verdict.filed_under = Some(*target);
        verdict.marks_identified = sources.len() > verdict.dropped.len();
        verdict
    }

    fn take_source(self, view: &View<'_>, source: LedgerId, verdict: &mut Verdict) {
        let is_identified = |profile: ProfileNumber| view.books.is_identified(profile);
        match (view.holder(source), verdict.found()) {
            (None, _) => verdict.attached.push(source),
            (Some(known), None)
                if self.one_known_guard == OneKnownGuard::On && is_identified(known) =>
            {
                refuse(source, verdict);
            }
            (Some(known), None) => {
                verdict.owner = Owner::Found(known);
                verdict.because = Because::OneKnown;
            }
            (Some(known), Some(own)) if known == own || verdict.absorbed.contains(&known) => {}
            (Some(known), Some(_)) if self.guard == Guard::On && is_identified(known) => {
                refuse(source, verdict);
            }
            (Some(known), Some(_)) => {
                verdict.absorbed.push(known);
                verdict.because = Because::Merged;
            }
        }
    }

    /// The source whose profile has more IDs than one fold may move.
    fn moves_too_many(
        self,
        view: &View<'_>,
        sources: &[LedgerId],
        verdict: &Verdict,
    ) -> Option<LedgerId> {
        if self.moved_ids == MovedIds::Any {
            return None;
        }
        let folds = |profile| verdict.absorbed.contains(&profile);
        let is_wide = |profile| view.ids_of(profile).nth(MOVED_IDS_MAX).is_some();
        let mut sources = sources.iter().copied();
        sources.find(|source| {
            let holder = view.holder(*source);
            holder.is_some_and(|profile| folds(profile) && is_wide(profile))
        })
    }

    /// The caller insists: no guard, whatever the switches say. The cap of a fold stays. An ID with itself is nothing.
    pub(super) fn merge(self, view: &View<'_>, source: LedgerId, target: LedgerId) -> Verdict {
        if source == target {
            return match view.holder(target) {
                Some(profile) => Verdict::new(Owner::Found(profile), Because::OneKnown),
                None => Verdict::nobody(Because::Missing),
            };
        }
        let unguarded = Self {
            guard: Guard::Off,
            one_known_guard: OneKnownGuard::Off,
            ..self
        };
        unguarded.decide(view, &[target, source])
    }

    /// IDs get profiles of their own. Properties are not given back.
    pub(super) fn split(view: &View<'_>, whose: LedgerId, off: &[LedgerId]) -> Verdict {
        let Some(owner) = view.holder(whose) else {
            return Verdict::nobody(Because::Missing);
        };
        let mut verdict = Verdict::new(Owner::Found(owner), Because::Split);
        let (leaving, strangers): (Vec<_>, Vec<_>) = off
            .iter()
            .copied()
            .partition(|id| view.holder(*id) == Some(owner) && *id != whose);
        let alone = |ids: Vec<LedgerId>| Split {
            into: Owner::Created,
            ids,
            restores: None,
        };
        if off.is_empty() {
            let others = view.ids_of(owner).filter(|id| *id != whose);
            verdict.split = others.map(|id| alone(alloc::vec![id])).collect();
        } else if !leaving.is_empty() {
            verdict.split.push(alone(leaving));
        }
        verdict.without(strangers, DroppedBy::AnotherPersons)
    }
}

fn refuse(source: LedgerId, verdict: &mut Verdict) {
    let by = DroppedBy::Guard;
    verdict.dropped.push(Dropped { id: source, by });
    verdict.because = Because::MergeRefused;
}
