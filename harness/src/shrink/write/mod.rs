//! Shrunk traffic as a scenario file: front matter, a sentence and a block for each command, and what is seen.
//! The file is run before it is given away, so that it passes at once.

mod call;
mod front;

use std::sync::Arc;

use twinfold_engine::{Outcome, Project, Rejection};

use super::{Goal, Shrunk, plain::arrival, prose};
use crate::{
    scenario::{Hooks, Scenario, Verdict, rewrite, run_scenario},
    target::Target,
    traffic::{Sent, Traffic},
};

/// Why no scenario file came of the traffic.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The draft is no scenario.
    #[error("the scenario of the shrunk commands cannot be read: {0}")]
    Unreadable(String),
    /// It runs, but does not pass.
    #[error("the scenario of the shrunk commands does not pass: {0}")]
    Fails(String),
}

/// The scenario file of shrunk traffic, its tables filled in by a run against `target`.
pub async fn written(
    shrunk: &Shrunk,
    target: &Target,
    hooks: &Hooks,
) -> Result<String, WriteError> {
    let draft = read(draft(shrunk))?;
    let seen = run_scenario(&draft, target, hooks).await;
    let scenario = read(rewrite(&draft, &seen))?;
    let verdict = run_scenario(&scenario, target, hooks).await;
    match verdict.problems.first() {
        None => Ok(scenario.text().to_owned()),
        Some(_) => Err(WriteError::Fails(told(&verdict))),
    }
}

fn read(text: String) -> Result<Arc<Scenario>, WriteError> {
    let scenario = Scenario::parse("shrunk.md", text);
    scenario.map(Arc::new).map_err(|problems| {
        let first = problems.first().map(ToString::to_string);
        WriteError::Unreadable(first.unwrap_or_default())
    })
}

fn told(verdict: &Verdict) -> String {
    let problems = verdict.problems.iter();
    let texts = problems.map(|problem| format!("{problem} {}", problem.details()));
    texts.collect::<Vec<_>>().join("; ")
}

/// A command and what becomes of it.
pub(super) type Done<'s> = (&'s Sent, Result<Outcome, Rejection>);

fn draft(shrunk: &Shrunk) -> String {
    let done = done(&shrunk.traffic);
    let mut text = front::front_matter(shrunk, &done);
    let left = match done.len() {
        1 => "1 is left.".to_owned(),
        count => format!("{count} are left. Without any one of them it would not come to this."),
    };
    let before = shrunk.commands_before;
    text += &format!("\nOf {before} recorded commands {left}\n");
    for (sent, result) in &done {
        text += &format!("\n{}\n\n", prose::says(sent, result));
        text += &call::block(sent, result, &shrunk.traffic.settings.schema);
    }
    text += "\nThe project then holds:\n\n```profiles\n```\n\nWhat was decided, and by which rules:\n\n```decisions\n```\n";
    if matches!(shrunk.goal, Goal::Duplicate | Goal::DuplicateOf(_)) {
        text += "\n## Diagnosis\n\n```diagnosis\n```\n";
    }
    text
}

fn done(traffic: &Traffic) -> Vec<Done<'_>> {
    let mut project = Project::new(traffic.settings.clone());
    let commands = traffic.commands.iter().enumerate();
    let done = commands.map(|(at, sent)| (sent, sent.apply_at(arrival(at), &mut project)));
    done.collect()
}
