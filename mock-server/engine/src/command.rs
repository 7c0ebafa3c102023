//! What a project can be told, and what it answers: an outcome with its decision, or a rejection.

use alloc::{string::String, vec::Vec};
use core::fmt;

use crate::{
    decision::{Decision, InternalId},
    ids::GivenId,
    rule::{Label, Rule, Rules},
    store::Json,
    time::Timestamp,
};

/// One command with its clock reading.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Command<'a> {
    /// When it arrived, by the project's clock.
    pub at: Timestamp,
    /// What it asks for.
    pub action: Action<'a>,
}

/// What a command asks for (`semantics.md`, section 4).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Action<'a> {
    /// `customers`, and an import row: resolve, then set properties.
    SetProperties {
        /// The IDs as they were sent.
        ids: &'a [GivenId<'a>],
        /// Names with canonical JSON values; may be empty.
        properties: PropertiesGiven<&'a [(&'a str, Json<'a>)]>,
        /// If given, a property is stored only where the stored one is older.
        update_timestamp: Option<Timestamp>,
    },
    /// `customers/events`: resolve, then add the event.
    TrackEvent {
        /// The IDs as they were sent.
        ids: &'a [GivenId<'a>],
        /// The event's type, if the command names one.
        event_type: Option<&'a str>,
        /// The event's time; the command's if absent.
        timestamp: Option<Timestamp>,
        /// The properties: one canonical JSON object.
        properties: PropertiesGiven<Json<'a>>,
    },
    /// A link with identity transfer was opened: the recipient's IDs and the browser's cookie.
    OpenLink {
        /// The recipient's IDs and the cookie.
        ids: &'a [GivenId<'a>],
    },
    /// `customers/anonymize`.
    Anonymize {
        /// Whom.
        who: Who<'a>,
        /// A value that nobody holds, for the first soft type.
        fresh: &'a str,
    },
}

/// Properties as they were sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PropertiesGiven<T> {
    /// An object, an absent key, or `null`.
    Object(T),
    /// An array or a scalar.
    NotAnObject,
}

/// How a customer is named where none may be created.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Who<'a> {
    /// By external IDs.
    Ids(&'a [GivenId<'a>]),
    /// By internal ID; an absorbed one names nobody.
    Internal(InternalId),
}

/// What a command did.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Whom it reached and what it did to identities.
    pub decision: Decision,
    /// What it did then.
    pub happened: Happened,
    /// All rules it rests on, those of the decision among them.
    pub because: Rules,
}

/// What a command did after resolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happened {
    /// Properties were set; `kept` of them not, because a newer value is stored, and `discarded` not, because their
    /// names are new and the project has as many as it may.
    PropertiesSet {
        /// How many were stored.
        stored: u32,
        /// How many kept the newer stored value.
        kept: u32,
        /// How many had a name too many.
        discarded: u32,
    },
    /// The event is stored.
    EventStored,
    /// The event equals a stored one and was dropped.
    DuplicateEventDropped,
    /// The link was opened.
    LinkOpened,
    /// The customer has lost its IDs and private properties.
    Anonymized,
}

impl Happened {
    /// What happened, in the journal's words.
    pub fn name(self) -> &'static str {
        match self {
            Self::PropertiesSet { .. } => "properties set",
            Self::EventStored => "event stored",
            Self::DuplicateEventDropped => "duplicate event dropped",
            Self::LinkOpened => "link opened",
            Self::Anonymized => "anonymized",
        }
    }
}

/// Why a command changed nothing; in order of precedence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// No ID was given.
    NoId,
    /// IDs were given and none is valid.
    NoValidId,
    /// An ID value is longer than a project stores.
    IdTooLong {
        /// Its type.
        id_type: String,
    },
    /// The schema lacks this type.
    UnknownIdType {
        /// The type's name.
        name: String,
        /// The types the schema has.
        known: Vec<String>,
    },
    /// The event has no type.
    EventTypeMissing,
    /// The properties are no object.
    PropertiesNotAnObject,
    /// The hard IDs cannot be one customer's.
    HardIdConflict {
        /// The hard type that would have two values.
        id_type: String,
        /// One of the two values.
        value: String,
        /// The other.
        other: String,
    },
    /// Nobody has these IDs, and nobody may be created.
    CustomerNotFound,
    /// The schema has no soft type to hold the fresh ID.
    NoSoftType,
    /// The fresh ID is not free, or not a valid value.
    FreshIdTaken,
    /// The strategy takes nothing of the call. Answered as success, for that is what it is published to do.
    NothingTaken {
        /// The rule by which it does not.
        rule: Rule,
    },
}

impl Rejection {
    /// The rejection's name, as scenarios and the journal write it.
    pub fn slug(&self) -> &'static str {
        match self {
            Self::NoId => "no-id",
            Self::NoValidId => "no-valid-id",
            Self::IdTooLong { .. } => "id-too-long",
            Self::UnknownIdType { .. } => "unknown-id-type",
            Self::EventTypeMissing => "event-type-missing",
            Self::PropertiesNotAnObject => "properties-not-an-object",
            Self::HardIdConflict { .. } => "hard-id-conflict",
            Self::CustomerNotFound => "customer-not-found",
            Self::NoSoftType => "no-soft-type",
            Self::FreshIdTaken => "fresh-id-taken",
            Self::NothingTaken { .. } => "nothing-taken",
        }
    }

    /// The rule it rests on.
    pub fn rule(&self) -> Rule {
        match self {
            Self::NoId => Rule::NoIdRejected,
            Self::NoValidId | Self::IdTooLong { .. } => Rule::NoValidIdRejected,
            Self::UnknownIdType { .. } => Rule::UnknownTypeRejected,
            Self::EventTypeMissing => Rule::EventTypeRequired,
            Self::PropertiesNotAnObject => Rule::PropertiesAreAnObject,
            Self::HardIdConflict { .. } => Rule::HardConflictRejected,
            Self::CustomerNotFound => Rule::NotFound,
            Self::NoSoftType | Self::FreshIdTaken => Rule::FreshIdNeedsSoftType,
            Self::NothingTaken { rule } => *rule,
        }
    }

    /// Whether the command is answered as if it had been carried out.
    pub fn is_answered_as_success(&self) -> bool {
        matches!(self, Self::NothingTaken { .. })
    }

    /// How well the rejection is known.
    pub fn label(&self) -> Label {
        match self {
            Self::IdTooLong { .. } => Label::Assumed,
            _ => self.rule().label(),
        }
    }
}

impl fmt::Display for Rejection {
    /// The vendor's words where they are known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoId => f.write_str("At least one id should be specified."),
            Self::NoValidId => f.write_str("At least one valid id should be specified"),
            Self::IdTooLong { id_type } => {
                write!(f, "The value of customer id `{id_type}` is too long")
            }
            Self::UnknownIdType { name, known } => write!(
                f,
                "Unknown customer id type `{name}`; the project has: {}",
                known.join(", ")
            ),
            Self::EventTypeMissing => f.write_str("Field 'event_type' is required."),
            Self::PropertiesNotAnObject => f.write_str("Field 'properties' must be an object."),
            Self::HardIdConflict {
                id_type,
                value,
                other,
            } => write!(
                f,
                "The ids belong to customers that cannot be merged: `{id_type}` would be both `{value}` and `{other}`"
            ),
            Self::CustomerNotFound => f.write_str("Customer does not exist"),
            Self::NoSoftType => f.write_str("The project has no soft ID type for a fresh ID"),
            Self::FreshIdTaken => f.write_str("The fresh ID is not free"),
            Self::NothingTaken { rule } => write!(
                f,
                "The strategy takes nothing of this call, so nothing was done: {}",
                rule.says()
            ),
        }
    }
}

impl core::error::Error for Rejection {}
