//! What the journal holds: every write with its clock reading, where it came from, and what was decided.
//! A step is a value; applying it to a state takes nothing but the step and its time.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use twinfold_engine::{Decision, Effect, Happened, Outcome, Rejection, Rule};

use crate::{catalogs::CatalogChange, imports::Run, outbox::Mail, wire::given::Id};

/// One write to a project.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Step<'a> {
    /// `customers`; no properties means that they were no object.
    Customers {
        #[serde(borrow)]
        ids: Vec<Id<'a>>,
        #[serde(borrow)]
        properties: Option<Vec<(Cow<'a, str>, Cow<'a, str>)>>,
        update_timestamp: Option<f64>,
    },
    /// `customers/events`; properties are one canonical object.
    Event {
        #[serde(borrow)]
        ids: Vec<Id<'a>>,
        #[serde(borrow)]
        event_type: Option<Cow<'a, str>>,
        timestamp: Option<f64>,
        #[serde(borrow)]
        properties: Option<Cow<'a, str>>,
    },
    /// `customers/anonymize`.
    Anonymize {
        #[serde(borrow)]
        ids: Vec<Id<'a>>,
        #[serde(borrow)]
        fresh: Cow<'a, str>,
    },
    /// `customers/anonymize_bulk`, by internal ID.
    AnonymizeInternal {
        customer: u32,
        #[serde(borrow)]
        fresh: Cow<'a, str>,
    },
    /// A catalog or an item of it changes.
    Catalog(#[serde(borrow)] CatalogChange<'a>),
    /// Definitions take the place of the old ones; their JSON.
    Define(#[serde(borrow)] Cow<'a, str>),
    /// A mail goes to the outbox.
    SendMail(Mail),
    /// A link of a mail was opened; the IDs are empty if it transfers no identity.
    OpenLink {
        mail: u32,
        link: u32,
        #[serde(borrow)]
        ids: Vec<Id<'a>>,
    },
    /// An import was defined; the content is that of an inline source.
    DefineImport {
        #[serde(borrow)]
        id: Cow<'a, str>,
        #[serde(borrow)]
        definition: Cow<'a, str>,
        #[serde(borrow)]
        content: Option<Cow<'a, str>>,
    },
    /// An import was deleted.
    RemoveImport {
        #[serde(borrow)]
        id: Cow<'a, str>,
    },
    /// An import has run; its rows are steps of their own.
    FinishImport {
        #[serde(borrow)]
        id: Cow<'a, str>,
        run: Run,
    },
    /// A request of the wrong shape; nothing happened.
    Refused {
        status: u16,
        #[serde(borrow)]
        body: Cow<'a, str>,
    },
}

/// Where a write came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Route {
    Customers,
    Events,
    Batch,
    Anonymize,
    AnonymizeBulk,
    Catalogs,
    Definitions,
    LinkIds,
    ConsentPage,
    Email,
    Link,
    DoubleOptIn,
    Import,
    CampaignClicks,
    Bulk,
    CrmCustomers,
    CrmEvents,
    CrmCustomersTrack,
}

impl Route {
    /// The request as a user would write it.
    pub(crate) fn request(self) -> &'static str {
        match self {
            Self::Customers => "POST /track/v2/projects/{token}/customers",
            Self::Events => "POST /track/v2/projects/{token}/customers/events",
            Self::Batch => "POST /track/v2/projects/{token}/batch",
            Self::Anonymize => "POST /data/v2/projects/{token}/customers/anonymize",
            Self::AnonymizeBulk => "POST /data/v2/projects/{token}/customers/anonymize_bulk",
            Self::Catalogs => "/data/v2/projects/{token}/catalogs",
            Self::Definitions => "PUT /_twinfold/projects/{token}/definitions",
            Self::LinkIds => "POST /webxp/projects/{token}/cookies/{cookie}/link-ids",
            Self::ConsentPage => "POST /consent/{token}/{page}",
            Self::Email => "POST /email/v2/projects/{token}/sync",
            Self::Link => "GET /link/{token}/{mail}/{link}",
            Self::DoubleOptIn => "the project's double opt-in",
            Self::Import => "POST /imports/v1/{token}",
            Self::CampaignClicks => "POST /track/v2/projects/{token}/campaigns/clicks",
            Self::Bulk => "POST /bulk",
            Self::CrmCustomers => "POST /crm/customers",
            Self::CrmEvents => "POST /crm/events",
            Self::CrmCustomersTrack => "POST /crm/customers/track",
        }
    }
}

/// Which request, of which source, and which of its commands.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Origin<'a> {
    #[serde(borrow)]
    pub(crate) source: Cow<'a, str>,
    pub(crate) route: Route,
    /// Position in the batch, or row of the import.
    pub(crate) item: Option<u32>,
}

/// One entry of the journal.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Entry<'a> {
    pub(crate) at: f64,
    #[serde(borrow)]
    pub(crate) origin: Origin<'a>,
    #[serde(borrow)]
    pub(crate) step: Step<'a>,
    #[serde(borrow)]
    pub(crate) result: Recorded<'a>,
}

/// An [`Entry`] to be written; the same fields in the same order, so that it reads back as one.
#[derive(Debug, Serialize)]
pub(crate) struct NewEntry<'e> {
    pub(crate) at: f64,
    pub(crate) origin: &'e Origin<'e>,
    pub(crate) step: &'e Step<'e>,
    pub(crate) result: &'e Recorded<'e>,
}

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
    /// The bits of the rules.
    pub(crate) because: u64,
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
    Added { given: u16 },
    Moved { given: u16, from: u32, rule: u8 },
    Kept { given: u16, by: u32 },
    Dropped { given: u16, rule: u8 },
    Displaced { id_type: String, value: String },
}

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
    fn of(outcome: &Outcome) -> Self {
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
        }
    }
}

/// The rule of this number.
pub(crate) fn rule(number: u8) -> Option<Rule> {
    Rule::ALL.get(usize::from(number)).copied()
}
