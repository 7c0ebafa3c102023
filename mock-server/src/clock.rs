//! A project's clock: the machine's, or one that stands still and moves when told.
//! This is the only place where the machine's clock is read.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::Deserialize;
use twinfold_engine::Timestamp;

/// A clock of a project's own, which stands still but for what moves it.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SteadyClock {
    /// Seconds since 1970 at the beginning.
    pub start: f64,
    /// Seconds by which every write moves it, after it was read.
    #[serde(default)]
    pub step: f64,
}

/// A project's clock; it never goes back.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    /// Without it, the machine's clock is read.
    steady: Option<SteadyClock>,
    /// Seconds by which the clock was advanced.
    advanced: f64,
    /// The latest reading of a machine's clock.
    latest: f64,
}

impl Clock {
    pub(crate) fn new(steady: Option<SteadyClock>) -> Self {
        Self {
            steady,
            advanced: 0.0,
            latest: 0.0,
        }
    }

    /// The time now.
    pub(crate) fn now(&mut self) -> Timestamp {
        let seconds = match self.steady {
            Some(SteadyClock { start, .. }) => start + self.advanced,
            None => {
                self.latest = self.latest.max(machine_seconds());
                self.latest + self.advanced
            }
        };
        Timestamp::new(seconds).unwrap_or_default()
    }

    /// The time of a write: the time now, and a steady clock moves its step.
    pub(crate) fn tick(&mut self) -> Timestamp {
        let now = self.now();
        if let Some(SteadyClock { step, .. }) = self.steady {
            self.advanced += step;
        }
        now
    }

    /// Moves the clock ahead.
    pub(crate) fn advance(&mut self, seconds: f64) {
        self.advanced += seconds;
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one reading of the machine's clock"
)]
fn machine_seconds() -> f64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    // A machine set before 1970 reads as 1970.
    since.map_or(0.0, |since| since.as_secs_f64())
}
