//! `twinfold shadow`: what other strategies would have made of the same commands, and which command made the difference.

use clap::Args;
use serde_json::{Value, json};
use twinfold_engine::{Settings, Strategy, shadow};
use twinfold_server::shadow::{Run, shown};

use super::{
    Ended, Failure, Print,
    grid::given_once,
    histories::{Named, Whence},
};
use crate::{shadow as shadows, traffic::Traffic};

/// Replay a history through other strategies and report every divergence
///
/// A divergence is IDs that are one customer where the project answers and several in the shadow, or the other way
/// round; each is told with the first command that caused it, and whether it healed later. The models of other products
/// follow their public documents and are not the products.
#[derive(Debug, Args)]
pub(super) struct Shadow {
    #[command(flatten)]
    whence: Whence,
    /// What answers in the shadow, such as `demote-and-retry` or `engagement:contested_soft_id=newer_customer`;
    /// everything else that could answer if left out
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    strategy: Vec<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Print::Text)]
    print: Print,
}

impl Shadow {
    pub(super) fn run(self) -> Result<Ended, Failure> {
        // Some names are short for others with their switches.
        let names = self.strategy.iter();
        let names =
            names.map(|name| Strategy::from_name(name).map_or(name.clone(), Strategy::name));
        given_once("--strategy", names).map_err(Failure::Input)?;
        let mut all = Vec::new();
        for Named { name, traffic } in self.whence.histories()? {
            let chosen = self.chosen(&traffic.settings)?;
            all.push((name, compared(&traffic, chosen)));
        }
        match self.print {
            Print::Json => println!("{}", Value::from_iter(all.iter().map(of_variant))),
            Print::Text => all.iter().for_each(|(variant, shown)| {
                if !variant.is_empty() {
                    println!("variant {variant}");
                }
                print!("{}", shadows::text(shown));
            }),
        }
        let diverges = |(_, shown): &(String, Value)| shadows::diverges(shown);
        match all.iter().any(diverges) {
            true => Ok(Ended::WithFindings),
            false => Ok(Ended::Well),
        }
    }

    fn chosen(&self, settings: &Settings) -> Result<Vec<(String, Settings)>, Failure> {
        if self.strategy.is_empty() {
            return Ok(shadow::others(settings));
        }
        let names = self.strategy.iter();
        let chosen = names.map(|name| Ok((name.clone(), shadow::by_name(settings, name)?)));
        chosen
            .collect::<Result<_, String>>()
            .map_err(|says| Failure::Input(format!("--strategy: {says}")))
    }
}

/// One run after the other, so that no more than two projects are held at a time.
fn compared(traffic: &Traffic, chosen: Vec<(String, Settings)>) -> Value {
    let mut schema = traffic.settings.schema.clone();
    let runs = chosen.into_iter().map(|(name, settings)| {
        let shadow = shadows::run(traffic, settings);
        schema = shadow.here().schema().clone();
        Run {
            name,
            report: shadow.report(),
        }
    });
    let runs: Vec<Run> = runs.collect();
    let command = |number| shadows::command(traffic, number);
    let forgotten = (traffic.folded, shadows::left_out(traffic));
    shown(&traffic.settings, &schema, forgotten, &runs, command)
}

fn of_variant((variant, shown): &(String, Value)) -> Value {
    let mut shown = shown.clone();
    shown["variant"] = json!(variant);
    shown
}
