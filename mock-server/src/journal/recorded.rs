//! What a step led to, as the journal stores it: customers and rules by number.
//! Reading it back takes no decision again.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use twinfold_engine::{Decision, Displaced, Effect, Happened, Outcome, Rejection, Rule};

/// What a step led to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Recorded<'a> {
    /// The engine applied it.
    Applied(RecordedDecision),
    /// The engine rejected it.
    Rejected {
        kind: Cow<'a, str>,
        message: Cow<'a, str>,
        rule: u8,
        status: u16,
    },
    /// It did not concern the engine.
    Done,
}

/// A decision, by numbers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RecordedDecision {
    pub(crate) survivor: u32,
    pub(crate) created: bool,
    pub(crate) absorbed: Vec<u32>,
    pub(crate) effects: Vec<RecordedEffect>,
    /// The bits of the rules; those of the first rules take few bytes.
    pub(crate) because: u128,
    pub(crate) happened: RecordedHappened,
}

/// [`Happened`], stored.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) enum RecordedHappened {
    PropertiesSet {
        stored: u32,
        kept: u32,
        discarded: u32,
    },
    EventStored,
    DuplicateEventDropped,
    LinkOpened,
    Anonymized,
}

/// [`Effect`], stored; rules and customers by number.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum RecordedEffect {
    Added {
        given: u16,
    },
    Moved {
        given: u16,
        from: u32,
        rule: u8,
    },
    Kept {
        given: u16,
        by: u32,
    },
    Dropped {
        given: u16,
        rule: u8,
    },
    Displaced {
        id_type: String,
        value: String,
    },
    Released {
        given: u16,
        from: u32,
        rule: u8,
    },
    Shared {
        given: u16,
        with: u32,
    },
    Ambiguous {
        given: u16,
    },
    Regrouped {
        id: RecordedId,
        from: u32,
        to: u32,
        rule: u8,
    },
    Unlinked {
        one: RecordedId,
        other: RecordedId,
    },
    Split {
        customer: u32,
    },
    Reattributed {
        id: RecordedId,
        from: u32,
        to: u32,
        events: u32,
    },
}

/// An ID that is no ID of the command, as type and value.
pub(crate) type RecordedId = (String, String);

impl Recorded<'_> {
    pub(crate) fn of(result: &Result<Option<Outcome>, Rejection>) -> Self {
        match result {
            Ok(Some(outcome)) => Self::Applied(RecordedDecision::of(outcome)),
            Ok(None) => Self::Done,
            Err(rejection) => Self::Rejected {
                kind: Cow::Borrowed(rejection.slug()),
                message: Cow::Owned(rejection.to_string()),
                rule: rejection.rule() as u8,
                status: crate::wire::reply::rejection_status(rejection),
            },
        }
    }
}

impl RecordedDecision {
    pub(crate) fn of(outcome: &Outcome) -> Self {
        let Decision {
            survivor,
            created,
            absorbed,
            effects,
            ..
        } = &outcome.decision;
        Self {
            survivor: survivor.number(),
            created: *created,
            absorbed: absorbed.iter().map(|id| id.number()).collect(),
            effects: effects.iter().map(RecordedEffect::of).collect(),
            because: outcome.because.bits(),
            happened: match outcome.happened {
                Happened::PropertiesSet {
                    stored,
                    kept,
                    discarded,
                } => RecordedHappened::PropertiesSet {
                    stored,
                    kept,
                    discarded,
                },
                Happened::EventStored => RecordedHappened::EventStored,
                Happened::DuplicateEventDropped => RecordedHappened::DuplicateEventDropped,
                Happened::LinkOpened => RecordedHappened::LinkOpened,
                Happened::Anonymized => RecordedHappened::Anonymized,
            },
        }
    }
}

impl RecordedHappened {
    pub(crate) fn happened(self) -> Happened {
        match self {
            Self::PropertiesSet {
                stored,
                kept,
                discarded,
            } => Happened::PropertiesSet {
                stored,
                kept,
                discarded,
            },
            Self::EventStored => Happened::EventStored,
            Self::DuplicateEventDropped => Happened::DuplicateEventDropped,
            Self::LinkOpened => Happened::LinkOpened,
            Self::Anonymized => Happened::Anonymized,
        }
    }
}

impl RecordedEffect {
    fn of(effect: &Effect) -> Self {
        match effect {
            Effect::Added { given } => Self::Added { given: *given },
            Effect::Moved { given, from, rule } => Self::Moved {
                given: *given,
                from: from.number(),
                rule: *rule as u8,
            },
            Effect::Kept { given, by } => Self::Kept {
                given: *given,
                by: by.number(),
            },
            Effect::Dropped { given, rule } => Self::Dropped {
                given: *given,
                rule: *rule as u8,
            },
            Effect::Displaced(displaced) => Self::Displaced {
                id_type: displaced.id_type.clone(),
                value: displaced.value.clone(),
            },
            Effect::Released { given, from, rule } => Self::Released {
                given: *given,
                from: from.number(),
                rule: *rule as u8,
            },
            Effect::Shared { given, with } => Self::Shared {
                given: *given,
                with: with.number(),
            },
            Effect::Ambiguous { given } => Self::Ambiguous { given: *given },
            Effect::Regrouped(regrouped) => Self::Regrouped {
                id: named(&regrouped.id),
                from: regrouped.from.number(),
                to: regrouped.to.number(),
                rule: regrouped.rule as u8,
            },
            Effect::Unlinked(ends) => Self::Unlinked {
                one: named(&ends[0]),
                other: named(&ends[1]),
            },
            Effect::Split { customer } => Self::Split {
                customer: customer.number(),
            },
            Effect::Reattributed(moved) => Self::Reattributed {
                id: named(&moved.id),
                from: moved.from.number(),
                to: moved.to.number(),
                events: moved.events,
            },
        }
    }
}

fn named(id: &Displaced) -> RecordedId {
    (id.id_type.clone(), id.value.clone())
}

/// The rule of this number.
pub(crate) fn rule(number: u8) -> Option<Rule> {
    Rule::ALL.get(usize::from(number)).copied()
}
