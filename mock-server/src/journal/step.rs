//! What the journal holds: every write with its clock reading, where it came from, and what was decided.
//! A step is a value; applying it to a state takes nothing but the step and its time.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::Recorded;
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
    SendMail(Box<Mail>),
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
