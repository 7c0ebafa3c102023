//! Made-up people with known identity, and the traffic they cause: who is who is known for every call.
//! A population is a value of a seed and rates; the same value gives the same calls, byte for byte, on every machine.

mod call;
mod household;
mod person;
mod preset;
mod rates;
mod slips;
mod stream;
#[cfg(test)]
mod tests;
mod visits;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

pub use call::{Call, What};
pub use preset::Preset;
pub use rates::{Rates, UnknownRate};
pub use stream::Calls;

/// When the first household appears: 2026-01-01T00:00:00Z.
const START_SECONDS: u64 = 1_767_225_600;

const DAY_SECONDS: u64 = 86_400;

/// Who lives, and how often what happens.
#[derive(Clone, Debug, PartialEq)]
pub struct Population {
    /// Where all chance comes from.
    pub seed: u64,
    /// How many people there are; the last household may bring some more.
    pub people: u64,
    /// How often what happens.
    pub rates: Rates,
}

impl Population {
    /// The calls of all people in the order in which they arrive. At any time only the households that are active then
    /// are held in memory.
    pub fn calls(&self) -> Calls<'_> {
        Calls::new(self)
    }

    /// The project that the calls are made for, as the body of the control API's `POST /projects`.
    pub fn project_settings(&self) -> Value {
        json!({
            "id_types": {
                "registered": {"kind": "hard", "trim": self.rates.trims_ids > 0.5},
                "customer_number": "hard",
                "cookie": "soft",
            },
            "clock": {"start": START_SECONDS, "step": 0},
        })
    }

    /// A source of chance of its own for each household, so that one more rate in one does not change another.
    fn chance(&self, household: u64) -> Chance {
        let mut generator = ChaCha8Rng::seed_from_u64(self.seed);
        generator.set_stream(household);
        Chance(generator)
    }

    /// When a household appears.
    fn appears_at(&self, household: u64) -> u64 {
        let per_day = (self.rates.new_households_per_day as u64).max(1);
        START_SECONDS + household * DAY_SECONDS / per_day
    }
}

/// Chance in whole numbers, so that no machine rounds it otherwise.
#[derive(Clone, Debug)]
struct Chance(ChaCha8Rng);

impl Chance {
    /// Whether something happens that happens at this rate, from 0 to 1.
    fn happens(&mut self, rate: f64) -> bool {
        let drawn = self.below(1_000_000);
        drawn < (rate * 1_000_000.0) as u64
    }

    /// A number below `end`; 0 if that is 0.
    fn below(&mut self, end: u64) -> u64 {
        if end == 0 {
            return 0;
        }
        self.0.random_range(0..end)
    }

    /// A whole number from 1 on whose mean is about `mean`: each further one is as likely as the last.
    fn count(&mut self, mean: f64) -> u64 {
        let goes_on = 1.0 - 1.0 / mean.max(1.0);
        let mut count = 1;
        while count < 200 && self.happens(goes_on) {
            count += 1;
        }
        count
    }

    /// One of them; the first if there is none to choose.
    fn one_of<'c>(&mut self, choices: &[&'c str]) -> &'c str {
        let at = self.below(choices.len() as u64) as usize;
        choices.get(at).copied().unwrap_or_default()
    }

    /// A cookie as a browser makes it.
    fn cookie(&mut self) -> String {
        let high: u64 = self.0.random();
        let low: u64 = self.0.random();
        let hex = format!("{high:016x}{low:016x}");
        let groups = [0..8, 8..12, 12..16, 16..20, 20..32];
        groups.map(|group| hex[group].to_owned()).join("-")
    }
}
