//! `twinfold new`: a scenario file to begin with.
//! It writes a file that is not there yet, and never over one that is.

use std::{fs::File, io::Write, path::PathBuf};

use clap::Args;

use super::{Ended, Failure};
use crate::scenario::skeleton;

/// Write a scenario to begin with; it runs green as it is
#[derive(Debug, Args)]
pub(super) struct New {
    /// The file, which must not exist yet; its name without `.md` is the cause unless --cause says otherwise
    file: PathBuf,
    /// What the scenario shows, as a sentence
    #[arg(long, default_value = "What this scenario shows, in one sentence")]
    title: String,
    /// The cause, as a slug such as `update-instead-of-identify`
    #[arg(long)]
    cause: Option<String>,
}

impl New {
    pub(super) fn run(self) -> Result<Ended, Failure> {
        let path = self.file.display();
        if self.file.extension().is_none_or(|ending| ending != "md") {
            return Err(Failure::Input(format!("`{path}` must end in .md")));
        }
        let text = skeleton(&self.title, &self.cause()?);
        let mut file = File::create_new(&self.file).map_err(|error| {
            Failure::Input(format!(
                "`{path}` cannot be created: {error}; nothing was written"
            ))
        })?;
        file.write_all(text.as_bytes())
            .map_err(|error| Failure::Input(format!("`{path}` cannot be written: {error}")))?;
        println!("written: {path}; `twinfold run {path}` runs it");
        Ok(Ended::Well)
    }

    fn cause(&self) -> Result<String, Failure> {
        let stem = self.file.file_stem().unwrap_or_default();
        let cause = self.cause.clone();
        let cause = cause.unwrap_or_else(|| stem.to_string_lossy().into_owned());
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !cause.is_empty() && cause.chars().all(fits) {
            return Ok(cause);
        }
        Err(Failure::Input(format!(
            "`{cause}` is no slug of small letters, digits and hyphens; name one with --cause"
        )))
    }
}
