//! What vendors of the explicit merge choose.

use super::super::{
    super::property::{Empty, Objects, PropertyRule, Tie},
    switches::switches,
};
use crate::settings::switch;

switch! {
    /// Whose profile goes on.
    Survivor {
        /// The target, as the caller names it.
        Target = "target",
        /// Who has a strong ID, then who changed last.
        StrongThenUpdated = "strong_then_updated",
        /// Who was created first.
        EarliestCreated = "earliest_created",
        /// Who was created or changed first; on equal times the greater number.
        EarliestTime = "earliest_time",
        /// Whom an override names, then who alone has an e-mail; of two who have one, whose account is enabled, who consented,
        /// who is invited. The target if that says nothing.
        RuleChain = "rule_chain",
    }
}

switch! {
    /// What becomes of the source.
    SourceAfter {
        /// It is gone: its ID leads nowhere, its other IDs go along.
        Gone = "gone",
        /// Its IDs lead to the survivor.
        KeepsResolving = "keeps_resolving",
        /// If the target exists it lives on and nobody reaches it, for its ID goes to the target.
        Orphaned = "orphaned",
    }
}

switch! {
    /// What happens if nobody holds the target.
    TargetMissing {
        /// Nothing, and the caller hears of a success.
        Nothing = "nothing",
        /// The source is called so from now on.
        SourceRenamed = "source_renamed",
    }
}

switch! {
    /// How much of the source's past follows.
    Past {
        /// All.
        Moves = "moves",
        /// None.
        StaysBehind = "stays_behind",
        /// The last 30 days at once, the rest later.
        ThirtyDaysThenRest = "thirty_days_then_rest",
    }
}

switch! {
    /// When a merge takes place.
    When {
        /// At once, in the order of the commands.
        AtOnce = "at_once",
        /// Later, in no promised order: every order is legal.
        AnyOrder = "any_order",
    }
}

switch! {
    /// How often a profile may merge.
    MergeCap {
        /// As often as asked.
        None = "none",
        /// 250 times, both sides counted together; from then on it is refused.
        Combined250 = "combined_250",
    }
}

switch! {
    /// How many merges one request may name.
    Pairs {
        /// One.
        One = "one",
        /// 50.
        AtMost50 = "at_most_50",
    }
}

switch! {
    /// What keeps a profile from merging.
    Blocking {
        /// Nothing.
        Never = "never",
        /// That its property `blocks_merge` is true.
        ByProperty = "by_property",
    }
}

switch! {
    /// Whether a merge can be undone.
    Undo {
        /// Never.
        Never = "never",
        /// The source comes back with its IDs, properties and past.
        Full = "full",
    }
}

switches! {
    /// Only a caller joins two profiles.
    ExplicitFill {
        /// Who goes on.
        survivor: Survivor,
        /// Which value of a property stays, unless it has a rule of its own.
        properties: PropertyRule,
        /// What is no value.
        empty: Empty,
        /// Who wins on equal times.
        tie: Tie,
        /// Objects.
        objects: Objects,
        /// The source.
        source: SourceAfter,
        /// A missing target.
        target_missing: TargetMissing,
        /// The past.
        past: Past,
        /// The time.
        when: When,
        /// The cap.
        cap: MergeCap,
        /// The size of a request.
        pairs: Pairs,
        /// What forbids it.
        blocking: Blocking,
        /// The way back.
        undo: Undo,
    }
}
