//! `twinfold run` and `twinfold check`: scenario files, with or without running them.

use std::{fs, io::IsTerminal, path::PathBuf, sync::Arc, time::Instant};

use clap::Args;
use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

use super::{
    Ended, Failure, Threads,
    hooks::hooks,
    place::Place,
    reports::{self, ReportFile},
    runtime, watch,
};
use crate::{
    scenario::{Report, Runner, Scenario, Verdict, discover, index, rewrite, run_abroad, summary},
    target::Target,
};

/// Replay scenario files and say what differs
///
/// Each scenario gets a project of its own. The last line counts: `N passed, N failed`.
#[derive(Debug, Args)]
pub(super) struct Run {
    /// Scenario files, or directories of them
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    place: Place,
    /// Replace what the files state by what was seen; read the difference afterwards
    #[arg(long)]
    update: bool,
    /// How many scenarios run at a time
    #[arg(long, default_value_t = 8, value_name = "COUNT")]
    at_once: usize,
    /// Only files whose path, title, cause or tags contain this; several must all hold
    #[arg(long, value_name = "TEXT")]
    filter: Vec<String>,
    /// Begin nothing new after the first failure
    #[arg(long)]
    fail_fast: bool,
    /// Also write a report: junit=FILE, tap=FILE, json=FILE or html=FILE; `-` is the standard output, in place of the summary
    #[arg(long, value_name = "FORMAT=FILE", value_parser = reports::parse)]
    report: Vec<ReportFile>,
    /// Run again whenever a file below the paths changes, until interrupted
    #[arg(long)]
    watch: bool,
    /// Begin the scenarios in the order that this number gives; they do not depend on each other, so nothing else changes
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
}

/// Read scenario files without running them
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Scenario files, or directories of them
    #[arg(required = true)]
    paths: Vec<PathBuf>,
}

/// Print the index page of a directory of scenarios, from their front matter
#[derive(Debug, Args)]
pub(super) struct Index {
    /// The directory
    directory: PathBuf,
}

/// A file that was read: a scenario, or what is wrong with it.
enum Read {
    Scenario(Arc<Scenario>),
    Unreadable(Box<Verdict>),
}

impl Run {
    pub(super) fn run(self) -> Result<Ended, Failure> {
        reports::check(&self.report, &self.paths)?;
        let runtime = runtime(Threads::Several)?;
        if self.watch {
            return watch::again_and_again(&self.paths, |changed| {
                let paths = if changed.is_empty() {
                    &self.paths
                } else {
                    changed
                };
                runtime.block_on(self.once(paths))
            });
        }
        runtime.block_on(self.once(&self.paths))
    }

    async fn once(&self, paths: &[PathBuf]) -> Result<Ended, Failure> {
        let mut read = read_all(paths)?;
        read.retain(|read| self.filter.iter().all(|text| read.contains(text)));
        if read.is_empty() {
            let says = format!("no scenario contains `{}`", self.filter.join("` and `"));
            return Err(Failure::Input(says));
        }
        self.replay(read).await
    }

    async fn replay(&self, read: Vec<Read>) -> Result<Ended, Failure> {
        let start = Instant::now();
        let scenarios: Vec<_> = read.iter().filter_map(Read::scenario).collect();
        let found = self.place.find(&scenarios).await?;
        let ran = match &found.project {
            Some(project) => run_abroad(&scenarios, project, &found.target, &hooks()).await,
            None => self.shuffled(&found.target, &scenarios).await,
        };
        if self.update {
            update(&scenarios, &ran)?;
        }
        let no_project = ran.iter().find(|verdict| !verdict.has_run);
        let no_project = no_project.and_then(|verdict| verdict.problems.first());
        let no_project = no_project.map(|problem| problem.message().to_owned());
        let verdicts = in_file_order(read, ran);
        let report = report(found.says.clone(), start);
        reports::write(&self.report, &verdicts, &report)?;
        if !self.report.iter().any(ReportFile::is_standard_output) {
            print!("{}", summary(&verdicts, &report));
        }
        found.stop().await?;
        match no_project {
            Some(says) => Err(Failure::Server(says)),
            None if !verdicts.iter().any(Verdict::failed) => Ok(Ended::Well),
            None if verdicts.len() > scenarios.len() => Ok(Ended::Misread),
            None => Ok(Ended::WithFindings),
        }
    }

    /// The verdicts in the order of the files, whatever the order in which they were begun.
    async fn shuffled(&self, target: &Target, scenarios: &[Arc<Scenario>]) -> Vec<Verdict> {
        let mut order: Vec<usize> = (0..scenarios.len()).collect();
        if let Some(seed) = self.seed {
            order.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        }
        let begun: Vec<_> = order.iter().map(|&at| Arc::clone(&scenarios[at])).collect();
        let ran = Runner::new(target.clone(), hooks())
            .at_once(self.at_once)
            .fail_fast(self.fail_fast)
            .recording(self.report.iter().any(ReportFile::shows_journal))
            .run(&begun)
            .await;
        let mut ran: Vec<(usize, Verdict)> = order.into_iter().zip(ran).collect();
        ran.sort_by_key(|(at, _)| *at);
        ran.into_iter().map(|(_, verdict)| verdict).collect()
    }
}

impl Check {
    pub(super) fn run(self) -> Result<Ended, Failure> {
        let start = Instant::now();
        let verdicts = read_all(&self.paths)?.into_iter().map(|read| match read {
            Read::Scenario(scenario) => Verdict {
                path: scenario.path().to_owned(),
                title: scenario.front().title.clone(),
                evidence: scenario.front().evidence,
                ..Verdict::default()
            },
            Read::Unreadable(verdict) => *verdict,
        });
        let verdicts: Vec<Verdict> = verdicts.collect();
        let report = report("read, not run".into(), start);
        print!("{}", summary(&verdicts, &report));
        match verdicts.iter().all(Verdict::passed) {
            true => Ok(Ended::Well),
            false => Ok(Ended::Misread),
        }
    }
}

impl Index {
    pub(super) fn run(self) -> Result<Ended, Failure> {
        let read = read_all(std::slice::from_ref(&self.directory))?;
        let scenarios: Vec<_> = read.iter().filter_map(Read::scenario).collect();
        if scenarios.len() < read.len() {
            let says = "some files cannot be read; `twinfold check` says which and why";
            return Err(Failure::Input(says.into()));
        }
        print!("{}", index(&scenarios, &self.directory));
        Ok(Ended::Well)
    }
}

impl Read {
    /// Whether the path, the title, the cause or a tag contains this, in whatever case.
    fn contains(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let holds = |other: &str| other.to_lowercase().contains(&text);
        match self {
            Self::Scenario(scenario) => {
                let front = scenario.front();
                holds(&scenario.path().to_string_lossy())
                    || holds(&front.title)
                    || holds(&front.cause)
                    || front.tags.iter().any(|tag| holds(tag))
            }
            Self::Unreadable(verdict) => holds(&verdict.path.to_string_lossy()),
        }
    }

    fn scenario(&self) -> Option<Arc<Scenario>> {
        match self {
            Self::Scenario(scenario) => Some(Arc::clone(scenario)),
            Self::Unreadable(_) => None,
        }
    }
}

fn read_all(paths: &[PathBuf]) -> Result<Vec<Read>, Failure> {
    let files = discover(paths).map_err(|error| Failure::Input(error.to_string()))?;
    if files.is_empty() {
        return Err(Failure::Input(
            "there is no scenario file below the given paths".into(),
        ));
    }
    files.into_iter().map(read).collect()
}

fn read(path: PathBuf) -> Result<Read, Failure> {
    let bytes = fs::read(&path)
        .map_err(|error| Failure::Input(format!("`{}` cannot be read: {error}", path.display())))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let path = path.display();
        Failure::Input(format!(
            "`{path}` is not UTF-8 at byte {at}; save it as UTF-8"
        ))
    })?;
    Ok(match Scenario::parse(&path, text) {
        Ok(scenario) => Read::Scenario(Arc::new(scenario)),
        Err(problems) => Read::Unreadable(Box::new(Verdict::unreadable(&path, problems))),
    })
}

fn update(scenarios: &[Arc<Scenario>], ran: &[Verdict]) -> Result<(), Failure> {
    for (scenario, verdict) in scenarios.iter().zip(ran) {
        let text = rewrite(scenario, verdict);
        if text == scenario.text() {
            continue;
        }
        let path = scenario.path().display();
        fs::write(scenario.path(), text)
            .map_err(|error| Failure::Input(format!("`{path}` cannot be written: {error}")))?;
        println!("rewritten: {path}");
    }
    Ok(())
}

fn report(place: String, start: Instant) -> Report {
    Report {
        place,
        elapsed: start.elapsed(),
        colour: std::io::stdout().is_terminal(),
    }
}

/// The verdicts of all files: of those that ran, and of those that could not be read.
fn in_file_order(read: Vec<Read>, ran: Vec<Verdict>) -> Vec<Verdict> {
    let mut ran = ran.into_iter();
    let verdicts = read.into_iter().filter_map(|read| match read {
        Read::Scenario(_) => ran.next(),
        Read::Unreadable(verdict) => Some(*verdict),
    });
    verdicts.collect()
}
