//! `twinfold journal`: the journal of a project as a file, with the settings that a replay needs.
//! `order`, `shrink`, `explain` and `anomalies` read such files.

use clap::Args;

use super::{Ended, Failure, Threads, project::Key, runtime};
use crate::traffic::Traffic;

/// Print the journal of a project of a twinfold server, as a file that other commands read
#[derive(Debug, Args)]
pub(super) struct Journal {
    /// Base URL of the server
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    url: String,
    #[command(flatten)]
    key: Key,
}

impl Journal {
    pub(super) fn run(self) -> Result<Ended, Failure> {
        let client = self.key.client(&self.url)?;
        let written = runtime(Threads::One)?.block_on(Traffic::written(&client));
        print!(
            "{}",
            written.map_err(|error| Failure::Server(error.to_string()))?
        );
        Ok(Ended::Well)
    }
}
