//! `twinfold compare`: merge strategies over the same made-up traffic, measured against who it really was.

use std::path::PathBuf;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::{
    Ended, Failure,
    grid::{Grid, given_once},
    output_file, source_order,
    traffic_files::TrafficFiles,
};
use crate::{
    lab::{self, Comparison, Contestant, Found, Group, Origin, Progress, RandomLogs},
    shell::word,
};

/// The options of a comparison that mean nothing to what is asked for instead, save for the seed and the strategies.
const OF_COMPARISON: [&str; 15] = [
    "preset",
    "people",
    "rate",
    "sweep",
    "source_order",
    "traffic",
    "truth",
    "hard",
    "soft",
    "show",
    "close_look",
    "worst",
    "json",
    "csv",
    "html",
];

/// Compare merge strategies over the traffic of people whose identity is known
///
/// The same calls go to every strategy: those of made-up people, or with `--traffic` those of a file. The models of other products follow their public documents and are not the
/// products; `evidence` says how sure each is. `--measures` says what every column means.
#[derive(Debug, Args)]
pub(super) struct Compare {
    /// List every strategy, one a line, those that are compared without --strategy first; --about says which
    #[arg(long, conflicts_with_all = OF_COMPARISON,
        conflicts_with_all = ["seed", "strategy", "measures", "orders", "logs"])]
    list: bool,
    /// Say of each listed strategy by whom it is published, its switches with their choices, and what it promises
    #[arg(long, conflicts_with_all = OF_COMPARISON, conflicts_with_all = ["seed", "list", "measures", "orders", "logs"])]
    about: bool,
    /// List the measures: group, name, and what it says
    #[arg(long, conflicts_with_all = OF_COMPARISON, conflicts_with_all = ["seed", "strategy", "orders", "logs"])]
    measures: bool,
    /// Instead, run six calls of two people in all 720 orders: does the order decide who is who?
    #[arg(long, conflicts_with_all = OF_COMPARISON, conflicts_with = "seed")]
    orders: bool,
    /// Instead, run so many random logs of eight calls: quality, sensitivity to order, and who ends otherwise than whom
    #[arg(long, value_name = "COUNT", num_args = 0..=1, default_missing_value = "4000",
        value_parser = clap::value_parser!(u32).range(1..), conflicts_with_all = OF_COMPARISON, conflicts_with = "orders")]
    logs: Option<u32>,
    /// Only these strategies, with commas between them; --list names them
    #[arg(long, value_name = "NAME,...", value_delimiter = ',', value_parser = Contestant::from_name)]
    strategy: Vec<Contestant>,
    /// The sources of calls, the most believed first, for strategies with `:properties=source_order`; others stand behind
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    source_order: Vec<String>,
    #[command(flatten)]
    grid: Grid,
    #[command(flatten)]
    files: TrafficFiles,
    /// The measures to print: summary, quality, agreement, repair, customers, shape, course; or all
    #[arg(long, value_name = "GROUP,...", value_delimiter = ',', default_value = "summary", value_parser = group)]
    show: Vec<Shown>,
    /// How many neighbourhoods of about eight people get a close look, call by call; 0 for none
    #[arg(long, value_name = "COUNT", default_value_t = 100)]
    close_look: usize,
    /// How many of the people whom each strategy served worst are told of, in JSON and on the page
    #[arg(long, value_name = "COUNT", default_value_t = 2)]
    worst: usize,
    /// Write everything as JSON to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write the measures as CSV to this file
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Write one self-contained page to this file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

/// What of a comparison is printed.
#[derive(Clone, Copy, Debug)]
enum Shown {
    One(Group),
    All,
}

impl Shown {
    fn slug(self) -> &'static str {
        match self {
            Self::One(group) => group.slug(),
            Self::All => "all",
        }
    }
}

fn group(slug: &str) -> Result<Shown, String> {
    let groups = Group::ALL.map(Group::slug).join(", ");
    match Group::from_slug(slug) {
        Some(group) => Ok(Shown::One(group)),
        None if slug == "all" => Ok(Shown::All),
        None => Err(format!("the groups are {groups}, or `all`")),
    }
}

impl Compare {
    pub(super) fn run(self) -> Result<Ended, Failure> {
        if self.list {
            print!("{}", list());
            return Ok(Ended::Well);
        }
        if self.measures {
            for column in lab::COLUMNS {
                let (group, name) = (column.group.slug(), column.name);
                println!("{group:10} {name:26} {}", column.explained());
            }
            return Ok(Ended::Well);
        }
        let names = self.strategy.iter().map(|one| one.name());
        given_once("--strategy", names).map_err(Failure::Input)?;
        if self.about {
            let all = self.contestants(Contestant::named).into_iter();
            let all: Vec<String> = all.map(lab::about).collect();
            print!("{}", all.join("\n"));
            return Ok(Ended::Well);
        }
        let contestants = self.contestants(Contestant::all);
        if self.orders {
            print!("{}", lab::orders_table(&lab::experiment(&contestants)));
            return Ok(Ended::Well);
        }
        if let Some(logs) = self.logs {
            return self.random_logs(logs, &contestants);
        }
        self.check_files()?;
        let comparison = Comparison {
            contestants,
            settings: match self.files.setting()? {
                Some(setting) => vec![setting],
                None => self.grid.settings().map_err(Failure::Input)?,
            },
            source_order: self.source_order.clone(),
            sample: self.close_look,
            worst: self.worst,
        };
        source_order::check(&comparison)?;
        self.say(&comparison, &with_a_bar(&comparison))
    }

    fn check_files(&self) -> Result<(), Failure> {
        let written = output_file::given(&[
            ("--json", &self.json),
            ("--csv", &self.csv),
            ("--html", &self.html),
        ]);
        output_file::check(&self.files.given(), &written)
    }

    /// Those that are asked for, else the usual ones.
    fn contestants(&self, usual: fn() -> Vec<Contestant>) -> Vec<Contestant> {
        match self.strategy.is_empty() {
            true => usual(),
            false => self.strategy.clone(),
        }
    }

    fn random_logs(&self, logs: u32, contestants: &[Contestant]) -> Result<Ended, Failure> {
        for seed in self.grid.seeds().map_err(Failure::Input)? {
            println!("# {logs} random logs from seed {seed}");
            let logs = RandomLogs { logs, seed: *seed };
            print!("{}", lab::logs_table(&logs.run(contestants)));
        }
        Ok(Ended::Well)
    }

    /// The files come first, because whoever reads the table may have read enough after a line of it; and the table comes
    /// also if a file cannot be written any more.
    fn say(&self, comparison: &Comparison, found: &Found) -> Result<Ended, Failure> {
        let origin = Origin {
            version: env!("CARGO_PKG_VERSION"),
            command: self.command(),
        };
        let json = || format!("{:#}\n", lab::json(comparison, found, &origin));
        let written = [
            write(self.json.as_ref(), json),
            write(self.csv.as_ref(), || lab::csv(comparison, found)),
            write(self.html.as_ref(), || lab::html(comparison, found, &origin)),
        ];
        println!("# twinfold {}: {}", origin.version, origin.command);
        print!("{}", lab::table(comparison, found, &self.groups()));
        written.into_iter().collect::<Result<(), Failure>>()?;
        Ok(Ended::Well)
    }

    fn groups(&self) -> Vec<Group> {
        let shown = self.show.iter();
        let groups = shown.flat_map(|shown| match shown {
            Shown::One(group) => vec![*group],
            Shown::All => Group::ALL.to_vec(),
        });
        groups.collect()
    }

    /// What repeats this run.
    fn command(&self) -> String {
        let people = self.files.written();
        let people = people.unwrap_or_else(|| self.grid.written());
        let mut command = format!("twinfold compare {people}");
        if !self.strategy.is_empty() {
            let names: Vec<String> = self.strategy.iter().map(|one| one.name()).collect();
            command += &format!(" --strategy {}", names.join(","));
        }
        if !self.source_order.is_empty() {
            command += &format!(" --source-order {}", word(&self.source_order.join(",")));
        }
        let shown: Vec<&str> = self.show.iter().map(|shown| shown.slug()).collect();
        if shown != [Group::Summary.slug()] {
            command += &format!(" --show {}", shown.join(","));
        }
        command + &format!(" --close-look {} --worst {}", self.close_look, self.worst)
    }
}

/// Every strategy that has a name of its own.
fn list() -> String {
    let named = Contestant::named().into_iter();
    named.map(|one| one.name() + "\n").collect()
}

/// A population's calls are known once it is recorded; until then the bar is as long as what is known.
fn with_a_bar(comparison: &Comparison) -> Found {
    let bar = ProgressBar::new(0);
    let template = "{bar:30} {human_pos} of {human_len} calls, {per_sec}, {eta} left, {msg}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    let (settings, contestants) = (
        comparison.settings.len(),
        comparison.contestants.len() as u64,
    );
    let found = lab::compare(comparison, &|progress| match progress {
        Progress::Recording { setting, calls } => {
            bar.set_message(format!("population {setting} of {settings}: {calls} calls"));
        }
        Progress::Recorded { calls, .. } => bar.inc_length(calls * contestants),
        Progress::Took(calls) => bar.inc(calls),
    });
    bar.finish_and_clear();
    found
}

fn write(path: Option<&PathBuf>, text: impl Fn() -> String) -> Result<(), Failure> {
    let Some(path) = path else {
        return Ok(());
    };
    output_file::write(path, &text())
}
