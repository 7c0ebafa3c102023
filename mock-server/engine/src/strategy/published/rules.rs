//! On which rules a verdict rests, which properties stay when profiles fold, and what each strategy promises.
//! All three follow the published rules of the strategy, not Engagement's.

use super::Before;
use crate::{
    invariants::Invariant,
    ledger::{Because, LedgerStrategy, Owner, Verdict},
    rule::{Rule, Rules},
    settings::PropertyConflict,
};

/// The properties of a profile that folds into another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FoldedProperties {
    /// One value of each name stays.
    Chosen(PropertyConflict),
    /// They are lost.
    Lost,
}

/// The rule that says what a strategy is.
pub(super) fn model(strategy: LedgerStrategy) -> Rule {
    use LedgerStrategy as S;
    match strategy {
        S::NeverMerge => Rule::NeverMerge,
        S::PlainClosure => Rule::PlainClosure,
        S::ClosureWithLimits => Rule::ClosureWithLimits,
        S::GuardedIdentify | S::GuardedIdentifyEverywhere | S::DangerousIdentify => {
            Rule::GuardedIdentify
        }
        S::DemoteAndRetry => Rule::DemoteAndRetry,
        S::DeviceToFirstUser => Rule::DeviceToFirstUser,
        S::OldestWinsFork => Rule::OldestWinsFork,
        S::UniqueNamespaceReplay => Rule::UniqueNamespaceReplay,
        S::LookupConversion | S::LookupLink | S::LookupIsolation => Rule::PriorityLookup,
        S::MergeKeySwitch => Rule::MergeKeySwitch,
        S::ExplicitMerge => Rule::ExplicitMerge,
    }
}

/// Why an ID is left out.
pub(super) fn drops(strategy: LedgerStrategy, verdict: &Verdict) -> Rule {
    match verdict.because {
        Because::MergeRefused if model(strategy) == Rule::GuardedIdentify => {
            Rule::IdentifiedSourceRefused
        }
        Because::Demoted => Rule::WeakestIdDemoted,
        Because::Ambiguous => Rule::IdPointsToSeveral,
        _ => model(strategy),
    }
}

/// Why an ID changes hands.
pub(super) fn moves(strategy: LedgerStrategy, verdict: &Verdict) -> Rule {
    match verdict.because {
        Because::UserSwitched => Rule::UserSwitched,
        Because::Rebuilt => Rule::GraphRebuilt,
        _ => model(strategy),
    }
}

/// All rules on which a verdict rests, besides those of its effects.
pub(super) fn because(strategy: LedgerStrategy, verdict: &Verdict, before: &Before) -> Rules {
    let mut because = Rules::from(model(strategy));
    match strategy {
        LedgerStrategy::GuardedIdentifyEverywhere => because.add(Rule::GuardEverywhere),
        LedgerStrategy::DangerousIdentify => because.add(Rule::GuardOff),
        _ => {}
    }
    if model(strategy) == Rule::GuardedIdentify
        && before.target_is_new
        && matches!(verdict.owner, Owner::Found(_))
    {
        because.add(Rule::TargetJoinsSource);
    }
    if !verdict.forked.is_empty() {
        because.add(Rule::IdPointsToSeveral);
    }
    if verdict.because == Because::Rebuilt {
        because.add(Rule::GraphRebuilt);
    }
    because
}

/// What happens to the properties of a profile that folds into another.
pub(crate) fn folded_properties(strategy: LedgerStrategy) -> FoldedProperties {
    match model(strategy) {
        Rule::GuardedIdentify | Rule::ExplicitMerge => {
            FoldedProperties::Chosen(PropertyConflict::SurvivorKeeps)
        }
        Rule::MergeKeySwitch => FoldedProperties::Chosen(PropertyConflict::AbsorbedReplaces),
        Rule::DeviceToFirstUser => FoldedProperties::Lost,
        _ => FoldedProperties::Chosen(PropertyConflict::Newest),
    }
}

/// Whether a strategy promises that something is always true of its profiles.
pub(crate) fn promises(strategy: LedgerStrategy, invariant: Invariant) -> bool {
    use LedgerStrategy as S;
    match invariant {
        Invariant::IndexAgrees | Invariant::EventsConserved | Invariant::StrategyAgrees => true,
        Invariant::OneOwner => strategy != S::OldestWinsFork,
        Invariant::OneHardValue => matches!(
            strategy,
            S::NeverMerge | S::ClosureWithLimits | S::DemoteAndRetry | S::UniqueNamespaceReplay
        ),
        Invariant::SoftCap => matches!(
            strategy,
            S::NeverMerge | S::ClosureWithLimits | S::DemoteAndRetry
        ),
        Invariant::HasAnId => !matches!(
            strategy,
            S::OldestWinsFork | S::UniqueNamespaceReplay | S::LookupConversion | S::LookupLink
        ),
    }
}
