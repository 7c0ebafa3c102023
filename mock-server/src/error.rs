//! Why a request is refused before a command exists: access and shape. Owns status and body.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Map, Value, json};

use twinfold_engine::Label;

use crate::{
    access::Action,
    evidence::{Backed, Evidence, labelled},
    wire::reply,
};

/// A refusal by the server; the four body shapes of the vendor are kept apart (facts 4.5, 5).
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub(crate) enum Error {
    #[error("Could not authenticate")]
    UnknownProject,
    #[error("Invalid project id")]
    MalformedProject,
    #[error("Access key not provided")]
    NoAccessKey,
    #[error("access key not found")]
    UnknownAccessKey,
    #[error("invalid secret")]
    WrongSecret,
    #[error("No permission: this route needs private access, `Authorization: Basic`")]
    PrivateAccessNeeded,
    #[error("The access key was revoked")]
    RevokedAccessKey,
    #[error(
        "A customer token (`Bearer`) is only for the app inbox; use `Basic` with key ID and secret, or `Token`"
    )]
    CustomerTokenNotTaken,
    /// The access group lacks a permission, on a route of the Data API.
    #[error("{}", .0.refusal())]
    NoPermission(Action),
    /// The access group may not set one of the properties of a tracking command.
    #[error("not authorized to update specified customer properties")]
    PropertyNotPermitted,
    /// The access group may not add events of this type.
    #[error("Not authorized to add event of specified type")]
    EventNotPermitted,
    /// The address has to wait for so many seconds.
    #[error("Too many requests: try again in {0} seconds")]
    TooManyRequests(u64),
    /// A planned fault: a status, and the seconds to wait.
    #[error("{}", fault(*.0))]
    Planned(u16, Option<u64>),
    /// A planned fault of one command of a batch.
    #[error("{0}")]
    PlannedItem(String),
    #[error("Invalid JSON")]
    InvalidJson,
    #[error("No commands")]
    NoCommands,
    #[error("Too many commands: {0}, at most 50 are allowed")]
    TooManyCommands(usize),
    #[error(
        "BadRequest: The browser (or proxy) sent a request that this server could not understand"
    )]
    Unreadable,
    #[error("The request is larger than {0} bytes")]
    TooLarge(usize),
    /// No such project, for a client that sends no key.
    #[error("{0}")]
    NotLetIn(String),
    #[error("This route is declared but not answered: twinfold has no {0}")]
    NotThere(&'static str),
    #[error("URL not found")]
    UnknownUrl,
    #[error("Method not allowed")]
    WrongMethod,
    /// A field of a tracking command has the wrong shape.
    #[error("{0}")]
    Field(String),
    /// Data API, for the whole call.
    #[error("{1}")]
    DataGlobal(u16, String),
    #[error("Customer does not exist")]
    CustomerDoesNotExist,
    /// Data API, by field.
    #[error("{1}")]
    DataField(&'static str, String),
    #[error("The requested resource was not found.")]
    NoSuchImport,
    /// Data API, by positions in a list.
    #[error("{0}")]
    DataPositions(&'static str, BTreeMap<usize, String>),
    /// The control API, whose errors are ours.
    #[error("{1}")]
    Control(u16, String),
}

impl Error {
    /// Data API, at one position of a list.
    pub(crate) fn at(field: &'static str, position: usize, says: String) -> Self {
        Self::DataPositions(field, BTreeMap::from([(position, says)]))
    }

    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::UnknownProject | Self::MalformedProject => 400,
            Self::NoAccessKey | Self::UnknownAccessKey => 401,
            Self::CustomerTokenNotTaken | Self::NotLetIn(_) => 401,
            Self::WrongSecret | Self::RevokedAccessKey | Self::PrivateAccessNeeded => 403,
            Self::NoPermission(_) => 403,
            // A tracking command that is not permitted fails like a command of a batch.
            Self::PropertyNotPermitted | Self::EventNotPermitted => 200,
            Self::TooManyRequests(_) => 429,
            Self::NotThere(_) => 501,
            Self::Planned(status, _) => *status,
            Self::PlannedItem(_) => 500,
            Self::InvalidJson | Self::NoCommands | Self::TooManyCommands(_) => 400,
            Self::Unreadable => 400,
            Self::TooLarge(_) => 413,
            Self::UnknownUrl | Self::NoSuchImport | Self::CustomerDoesNotExist => 404,
            Self::WrongMethod => 405,
            Self::Field(_) | Self::DataField(..) | Self::DataPositions(..) => 400,
            Self::DataGlobal(status, _) | Self::Control(status, _) => *status,
        }
    }

    pub(crate) fn body(&self) -> Value {
        let says = self.to_string();
        match self {
            Self::InvalidJson | Self::NoCommands | Self::TooManyCommands(_) => {
                json!({"success": false, "message": says})
            }
            Self::Field(_)
            | Self::PlannedItem(_)
            | Self::PropertyNotPermitted
            | Self::EventNotPermitted => {
                json!({"success": false, "errors": [says]})
            }
            Self::DataGlobal(..) | Self::NoPermission(_) | Self::CustomerDoesNotExist => {
                json!({"success": false, "errors": {"_global": [says]}})
            }
            Self::NoSuchImport => {
                json!({"success": false, "errors": {"code": "NotFoundError", "message": says}})
            }
            Self::DataField(field, _) => json!({"success": false, "errors": {*field: [says]}}),
            Self::DataPositions(field, faults) => {
                let faults = faults
                    .iter()
                    .map(|(at, says)| (at.to_string(), json!([says])));
                let faults: Map<String, Value> = faults.collect();
                json!({"success": false, "errors": {*field: faults}})
            }
            _ => json!({"success": false, "error": says}),
        }
    }
}

impl Error {
    /// How well the refusal is known: that it comes, and with these words.
    pub(crate) fn label(&self) -> Label {
        match self {
            Self::UnknownProject
            | Self::MalformedProject
            | Self::NoAccessKey
            | Self::UnknownAccessKey
            | Self::WrongSecret
            | Self::CustomerDoesNotExist
            | Self::InvalidJson
            | Self::NoCommands
            | Self::Unreadable
            | Self::UnknownUrl
            | Self::EventNotPermitted
            | Self::NoSuchImport
            // That one command of a batch may fail alone is documented; the words are the planner's.
            | Self::PlannedItem(_)
            | Self::NoPermission(Action::ExportCustomer) => Label::Documented,
            Self::PropertyNotPermitted => Label::Observed,
            // That a revoked key is refused with 403, and a request too many with 429, is documented; the bodies are not.
            Self::RevokedAccessKey
            | Self::TooManyRequests(_)
            | Self::Planned(..)
            | Self::CustomerTokenNotTaken
            | Self::NoPermission(_)
            | Self::PrivateAccessNeeded
            | Self::NotLetIn(_)
            | Self::NotThere(_)
            | Self::TooManyCommands(_)
            | Self::TooLarge(_)
            | Self::WrongMethod
            | Self::Field(_)
            | Self::DataGlobal(..)
            | Self::DataField(..)
            | Self::DataPositions(..)
            | Self::Control(..) => Label::Assumed,
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        self.backed().into_response()
    }
}

impl Error {
    /// The reply that refuses, and how well it is known.
    pub(crate) fn backed(self) -> Backed {
        let mut reply = reply::json(self.status(), &self.body());
        if let Self::TooManyRequests(seconds) | Self::Planned(_, Some(seconds)) = self {
            let after = HeaderValue::from(seconds);
            reply.headers_mut().insert(header::RETRY_AFTER, after);
        }
        // A request that reached no route is labelled here; on the others the route's label is added.
        Evidence::of(self.label()).backs(labelled(reply, self.label()))
    }
}

/// What a reply with this status usually says.
fn fault(status: u16) -> String {
    let status = StatusCode::from_u16(status).ok();
    let says = status.and_then(|status| status.canonical_reason());
    says.unwrap_or("Internal Server Error").to_owned()
}
