//! A project's clock: the machine's, or one that stands still and moves when told.
//! This is the only place where the machine's clock is read.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::Deserialize;
use twinfold_engine::Timestamp;

/// The last second of the year 9999. Later times cannot be written as dates, and far later ones not at all.
pub(crate) const SECONDS_MAX: f64 = 253_402_300_799.0;

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

impl SteadyClock {
    /// What is wrong with it.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.start.abs() > SECONDS_MAX {
            return Err(format!(
                "clock.start: {} is beyond the year 9999; write seconds since 1970",
                self.start
            ));
        }
        if !(0.0..=SECONDS_MAX).contains(&self.step) {
            return Err(format!(
                "clock.step: {} must be seconds from 0 on, because a clock never goes back",
                self.step
            ));
        }
        Ok(())
    }
}

/// A project's clock; it never goes back, and stands still at the end of the year 9999.
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
        Timestamp::new(seconds.min(SECONDS_MAX)).unwrap_or_default()
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
