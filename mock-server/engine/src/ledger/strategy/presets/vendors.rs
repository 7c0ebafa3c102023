//! The vendors of the explicit merge: one algorithm, which differs in who goes on, what stays, what follows, and when.

use super::{
    super::{
        LedgerStrategy,
        choices::{
            Blocking, ExplicitFill, MergeCap, Pairs, Past, SourceAfter, Survivor, TargetMissing,
            Undo, When,
        },
    },
    Preset, preset,
};
use crate::{
    ledger::property::{Empty, PropertyRule, Tie},
    rule::Label,
};

pub(super) const fn fill(switches: ExplicitFill) -> LedgerStrategy {
    LedgerStrategy::ExplicitFill(switches)
}

/// The survivor's values stay, missing ones are filled, the source is gone: what most vendors do.
pub(super) const FILL: ExplicitFill = ExplicitFill {
    properties: PropertyRule::SurvivorFirst,
    ..ExplicitFill::USUAL
};

/// Section 1.8, and the tie that it leaves open.
pub(super) const VENDORS: [Preset; 12] = [
    preset(
        "explicit-braze-merge",
        fill(ExplicitFill {
            when: When::AnyOrder,
            past: Past::StaysBehind,
            pairs: Pairs::AtMost50,
            ..FILL
        }),
        "Braze, merge users",
        Label::Documented,
        "test and deletion flags; which fields are summed must be said",
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
            blocking: Blocking::ByProperty,
            ..FILL
        }),
        "Shopify",
        Label::Documented,
        "which conditions block must be said, and an override as a property: their names are ours",
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
