//! Which made-up shop: the options that `generate` and `compare` share.

use clap::Args;

use crate::population::{Population, Preset, Rates};

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

fn preset(name: &str) -> Result<Preset, String> {
    let names: Vec<_> = Preset::ALL.iter().map(|one| one.about().0).collect();
    Preset::from_name(name).ok_or_else(|| format!("the presets are {}", names.join(", ")))
}

fn rate(written: &str) -> Result<(String, f64), String> {
    let (name, value) = written.split_once('=').ok_or("write NAME=VALUE")?;
    let number: f64 = value
        .parse()
        .map_err(|_| format!("`{value}` is no number"))?;
    if !number.is_finite() || number < 0.0 {
        return Err(format!("`{value}` must be 0 or more"));
    }
    Rates::default()
        .set(name, number)
        .map_err(|error| format!("{error}; `twinfold generate --list` names them"))?;
    Ok((name.to_owned(), number))
}

impl Shop {
    pub(super) fn population(&self) -> Population {
        let mut rates = self.preset.rates();
        for (name, value) in &self.rate {
            // The name was looked up when the command line was read.
            let _known = rates.set(name, *value);
        }
        Population {
            seed: self.seed,
            people: self.people,
            rates,
        }
    }

    /// The options that ask for the same shop again.
    pub(super) fn written(&self) -> String {
        let mut written = format!(
            "--preset {} --people {} --seed {}",
            self.preset.about().0,
            self.people,
            self.seed
        );
        for (name, value) in &self.rate {
            written += &format!(" --rate {name}={value}");
        }
        written
    }
}
