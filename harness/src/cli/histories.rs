//! Where a history comes from: a scenario file that is run in this process, a journal file, or a live project.

use std::{fs, path::Path};

use twinfold_server::{Projects, router};

use super::{Failure, Threads, hooks::hooks, runtime};
use crate::{
    scenario::{RecordError, Scenario, record},
    target::{InProcess, ProjectClient, Target},
    traffic::{Traffic, TrafficError},
};

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
