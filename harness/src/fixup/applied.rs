//! What came of the calls of a plan, one by one and in all, and who is told of each: a log of the run, or nobody.

use serde::{Deserialize, Serialize};

use super::Call;

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Applied {
    /// Calls that were made and accepted.
    pub sent: usize,
    /// Calls that were not needed any more: their effect was there already.
    pub already: usize,
    /// Calls that were left out, and why.
    pub skipped: Vec<Skipped>,
}

/// A call that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// The key it was for.
    pub key: String,
    /// The call's own ID, as `type=value`.
    pub own: String,
    /// What changed since the plan was made.
    pub note: String,
}

impl Applied {
    /// How many calls of the plan are behind us.
    pub fn reached(&self) -> usize {
        self.sent + self.already + self.skipped.len()
    }
}

/// What came of one call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Done {
    /// It was made and accepted.
    Sent,
    /// It was not needed any more.
    Already,
    /// The profile changed since the plan was made.
    LeftOut(String),
}

/// Who is told of every call: a log, a progress bar, both.
pub trait Watch: Send {
    /// What came of this call in an earlier run, if it needs not be made again.
    fn done(&self, at: usize) -> Option<Done>;

    /// It is about to be made.
    fn begins(&mut self, at: usize, key: &str, call: &Call) -> std::io::Result<()>;

    /// It is over.
    fn ended(&mut self, at: usize, done: &Done) -> std::io::Result<()>;
}

/// Nobody is told.
pub(super) struct Nobody;

impl Watch for Nobody {
    fn done(&self, _: usize) -> Option<Done> {
        None
    }

    fn begins(&mut self, _: usize, _: &str, _: &Call) -> std::io::Result<()> {
        Ok(())
    }

    fn ended(&mut self, _: usize, _: &Done) -> std::io::Result<()> {
        Ok(())
    }
}

impl Applied {
    pub(super) fn note(&mut self, key: &str, call: &Call, done: Done) {
        match done {
            Done::Sent => self.sent += 1,
            Done::Already => self.already += 1,
            Done::LeftOut(note) => self.skipped.push(Skipped {
                key: key.to_owned(),
                own: call.own.to_string(),
                note,
            }),
        }
    }
}
