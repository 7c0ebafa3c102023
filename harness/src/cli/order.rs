//! `twinfold order`: whether the end of a scenario depends on the order in which its commands arrive.

use std::{fs, path::PathBuf};

use clap::Args;
use twinfold_server::{Projects, router};

use super::{Ended, Failure, Print, Threads, hooks, runtime, shrink::journal_file};
use crate::{
    order::{Options, check, json, text},
    scenario::{Recorded, Scenario, record},
    target::{InProcess, Target},
    traffic::Traffic,
};

/// Say whether the end depends on the order in which commands arrive
///
/// The commands of the file are delivered in other orders, in other batches, and one of them twice. Of up to 7 commands
/// every order is tried, of more a sample. The end is who is together with which properties, events and consents.
#[derive(Debug, Args)]
pub(super) struct Order {
    /// A scenario file, or a file of `twinfold journal`
    file: PathBuf,
    /// How many orders are sampled if there are more than 7 commands
    #[arg(long, default_value_t = 2_000, value_name = "COUNT")]
    orders: usize,
    /// Seed of the sample
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// What one browser, device or other source sends stays in its order
    #[arg(long)]
    keep_source_order: bool,
    /// What to print
    #[arg(long, value_enum, default_value_t = Print::Text)]
    print: Print,
}

impl Order {
    pub(super) fn run(self) -> Result<Ended, Failure> {
        let mut ended = Ended::Well;
        for traffic in self.traffic()? {
            let options = Options {
                orders: self.orders.max(1),
                seed: self.seed,
                keep_source_order: self.keep_source_order,
            };
            let plan = hooks::options(&traffic.settings.schema);
            let report = check(&traffic, options, &plan);
            match self.print {
                Print::Text => print!("{}", text(&report)),
                Print::Json => println!("{}", json(&report)),
            }
            if !report.is_independent() {
                ended = Ended::WithFindings;
            }
        }
        Ok(ended)
    }

    /// The traffic of the journal, or of each run of the scenario.
    fn traffic(&self) -> Result<Vec<Traffic>, Failure> {
        let shown = self.file.display();
        if self
            .file
            .extension()
            .is_none_or(|extension| extension != "md")
        {
            return journal_file(&self.file).map(|traffic| vec![traffic]);
        }
        let text = fs::read_to_string(&self.file)
            .map_err(|error| Failure::Input(format!("`{shown}` cannot be read: {error}")))?;
        let scenario = Scenario::parse(&self.file, text).map_err(|_| {
            Failure::Input(format!(
                "`{shown}` is no scenario; `twinfold check {shown}` says why"
            ))
        })?;
        let target = Target::InProcess(InProcess::new(router(Projects::new())));
        let runs = runtime(Threads::One)?.block_on(record(&scenario, &target, &hooks::hooks()));
        let runs = runs.map_err(|error| Failure::Input(format!("`{shown}`: {error}")))?;
        let traffic = |run: Recorded| match run.broken_off {
            None => Ok(run.traffic),
            Some(problem) => Err(Failure::Input(format!("`{shown}` breaks off: {problem}"))),
        };
        runs.into_iter().map(traffic).collect()
    }
}
