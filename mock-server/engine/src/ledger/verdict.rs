//! What a strategy decides about one command: a value that says everything and does nothing.
//! What is refused is a success with a reason, as the published systems answer it.

use alloc::{string::String, vec::Vec};

use super::{Because, DroppedBy, LedgerId, ProfileNumber};
use crate::time::Timestamp;

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

/// An ID that a call gave and that was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// Which.
    pub id: LedgerId,
    /// The rule.
    pub by: DroppedBy,
}

/// How much of the past of absorbed profiles the survivor has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum History {
    /// All.
    #[default]
    Moves,
    /// None: events stay with the profile that ended.
    StaysBehind,
    /// What happened since then.
    MovesSince(Timestamp),
    /// From this event on.
    MovesFrom(u32),
}

/// Some IDs that are one profile after the graph was put together anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The profile that they keep, or that they get a new one.
    pub owner: Owner,
    /// The IDs.
    pub ids: Vec<LedgerId>,
    /// The links that hold it together, where a strategy remembers them.
    pub links: Vec<Link>,
    /// The calls that belong to it, where a strategy remembers them.
    pub calls: Vec<u32>,
    /// It stands for this ID, which says nothing by itself.
    pub stands_for: Option<LedgerId>,
}

/// Two IDs in one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The stronger.
    pub one: LedgerId,
    /// The weaker.
    pub other: LedgerId,
    /// The number of the call.
    pub at: u32,
}

/// A link that existed and is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlinked {
    /// Between two IDs.
    Pair(LedgerId, LedgerId),
    /// Between a profile and an ID that another takes over.
    Taken(LedgerId, ProfileNumber),
    /// Between a call and one of its IDs, in a batch run.
    OfCall(u32, LedgerId),
}

/// The events that are filed under an ID change their owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reattributed {
    /// The ID that they follow.
    pub id: LedgerId,
    /// Whose they were.
    pub from: ProfileNumber,
}

/// An effect that waits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Deferred {
    /// Its number, for [`LedgerAction::Settle`](super::LedgerAction::Settle).
    pub number: u32,
    /// When it takes place.
    pub due: Due,
    /// What takes place.
    pub what: Waiting,
}

/// When a waiting effect takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// By itself, before the first command at or after this moment.
    At(Timestamp),
    /// In no promised order: when it is told to.
    Unordered,
}

/// What waits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Waiting {
    /// Two profiles become one.
    Merge {
        /// Whose profile is to end.
        source: LedgerId,
        /// Whose profile is to go on.
        target: LedgerId,
    },
    /// A profile gets events of another.
    Copy(Copied),
    /// The rest of an absorbed profile's past follows.
    RestOfHistory(ProfileNumber),
}

/// Events of one profile that another has too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Whose they are.
    pub from: ProfileNumber,
    /// Who has them too.
    pub to: ProfileNumber,
    /// From this moment on.
    pub since: Timestamp,
    /// Up to this moment.
    pub until: Timestamp,
}

/// IDs that leave a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// The profile that they get: one that had been absorbed, or a new one.
    pub into: Owner,
    /// The IDs.
    pub ids: Vec<LedgerId>,
    /// The absorbed profile that it becomes again, by its place among those that the owner has absorbed.
    pub restores: Option<usize>,
}

/// What a batch run could not settle by its rules alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    /// It stopped before everything that belongs together was together.
    ClosureNotReached,
    /// Only the order of equal links decided to whom this ID went.
    Tie(LedgerId),
}

/// A value that the owner has from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The property.
    pub name: String,
    /// Its value, as canonical JSON.
    pub json: String,
    /// When it was set.
    pub at: Timestamp,
}

/// A value that nobody has from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The property.
    pub name: String,
    /// Its value, as canonical JSON.
    pub json: String,
    /// Whose it was.
    pub of: ProfileNumber,
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

    /// Whether something that the command asked for was not done, though the caller hears of a success.
    pub fn is_refused_as_success(&self) -> bool {
        self.because.is_refusal() || !self.dropped.is_empty()
    }
}
