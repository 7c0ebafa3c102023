//! The strategies: what each makes of the IDs of a call. One file each, named after what it does.
//! Each says as published by whom, and on what its model rests.

mod closure;
mod demote_and_retry;
mod device_to_first_user;
mod explicit;
mod guarded_identify;
mod merge_key_switch;
mod never_merge;
mod oldest_wins_fork;
mod priority_lookup;
mod unique_namespace_replay;

use super::{LedgerId, Verdict, View};
use crate::rule::Label;
use guarded_identify::Guard;
use priority_lookup::Mode;

/// A published merge strategy, or an end of the scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LedgerStrategy {
    /// Every ID is a profile of its own; a call goes to its strongest.
    NeverMerge,
    /// What was ever seen together is one profile.
    PlainClosure,
    /// The same, unless a profile would hold more values of a type than its limit.
    ClosureWithLimits,
    /// Identified profiles are not folded into others.
    GuardedIdentify,
    /// The same, and a new user ID is not attached to an identified profile either.
    GuardedIdentifyEverywhere,
    /// The same without any guard.
    DangerousIdentify,
    /// The weakest IDs of a call give way until the profile keeps its limits.
    DemoteAndRetry,
    /// A device belongs to the first person who used it.
    DeviceToFirstUser,
    /// The older profile survives; another unique ID makes a profile of its own that shares the weaker IDs.
    OldestWinsFork,
    /// The graph is put together anew, the newest links first, so that it holds one value of each unique type.
    UniqueNamespaceReplay,
    /// A look-up: a new log-in is written onto the anonymous profile of the device.
    LookupConversion,
    /// A look-up: a new log-in is a new profile, and so is each log-out.
    LookupLink,
    /// A look-up: a new log-in is a new profile; log-out leads back to the anonymous profile of the device.
    LookupIsolation,
    /// One key decides: the same key merges, another switches the user.
    MergeKeySwitch,
    /// Nothing is joined but what a caller names.
    ExplicitMerge,
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

impl LedgerStrategy {
    /// Every one, the ends first.
    pub const ALL: [Self; 15] = [
        Self::NeverMerge,
        Self::PlainClosure,
        Self::ClosureWithLimits,
        Self::GuardedIdentify,
        Self::GuardedIdentifyEverywhere,
        Self::DangerousIdentify,
        Self::DemoteAndRetry,
        Self::DeviceToFirstUser,
        Self::OldestWinsFork,
        Self::UniqueNamespaceReplay,
        Self::LookupConversion,
        Self::LookupLink,
        Self::LookupIsolation,
        Self::MergeKeySwitch,
        Self::ExplicitMerge,
    ];

    /// As it is written at the command line.
    pub fn slug(self) -> &'static str {
        match self {
            Self::NeverMerge => "never-merge",
            Self::PlainClosure => "plain-closure",
            Self::ClosureWithLimits => "closure-with-limits",
            Self::GuardedIdentify => "guarded-identify",
            Self::GuardedIdentifyEverywhere => "guarded-identify-everywhere",
            Self::DangerousIdentify => "dangerous-identify",
            Self::DemoteAndRetry => "demote-and-retry",
            Self::DeviceToFirstUser => "device-to-first-user",
            Self::OldestWinsFork => "oldest-wins-fork",
            Self::UniqueNamespaceReplay => "unique-namespace-replay",
            Self::LookupConversion => "lookup-conversion",
            Self::LookupLink => "lookup-link",
            Self::LookupIsolation => "lookup-isolation",
            Self::MergeKeySwitch => "merge-key-switch",
            Self::ExplicitMerge => "explicit-merge",
        }
    }

    /// The strategy of this name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.slug() == slug)
    }

    /// By whom it is published, and what the model of it leaves out.
    pub fn published(self) -> Published {
        let (by, label, leaves_out) = match self {
            Self::NeverMerge => ("nobody: the lower end", Label::Assumed, ""),
            Self::PlainClosure => ("nobody: connected components", Label::Assumed, ""),
            Self::ClosureWithLimits => (
                "RudderStack Profiles, Hightouch",
                Label::Documented,
                "batches; links are taken as they come",
            ),
            Self::GuardedIdentify => (
                "PostHog",
                Label::Observed,
                "properties, concurrency, the cap of moved IDs",
            ),
            Self::GuardedIdentifyEverywhere => (
                "PostHog, with a guard it has not",
                Label::Assumed,
                "as above",
            ),
            Self::DangerousIdentify => ("PostHog, $merge_dangerously", Label::Observed, "as above"),
            Self::DemoteAndRetry => (
                "Segment Unify",
                Label::Documented,
                "windows of limits, the caps of 100 merges and 1,000 mappings",
            ),
            Self::DeviceToFirstUser => (
                "Mixpanel, Simplified; Amplitude",
                Label::Documented,
                "the delay of up to 24 hours",
            ),
            Self::OldestWinsFork => (
                "Snowplow Identities",
                Label::Documented,
                "validity intervals",
            ),
            Self::UniqueNamespaceReplay => (
                "Adobe Real-Time CDP",
                Label::Assumed,
                "the caps of 20 and 50 identities; the order of putting back is a reading",
            ),
            Self::LookupConversion | Self::LookupLink | Self::LookupIsolation => (
                "mParticle IDSync",
                Label::Documented,
                "alias, modify, best match",
            ),
            Self::MergeKeySwitch => (
                "Apache Unomi",
                Label::Observed,
                "property policies, the cap of 50 candidates",
            ),
            Self::ExplicitMerge => (
                "Braze, Customer.io, Iterable, Klaviyo, HubSpot",
                Label::Documented,
                "properties, the unordered execution",
            ),
        };
        Published {
            by,
            label,
            leaves_out,
        }
    }

    /// Values that it never takes for an ID, whatever their type.
    pub fn refuses(self, value: &str) -> bool {
        let lower = value.trim().to_lowercase();
        let words: &[&str] = match self {
            Self::GuardedIdentify | Self::GuardedIdentifyEverywhere | Self::DangerousIdentify => {
                return guarded_identify::refuses(value);
            }
            Self::DemoteAndRetry => {
                let blank = lower.chars().all(|letter| matches!(letter, '0' | '-'));
                if blank {
                    return true;
                }
                &[
                    "null",
                    "none",
                    "undefined",
                    "unknown",
                    "anonymous",
                    "n/a",
                    "never",
                ]
            }
            Self::UniqueNamespaceReplay => &["", "null", "anonymous", "invalid"],
            _ => &[""],
        };
        words.contains(&&*lower)
    }

    pub(super) fn decide(self, view: &View<'_>, ids: &[LedgerId]) -> Verdict {
        match self {
            Self::NeverMerge => never_merge::decide(view, ids),
            Self::PlainClosure => closure::decide(view, ids, false),
            Self::ClosureWithLimits => closure::decide(view, ids, true),
            Self::GuardedIdentify => guarded_identify::decide(view, ids, Guard::WhereBothKnown),
            Self::GuardedIdentifyEverywhere => {
                guarded_identify::decide(view, ids, Guard::Everywhere)
            }
            Self::DangerousIdentify => guarded_identify::decide(view, ids, Guard::Off),
            Self::DemoteAndRetry => demote_and_retry::decide(view, ids),
            Self::DeviceToFirstUser => device_to_first_user::decide(view, ids),
            Self::OldestWinsFork => oldest_wins_fork::decide(view, ids),
            Self::UniqueNamespaceReplay => unique_namespace_replay::decide(view, ids),
            Self::LookupConversion => priority_lookup::decide(view, ids, Mode::Conversion),
            Self::LookupLink => priority_lookup::decide(view, ids, Mode::Link),
            Self::LookupIsolation => priority_lookup::decide(view, ids, Mode::Isolation),
            Self::MergeKeySwitch => merge_key_switch::decide(view, ids),
            Self::ExplicitMerge => explicit::decide(view, ids),
        }
    }

    pub(super) fn link(self, view: &View<'_>, source: LedgerId, target: LedgerId) -> Verdict {
        match self {
            Self::GuardedIdentify | Self::GuardedIdentifyEverywhere | Self::DangerousIdentify => {
                guarded_identify::decide(view, &[target, source], Guard::Off)
            }
            Self::ExplicitMerge => explicit::link(view, source, target),
            _ => explicit::not_applicable(),
        }
    }
}
