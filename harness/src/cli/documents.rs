//! `twinfold openapi` and `twinfold coverage`, what the server answers; `twinfold completions` and `twinfold man`, the
//! command line itself: documents that are printed.

use clap::{Args, CommandFactory};
use clap_complete::Shell;
use twinfold_server::openapi;

use super::{Arguments, Ended, Failure, pipe};
use crate::scenario::json_schema;

/// Print the OpenAPI 3.1 document of the emulated API
#[derive(Debug, Args)]
pub(super) struct OpenApi {}

/// Print which routes are there, how much of each, and how well it is known
#[derive(Debug, Args)]
pub(super) struct Coverage {}

/// Print the JSON Schema of a scenario's front matter, for editors
#[derive(Debug, Args)]
pub(super) struct Schema {}

/// Print the completions of a shell
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

/// Print the man page
#[derive(Debug, Args)]
pub(super) struct Man {}

impl Completions {
    pub(super) fn run(self) -> Ended {
        let (mut command, mut script) = (Arguments::command(), Vec::new());
        clap_complete::generate(self.shell, &mut command, "twinfold", &mut script);
        print!("{}", String::from_utf8_lossy(&script));
        Ended::Well
    }
}

impl Man {
    pub(super) fn run(self) -> Result<Ended, Failure> {
        let page = clap_mangen::Man::new(Arguments::command());
        let printed = page.render(&mut std::io::stdout());
        printed.map_err(|error| pipe::unprinted(&error))?;
        Ok(Ended::Well)
    }
}

impl Schema {
    pub(super) fn run(self) -> Ended {
        println!("{:#}", json_schema());
        Ended::Well
    }
}

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
