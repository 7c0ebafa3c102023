//! The rules that decisions rest on, each with its evidence. The label travels with the decision to the user.

mod set;

pub use set::Rules;

/// How well a rule is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Label {
    /// The vendor's documentation says so.
    Documented,
    /// Seen in what real clients send or expect.
    Observed,
    /// Our reading where the evidence is silent.
    Assumed,
}

impl Label {
    /// The label as it is shown.
    pub fn name(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Observed => "observed",
            Self::Assumed => "assumed",
        }
    }
}

macro_rules! rules {
    ($($variant:ident = $slug:literal, $label:ident, $fact:literal, $source:literal, $says:literal;)+) => {
        /// A rule that a decision used: of Engagement (`semantics.md`), or of a published strategy (facts S).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Rule { $(#[doc = $says] $variant,)+ }

        impl Rule {
            /// Every rule, in the order in which decisions list them.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The rule's name, as scenarios and the journal write it.
            pub fn slug(self) -> &'static str {
                match self { $(Self::$variant => $slug,)+ }
            }

            /// How well it is known.
            pub fn label(self) -> Label {
                match self { $(Self::$variant => Label::$label,)+ }
            }

            /// Where the evidence stands: facts and rows by number.
            pub fn fact(self) -> &'static str {
                match self { $(Self::$variant => $fact,)+ }
            }

            /// Where the evidence was published; for an assumed rule, the page that leaves the question open.
            pub fn source(self) -> &'static str {
                match self { $(Self::$variant => $source,)+ }
            }

            /// The rule in a sentence.
            pub fn says(self) -> &'static str {
                match self { $(Self::$variant => $says,)+ }
            }
        }
    };
}

rules! {
    NullIgnored = "null-ignored", Observed, "1.44",
        "github.com/exponea/bloomreach-magento2-integration",
        "a null ID is as if its key were absent";
    IntegerAsText = "integer-as-text", Documented, "1.43",
        "documentation.bloomreach.com/engagement/docs/external-id",
        "an integer ID becomes its decimal text";
    FractionKept = "fraction-kept", Assumed, "1.43",
        "documentation.bloomreach.com/engagement/docs/external-id",
        "a number written with a fraction keeps it: 77.0 is not 77";
    Trimmed = "trimmed", Documented, "1.31",
        "documentation.bloomreach.com/engagement/docs/tracking-id-transformations",
        "white space around an ID is removed";
    Lowercased = "lowercased", Documented, "1.32",
        "documentation.bloomreach.com/engagement/docs/tracking-id-transformations",
        "an ID of this type is lower-cased";
    InvalidValueDropped = "invalid-value-dropped", Assumed, "1.42",
        "support.bloomreach.com, article 19231102135453",
        "an invalid ID is dropped when a valid one remains";
    UnknownTypeIgnored = "unknown-type-ignored", Assumed, "1.45",
        "github.com/exponea/exponea-android-sdk, tracking.md",
        "an ID of an undeclared type is ignored";
    UnknownTypeDeclared = "unknown-type-declared", Assumed, "1.45",
        "github.com/exponea/exponea-android-sdk, tracking.md",
        "an undeclared ID type is declared as soft";
    UnknownTypeRejected = "unknown-type-rejected", Assumed, "1.45",
        "github.com/exponea/exponea-android-sdk, tracking.md",
        "an ID of an undeclared type makes the command fail";
    NoIdRejected = "no-id-rejected", Documented, "1.41",
        "documentation.bloomreach.com/engagement/reference/tracking-api-error-messages",
        "a command without any ID fails";
    NoValidIdRejected = "no-valid-id-rejected", Documented, "1.40",
        "support.bloomreach.com, article 19231102135453",
        "a command without any valid ID fails";
    HardConflictRejected = "hard-conflict-rejected", Assumed, "I8, I9",
        "guides.exponea.com/cookbook/identifying-customers",
        "hard IDs that belong to customers who cannot merge make the command fail";
    FirstHardTypeWins = "first-hard-type-wins", Assumed, "I8, I9",
        "guides.exponea.com/cookbook/identifying-customers",
        "of clashing hard IDs the first type of the schema stays, the clashing value is not set";
    CreatedByHardId = "created-by-hard-id", Documented, "G1",
        "documentation.bloomreach.com/engagement/docs/external-id",
        "a hard ID that nobody holds creates a customer";
    CreatedBySoftId = "created-by-soft-id", Documented, "G2",
        "documentation.bloomreach.com/engagement/docs/external-id",
        "a soft ID that nobody holds creates a customer";
    FoundById = "found-by-id", Documented, "G3",
        "documentation.bloomreach.com/engagement/docs/external-id",
        "a customer is found by any of its IDs, whoever sits at the device";
    IdAdded = "id-added", Documented, "6.7, I1",
        "documentation.bloomreach.com/engagement/docs/cookies",
        "an ID of the call that nobody holds is added to the customer";
    SharedIdMerges = "shared-id-merges", Documented, "3.1",
        "documentation.bloomreach.com/engagement/docs/merging",
        "customers whose IDs come together in one call merge";
    SeveralMerge = "several-merge", Assumed, "I12",
        "documentation.bloomreach.com/engagement/docs/merging",
        "more than two customers merge at once into the oldest";
    OldestSurvives = "oldest-survives", Documented, "3.3",
        "documentation.bloomreach.com/engagement/docs/merging",
        "the customer created first remains, even if it was anonymous";
    ContestedMoves = "contested-moves", Documented, "3.6",
        "documentation.bloomreach.com/engagement/docs/merging",
        "a soft ID met with another person's hard ID moves to the newer customer, past events stay";
    ContestedMovesToOlder = "contested-moves-to-older", Assumed, "3.8",
        "documentation.bloomreach.com/engagement/docs/merging",
        "a soft ID moves to the customer that the call addresses, although it is the older one";
    ContestedMovesToNewest = "contested-moves-to-newest", Assumed, "I20",
        "documentation.bloomreach.com/engagement/docs/merging",
        "in a call with soft IDs only, the newest owner is addressed";
    ContestedStays = "contested-stays", Assumed, "3.8",
        "documentation.bloomreach.com/engagement/docs/merging",
        "a contested soft ID stays with the later-created customer";
    SoftIdDisplaced = "soft-id-displaced", Documented, "1.21",
        "documentation.bloomreach.com/engagement/docs/customer-identification",
        "the soft ID that was unused for longest gives way when the type is full";
    PropertyNewestWins = "property-newest-wins", Documented, "3.4, 3.20",
        "documentation.bloomreach.com/engagement/docs/customer-properties-synchronization",
        "of a property on both merged customers the later set value stays";
    PropertyTieAbsorbed = "property-tie-absorbed", Assumed, "3.9",
        "documentation.bloomreach.com/engagement/docs/merging",
        "on equal times the absorbed customer's value stays";
    PropertyAbsorbedReplaces = "property-absorbed-replaces", Assumed, "3.4",
        "documentation.bloomreach.com/engagement/docs/merging",
        "the absorbed customer's value replaces the survivor's";
    PropertySurvivorKeeps = "property-survivor-keeps", Assumed, "3.9",
        "documentation.bloomreach.com/engagement/docs/merging",
        "the survivor's value stays";
    FirstSessionKept = "first-session-kept", Documented, "3.13",
        "documentation.bloomreach.com/engagement/docs/merging",
        "add_first_session stays true if any of the merged had it";
    NewerAssignmentKept = "newer-assignment-kept", Documented, "3.12",
        "documentation.bloomreach.com/engagement/docs/merging",
        "an A/B assignment comes from the newer customer";
    MergeTracked = "merge-tracked", Documented, "3.14",
        "documentation.bloomreach.com/engagement/docs/merging",
        "a merge event is tracked on the survivor (that it exists is documented, its attributes are assumed)";
    OlderUpdateIgnored = "older-update-ignored", Documented, "4.2",
        "documentation.bloomreach.com/engagement/reference/update-customer-properties-2",
        "with update_timestamp a property is stored only where the stored one is older";
    DuplicateEventDropped = "duplicate-event-dropped", Documented, "4.3",
        "documentation.bloomreach.com/engagement/docs/efficient-engagement-usage",
        "an event equal to a stored one of the same customer is dropped";
    EventTypeRequired = "event-type-required", Documented, "4.2",
        "documentation.bloomreach.com/engagement/docs/add-event",
        "an event needs its type";
    PropertiesAreAnObject = "properties-are-an-object", Observed, "4.2",
        "github.com/ThisIsSpartaX/exponea-php-sdk",
        "properties are an object, empty if there are none";
    NewAttributeDiscarded = "new-attribute-discarded", Documented, "4.3",
        "documentation.bloomreach.com/engagement/docs/tracking",
        "a property with a new name is discarded when the project has as many names as it may, the rest is stored";
    Anonymized = "anonymized", Documented, "3.22",
        "documentation.bloomreach.com/engagement/reference/anonymize-a-customer-2",
        "anonymizing removes every ID and the private properties and gives a fresh cookie";
    NotFound = "not-found", Documented, "5",
        "support.bloomreach.com, article 19231102135453",
        "reading or anonymizing an unknown customer fails and creates nobody";
    FreshIdNeedsSoftType = "fresh-id-needs-soft-type", Assumed, "3.22",
        "documentation.bloomreach.com/engagement/reference/anonymize-a-customer-2",
        "anonymizing needs a soft ID type for the fresh ID, and a value that is free";
    IdentityTransferred = "identity-transferred", Assumed, "8.10, 8.12",
        "documentation.bloomreach.com/engagement/reference/transactional-email-2",
        "a link with identity transfer adds the clicking browser's cookie to the recipient's IDs";
    NeverMerge = "never-merge", Assumed, "S1.12",
        "nobody's: the lower end of the scale",
        "every ID is a profile of its own, and a call goes to its strongest";
    PlainClosure = "plain-closure", Assumed, "S1.9",
        "nobody's: connected components",
        "whatever came together in a call is one profile, the oldest goes on; the newest properties stay";
    ClosureWithLimits = "closure-with-limits", Documented, "S1.9",
        "hightouch.com/docs/identity-resolution/how-it-works",
        "whatever came together is one profile, but a link that would break the limit of a type is refused";
    GuardedIdentify = "guarded-identify", Observed, "S1.2",
        "github.com/PostHog/posthog, person-merge-service.ts",
        "the strongest ID of a call is its target, the others are sources that fold into it; the target's properties win";
    TargetJoinsSource = "target-joins-source", Observed, "S1.2 #6",
        "github.com/PostHog/posthog, person-merge-service.ts",
        "a target that nobody holds goes to whoever holds the source: this branch has no guard";
    IdentifiedSourceRefused = "identified-source-refused", Observed, "S1.2 #7",
        "github.com/PostHog/posthog, person-merge-service.ts",
        "a source that is identified is not folded into a target that is known; the call goes on without it";
    GuardEverywhere = "guard-everywhere", Assumed, "S1.12",
        "nobody's: PostHog with a guard that it has not",
        "a target that nobody holds is not attached to an identified source either";
    GuardOff = "guard-off", Observed, "S1.2 #4",
        "github.com/PostHog/posthog, person-merge-service.ts",
        "with $merge_dangerously identified sources are folded as well";
    DemoteAndRetry = "demote-and-retry", Documented, "S1.3",
        "github.com/segmentio/segment-docs, identity-resolution-settings.md",
        "all profiles that a call reaches merge if the result keeps the limits of its types; the newest properties stay";
    WeakestIdDemoted = "weakest-id-demoted", Documented, "S1.3 #4",
        "github.com/segmentio/segment-docs, identity-resolution-settings.md",
        "where a limit would break, the weakest ID of the call is left out and the call is looked at again";
    ValueRefused = "value-refused", Observed, "S1.2 #5, S1.3 #5",
        "github.com/PostHog/posthog, person-merge-types.ts; github.com/segmentio/segment-docs",
        "the strategy never takes this value for an ID";
    DeviceToFirstUser = "device-to-first-user", Documented, "S1.10",
        "github.com/mixpanel/docs, docs/tracking-methods/id-management",
        "a device belongs to the first person who used it, with its anonymous past but not its properties; a user in the call beats the device";
    OldestWinsFork = "oldest-wins-fork", Documented, "S1.6",
        "github.com/snowplow/documentation, docs/identities/concepts",
        "the older of the profiles that a call reaches goes on, if their unique ID agrees";
    IdPointsToSeveral = "id-points-to-several", Documented, "S1.6 #4",
        "github.com/snowplow/documentation, docs/identities/concepts/unique-identifiers",
        "where the unique ID differs, the call gets a profile of its own, to which its other IDs point as well";
    PlaceholderForAmbiguous = "placeholder-for-ambiguous", Documented, "S1.6 #5",
        "github.com/snowplow/documentation, docs/identities/concepts/unique-identifiers",
        "a call with nothing but an ID that points to several people goes to a placeholder: no guess is made";
    UniqueNamespaceReplay = "unique-namespace-replay", Documented, "S1.5",
        "github.com/AdobeDocs/experience-platform.en, identity-graph-linking-rules",
        "IDs that came together are a graph that holds one value of each unique type";
    GraphRebuilt = "graph-rebuilt", Assumed, "S1.5 #1",
        "github.com/AdobeDocs/experience-platform.en, identity-optimization-algorithm.md",
        "the graph is put together anew, the newest links first, and a link that would break it is cut (the order is a reading)";
    EventsFollowId = "events-follow-id", Documented, "S1.5",
        "github.com/AdobeDocs/experience-platform.en, namespace-priority.md",
        "events belong to whoever holds the strongest ID of their call now";
    PriorityLookup = "priority-lookup", Documented, "S1.4",
        "github.com/mParticle/docs, src/pages/guides/idsync",
        "a call is answered with one profile, by its log-in first and its device then; nothing merges";
    MergeKeySwitch = "merge-key-switch", Observed, "S1.7",
        "github.com/apache/unomi, MergeProfilesOnPropertyAction.java",
        "profiles with the same key merge into the one visited first; the others' properties win";
    UserSwitched = "user-switched", Observed, "S1.7 #4",
        "github.com/apache/unomi, MergeProfilesOnPropertyAction.java",
        "the device has another key, so the user has switched: it goes over to the profile of the new key";
    ExplicitMerge = "explicit-merge", Documented, "S1.8",
        "braze.com/docs/api/endpoints/user_data/post_users_merge",
        "the identity layer never guesses: a call belongs to its strongest ID, and only a caller joins two";
    ClosureWithPairLimits = "closure-with-pair-limits", Assumed, "S1.9",
        "rudderstack.com/docs/profiles/dev-docs/advanced-id-stitcher-features/id-graph-cardinality-rules",
        "an ID is linked with so many IDs of another type at most (documented), and the earlier link stays (assumed)";
    SwitchesUnpublished = "switches-unpublished", Assumed, "S1.12",
        "nobody's: switches of a published strategy in a choice that nobody published",
        "the strategy's switches stand as no preset has them, so nobody has said what comes of it";
}
