//! The rules that decisions rest on, each with its evidence. The label travels with the decision to the user.

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
        /// A rule of `semantics.md` that a decision used.
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
}

/// A set of rules; listed in the order of [`Rule::ALL`].
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Rules(u64);

impl Rules {
    /// Adds one rule.
    pub fn add(&mut self, rule: Rule) {
        self.0 |= 1 << rule as u8;
    }

    /// Adds all rules of another set.
    pub fn add_all(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Whether the rule is in the set.
    pub fn contains(self, rule: Rule) -> bool {
        self.0 & (1 << rule as u8) != 0
    }

    /// The rules in their order.
    pub fn iter(self) -> impl Iterator<Item = Rule> {
        Rule::ALL
            .iter()
            .copied()
            .filter(move |rule| self.contains(*rule))
    }

    /// The weakest label among them: what a result that rests on all of them is worth.
    pub fn weakest_label(self) -> Option<Label> {
        self.iter().map(Rule::label).max()
    }

    /// The set as bits, for storing; the bit of a rule is its position in [`Rule::ALL`].
    pub fn bits(self) -> u64 {
        self.0
    }

    /// The set that [`Self::bits`] gave.
    pub fn from_bits(bits: u64) -> Self {
        Self(bits & ((1 << Rule::ALL.len()) - 1))
    }
}

impl From<Rule> for Rules {
    fn from(rule: Rule) -> Self {
        Self(1 << rule as u8)
    }
}

impl FromIterator<Rule> for Rules {
    fn from_iter<I: IntoIterator<Item = Rule>>(rules: I) -> Self {
        let mut set = Self::default();
        for rule in rules {
            set.add(rule);
        }
        set
    }
}

impl core::fmt::Debug for Rules {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_set().entries(self.iter().map(Rule::slug)).finish()
    }
}
