//! One preset for each strategy and each of its published modes, and variants of them.

use super::{
    super::{
        LedgerStrategy,
        choices::{
            ClosureWithLimits, DemoteAndRetry, Guard, GuardedIdentify, LimitWindow, Limits,
            LinkOrder, LookupMode, Master, Matching, MergeKeySwitch, OldestWinsFork, OneKnownGuard,
            PriorityLookup, ReplayRebuild, Rounds, Run, UniqueNamespaceReplay,
        },
    },
    Preset, preset,
    vendors::{FILL, fill},
};
use crate::{ledger::property::PropertyRule, rule::Label};

const fn closure(switches: ClosureWithLimits) -> LedgerStrategy {
    LedgerStrategy::ClosureWithLimits(switches)
}

const fn lookup(mode: LookupMode) -> LedgerStrategy {
    LedgerStrategy::PriorityLookup(PriorityLookup {
        mode,
        ..PriorityLookup::USUAL
    })
}

const fn unomi(master: Master) -> LedgerStrategy {
    LedgerStrategy::MergeKeySwitch(MergeKeySwitch {
        master,
        properties: PropertyRule::AbsorbedFirst,
        ..MergeKeySwitch::USUAL
    })
}

const BATCH: ClosureWithLimits = ClosureWithLimits {
    run: Run::Batch,
    ..ClosureWithLimits::USUAL
};

/// One for each strategy and each of its published modes.
pub(super) const MAIN: [Preset; 18] = [
    preset(
        "never-merge",
        LedgerStrategy::NeverMerge,
        "nobody: the lower end",
        Label::Assumed,
        "",
    ),
    preset(
        "plain-closure",
        closure(ClosureWithLimits {
            limits: Limits::Off,
            ..ClosureWithLimits::USUAL
        }),
        "nobody: connected components",
        Label::Assumed,
        "",
    ),
    preset(
        "closure-with-limits",
        closure(ClosureWithLimits::USUAL),
        "Hightouch's limits of a profile, with every call",
        Label::Documented,
        "fuzzy rules; the batch run, which closure-by-priority has",
    ),
    preset(
        "guarded-identify",
        LedgerStrategy::GuardedIdentify(GuardedIdentify::USUAL),
        "PostHog",
        Label::Observed,
        "concurrency, retries, the asynchronous mode of large folds",
    ),
    preset(
        "guarded-identify-everywhere",
        LedgerStrategy::GuardedIdentify(GuardedIdentify {
            one_known_guard: OneKnownGuard::On,
            ..GuardedIdentify::USUAL
        }),
        "PostHog, with a guard it has not",
        Label::Assumed,
        "concurrency, retries, the asynchronous mode of large folds",
    ),
    preset(
        "dangerous-identify",
        LedgerStrategy::GuardedIdentify(GuardedIdentify {
            guard: Guard::Off,
            ..GuardedIdentify::USUAL
        }),
        "PostHog, $merge_dangerously",
        Label::Observed,
        "concurrency, retries, the asynchronous mode of large folds",
    ),
    preset(
        "demote-and-retry",
        LedgerStrategy::DemoteAndRetry(DemoteAndRetry::USUAL),
        "Segment Unify",
        Label::Documented,
        "patterns of values beyond zeros and dashes",
    ),
    preset(
        "device-to-first-user",
        LedgerStrategy::DeviceToFirstUser,
        "Mixpanel, Simplified; Amplitude",
        Label::Documented,
        "the delay of up to 24 hours, Mixpanel's Original mode",
    ),
    preset(
        "oldest-wins-fork",
        LedgerStrategy::OldestWinsFork(OldestWinsFork::USUAL),
        "Snowplow Identities",
        Label::Documented,
        "validity intervals, the fallback when the resolver is down, erasure",
    ),
    preset(
        "unique-namespace-replay",
        LedgerStrategy::UniqueNamespaceReplay(UniqueNamespaceReplay::USUAL),
        "Adobe Real-Time CDP",
        Label::Assumed,
        "merge policies of attributes; the order of putting back is a reading",
    ),
    preset(
        "lookup-conversion",
        lookup(LookupMode::Conversion),
        "mParticle IDSync, profile conversion",
        Label::Documented,
        "install attribution, first-seen",
    ),
    preset(
        "lookup-link",
        lookup(LookupMode::Link),
        "mParticle IDSync, profile link",
        Label::Documented,
        "install attribution, first-seen",
    ),
    preset(
        "lookup-isolation",
        lookup(LookupMode::Isolation),
        "mParticle IDSync, profile isolation",
        Label::Documented,
        "install attribution, first-seen",
    ),
    preset(
        "merge-key-switch",
        unomi(Master::EarliestFirstVisit),
        "Apache Unomi",
        Label::Observed,
        "segments, consents, private browsing, the second until history is rewritten",
    ),
    preset(
        "explicit-merge",
        fill(FILL),
        "Braze, Customer.io, Iterable, Klaviyo and others: what they share",
        Label::Documented,
        "deliveries and journeys",
    ),
    preset(
        "lookup-best-match",
        lookup(LookupMode::BestMatch),
        "mParticle IDSync, best match",
        Label::Documented,
        "install attribution, first-seen",
    ),
    preset(
        "entity-centric-revision",
        LedgerStrategy::EntityCentricRevision,
        "Senzing",
        Label::Assumed,
        "names and addresses, scores, how often a value may occur before it is generic: here two people suffice",
    ),
    preset(
        "replay-rebuild",
        LedgerStrategy::ReplayRebuild(ReplayRebuild::USUAL),
        "Tealium AudienceStream",
        Label::Documented,
        "rules per attribute; the originals are not reached any more",
    ),
];

/// Variants of these.
pub(super) const VARIANTS: [Preset; 8] = [
    preset(
        "closure-with-pair-limits",
        closure(ClosureWithLimits {
            limits: Limits::PerPair,
            ..ClosureWithLimits::USUAL
        }),
        "RudderStack Profiles",
        Label::Assumed,
        "the overlap of runs, the include and exclude table, a number of its own for each pair; which link gives way is a reading",
    ),
    preset(
        "closure-by-records",
        closure(BATCH),
        "nobody: a batch whose links are taken record by record",
        Label::Assumed,
        "",
    ),
    preset(
        "closure-by-priority",
        closure(ClosureWithLimits {
            order: LinkOrder::KeyPriority,
            ..BATCH
        }),
        "Hightouch",
        Label::Documented,
        "fuzzy rules",
    ),
    preset(
        "closure-in-three-rounds",
        closure(ClosureWithLimits {
            order: LinkOrder::KeyPriority,
            rounds: Rounds::Three,
            ..BATCH
        }),
        "Treasure Data, ID unification",
        Label::Assumed,
        "persistent IDs; what a round does is a reading",
    ),
    preset(
        "closure-waterfall",
        closure(ClosureWithLimits {
            limits: Limits::Off,
            matching: Matching::Waterfall,
            ..BATCH
        }),
        "AWS Entity Resolution, waterfall",
        Label::Documented,
        "rules of several types at once",
    ),
    preset(
        "closure-transitive",
        closure(ClosureWithLimits {
            limits: Limits::Off,
            order: LinkOrder::KeyPriority,
            ..BATCH
        }),
        "AWS Entity Resolution, transitive",
        Label::Documented,
        "rules of several types at once",
    ),
    preset(
        "demote-and-retry-weekly",
        LedgerStrategy::DemoteAndRetry(DemoteAndRetry {
            window: LimitWindow::Week,
            ..DemoteAndRetry::USUAL
        }),
        "Segment Unify, limits within a week",
        Label::Documented,
        "patterns of values beyond zeros and dashes",
    ),
    preset(
        "merge-key-switch-current",
        unomi(Master::Current),
        "Apache Unomi, the current profile forced",
        Label::Observed,
        "segments, consents, private browsing, the second until history is rewritten",
    ),
];
