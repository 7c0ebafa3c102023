//! The parts of a verdict that are more than an ID or a profile.

use alloc::{string::String, vec::Vec};

use super::Owner;
use crate::{
    ledger::{DroppedBy, Heard, LedgerId, ProfileNumber},
    time::Timestamp,
};

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
    /// The place of its source in the order of sources.
    pub rank: u8,
    /// Every value that was given so far, where the most frequent one stays; otherwise empty.
    pub heard: Vec<Heard>,
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
