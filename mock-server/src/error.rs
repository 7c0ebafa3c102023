//! Why a request is refused before a command exists: access and shape. Owns status and body.

use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use twinfold_engine::Label;

use crate::{
    evidence::{Evidence, labelled},
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
    /// Data API, by field.
    #[error("{1}")]
    DataField(&'static str, String),
    /// Data API, by position in a list.
    #[error("{2}")]
    DataPosition(&'static str, usize, String),
    /// The control API, whose errors are ours.
    #[error("{1}")]
    Control(u16, String),
}

impl Error {
    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::UnknownProject | Self::MalformedProject => 400,
            Self::NoAccessKey | Self::UnknownAccessKey => 401,
            Self::NotLetIn(_) => 401,
            Self::NotThere(_) => 501,
            Self::WrongSecret | Self::PrivateAccessNeeded => 403,
            Self::InvalidJson | Self::NoCommands | Self::TooManyCommands(_) => 400,
            Self::Unreadable => 400,
            Self::TooLarge(_) => 413,
            Self::UnknownUrl => 404,
            Self::WrongMethod => 405,
            Self::Field(_) | Self::DataField(..) | Self::DataPosition(..) => 400,
            Self::DataGlobal(status, _) | Self::Control(status, _) => *status,
        }
    }

    pub(crate) fn body(&self) -> Value {
        let says = self.to_string();
        match self {
            Self::InvalidJson | Self::NoCommands | Self::TooManyCommands(_) => {
                json!({"success": false, "message": says})
            }
            Self::Field(_) => json!({"success": false, "errors": [says]}),
            Self::DataGlobal(..) => json!({"success": false, "errors": {"_global": [says]}}),
            Self::DataField(field, _) => json!({"success": false, "errors": {*field: [says]}}),
            Self::DataPosition(field, position, _) => {
                let position = position.to_string();
                json!({"success": false, "errors": {*field: {position: [says]}}})
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
            | Self::InvalidJson
            | Self::NoCommands
            | Self::Unreadable
            | Self::UnknownUrl => Label::Documented,
            Self::PrivateAccessNeeded
            | Self::NotLetIn(_)
            | Self::NotThere(_)
            | Self::TooManyCommands(_)
            | Self::TooLarge(_)
            | Self::WrongMethod
            | Self::Field(_)
            | Self::DataGlobal(..)
            | Self::DataField(..)
            | Self::DataPosition(..)
            | Self::Control(..) => Label::Assumed,
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let reply = reply::json(self.status(), &self.body());
        // A request that reached no route is labelled here; on the others the route's label is added.
        Evidence::of(self.label()).under(labelled(reply, self.label()))
    }
}
