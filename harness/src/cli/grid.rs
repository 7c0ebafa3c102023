//! Over which populations a comparison runs: presets times seeds times the values of swept rates.

#[cfg(test)]
mod tests;

use std::{fmt::Display, str::FromStr};

use clap::Args;

use super::shop::{preset, rate, rates, value_of};
use crate::{
    lab::{People, Setting},
    population::{Population, Preset},
};

/// More populations in one comparison are a mistake.
const POPULATIONS_MAX: usize = 1_000;

/// Populations, as they are asked for at the command line.
#[derive(Debug, Args)]
pub(super) struct Grid {
    /// Which shops, with commas between them; `generate --list` says which there are
    #[arg(long, value_name = "NAME,...", default_value = "small-shop", value_delimiter = ',', value_parser = preset)]
    preset: Vec<Preset>,
    /// How many people each has
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..))]
    people: u64,
    /// Where all chance comes from; with several, every population is made from each
    #[arg(
        long,
        value_name = "SEED,...",
        default_value = "1",
        value_delimiter = ','
    )]
    seed: Vec<u64>,
    /// A rate that differs from the preset's; several are possible
    #[arg(long, value_name = "NAME=VALUE", value_parser = rate)]
    rate: Vec<(String, f64)>,
    /// A rate and the values it takes in turn, such as `shared_device=0,0.05,0.1`; with several, all combinations
    #[arg(long, value_name = "NAME=VALUE,...")]
    sweep: Vec<Sweep>,
}

/// A rate with the values that it takes in turn.
#[derive(Clone, Debug, PartialEq)]
struct Sweep {
    name: String,
    values: Vec<f64>,
}

impl FromStr for Sweep {
    type Err = String;

    fn from_str(written: &str) -> Result<Self, String> {
        let (name, values) = written
            .split_once('=')
            .ok_or("write NAME=VALUE,VALUE, such as `shared_device=0,0.1`")?;
        if values.trim().is_empty() {
            return Err(format!(
                "`{name}` has no value to take; write `{name}=0,0.1`"
            ));
        }
        let values = values.split(',').map(|value| value_of(name, value.trim()));
        let values = values.collect::<Result<Vec<f64>, String>>()?;
        given_once(name, &values)?;
        Ok(Self {
            name: name.to_owned(),
            values,
        })
    }
}

/// Whatever stands twice would count twice in every mean.
pub(super) fn given_once<V: PartialEq + Display>(
    name: &str,
    values: impl IntoIterator<Item = V>,
) -> Result<(), String> {
    let mut taken = Vec::new();
    for value in values {
        if taken.contains(&value) {
            return Err(format!("`{name}` takes `{value}` twice"));
        }
        taken.push(value);
    }
    Ok(())
}

impl Grid {
    /// Where all chance comes from.
    pub(super) fn seeds(&self) -> Result<&[u64], String> {
        given_once("--seed", &self.seed)?;
        Ok(&self.seed)
    }

    /// Every population, those of the first preset and seed first.
    pub(super) fn settings(&self) -> Result<Vec<Setting>, String> {
        self.check()?;
        let mut settings = Vec::new();
        for preset in &self.preset {
            for seed in &self.seed {
                for swept in self.combinations() {
                    settings.push(self.setting(*preset, *seed, swept)?);
                }
            }
        }
        Ok(settings)
    }

    fn check(&self) -> Result<(), String> {
        given_once("--preset", self.preset.iter().map(|one| one.about().0))?;
        self.seeds()?;
        for (place, sweep) in self.sweep.iter().enumerate() {
            let name = &sweep.name;
            if self.sweep[..place].iter().any(|other| other.name == *name) {
                return Err(format!(
                    "`--sweep {name}` stands there twice; give all values to one"
                ));
            }
            if self.rate.iter().any(|(other, _)| other == name) {
                return Err(format!(
                    "`{name}` is swept and set; leave out `--rate {name}`"
                ));
            }
        }
        let combinations = self.sweep.iter().map(|sweep| sweep.values.len());
        let sizes = [self.preset.len(), self.seed.len()];
        let count = sizes
            .into_iter()
            .chain(combinations)
            .try_fold(1, usize::checked_mul);
        match count {
            Some(count) if count <= POPULATIONS_MAX => Ok(()),
            _ => Err(format!(
                "these are more than {POPULATIONS_MAX} populations; sweep fewer rates or values at a time"
            )),
        }
    }

    fn combinations(&self) -> Vec<Vec<(String, f64)>> {
        let mut combinations = vec![Vec::new()];
        for sweep in &self.sweep {
            let longer = combinations
                .into_iter()
                .flat_map(|known: Vec<(String, f64)>| {
                    let values = sweep.values.iter();
                    values.map(move |value| {
                        let mut longer = known.clone();
                        longer.push((sweep.name.clone(), *value));
                        longer
                    })
                });
            combinations = longer.collect();
        }
        combinations
    }

    fn setting(
        &self,
        preset: Preset,
        seed: u64,
        swept: Vec<(String, f64)>,
    ) -> Result<Setting, String> {
        let rates = rates(preset, self.rate.iter().chain(&swept))?;
        let population = Population {
            seed,
            people: self.people,
            rates,
        };
        if u32::try_from(population.ends_before()).is_err() {
            let (people, daily) = (self.people, population.rates.new_households_per_day);
            return Err(format!(
                "{people} people at {daily} new households a day may still call after 2106-02-07, and no later time is kept; ask for fewer `--people`, more `new_households_per_day` or fewer `active_days`"
            ));
        }
        Ok(Setting {
            name: preset.about().0.to_owned(),
            swept,
            people: People::MadeUp(Box::new(population)),
        })
    }

    /// The options that ask for the same populations again.
    pub(super) fn written(&self) -> String {
        let presets = listed(self.preset.iter().map(|one| one.about().0.to_owned()));
        let seeds = listed(self.seed.iter().map(u64::to_string));
        let mut written = format!("--preset {presets} --people {} --seed {seeds}", self.people);
        for (name, value) in &self.rate {
            written += &format!(" --rate {name}={value}");
        }
        for sweep in &self.sweep {
            let values = listed(sweep.values.iter().map(f64::to_string));
            written += &format!(" --sweep {}={values}", sweep.name);
        }
        written
    }
}

fn listed(texts: impl Iterator<Item = String>) -> String {
    Vec::from_iter(texts).join(",")
}
