//! Why: the rule that decided about a command, and the rules that leave single IDs out. Closed, so that each can be counted.

macro_rules! reasons {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $slug:literal, $says:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $(#[doc = $says] $variant,)+ }

        impl $name {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// As reports write it.
            pub fn slug(self) -> &'static str {
                match self { $(Self::$variant => $slug,)+ }
            }

            /// One sentence.
            pub fn says(self) -> &'static str {
                match self { $(Self::$variant => $says,)+ }
            }
        }
    };
}
pub(super) use reasons;

reasons! {
    /// The rule that decided, across all strategies.
    Because {
        NobodyKnown = "nobody-known", "No ID leads to a profile.";
        OneKnown = "one-known", "The IDs lead to one profile.";
        Merged = "merged", "Several became one.";
        MergeRefused = "merge-refused", "A merge would have broken a rule; the call goes on for its target only.";
        Demoted = "demoted", "IDs gave way until what is left fits.";
        CapReached = "cap-reached", "The profile is full; what is too much is left out, and the caller does not hear of it.";
        UserSwitched = "user-switched", "The call is about another person than the one on the device: the device goes over.";
        Ambiguous = "ambiguous", "An ID points to several people, and no guess is made.";
        Forked = "forked", "The unique ID differs: a profile of its own, to which the other IDs point as well.";
        Rebuilt = "rebuilt", "The graph was put together anew.";
        LookedUp = "looked-up", "A look-up by priority answered with one profile.";
        Orphaned = "orphaned", "The source goes on without anybody who reaches it; some of its values were copied.";
        Renamed = "renamed", "Nobody holds the target: the source is called so from now on.";
        Modified = "modified", "The profile got another value of a type.";
        Copied = "copied", "Events are seen in a second profile as well.";
        Split = "split", "IDs left the profile that they shared.";
        Deferred = "deferred", "It takes place later.";
        RecordRefused = "record-refused", "The call as a whole breaks a rule, and nothing of it is taken.";
        NotApplicable = "not-applicable", "The strategy has no such command.";
        Missing = "missing", "Nobody holds the ID that must exist.";
    }
}

reasons! {
    /// The rule that left an ID of a call out.
    DroppedBy {
        RefusedValue = "refused-value", "The value is on the strategy's list of values that name nobody.";
        Guard = "guard", "Its profile is identified and is not folded into another.";
        Limit = "limit", "The profile would hold more values of a type than it may.";
        CapOfMerges = "cap-of-merges", "The profile has been merged as often as it may.";
        CapOfMappings = "cap-of-mappings", "The profile holds as many IDs as it may.";
        CapOfCandidates = "cap-of-candidates", "The call reaches more profiles than one run takes.";
        CapOfGraph = "cap-of-graph", "The graph holds as many IDs as it may; the oldest of the weakest type fell out.";
        CapOfCall = "cap-of-call", "The call gives more IDs than one may.";
        TwoOfAUnique = "two-of-a-unique", "The call gives two values of a type of which a profile holds one.";
        AnotherPersons = "another-persons", "It is bound to somebody else.";
        NoJoin = "no-join", "The strategy joins nothing by calls.";
        CapOfRequest = "cap-of-request", "The request names more merges than one may.";
        CapOfMovedIds = "cap-of-moved-ids", "More IDs would move at once than may.";
        Blocked = "blocked", "One of the two profiles must not merge.";
        SameLabel = "same-label", "Both sides have a value of its type.";
        Generic = "generic", "Too many people have it for it to say anything.";
    }
}
