//! Over which populations a comparison runs: presets times seeds times the values of swept rates.

use std::str::FromStr;

use clap::Args;

use super::shop::{preset, rate, value_of};
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
        let mut taken = Vec::new();
        for value in values.split(',') {
            let value = value_of(name, value.trim())?;
            if taken.contains(&value) {
                return Err(format!("`{name}` takes `{value}` twice"));
            }
            taken.push(value);
        }
        Ok(Self {
            name: name.to_owned(),
            values: taken,
        })
    }
}

impl Grid {
    /// Where all chance comes from.
    pub(super) fn seeds(&self) -> &[u64] {
        &self.seed
    }

    /// Every population, those of the first preset and seed first.
    pub(super) fn settings(&self) -> Result<Vec<Setting>, String> {
        self.check()?;
        let mut settings = Vec::new();
        for preset in &self.preset {
            for seed in &self.seed {
                for swept in self.combinations() {
                    settings.push(self.setting(*preset, *seed, swept));
                }
            }
        }
        Ok(settings)
    }

    fn check(&self) -> Result<(), String> {
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

    fn setting(&self, preset: Preset, seed: u64, swept: Vec<(String, f64)>) -> Setting {
        let mut rates = preset.rates();
        for (name, value) in self.rate.iter().chain(&swept) {
            // The name was looked up when the command line was read.
            let _known = rates.set(name, *value);
        }
        Setting {
            name: preset.about().0.to_owned(),
            swept,
            people: People::MadeUp(Box::new(Population {
                seed,
                people: self.people,
                rates,
            })),
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sweeps_as_they_are_written() {
        let sweep = "shared_device=0,0.05".parse::<Sweep>().unwrap();
        assert_eq!(sweep.values, [0.0, 0.05]);
        for (written, says) in [
            (
                "shared_device",
                "write NAME=VALUE,VALUE, such as `shared_device=0,0.1`",
            ),
            (
                "shared_device=",
                "`shared_device` has no value to take; write `shared_device=0,0.1`",
            ),
            (
                "shared_device=0,2",
                "the rate `shared_device` is a share from 0 to 1, and `2` is not",
            ),
            (
                "shared_device=0,x",
                "the rate `shared_device` is a share from 0 to 1, and `x` is not",
            ),
            (
                "shared_devise=0",
                "there is no rate `shared_devise`; did you mean `shared_device`?",
            ),
            (
                "visits_per_person=0",
                "the rate `visits_per_person` is a number from 1 on, and `0` is not",
            ),
            (
                "shared_device=-1",
                "the rate `shared_device` is a share from 0 to 1, and `-1` is not",
            ),
            (
                "shared_device=0.1,0.10",
                "`shared_device` takes `0.1` twice",
            ),
            (
                "shoes=1",
                "there is no rate `shoes`; `twinfold generate --list` names them",
            ),
        ] {
            assert_eq!(written.parse::<Sweep>().unwrap_err(), says);
        }
        assert!("visits_per_person=2,20".parse::<Sweep>().is_ok());
    }

    #[test]
    fn all_combinations_in_the_order_in_which_they_are_asked_for() {
        let grid = Grid {
            preset: vec![Preset::SmallShop, Preset::CallCentre],
            people: 10,
            seed: vec![1, 2],
            rate: vec![("late".into(), 0.5)],
            sweep: vec![
                "typo=0,0.1".parse().unwrap(),
                "family=0.2,0.3".parse().unwrap(),
            ],
        };
        let settings = grid.settings().unwrap();
        assert_eq!(settings.len(), 16);
        let rates = settings.iter().map(|one| {
            let population = one.people.made_up().unwrap();
            let rates = &population.rates;
            (
                one.name.as_str(),
                population.seed,
                rates.typo,
                rates.family,
                rates.late,
            )
        });
        let rates: Vec<_> = rates.take(5).collect();
        assert_eq!(rates[1], ("small-shop", 1, 0.0, 0.3, 0.5));
        assert_eq!(rates[4], ("small-shop", 2, 0.0, 0.2, 0.5));
        assert_eq!(
            grid.written(),
            "--preset small-shop,call-centre --people 10 --seed 1,2 --rate late=0.5 --sweep typo=0,0.1 --sweep family=0.2,0.3"
        );
    }
}
