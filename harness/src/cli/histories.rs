//! Where a history comes from: a scenario file that is run in this process, a journal file, or a live project.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::Args;
use twinfold_server::{Projects, router};

use super::{Failure, Threads, hooks::hooks, project::Key, runtime};
use crate::{
    scenario::{RecordError, Scenario, record},
    target::{InProcess, ProjectClient, Target},
    traffic::{Traffic, TrafficError},
};

/// Where the histories of a command are taken from.
#[derive(Debug, Args)]
pub(super) struct Whence {
    /// A scenario file, which is run in this process
    #[arg(conflicts_with_all = ["url", "journal"])]
    scenario: Option<PathBuf>,
    /// A file that `twinfold journal` has written
    #[arg(long, value_name = "FILE", conflicts_with = "url")]
    journal: Option<PathBuf>,
    /// Base URL of a twinfold server
    #[arg(long)]
    url: Option<String>,
    #[command(flatten)]
    key: Key,
}

impl Whence {
    /// The histories that were named; one for each variant of a scenario.
    pub(super) fn histories(&self) -> Result<Vec<Named>, Failure> {
        match (&self.scenario, &self.journal, &self.url) {
            (Some(path), _, _) => of_scenario(path),
            (_, Some(path), _) => Ok(vec![of_journal(path)?]),
            (_, _, Some(url)) => Ok(vec![of_project(&self.key.client(url)?)?]),
            (None, None, None) => Err(Failure::Input(
                "nothing to read: name a scenario file, or give `--journal FILE` or `--url URL`"
                    .into(),
            )),
        }
    }
}

/// A history with how it is named; the name is empty where only one is possible.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) traffic: Traffic,
}

/// The histories of a scenario file, one for each variant.
pub(super) fn of_scenario(path: &Path) -> Result<Vec<Named>, Failure> {
    let scenario = Scenario::parse(path, text(path)?).map_err(|problems| {
        let problems: Vec<String> = problems.iter().map(|one| one.render(false)).collect();
        Failure::Input(problems.join("\n"))
    })?;
    let target = Target::InProcess(InProcess::new(router(Projects::new())));
    let recorded = runtime(Threads::One)?.block_on(record(&scenario, &target, &hooks()));
    let recorded = recorded.map_err(|error| match error {
        RecordError::Target(error) => Failure::Server(error.to_string()),
        RecordError::Traffic(error) => failure(error),
    })?;
    let named = recorded.into_iter().map(|one| {
        if let Some(problem) = one.broken_off {
            eprintln!("warning: the scenario broke off, so its story ends there: {problem}");
        }
        Named {
            name: one.variant,
            traffic: one.traffic,
        }
    });
    Ok(named.collect())
}

/// The history in a file that `twinfold journal` has written.
pub(super) fn of_journal(path: &Path) -> Result<Named, Failure> {
    let traffic = Traffic::from_text(&text(path)?);
    let traffic = traffic
        .map_err(|error| Failure::Input(format!("`{}` cannot be read: {error}", path.display())))?;
    Ok(unnamed(traffic))
}

/// The history of a live project.
pub(super) fn of_project(client: &ProjectClient) -> Result<Named, Failure> {
    let traffic = runtime(Threads::One)?.block_on(Traffic::read(client));
    Ok(unnamed(traffic.map_err(failure)?))
}

fn unnamed(traffic: Traffic) -> Named {
    Named {
        name: String::new(),
        traffic,
    }
}

fn failure(error: TrafficError) -> Failure {
    Failure::Server(error.to_string())
}

fn text(path: &Path) -> Result<String, Failure> {
    let read = fs::read_to_string(path);
    read.map_err(|error| Failure::Input(format!("`{}` cannot be read: {error}", path.display())))
}
