//! A decision: whom a command reaches and what that does to identities, with its reasons.
//! It is a value; carrying it out takes no further decision.

use alloc::{boxed::Box, string::String};
use core::{fmt, num::NonZeroU32};
use smallvec::SmallVec;

use crate::rule::{Label, Rule, Rules};

/// A customer's internal ID: strictly increasing from 1 in order of creation, never reused (fact 1.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InternalId(NonZeroU32);

impl InternalId {
    /// The customer created as the `number`th of its project; `None` for 0.
    pub fn from_number(number: u32) -> Option<Self> {
        NonZeroU32::new(number).map(Self)
    }

    /// The place in the order of creation, from 1.
    pub fn number(self) -> u32 {
        self.0.get()
    }

    /// The internal ID that is written so: 24 hex digits.
    pub fn from_hex(hex: &str) -> Option<Self> {
        let digits = hex.len() == 24 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u128::from_str_radix(hex, 16).ok().filter(|_| digits)?;
        Self::from_number(u32::try_from(number).ok()?)
    }

    pub(crate) fn from_index(index: u32) -> Self {
        // The store never holds u32::MAX customers, so the sum cannot wrap to zero.
        Self(NonZeroU32::MIN.saturating_add(index))
    }

    pub(crate) fn index(self) -> u32 {
        self.0.get() - 1
    }
}

impl fmt::Display for InternalId {
    /// 24 hex digits, as on the wire.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:024x}", self.number())
    }
}

/// What a command does to identities, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The customer that remains; the one created, if `created`.
    pub survivor: InternalId,
    /// Nobody was reached, so the survivor is new.
    pub created: bool,
    /// Those folded into the survivor, oldest first.
    pub absorbed: SmallVec<[InternalId; 2]>,
    /// What happens to single IDs.
    pub effects: SmallVec<[Effect; 2]>,
    /// The rules used.
    pub because: Rules,
}

impl Decision {
    /// Whether the ID at this position takes no part.
    pub(crate) fn drops(&self, position: u16) -> bool {
        let drops =
            |effect: &Effect| matches!(effect, Effect::Dropped { given, .. } if *given == position);
        self.effects.iter().any(drops)
    }

    /// The weakest label among its reasons.
    pub fn label(&self) -> Label {
        self.because.weakest_label().unwrap_or(Label::Documented)
    }
}

/// What happens to one ID. `given` is its position among the IDs of the command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nobody held it; the survivor does now.
    Added {
        /// Position among the given IDs.
        given: u16,
    },
    /// It leaves a customer who cannot merge and goes to the survivor.
    Moved {
        /// Position among the given IDs.
        given: u16,
        /// Who held it.
        from: InternalId,
        /// Why.
        rule: Rule,
    },
    /// It stays with a customer who cannot merge.
    Kept {
        /// Position among the given IDs.
        given: u16,
        /// Who holds it.
        by: InternalId,
    },
    /// It takes no part.
    Dropped {
        /// Position among the given IDs.
        given: u16,
        /// Why.
        rule: Rule,
    },
    /// It was the survivor's (or an absorbed customer's) and is forgotten, because its type is full.
    Displaced(Box<Displaced>),
    /// It leaves whoever held it and leads nowhere from now on.
    Released {
        /// Position among the given IDs.
        given: u16,
        /// Who held it.
        from: InternalId,
        /// Why.
        rule: Rule,
    },
    /// It stays with whoever holds it and points to the survivor as well from now on.
    Shared {
        /// Position among the given IDs.
        given: u16,
        /// Who holds it.
        with: InternalId,
    },
    /// It points to several people, so it does not say who is meant; the survivor may be the placeholder for it.
    Ambiguous {
        /// Position among the given IDs.
        given: u16,
    },
    /// An ID that the call did not carry, or that it takes from its own survivor, goes to another customer.
    Regrouped(Box<Regrouped>),
    /// A link between two IDs is cut.
    Unlinked(Box<[Displaced; 2]>),
    /// A customer is made for IDs that left theirs.
    Split {
        /// The one made.
        customer: InternalId,
    },
    /// Events that follow an ID change their customer without a merge.
    Reattributed(Box<Reattributed>),
}

/// An ID that goes to another customer than the survivor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Regrouped {
    /// The ID.
    pub id: Displaced,
    /// Who held it.
    pub from: InternalId,
    /// Who holds it now.
    pub to: InternalId,
    /// Why.
    pub rule: Rule,
}

/// Events that follow an ID to its new holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reattributed {
    /// The ID under which they are filed.
    pub id: Displaced,
    /// Whose they were.
    pub from: InternalId,
    /// Whose they are now.
    pub to: InternalId,
    /// How many.
    pub events: u32,
}

/// An ID by its name: a value that is forgotten, or one that the call did not carry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Displaced {
    /// The type's name.
    pub id_type: String,
    /// The value.
    pub value: String,
}
