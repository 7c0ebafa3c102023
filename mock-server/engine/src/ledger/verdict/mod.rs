//! What a strategy decides about one command: a value that says everything and does nothing.
//! What is refused is a success with a reason, as the published systems answer it.

mod parts;

use alloc::vec::Vec;

use super::{Because, DroppedBy, LedgerId, ProfileNumber};
pub use parts::{
    Copied, Deferred, Dropped, Due, Flag, Group, History, Link, Lost, Reattributed, Split,
    Unlinked, Waiting, Written,
};

/// To whom a command goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// To a profile that is there.
    Found(ProfileNumber),
    /// To a new one.
    Created,
    /// To nobody: nothing of the command was taken.
    Nobody,
}

/// What a strategy decides about one command.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Whose it is.
    pub owner: Owner,
    /// The profiles that become part of the owner.
    pub absorbed: Vec<ProfileNumber>,
    /// How much of the past of those comes along.
    pub history: History,
    /// The profiles that live on with their events, and that no ID of the command reaches any more.
    pub orphaned: Vec<ProfileNumber>,
    /// IDs that lead to the owner from now on: new ones, and those that lead elsewhere until now.
    pub attached: Vec<LedgerId>,
    /// IDs that lead to the owner from now on, and to those who hold them already as well.
    pub shared: Vec<LedgerId>,
    /// IDs of the call that were left out, each with the rule that did it.
    pub dropped: Vec<Dropped>,
    /// IDs that lead nowhere from now on.
    pub released: Vec<LedgerId>,
    /// IDs of the call that point to several people, so that no guess is made.
    pub ambiguous: Vec<LedgerId>,
    /// IDs that say nothing from now on, since too many people have them.
    pub turned_generic: Vec<LedgerId>,
    /// The owner is the placeholder for this ID, which points to several people.
    pub stands_for: Option<LedgerId>,
    /// All IDs of the touched profiles, put together anew; the first group is that of the owner.
    pub regrouped: Vec<Group>,
    /// Links that are new, where a strategy counts them.
    pub linked: Vec<Link>,
    /// Links that existed and are cut.
    pub unlinked: Vec<Unlinked>,
    /// Events that change their owner though no profile ends.
    pub reattributed: Vec<Reattributed>,
    /// What takes place later.
    pub deferred: Vec<Deferred>,
    /// Events that a second profile has too from now on.
    pub copied: Vec<Copied>,
    /// Profiles absorbed earlier the rest of whose past follows now.
    pub caught_up: Vec<ProfileNumber>,
    /// Profiles that leave the owner again.
    pub split: Vec<Split>,
    /// What a batch run could not settle by its rules alone.
    pub flagged: Vec<Flag>,
    /// The event follows this ID to whoever holds it, not the profile.
    pub filed_under: Option<LedgerId>,
    /// The owner was joined with somebody by a call that says who it is.
    pub marks_identified: bool,
    /// Values that the owner has from now on.
    pub written: Vec<Written>,
    /// Values of absorbed or orphaned profiles that the owner does not get, and the owner's that gave way to theirs.
    pub lost: Vec<Lost>,
    /// The rule that decided.
    pub because: Because,
}

impl Verdict {
    pub(super) fn new(owner: Owner, because: Because) -> Self {
        Self {
            owner,
            absorbed: Vec::new(),
            history: History::Moves,
            orphaned: Vec::new(),
            attached: Vec::new(),
            shared: Vec::new(),
            dropped: Vec::new(),
            released: Vec::new(),
            ambiguous: Vec::new(),
            turned_generic: Vec::new(),
            stands_for: None,
            regrouped: Vec::new(),
            linked: Vec::new(),
            unlinked: Vec::new(),
            reattributed: Vec::new(),
            deferred: Vec::new(),
            copied: Vec::new(),
            caught_up: Vec::new(),
            split: Vec::new(),
            flagged: Vec::new(),
            filed_under: None,
            marks_identified: false,
            written: Vec::new(),
            lost: Vec::new(),
            because,
        }
    }

    pub(super) fn nobody(because: Because) -> Self {
        Self::new(Owner::Nobody, because)
    }

    /// The rule that decided, unless it is but that a profile was found and there is none.
    pub(super) fn found_or_created(owner: Option<ProfileNumber>, because: Because) -> Self {
        match owner {
            Some(owner) => Self::new(Owner::Found(owner), because),
            None => {
                let because = match because {
                    Because::OneKnown | Because::Merged | Because::LookedUp => Because::NobodyKnown,
                    refusal => refusal,
                };
                Self::new(Owner::Created, because)
            }
        }
    }

    pub(super) fn with(mut self, attached: impl IntoIterator<Item = LedgerId>) -> Self {
        self.attached.extend(attached);
        self
    }

    pub(super) fn without(
        mut self,
        dropped: impl IntoIterator<Item = LedgerId>,
        by: DroppedBy,
    ) -> Self {
        self.dropped
            .extend(dropped.into_iter().map(|id| Dropped { id, by }));
        self
    }

    pub(super) fn absorbing(mut self, absorbed: impl IntoIterator<Item = ProfileNumber>) -> Self {
        self.absorbed.extend(absorbed);
        self
    }

    /// The profile that is there and to which the command goes.
    pub fn found(&self) -> Option<ProfileNumber> {
        match self.owner {
            Owner::Found(profile) => Some(profile),
            Owner::Created | Owner::Nobody => None,
        }
    }
}
