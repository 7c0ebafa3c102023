//! Which made-up shop: the options that `generate` and `compare` share.

use clap::Args;

use super::{Failure, grid::given_once};
use crate::population::{Population, Preset, RateError, Rates};

/// A population, as it is asked for at the command line.
#[derive(Debug, Args)]
pub(super) struct Shop {
    /// Which shop; `generate --list` says which there are
    #[arg(long, default_value = "small-shop", value_parser = preset)]
    preset: Preset,
    /// How many people
    #[arg(long, default_value_t = 1000)]
    people: u64,
    /// Where all chance comes from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A rate that differs from the preset's; several are possible
    #[arg(long, value_name = "NAME=VALUE", value_parser = rate)]
    rate: Vec<(String, f64)>,
}

pub(super) fn preset(name: &str) -> Result<Preset, String> {
    let names: Vec<_> = Preset::ALL.iter().map(|one| one.about().0).collect();
    Preset::from_name(name).ok_or_else(|| format!("the presets are {}", names.join(", ")))
}

pub(super) fn rate(written: &str) -> Result<(String, f64), String> {
    let (name, value) = written.split_once('=').ok_or("write NAME=VALUE")?;
    Ok((name.to_owned(), value_of(name, value)?))
}

/// The value of a rate, if there is such a rate and it can have it.
pub(super) fn value_of(name: &str, value: &str) -> Result<f64, String> {
    // What is no number is in no range.
    let number = value.parse().unwrap_or(f64::NAN);
    match Rates::check(name, number) {
        Ok(()) => Ok(number),
        Err(RateError::Beyond { range, .. }) => Err(format!(
            "the rate `{name}` is {range}, and `{value}` is not"
        )),
        Err(unknown) => Err(unknown.to_string()),
    }
}

/// The rates of a preset with those that differ, each of which is given once.
pub(super) fn rates<'r>(
    preset: Preset,
    differing: impl IntoIterator<Item = &'r (String, f64), IntoIter: Clone>,
) -> Result<Rates, String> {
    let differing = differing.into_iter();
    given_once("--rate", differing.clone().map(|(name, _)| name))?;
    let mut rates = preset.rates();
    for (name, value) in differing {
        // The name was looked up when the command line was read.
        let _known = rates.set(name, *value);
    }
    Ok(rates)
}

impl Shop {
    pub(super) fn population(&self) -> Result<Population, Failure> {
        let rates = rates(self.preset, &self.rate).map_err(Failure::Input)?;
        Ok(Population {
            seed: self.seed,
            people: self.people,
            rates,
        })
    }
}
