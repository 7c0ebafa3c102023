//! What a strategy decides about one command: a value that says everything and does nothing.

use alloc::vec::Vec;

use super::{LedgerId, ProfileNumber};

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whose it is.
    pub owner: Owner,
    /// The profiles that become part of the owner.
    pub absorbed: Vec<ProfileNumber>,
    /// IDs that lead to the owner from now on: new ones, and those that lead elsewhere until now.
    pub attached: Vec<LedgerId>,
    /// IDs of the call that were left out.
    pub dropped: Vec<LedgerId>,
    /// IDs that lead nowhere from now on.
    pub released: Vec<LedgerId>,
    /// IDs that point to several profiles from now on.
    pub forked: Vec<LedgerId>,
    /// The owner is the placeholder for this ID, which points to several people.
    pub stands_for: Option<LedgerId>,
    /// All IDs of the touched graphs, put together anew; the first group is that of the owner.
    pub regrouped: Vec<Vec<LedgerId>>,
    /// Links that were cut by putting the graph together anew.
    pub unlinked: Vec<(LedgerId, LedgerId)>,
    /// Links that the graph is made of, with the number of their call, where a strategy remembers them.
    pub links: Vec<Link>,
    /// The event follows this ID to whoever holds it, not the profile.
    pub filed_under: Option<LedgerId>,
    /// The owner was joined with somebody by a call that says who it is.
    pub marks_identified: bool,
    /// The rule that decided.
    pub because: Because,
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

/// The rule that decided, across all strategies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Because {
    /// No ID leads to a profile.
    NobodyKnown,
    /// The IDs lead to one profile.
    OneKnown,
    /// Several became one.
    Merged,
    /// A merge would have broken a rule; the call goes on for its target only.
    MergeRefused,
    /// IDs gave way until what is left fits.
    Demoted,
    /// The call is about another person than the one on the device: the device goes over.
    UserSwitched,
    /// An ID points to several people, and no guess is made.
    Ambiguous,
    /// The unique ID differs: a profile of its own, to which the other IDs point as well.
    Forked,
    /// The graph was put together anew.
    Rebuilt,
    /// A look-up by priority answered with one profile.
    LookedUp,
    /// The strategy has no such command.
    NotApplicable,
    /// Nobody holds the ID that must exist.
    Missing,
}

impl Because {
    /// As reports write it.
    pub fn slug(self) -> &'static str {
        match self {
            Self::NobodyKnown => "nobody-known",
            Self::OneKnown => "one-known",
            Self::Merged => "merged",
            Self::MergeRefused => "merge-refused",
            Self::Demoted => "demoted",
            Self::UserSwitched => "user-switched",
            Self::Ambiguous => "ambiguous",
            Self::Forked => "forked",
            Self::Rebuilt => "rebuilt",
            Self::LookedUp => "looked-up",
            Self::NotApplicable => "not-applicable",
            Self::Missing => "missing",
        }
    }
}

impl Verdict {
    pub(super) fn new(owner: Owner, because: Because) -> Self {
        Self {
            owner,
            absorbed: Vec::new(),
            attached: Vec::new(),
            dropped: Vec::new(),
            released: Vec::new(),
            forked: Vec::new(),
            stands_for: None,
            regrouped: Vec::new(),
            unlinked: Vec::new(),
            links: Vec::new(),
            filed_under: None,
            marks_identified: false,
            because,
        }
    }

    pub(super) fn found_or_created(owner: Option<ProfileNumber>, because: Because) -> Self {
        match owner {
            Some(owner) => Self::new(Owner::Found(owner), because),
            None => Self::new(Owner::Created, Because::NobodyKnown),
        }
    }

    pub(super) fn with(mut self, attached: impl IntoIterator<Item = LedgerId>) -> Self {
        self.attached.extend(attached);
        self
    }

    pub(super) fn without(mut self, dropped: impl IntoIterator<Item = LedgerId>) -> Self {
        self.dropped.extend(dropped);
        self
    }

    pub(super) fn absorbing(mut self, absorbed: impl IntoIterator<Item = ProfileNumber>) -> Self {
        self.absorbed.extend(absorbed);
        self
    }
}
