//! The bag that a customer's events go to, and from when to when its events are.

use crate::{store::words::At, time::Timestamp};

/// A bag of so many events is indexed; shorter ones are walked.
pub(super) const INDEXED_FROM: u32 = 32;

/// The events that were stored for one customer before any merge. It lies in one line of memory.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub(super) struct Bag {
    /// The next bag of the same customer; a ring.
    pub(super) next: u32,
    pub(super) last: At,
    /// How many events it holds; from [`INDEXED_FROM`] on all of them are in the index.
    pub(super) count: u32,
    pub(super) own: Span,
    /// Of all bags in the ring; kept at the bag that the customer writes to.
    pub(super) all: Span,
}

/// From the earliest to the latest time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    from: Timestamp,
    to: Timestamp,
}

impl Span {
    pub(super) fn of(at: Timestamp) -> Self {
        Self { from: at, to: at }
    }

    pub(super) fn includes(self, at: Timestamp) -> bool {
        self.from <= at && at <= self.to
    }

    pub(super) fn joined(self, other: Self) -> Self {
        Self {
            from: self.from.min(other.from),
            to: self.to.max(other.to),
        }
    }
}
