//! What strategies promise. None promises everything: what a strategy does not promise it breaks in some history.
//! Promises are about calls that name one value of each unique type at most, merges, aliases and modifications, each at a
//! time of its own; a split and a batch run are there to take things back.

use alloc::vec::Vec;

use super::{
    LedgerStrategy,
    because::reasons,
    property::{Empty, PropertyRule},
    strategy::choices::{
        AnonymousEvents, ClosureWithLimits, ExplicitFill, GraphCaps, Guard, LimitWindow, Limits,
        LookupMode, Master, MovedIds, OneKnownGuard, Past, Replayed, SourceAfter, Survivor,
        UniqueType,
    },
};

use LedgerInvariant::{
    EventsStayWithTheirProfile, EveryCallIsSomebodys, EveryIdLeadsSomewhere, JoinsAllThatIsNamed,
    LimitsAreKept, NewestValueStays, OldestGoesOn, OneProfilePerId, OrderIsHarmless,
    PropertiesAreKept, RepetitionIsHarmless, StrangersStayApart, TogetherForGood,
    UniqueTypesAreUnique,
};

reasons! {
    /// Something that a strategy may promise of every history.
    LedgerInvariant {
        EveryCallIsSomebodys = "every-call-is-somebodys",
            "A call with an ID that is not refused belongs to a profile.";
        EveryIdLeadsSomewhere = "every-id-leads-somewhere",
            "An ID that a call named leads to a profile from then on.";
        OneProfilePerId = "one-profile-per-id",
            "An ID leads to one profile at most.";
        UniqueTypesAreUnique = "unique-types-are-unique",
            "A profile holds one value at most of a type whose limit is 1.";
        LimitsAreKept = "limits-are-kept",
            "A profile holds no more values of any type than its limit.";
        StrangersStayApart = "strangers-stay-apart",
            "Calls that name different values of a unique hard type never belong to the same profile.";
        OldestGoesOn = "oldest-goes-on",
            "Where profiles become one, the one that was created first goes on.";
        EventsStayWithTheirProfile = "events-stay-with-their-profile",
            "An event changes its owner only when its owner becomes part of another profile.";
        TogetherForGood = "together-for-good",
            "Two events that belong to the same profile do so from then on.";
        JoinsOnlyWhatIsLinked = "joins-only-what-is-linked",
            "Two events belong to the same profile only if a chain of commands links their IDs.";
        JoinsAllThatIsNamed = "joins-all-that-is-named",
            "All IDs that one call names lead to the same profile.";
        RepetitionIsHarmless = "repetition-is-harmless",
            "A call that comes twice in a row reaches the same profile twice, and the second changes nobody's IDs or events.";
        OrderIsHarmless = "order-is-harmless",
            "The same calls in another order end with the same events together.";
        PropertiesAreKept = "properties-are-kept",
            "A property that a call set is on the profile to which the call belongs, with some value.";
        NewestValueStays = "newest-value-stays",
            "The value of a property is the last that a call of the profile set.";
    }
}

impl LedgerStrategy {
    /// Whether the strategy keeps it in every history; if not, there is one that breaks it.
    pub fn promises(self, invariant: LedgerInvariant) -> bool {
        !self.breaks().contains(&invariant)
    }

    /// What holds in some histories only.
    fn breaks(self) -> Vec<LedgerInvariant> {
        let (always, also): (&[LedgerInvariant], &[(bool, LedgerInvariant)]) = match self {
            Self::NeverMerge => (
                &[
                    EveryIdLeadsSomewhere,
                    StrangersStayApart,
                    JoinsAllThatIsNamed,
                ],
                &[],
            ),
            Self::ClosureWithLimits(switches) => return of_closure(switches),
            Self::GuardedIdentify(switches) => {
                let is_guarded =
                    switches.guard == Guard::On || switches.one_known_guard == OneKnownGuard::On;
                // The first of two calls makes the target known, and then the guard that is off lets the second through.
                let lets_the_second = switches.guard == Guard::Off && is_guarded;
                // A call that moves more IDs than it may is set aside, and with it what it alone names.
                let is_capped = switches.moved_ids != MovedIds::Any;
                (
                    &[
                        UniqueTypesAreUnique,
                        LimitsAreKept,
                        StrangersStayApart,
                        OldestGoesOn,
                        NewestValueStays,
                    ],
                    &[
                        (is_guarded, JoinsAllThatIsNamed),
                        (is_guarded, OrderIsHarmless),
                        (is_capped, EveryCallIsSomebodys),
                        (is_capped, EveryIdLeadsSomewhere),
                        (lets_the_second, RepetitionIsHarmless),
                    ],
                )
            }
            Self::DemoteAndRetry(switches) => {
                let fades = switches.window != LimitWindow::ForEver;
                (
                    &[
                        EveryIdLeadsSomewhere,
                        StrangersStayApart,
                        JoinsAllThatIsNamed,
                        OrderIsHarmless,
                    ],
                    &[(fades, LimitsAreKept)],
                )
            }
            Self::DeviceToFirstUser => (
                &[
                    UniqueTypesAreUnique,
                    LimitsAreKept,
                    StrangersStayApart,
                    OldestGoesOn,
                    JoinsAllThatIsNamed,
                    OrderIsHarmless,
                    PropertiesAreKept,
                    NewestValueStays,
                ],
                &[],
            ),
            Self::OldestWinsFork(switches) => {
                let forks = switches.unique == UniqueType::Strongest;
                (
                    &[UniqueTypesAreUnique, LimitsAreKept, StrangersStayApart],
                    &[
                        (forks, EveryIdLeadsSomewhere),
                        (forks, OneProfilePerId),
                        (forks, JoinsAllThatIsNamed),
                        (forks, OrderIsHarmless),
                    ],
                )
            }
            Self::UniqueNamespaceReplay(switches) => {
                let follows = switches.anonymous == AnonymousEvents::FollowTheDevice;
                let is_capped = switches.caps == GraphCaps::Published;
                (
                    &[
                        LimitsAreKept,
                        StrangersStayApart,
                        JoinsAllThatIsNamed,
                        OrderIsHarmless,
                    ],
                    &[
                        (follows, EventsStayWithTheirProfile),
                        (follows, TogetherForGood),
                        (follows, PropertiesAreKept),
                        (follows, NewestValueStays),
                        (is_capped, EveryCallIsSomebodys),
                        (is_capped, EveryIdLeadsSomewhere),
                    ],
                )
            }
            Self::PriorityLookup(switches) => {
                let is_best_match = switches.mode == LookupMode::BestMatch;
                (
                    &[
                        OneProfilePerId,
                        LimitsAreKept,
                        StrangersStayApart,
                        JoinsAllThatIsNamed,
                        OrderIsHarmless,
                    ],
                    &[
                        (is_best_match, UniqueTypesAreUnique),
                        (!is_best_match, EveryIdLeadsSomewhere),
                    ],
                )
            }
            Self::MergeKeySwitch(switches) => (
                &[
                    UniqueTypesAreUnique,
                    LimitsAreKept,
                    StrangersStayApart,
                    JoinsAllThatIsNamed,
                    OrderIsHarmless,
                    NewestValueStays,
                ],
                &[
                    (switches.master == Master::Current, OldestGoesOn),
                    (switches.properties == PropertyRule::Lost, PropertiesAreKept),
                ],
            ),
            Self::ExplicitFill(switches) => return of_explicit(switches),
            Self::EntityCentricRevision => (
                &[
                    EveryIdLeadsSomewhere,
                    UniqueTypesAreUnique,
                    LimitsAreKept,
                    StrangersStayApart,
                    EventsStayWithTheirProfile,
                    TogetherForGood,
                    JoinsAllThatIsNamed,
                    PropertiesAreKept,
                    NewestValueStays,
                ],
                &[],
            ),
            Self::ReplayRebuild(switches) => (
                &[
                    UniqueTypesAreUnique,
                    LimitsAreKept,
                    StrangersStayApart,
                    OldestGoesOn,
                ],
                &[(switches.replayed == Replayed::Newest1500, TogetherForGood)],
            ),
        };
        with(always, also)
    }
}

fn with(always: &[LedgerInvariant], also: &[(bool, LedgerInvariant)]) -> Vec<LedgerInvariant> {
    let also = also.iter().filter(|(is_so, _)| *is_so);
    let also = also.map(|(_, invariant)| *invariant);
    always.iter().copied().chain(also).collect()
}

fn of_closure(switches: ClosureWithLimits) -> Vec<LedgerInvariant> {
    let always = match switches.limits {
        Limits::PerProfile => [
            EveryIdLeadsSomewhere,
            StrangersStayApart,
            JoinsAllThatIsNamed,
            OrderIsHarmless,
        ]
        .as_slice(),
        Limits::PerPair => &[
            EveryIdLeadsSomewhere,
            UniqueTypesAreUnique,
            LimitsAreKept,
            StrangersStayApart,
            JoinsAllThatIsNamed,
            OrderIsHarmless,
        ],
        Limits::Off => &[UniqueTypesAreUnique, LimitsAreKept, StrangersStayApart],
    };
    let properties = switches.properties;
    with(
        always,
        &[
            (properties == PropertyRule::Lost, PropertiesAreKept),
            (properties != PropertyRule::Newest, NewestValueStays),
        ],
    )
}

fn of_explicit(switches: ExplicitFill) -> Vec<LedgerInvariant> {
    let ExplicitFill {
        survivor,
        properties,
        empty,
        source,
        past,
        ..
    } = switches;
    let joins = source != SourceAfter::Orphaned;
    let by_age = matches!(survivor, Survivor::EarliestCreated | Survivor::EarliestTime);
    let newest_wins = properties == PropertyRule::Newest
        && matches!(empty, Empty::Missing | Empty::UnlessNewer)
        && past == Past::Moves;
    // An orphan's events stay with it, and values of it that are copied come from no event of the owner.
    let fills_only = properties == PropertyRule::SurvivorFirst && empty == Empty::Missing;
    let copies = !joins && properties != PropertyRule::Lost && !fills_only;
    let later = joins && past == Past::ThirtyDaysThenRest;
    with(
        &[
            UniqueTypesAreUnique,
            LimitsAreKept,
            StrangersStayApart,
            JoinsAllThatIsNamed,
            OrderIsHarmless,
        ],
        &[
            (source != SourceAfter::KeepsResolving, EveryIdLeadsSomewhere),
            (joins && !by_age, OldestGoesOn),
            (joins && properties == PropertyRule::Lost, PropertiesAreKept),
            (joins && !newest_wins || copies, NewestValueStays),
            (later, EventsStayWithTheirProfile),
            (later, TogetherForGood),
        ],
    )
}
