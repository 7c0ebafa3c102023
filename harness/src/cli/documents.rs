//! `twinfold openapi` and `twinfold coverage`: what the server answers, as documents.

use clap::Args;
use twinfold_server::openapi;

use super::Ended;

/// Print the OpenAPI 3.1 document of the emulated API
#[derive(Debug, Args)]
pub(super) struct OpenApi {}

/// Print which routes are there, how much of each, and how well it is known
#[derive(Debug, Args)]
pub(super) struct Coverage {}

impl OpenApi {
    pub(super) fn run(self) -> Ended {
        print!("{}", openapi::document());
        Ended::Well
    }
}

impl Coverage {
    pub(super) fn run(self) -> Ended {
        print!("{}", openapi::coverage());
        Ended::Well
    }
}
