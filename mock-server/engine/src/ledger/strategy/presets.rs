//! Strategies as somebody published them: a name, the switches, by whom, how sure the model is, and what it leaves out.
//! They are named after what they do; vendors' presets of the explicit merge, which all do the same, after the vendor.

use super::{
    LedgerStrategy,
    choices::{
        ClosureWithLimits, DemoteAndRetry, ExplicitFill, Guard, GuardedIdentify, LimitWindow,
        Limits, LinkOrder, LookupMode, Master, Matching, MergeCap, MergeKeySwitch, OldestWinsFork,
        OneKnownGuard, Past, PriorityLookup, ReplayRebuild, Rounds, Run, SourceAfter, Survivor,
        TargetMissing, Undo, UniqueNamespaceReplay, When,
    },
};
use crate::{
    ledger::property::{Empty, PropertyRule, Tie},
    rule::Label,
};

/// A strategy with its switches set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// As it is written at the command line.
    pub slug: &'static str,
    /// The strategy with its switches.
    pub strategy: LedgerStrategy,
    /// By whom, and how sure.
    pub published: Published,
}

/// By whom a strategy is published, and how sure the model of it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// The product, or that it is nobody's.
    pub by: &'static str,
    /// How sure its rules are.
    pub label: Label,
    /// What the model leaves out.
    pub leaves_out: &'static str,
}

const fn preset(
    slug: &'static str,
    strategy: LedgerStrategy,
    by: &'static str,
    label: Label,
    leaves_out: &'static str,
) -> Preset {
    let published = Published {
        by,
        label,
        leaves_out,
    };
    Preset {
        slug,
        strategy,
        published,
    }
}

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

const fn fill(switches: ExplicitFill) -> LedgerStrategy {
    LedgerStrategy::ExplicitFill(switches)
}

/// The survivor's values stay, missing ones are filled, the source is gone: what most vendors do.
const FILL: ExplicitFill = ExplicitFill {
    properties: PropertyRule::SurvivorFirst,
    ..ExplicitFill::USUAL
};

const BATCH: ClosureWithLimits = ClosureWithLimits {
    run: Run::Batch,
    ..ClosureWithLimits::USUAL
};

/// One for each strategy and each of its published modes.
const MAIN: [Preset; 18] = [
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
        "RudderStack Profiles",
        Label::Documented,
        "limits per pair of types and direction, the overlap of runs, the include and exclude table",
    ),
    preset(
        "guarded-identify",
        LedgerStrategy::GuardedIdentify(GuardedIdentify::USUAL),
        "PostHog",
        Label::Observed,
        "concurrency, the cap of moved IDs and its dead-letter queue",
    ),
    preset(
        "guarded-identify-everywhere",
        LedgerStrategy::GuardedIdentify(GuardedIdentify {
            one_known_guard: OneKnownGuard::On,
            ..GuardedIdentify::USUAL
        }),
        "PostHog, with a guard it has not",
        Label::Assumed,
        "as above",
    ),
    preset(
        "dangerous-identify",
        LedgerStrategy::GuardedIdentify(GuardedIdentify {
            guard: Guard::Off,
            ..GuardedIdentify::USUAL
        }),
        "PostHog, $merge_dangerously",
        Label::Observed,
        "as above",
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
        "as above",
    ),
    preset(
        "lookup-isolation",
        lookup(LookupMode::Isolation),
        "mParticle IDSync, profile isolation",
        Label::Documented,
        "as above",
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
        "as above",
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

/// Variants of these, and the vendors of the explicit merge.
const VARIANTS: [Preset; 19] = [
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
        "as above",
    ),
    preset(
        "demote-and-retry-weekly",
        LedgerStrategy::DemoteAndRetry(DemoteAndRetry {
            window: LimitWindow::Week,
            ..DemoteAndRetry::USUAL
        }),
        "Segment Unify, limits within a week",
        Label::Documented,
        "as above",
    ),
    preset(
        "merge-key-switch-current",
        unomi(Master::Current),
        "Apache Unomi, the current profile forced",
        Label::Observed,
        "as above",
    ),
    preset(
        "explicit-braze-merge",
        fill(ExplicitFill {
            when: When::AnyOrder,
            past: Past::StaysBehind,
            ..FILL
        }),
        "Braze, merge users",
        Label::Documented,
        "50 pairs a request, test and deletion flags; which fields are summed must be said",
    ),
    preset(
        "explicit-braze-identify",
        fill(ExplicitFill {
            properties: PropertyRule::Lost,
            source: SourceAfter::Orphaned,
            target_missing: TargetMissing::SourceRenamed,
            ..FILL
        }),
        "Braze, identify users",
        Label::Documented,
        "which fields are copied must be said",
    ),
    preset(
        "explicit-braze-bulk",
        fill(ExplicitFill {
            survivor: Survivor::StrongThenUpdated,
            past: Past::StaysBehind,
            ..FILL
        }),
        "Braze, bulk merge of duplicates",
        Label::Documented,
        "the search for duplicates",
    ),
    preset(
        "explicit-customer-io",
        fill(ExplicitFill {
            empty: Empty::EmptyText,
            past: Past::ThirtyDaysThenRest,
            ..FILL
        }),
        "Customer.io",
        Label::Documented,
        "deliveries and journeys; 29 days are published as well",
    ),
    preset(
        "explicit-iterable",
        fill(ExplicitFill {
            target_missing: TargetMissing::SourceRenamed,
            ..FILL
        }),
        "Iterable",
        Label::Documented,
        "",
    ),
    preset(
        "explicit-klaviyo",
        fill(ExplicitFill {
            when: When::AnyOrder,
            ..FILL
        }),
        "Klaviyo",
        Label::Documented,
        "",
    ),
    preset(
        "explicit-hubspot",
        fill(ExplicitFill {
            properties: PropertyRule::Newest,
            source: SourceAfter::KeepsResolving,
            cap: MergeCap::Combined250,
            ..FILL
        }),
        "HubSpot",
        Label::Documented,
        "which fields are dates of creation or stages must be said",
    ),
    preset(
        "explicit-shopify",
        fill(ExplicitFill {
            survivor: Survivor::RuleChain,
            ..FILL
        }),
        "Shopify",
        Label::Documented,
        "overrides, blocking conditions; the names of the properties are ours",
    ),
    preset(
        "explicit-amazon-connect",
        fill(ExplicitFill {
            source: SourceAfter::KeepsResolving,
            ..FILL
        }),
        "Amazon Connect Customer Profiles",
        Label::Documented,
        "a named source for a field must be said",
    ),
    preset(
        "explicit-infobip",
        fill(ExplicitFill {
            survivor: Survivor::EarliestCreated,
            source: SourceAfter::KeepsResolving,
            ..FILL
        }),
        "Infobip",
        Label::Documented,
        "that a customer's value beats a lead's",
    ),
    preset(
        "explicit-reltio",
        fill(ExplicitFill {
            survivor: Survivor::EarliestTime,
            properties: PropertyRule::EveryValue,
            source: SourceAfter::KeepsResolving,
            undo: Undo::Full,
            ..FILL
        }),
        "Reltio",
        Label::Documented,
        "the lineage of values; what comes back has a new number",
    ),
    preset(
        "explicit-absorbed-on-ties",
        fill(ExplicitFill {
            properties: PropertyRule::Newest,
            tie: Tie::Absorbed,
            ..FILL
        }),
        "nobody: newest, and the absorbed profile on equal times",
        Label::Assumed,
        "",
    ),
];

impl LedgerStrategy {
    /// One for each strategy and each of its published modes.
    pub const ALL: [Self; MAIN.len()] = {
        let mut all = [Self::NeverMerge; MAIN.len()];
        let mut place = 0;
        while place < MAIN.len() {
            all[place] = MAIN[place].strategy;
            place += 1;
        }
        all
    };

    /// Every preset, those of [`Self::ALL`] first.
    pub fn presets() -> impl Iterator<Item = &'static Preset> {
        const ALL: &[&[Preset]] = &[&MAIN, &VARIANTS];
        ALL.iter().copied().flatten()
    }

    /// The preset that it is, or that of the same strategy from which it differs least.
    pub fn preset(self) -> &'static Preset {
        let own = self.switches();
        let differs = |preset: &&Preset| {
            let is_another =
                core::mem::discriminant(&preset.strategy) != core::mem::discriminant(&self);
            let its = preset.strategy.switches();
            let switches = its.iter().zip(&own);
            (is_another, switches.filter(|(its, own)| its != own).count())
        };
        Self::presets().min_by_key(differs).unwrap_or(&MAIN[0])
    }

    /// The name of its preset.
    pub fn slug(self) -> &'static str {
        self.preset().slug
    }

    /// By whom it is published, and what the model of it leaves out.
    pub fn published(self) -> Published {
        self.preset().published
    }
}
