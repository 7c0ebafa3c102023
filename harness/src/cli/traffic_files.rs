//! Traffic that a comparison reads instead of making it up: the files that `generate` and `convert` write.

use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;

use super::{
    Failure,
    grid::given_once,
    output_file::{self, Given},
};
use crate::{
    lab::{IdTypes, People, Setting, TrafficFile, TrueCalls},
    shell::word,
};

/// Instead of these, whose calls they are.
const MADE_UP: [&str; 5] = ["preset", "people", "seed", "rate", "sweep"];

/// Where the calls and the truth are.
#[derive(Debug, Args)]
pub(super) struct TrafficFiles {
    /// Instead of made-up people, the calls of this file, as `generate` and `convert` write them
    #[arg(long, value_name = "FILE", conflicts_with_all = MADE_UP)]
    traffic: Option<PathBuf>,
    /// Who is behind these calls; not needed if they were written with `--with-person`
    #[arg(long, value_name = "FILE", requires = "traffic", conflicts_with_all = MADE_UP)]
    truth: Option<PathBuf>,
    /// Hard ID types of these calls, the strongest first, if they are none that `generate` and `convert` give by themselves
    #[arg(long, value_name = "TYPE,...", value_delimiter = ',', requires = "traffic", conflicts_with_all = MADE_UP)]
    hard: Vec<String>,
    /// The same for soft ID types
    #[arg(long, value_name = "TYPE,...", value_delimiter = ',', requires = "traffic", conflicts_with_all = MADE_UP)]
    soft: Vec<String>,
}

impl TrafficFiles {
    /// The files that are read.
    pub(super) fn given(&self) -> Vec<Given<'_>> {
        output_file::given(&[("--traffic", &self.traffic), ("--truth", &self.truth)])
    }

    /// The people whose calls they are, if there are files.
    pub(super) fn setting(&self) -> Result<Option<Setting>, Failure> {
        let Some(path) = &self.traffic else {
            return Ok(None);
        };
        given_once("--hard", &self.hard).map_err(Failure::Input)?;
        given_once("--soft", &self.soft).map_err(Failure::Input)?;
        let both = self.hard.iter().find(|name| self.soft.contains(name));
        if let Some(both) = both {
            return Err(Failure::Input(format!(
                "`{both}` is named as hard and as soft; leave out one"
            )));
        }
        let types = IdTypes::named(&self.hard, &self.soft);
        let truth = self.truth.as_ref().map(|truth| {
            let people = TrueCalls::read(open(truth)?);
            people.map_err(|error| wrong(truth, &error))
        });
        let truth = truth.transpose()?.unwrap_or_default();
        let traffic = TrafficFile::read(open(path)?, truth, types);
        let traffic = traffic.map_err(|error| wrong(path, &error))?;
        Ok(Some(Setting {
            name: path.display().to_string(),
            swept: Vec::new(),
            people: People::Read(Arc::new(traffic)),
        }))
    }

    /// The options that ask for the same calls again.
    pub(super) fn written(&self) -> Option<String> {
        let file = |path: &Path| word(&path.display().to_string());
        let mut written = format!("--traffic {}", file(self.traffic.as_ref()?));
        if let Some(truth) = &self.truth {
            written += &format!(" --truth {}", file(truth));
        }
        for (option, names) in [("hard", &self.hard), ("soft", &self.soft)] {
            if !names.is_empty() {
                written += &format!(" --{option} {}", word(&names.join(",")));
            }
        }
        Some(written)
    }
}

fn open(path: &Path) -> Result<BufReader<File>, Failure> {
    let file = File::open(path).map_err(|error| wrong(path, &error))?;
    Ok(BufReader::new(file))
}

fn wrong(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::Input(format!("`{}` cannot be compared: {error}", path.display()))
}
