//! Made-up people with known identity, and the traffic they cause: who is who is known for every call.
//! A population is a value of a seed and rates; the same value gives the same calls, byte for byte, on every machine.

mod call;
mod chance;
mod channels;
mod consents;
mod deeds;
mod fields;
mod household;
mod person;
mod plan;
mod preset;
mod project;
mod queue;
mod rates;
mod records;
mod slip;
mod stream;
mod tables;
#[cfg(test)]
mod tests;
mod truth;

use serde_json::json;
use stream::Departed;

pub use call::{Call, What};
pub use fields::Fields;
pub use preset::Preset;
pub use project::TrafficProject;
pub use rates::{Range, RateError, Rates};
pub use records::{RecordId, RecordIds, Records, RecordsError};
pub use stream::Calls;
pub use tables::tables;
pub use truth::{PersonTruth, Traffic, TrueIds, TruthWriter};

/// When the first household appears: 2026-01-01T00:00:00Z.
const START_SECONDS: u64 = 1_767_225_600;

const DAY_SECONDS: u64 = 86_400;

/// The ID types of every population in the order of precedence, and whether they are hard.
pub const ID_TYPES: [(&str, bool); 4] = [
    ("registered", true),
    ("customer_number", true),
    ("cookie", false),
    ("phone", false),
];

/// From where calls come: browsers, apps, files, other systems of the shop, links of mails, and a repair by hand.
pub const SOURCES: [&str; 6] = ["js-sdk", "app-sdk", "import", "api", "link", "repair"];

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
    /// A time that no call reaches, in seconds since 1970; families have two people at least, so there are fewer households
    /// than people.
    pub fn ends_before(&self) -> u64 {
        // What is done at the end is done a night later, arrives late, and is withdrawn after that.
        const AFTERWARDS_DAYS: u64 = 30;
        let households = self.people as f64 / (1.0 + self.rates.family) + 2.0;
        let days = self.rates.active_days as u64 + AFTERWARDS_DAYS;
        let last = self.appears_at(households as u64);
        last.saturating_add(days * DAY_SECONDS)
    }

    /// The calls of all people in the order in which they arrive. At any time only the households that are active then
    /// are held in memory.
    pub fn calls(&self) -> Calls<'_> {
        Calls::new(self, Departed::Forgotten)
    }

    /// The same calls, which also say who has gone; who asks for it must also take it, or it piles up.
    pub fn traffic(&self) -> Calls<'_> {
        Calls::new(self, Departed::Kept)
    }

    /// The project that the calls are made for.
    pub fn project(&self) -> TrafficProject {
        let types = ID_TYPES.map(|(name, is_hard)| {
            let kind = match (name, is_hard) {
                ("registered", _) => json!({"kind": "hard", "trim": self.trims_ids()}),
                (_, true) => json!("hard"),
                (_, false) => json!("soft"),
            };
            (name.to_owned(), kind)
        });
        TrafficProject::of_types(types)
    }

    /// Whether the project trims what its people log in with.
    pub(crate) fn trims_ids(&self) -> bool {
        self.rates.trims_ids > 0.5
    }

    /// When a household appears.
    fn appears_at(&self, household: u64) -> u64 {
        let per_day = (self.rates.new_households_per_day as u64).max(1);
        START_SECONDS + household.saturating_mul(DAY_SECONDS) / per_day
    }
}
