//! What a ledger can be asked, with the time at which it is asked.
//! The ledger has no clock: windows, delays and ages are counted between the times of its commands.

use crate::{store::Json, time::Timestamp};

/// What an ID of a call is: a type by its place in the order of priority, and a numbered value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LedgerId {
    /// The place of its type in [`LedgerSettings::types`](super::LedgerSettings::types); 0 is the strongest.
    pub id_type: u8,
    /// Which value of the type it is; the caller numbers them.
    pub value: u32,
}

/// One command with its time. Times do not run backwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LedgerCommand<'c> {
    /// When it arrived.
    pub at: Timestamp,
    /// What it asks for.
    pub action: LedgerAction<'c>,
}

/// What is asked of a ledger. What a strategy has not is answered as not applicable, never skipped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LedgerAction<'c> {
    /// These IDs were seen together.
    Call {
        /// In any order; the same ID may stand there twice. Of two of one type the first is the addressed one.
        ids: &'c [LedgerId],
        /// Properties of whoever it is; may be empty.
        properties: &'c [GivenProperty<'c>],
        /// The number under which the event's owner can be asked for later: the next one, counted from 0.
        event: Option<u32>,
    },
    /// The caller says that these two are one person.
    Merge {
        /// Whose profile is to end.
        source: LedgerId,
        /// Whose profile is to go on.
        target: LedgerId,
    },
    /// One request with several such pairs, each source before its target.
    MergePairs(&'c [(LedgerId, LedgerId)]),
    /// The past of one profile is to be seen in another as well; both live on.
    Copy {
        /// Whose events.
        source: LedgerId,
        /// Who is to have them too.
        target: LedgerId,
        /// Only events from this moment on.
        since: Timestamp,
        /// Only events up to this moment.
        until: Timestamp,
    },
    /// A profile gets another value of a type.
    Modify {
        /// The profile that this ID reaches.
        whose: LedgerId,
        /// The value that it is to hold from now on.
        to: LedgerId,
    },
    /// IDs leave the profile that they share.
    Split {
        /// The ID that stays; or whose profile is to be taken apart.
        whose: LedgerId,
        /// Those that leave together; all others, each alone, if there are none here.
        off: &'c [LedgerId],
    },
    /// One of the waiting effects takes place now; the number is that of [`Deferred`](super::Deferred).
    Settle(u32),
    /// All calls so far are put together anew, as a batch run does it.
    Run,
}

/// A property of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GivenProperty<'c> {
    /// Its name.
    pub name: &'c str,
    /// Its value.
    pub value: Json<'c>,
    /// What it does to a value that is there.
    pub write: PropertyWrite,
    /// When it was set, which may be long before it arrives: where the newest value stays, that decides.
    pub set_at: Timestamp,
    /// The place of its source in the order of sources, where that decides; 0 is the first.
    pub rank: u8,
}

/// What a given property does to a value that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PropertyWrite {
    /// It takes its place.
    Replaces,
    /// It gives way.
    OnlyIfMissing,
}

impl<'c> LedgerCommand<'c> {
    /// A call that carries no property.
    pub fn call(at: Timestamp, ids: &'c [LedgerId], event: Option<u32>) -> Self {
        let properties = &[];
        let action = LedgerAction::Call {
            ids,
            properties,
            event,
        };
        Self { at, action }
    }

    /// The number of the event that comes with it.
    pub(super) fn event(&self) -> Option<u32> {
        match self.action {
            LedgerAction::Call { event, .. } => event,
            _ => None,
        }
    }
}
