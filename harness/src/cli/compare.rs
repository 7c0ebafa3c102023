//! `twinfold compare`: merge strategies over the same made-up traffic, measured against who it really was.

use std::{fs, path::PathBuf};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::{Ended, Failure, shop::Shop};
use crate::lab::{self, Contestant};

/// Compare merge strategies over the traffic of people whose identity is known
///
/// The same calls go to every strategy. The models of other products follow their public documents and are not the
/// products; the column `evidence` says how sure each is.
#[derive(Debug, Args)]
pub(super) struct Compare {
    /// List the strategies, one a line
    #[arg(long)]
    list: bool,
    /// Instead, run six calls of two people in all 720 orders: does the order decide who is who?
    #[arg(long, conflicts_with_all = ["preset", "people", "seed", "rate", "json", "csv", "html"])]
    orders: bool,
    /// Only these strategies, with commas between them; --list names them
    #[arg(long, value_name = "NAME,...", value_delimiter = ',', value_parser = contestant)]
    strategy: Vec<Contestant>,
    #[command(flatten)]
    shop: Shop,
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

fn contestant(name: &str) -> Result<Contestant, String> {
    let unknown = || {
        let names: Vec<String> = Contestant::all()
            .into_iter()
            .map(Contestant::name)
            .collect();
        format!("the strategies are {}", names.join(", "))
    };
    Contestant::from_name(name).ok_or_else(unknown)
}

impl Compare {
    pub(super) fn run(self) -> Result<Ended, Failure> {
        if self.list {
            for contestant in Contestant::all() {
                println!("{}", contestant.name());
            }
            return Ok(Ended::Well);
        }
        let contestants = if self.strategy.is_empty() {
            Contestant::all()
        } else {
            self.strategy.clone()
        };
        if self.orders {
            print!("{}", lab::orders_table(&lab::experiment(&contestants)));
            return Ok(Ended::Well);
        }
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {human_pos} calls, {per_sec}") {
            bar.set_style(style);
        }
        let population = self.shop.population();
        let compared = lab::compare(&population, &contestants, |calls| bar.set_position(calls));
        bar.finish_and_clear();
        let command = self.command();
        println!("# twinfold {}: {command}", env!("CARGO_PKG_VERSION"));
        print!("{}", lab::table(&compared));
        let origin = json!({"version": env!("CARGO_PKG_VERSION"), "command": command, "seed": population.seed});
        let json = |_: &PathBuf| format!("{:#}\n", lab::json(&compared, &origin));
        write(self.json.as_ref(), json)?;
        write(self.csv.as_ref(), |_| lab::csv(&compared))?;
        write(self.html.as_ref(), |_| lab::html(&compared, &origin))?;
        Ok(Ended::Well)
    }

    /// What repeats this run.
    fn command(&self) -> String {
        let mut command = format!("twinfold compare {}", self.shop.written());
        if !self.strategy.is_empty() {
            let names: Vec<String> = self.strategy.iter().map(|one| one.name()).collect();
            command += &format!(" --strategy {}", names.join(","));
        }
        command
    }
}

fn write(path: Option<&PathBuf>, text: impl Fn(&PathBuf) -> String) -> Result<(), Failure> {
    let Some(path) = path else {
        return Ok(());
    };
    fs::write(path, text(path))
        .map_err(|error| Failure::Input(format!("`{}` cannot be written: {error}", path.display())))
}
