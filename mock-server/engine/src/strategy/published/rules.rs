//! On which rules a verdict rests, and what each strategy promises of a project.
//! Both follow the published rules of the strategy, not Engagement's.

use super::Before;
use crate::{
    invariants::Invariant,
    ledger::{
        Because, Dropped, DroppedBy, LedgerInvariant, LedgerStrategy, Owner, Verdict,
        choices::{Guard, Limits, LookupMode, OneKnownGuard, UniqueType},
    },
    rule::{Rule, Rules},
};

/// The rule that says what a strategy is.
pub(super) fn model(strategy: LedgerStrategy) -> Rule {
    use LedgerStrategy as S;
    match strategy {
        // The last two answer for no project.
        S::NeverMerge | S::EntityCentricRevision | S::ReplayRebuild(_) => Rule::NeverMerge,
        S::ClosureWithLimits(switches) if switches.limits == Limits::Off => Rule::PlainClosure,
        S::ClosureWithLimits(switches) if switches.limits == Limits::PerPair => {
            Rule::ClosureWithPairLimits
        }
        S::ClosureWithLimits(_) => Rule::ClosureWithLimits,
        S::GuardedIdentify(_) => Rule::GuardedIdentify,
        S::DemoteAndRetry(_) => Rule::DemoteAndRetry,
        S::DeviceToFirstUser => Rule::DeviceToFirstUser,
        S::OldestWinsFork(_) => Rule::OldestWinsFork,
        S::UniqueNamespaceReplay(_) => Rule::UniqueNamespaceReplay,
        S::PriorityLookup(_) => Rule::PriorityLookup,
        S::MergeKeySwitch(_) => Rule::MergeKeySwitch,
        S::ExplicitFill(_) => Rule::ExplicitMerge,
    }
}

/// Why an ID is left out.
pub(super) fn drops(strategy: LedgerStrategy, dropped: &Dropped) -> Rule {
    match dropped.by {
        DroppedBy::Guard => Rule::IdentifiedSourceRefused,
        DroppedBy::Limit if model(strategy) == Rule::DemoteAndRetry => Rule::WeakestIdDemoted,
        DroppedBy::RefusedValue => Rule::ValueRefused,
        _ => model(strategy),
    }
}

/// Why nothing of a call is taken: what the verdict drops it for, or that no value was left to judge.
pub(super) fn takes_nothing(strategy: LedgerStrategy, verdict: &Verdict) -> Rule {
    match verdict.dropped.first() {
        Some(dropped) => drops(strategy, dropped),
        None if verdict.because == Because::Missing => Rule::ValueRefused,
        None => model(strategy),
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
pub(super) fn because(
    (strategy, is_preset): (LedgerStrategy, bool),
    verdict: &Verdict,
    before: &Before,
) -> Rules {
    let mut because = Rules::from(model(strategy));
    if !is_preset {
        because.add(Rule::SwitchesUnpublished);
    }
    if let LedgerStrategy::GuardedIdentify(switches) = strategy {
        if switches.one_known_guard == OneKnownGuard::On {
            because.add(Rule::GuardEverywhere);
        }
        if switches.guard == Guard::Off {
            because.add(Rule::GuardOff);
        }
    }
    if model(strategy) == Rule::GuardedIdentify
        && before.target_is_new
        && matches!(verdict.owner, Owner::Found(_))
    {
        because.add(Rule::TargetJoinsSource);
    }
    if verdict.because == Because::Rebuilt {
        because.add(Rule::GraphRebuilt);
    }
    because
}

/// Whether a strategy promises that something is always true of its profiles.
pub(crate) fn promises(strategy: LedgerStrategy, invariant: Invariant) -> bool {
    use LedgerStrategy as S;
    match invariant {
        Invariant::IndexAgrees | Invariant::EventsConserved | Invariant::StrategyAgrees => true,
        Invariant::OneOwner => strategy.promises(LedgerInvariant::OneProfilePerId),
        Invariant::OneHardValue => strategy.promises(LedgerInvariant::UniqueTypesAreUnique),
        Invariant::SoftCap => strategy.promises(LedgerInvariant::LimitsAreKept),
        Invariant::HasAnId => match strategy {
            S::OldestWinsFork(switches) => switches.unique != UniqueType::Strongest,
            S::PriorityLookup(switches) => switches.mode == LookupMode::Isolation,
            S::UniqueNamespaceReplay(_) => false,
            _ => true,
        },
    }
}
