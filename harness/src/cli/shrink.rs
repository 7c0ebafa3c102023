//! `twinfold shrink`: recorded traffic that ends badly, reduced to the smallest scenario file that still does.

use std::{fs, path::PathBuf};

use clap::Args;
use twinfold_server::{Projects, router};

use super::{Ended, Failure, Threads, hooks, output_file, project::Key, runtime};
use crate::{
    shrink::{GOALS, Goal, Shrunk, made_up, shrink, written},
    target::{InProcess, Target},
    traffic::Traffic,
};

/// Reduce a journal to the smallest scenario file that ends as badly
///
/// The file goes to the standard output, what was done to the standard error. The file passes `twinfold run`.
#[derive(Debug, Args)]
#[command(after_help = goals())]
pub(super) struct Shrink {
    /// A file of `twinfold journal`; without it, the project of --url is read
    journal: Option<PathBuf>,
    /// How the traffic ends badly: see the list below; one argument, so put a goal of several words in quotes
    #[arg(long)]
    goal: Goal,
    /// Replace addresses, IDs, names, phone numbers and other texts by made-up ones
    #[arg(long)]
    made_up: bool,
    /// Write the scenario to this file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Base URL of the server
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    url: String,
    #[command(flatten)]
    key: Key,
}

fn goals() -> String {
    let width = GOALS.iter().map(|(goal, _)| goal.len()).max();
    let width = width.unwrap_or_default();
    let lines = GOALS
        .iter()
        .map(|(goal, says)| format!("\n  {goal:width$}  {says}"));
    format!("Goals:{}", lines.collect::<String>())
}

impl Shrink {
    pub(super) fn run(self) -> Result<Ended, Failure> {
        let read = output_file::given(&[("[JOURNAL]", &self.journal)]);
        let output = output_file::given(&[("--output", &self.output)]);
        output_file::check(&read, &output)?;
        let runtime = runtime(Threads::One)?;
        let traffic = match &self.journal {
            Some(path) => journal_file(path)?,
            None => {
                let client = self.key.client(&self.url)?;
                let traffic = runtime.block_on(Traffic::read(&client));
                traffic.map_err(|error| Failure::Server(error.to_string()))?
            }
        };
        if traffic.folded > 0 {
            eprintln!(
                "the oldest {} entries are no longer in the journal; the replay begins after them",
                traffic.folded
            );
        }
        let options = hooks::options(&traffic.settings.schema);
        let shrunk = shrink(&traffic, &self.goal, &options);
        let shrunk = shrunk.map_err(|error| Failure::Input(error.to_string()))?;
        eprintln!(
            "{} of {} commands left after {} replays",
            shrunk.traffic.commands.len(),
            shrunk.commands_before,
            shrunk.replays
        );
        let shrunk = self.shown(shrunk)?;
        let target = Target::InProcess(InProcess::new(router(Projects::new())));
        let text = runtime.block_on(written(&shrunk, &target, &hooks::hooks()));
        let text = text.map_err(|error| Failure::Input(error.to_string()))?;
        match &self.output {
            None => print!("{text}"),
            Some(path) => output_file::write(path, &text)?,
        }
        Ok(Ended::Well)
    }

    fn shown(&self, shrunk: Shrunk) -> Result<Shrunk, Failure> {
        if !self.made_up {
            return Ok(shrunk);
        }
        made_up(&shrunk).ok_or_else(|| {
            Failure::Input(
                "with made-up values the commands end otherwise; leave out --made-up".into(),
            )
        })
    }
}

/// The traffic of a file that `twinfold journal` has written.
pub(super) fn journal_file(path: &PathBuf) -> Result<Traffic, Failure> {
    let shown = path.display();
    let text = fs::read_to_string(path)
        .map_err(|error| Failure::Input(format!("`{shown}` cannot be read: {error}")))?;
    Traffic::from_text(&text).map_err(|error| Failure::Input(format!("`{shown}`: {error}")))
}
