//! The strategies: what each makes of the IDs of a call. One file each, named after what it does.
//! A strategy has switches, which are closed choices; a preset is a strategy with its switches set, as somebody published it.

mod closure;
mod closure_batch;
mod closure_pairs;
mod demote_and_retry;
mod device_to_first_user;
mod entity_centric_revision;
mod explicit_fill;
mod guarded_identify;
mod merge_key_switch;
mod naming;
mod never_merge;
mod oldest_wins_fork;
mod presets;
mod priority_lookup;
mod replay_rebuild;
mod switches;
mod unique_namespace_replay;

use alloc::vec::Vec;

use super::{
    Because, LedgerAction, LedgerId, Owner, PropertyPolicy, PropertyRule, Verdict, Waiting,
    books::Keeps, property::Empty, view::View,
};
pub use naming::NameError;
pub use presets::{Preset, Published};
pub use switches::Switch;

use choices::{
    ClosureWithLimits, DemoteAndRetry, ExplicitFill, GuardedIdentify, MergeKeySwitch,
    OldestWinsFork, PriorityLookup, ReplayRebuild, UniqueNamespaceReplay,
};

/// The switches of the strategies, and their choices.
pub mod choices {
    pub use super::{
        closure::{ClosureWithLimits, Limits, LinkOrder, Matching, Rounds, Run},
        demote_and_retry::{Blocked, Caps, DemoteAndRetry, LimitWindow},
        explicit_fill::{
            Blocking, ExplicitFill, MergeCap, Pairs, Past, SourceAfter, Survivor, TargetMissing,
            Undo, When,
        },
        guarded_identify::{Guard, GuardedIdentify, MovedIds, OneKnownGuard, RefusedValues},
        merge_key_switch::{Candidates, Master, MergeKeySwitch},
        oldest_wins_fork::{AmbiguousCall, OldestWinsFork, UniqueType},
        priority_lookup::{AliasDelay, AliasWindow, LookupMode, PriorityLookup},
        replay_rebuild::{ReplayRebuild, Replayed},
        unique_namespace_replay::{AnonymousEvents, GraphCaps, PuttingBack, UniqueNamespaceReplay},
    };
}

/// A published merge strategy with its switches, or an end of the scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LedgerStrategy {
    /// Every ID is a profile of its own; a call goes to its strongest.
    NeverMerge,
    /// What was ever seen together is one profile, within limits.
    ClosureWithLimits(ClosureWithLimits),
    /// Identified profiles are not folded into others.
    GuardedIdentify(GuardedIdentify),
    /// The weakest IDs of a call give way until the profile keeps its limits.
    DemoteAndRetry(DemoteAndRetry),
    /// A device belongs to the first person who used it.
    DeviceToFirstUser,
    /// The older profile survives; another unique ID makes a profile of its own that shares the weaker IDs.
    OldestWinsFork(OldestWinsFork),
    /// The graph is put together anew, the newest links first, so that it holds one value of each unique type.
    UniqueNamespaceReplay(UniqueNamespaceReplay),
    /// A look-up by priority, not a merge.
    PriorityLookup(PriorityLookup),
    /// One key decides: the same key merges, another switches the user.
    MergeKeySwitch(MergeKeySwitch),
    /// Nothing is joined but what a caller names.
    ExplicitFill(ExplicitFill),
    /// What turns out to be generic is taken back, and with it what it joined.
    EntityCentricRevision,
    /// What is seen together is replayed into a new profile.
    ReplayRebuild(ReplayRebuild),
}

impl LedgerStrategy {
    /// The switches as they stand, each with its choices.
    pub fn switches(self) -> Vec<Switch> {
        match self {
            Self::ClosureWithLimits(switches) => switches.list(),
            Self::GuardedIdentify(switches) => switches.list(),
            Self::DemoteAndRetry(switches) => switches.list(),
            Self::OldestWinsFork(switches) => switches.list(),
            Self::UniqueNamespaceReplay(switches) => switches.list(),
            Self::PriorityLookup(switches) => switches.list(),
            Self::MergeKeySwitch(switches) => switches.list(),
            Self::ExplicitFill(switches) => switches.list(),
            Self::ReplayRebuild(switches) => switches.list(),
            Self::NeverMerge | Self::DeviceToFirstUser | Self::EntityCentricRevision => Vec::new(),
        }
    }

    /// With one switch set; nothing if the strategy has no such switch or the switch no such choice.
    pub fn with(self, switch: &str, choice: &str) -> Option<Self> {
        match self {
            Self::ClosureWithLimits(switches) => {
                switches.with(switch, choice).map(Self::ClosureWithLimits)
            }
            Self::GuardedIdentify(switches) => {
                switches.with(switch, choice).map(Self::GuardedIdentify)
            }
            Self::DemoteAndRetry(switches) => {
                switches.with(switch, choice).map(Self::DemoteAndRetry)
            }
            Self::OldestWinsFork(switches) => {
                switches.with(switch, choice).map(Self::OldestWinsFork)
            }
            Self::UniqueNamespaceReplay(switches) => switches
                .with(switch, choice)
                .map(Self::UniqueNamespaceReplay),
            Self::PriorityLookup(switches) => {
                switches.with(switch, choice).map(Self::PriorityLookup)
            }
            Self::MergeKeySwitch(switches) => {
                switches.with(switch, choice).map(Self::MergeKeySwitch)
            }
            Self::ExplicitFill(switches) => switches.with(switch, choice).map(Self::ExplicitFill),
            Self::ReplayRebuild(switches) => switches.with(switch, choice).map(Self::ReplayRebuild),
            Self::NeverMerge | Self::DeviceToFirstUser | Self::EntityCentricRevision => None,
        }
    }

    /// Values that it never takes for an ID, whatever their type.
    pub fn refuses(self, value: &str) -> bool {
        match self {
            Self::GuardedIdentify(switches) => switches.refuses(value),
            Self::DemoteAndRetry(switches) => switches.refuses(value),
            Self::UniqueNamespaceReplay(switches) => switches.refuses(value),
            _ => value.trim().is_empty(),
        }
    }

    /// How properties are settled when profiles become one.
    pub fn properties(self) -> PropertyPolicy {
        let of = |rule| PropertyPolicy {
            rule,
            ..PropertyPolicy::default()
        };
        match self {
            Self::GuardedIdentify(_) => of(PropertyRule::SurvivorFirst),
            Self::DeviceToFirstUser | Self::PriorityLookup(_) => of(PropertyRule::Lost),
            Self::MergeKeySwitch(switches) => PropertyPolicy {
                empty: Empty::EmptyText,
                ..of(switches.properties)
            },
            Self::ExplicitFill(switches) => switches.policy(),
            Self::ClosureWithLimits(switches) => of(switches.properties),
            _ => of(PropertyRule::Newest),
        }
    }

    /// Whether calls are put together anew by a batch run, for which somebody has to ask.
    pub fn runs_batches(self) -> bool {
        matches!(self, Self::ClosureWithLimits(switches) if switches.run == choices::Run::Batch)
    }

    /// Whether calls that are on a profile may be put on another one though no profile became part of another.
    pub fn moves_calls(self) -> bool {
        let looks_back = matches!(
            self,
            Self::EntityCentricRevision | Self::UniqueNamespaceReplay(_)
        );
        looks_back || self.runs_batches()
    }

    pub(super) fn keeps(self) -> Keeps {
        let none = Keeps::default();
        match self {
            Self::ClosureWithLimits(_) => Keeps {
                calls: self.runs_batches(),
                ..none
            },
            Self::EntityCentricRevision => Keeps {
                calls: true,
                ..none
            },
            Self::PriorityLookup(_) => Keeps {
                event_times: true,
                ..none
            },
            Self::ExplicitFill(switches) => {
                let is_undone = switches.undo == choices::Undo::Full;
                Keeps {
                    calls: is_undone,
                    absorbed: is_undone,
                    event_times: switches.past == choices::Past::ThirtyDaysThenRest,
                    partial_history: switches.past != choices::Past::Moves,
                    ..none
                }
            }
            Self::ReplayRebuild(switches) if switches.replayed == choices::Replayed::Newest1500 => {
                Keeps {
                    calls: true,
                    calls_max: Some(replay_rebuild::REPLAYED_MAX),
                    partial_history: true,
                    ..none
                }
            }
            _ => none,
        }
    }

    pub(super) fn decide(self, view: &View<'_>, ids: &[LedgerId]) -> Verdict {
        match self {
            Self::NeverMerge => never_merge::decide(view, ids),
            Self::ClosureWithLimits(switches) => switches.decide(view, ids),
            Self::GuardedIdentify(switches) => switches.decide(view, ids),
            Self::DemoteAndRetry(switches) => switches.decide(view, ids),
            Self::DeviceToFirstUser => device_to_first_user::decide(view, ids),
            Self::OldestWinsFork(switches) => switches.decide(view, ids),
            Self::UniqueNamespaceReplay(switches) => switches.decide(view, ids),
            Self::PriorityLookup(switches) => switches.decide(view, ids),
            Self::MergeKeySwitch(switches) => switches.decide(view, ids),
            Self::ExplicitFill(_) => ExplicitFill::decide(view, ids),
            Self::EntityCentricRevision => entity_centric_revision::decide(view, ids),
            Self::ReplayRebuild(switches) => switches.decide(view, ids),
        }
    }

    /// A command that is no call: few strategies have each, and the others say so.
    pub(super) fn told(self, view: &View<'_>, action: &LedgerAction<'_>) -> Verdict {
        match (self, *action) {
            (Self::GuardedIdentify(switches), LedgerAction::Merge { source, target }) => {
                switches.merge(view, source, target)
            }
            (Self::GuardedIdentify(_), LedgerAction::Split { whose, off }) => {
                GuardedIdentify::split(view, whose, off)
            }
            (Self::ExplicitFill(switches), LedgerAction::Merge { source, target }) => {
                switches.merge(view, source, target)
            }
            (Self::ExplicitFill(switches), LedgerAction::MergePairs(pairs)) => {
                switches.merge_pairs(view, pairs)
            }
            (Self::ExplicitFill(switches), LedgerAction::Split { whose, .. }) => {
                switches.unmerge(view, whose)
            }
            (Self::PriorityLookup(switches), LedgerAction::Modify { whose, to }) => {
                switches.modify(view, whose, to)
            }
            (
                Self::PriorityLookup(switches),
                LedgerAction::Copy {
                    source,
                    target,
                    since,
                    until,
                },
            ) => switches.alias(view, (source, target), (since, until)),
            (Self::ClosureWithLimits(switches), LedgerAction::Run) => switches.run_batch(view),
            _ => Verdict::nobody(Because::NotApplicable),
        }
    }

    /// What had waited takes place.
    pub(super) fn take_place(self, view: &View<'_>, waiting: &Waiting) -> Verdict {
        match (self, *waiting) {
            (Self::ExplicitFill(switches), Waiting::Merge { source, target }) => {
                switches.merge_now(view, source, target)
            }
            (_, Waiting::Copy(copied)) => priority_lookup::copy(&copied),
            (_, Waiting::RestOfHistory(absorbed)) => {
                let survivor = view.books.survivor_of(absorbed);
                let mut verdict = Verdict::new(Owner::Found(survivor), Because::OneKnown);
                verdict.caught_up.push(absorbed);
                verdict
            }
            (_, Waiting::Merge { .. }) => Verdict::nobody(Because::NotApplicable),
        }
    }
}
