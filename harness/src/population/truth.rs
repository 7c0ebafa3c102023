//! The truth beside a traffic: who the people are, which IDs are theirs, and which lines of the traffic they caused.
//! One JSON line for each person, so that any tool can be judged by it.

use std::{borrow::Cow, collections::BTreeMap, io};

use serde::{Serialize, Serializer};

use super::Call;

/// Values by ID type.
pub type TrueIds = Vec<(Cow<'static, str>, Vec<String>)>;

/// Who a person is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonTruth {
    /// The person's number, as in [`Call::person`].
    pub person: u64,
    /// With whom it lives, if that is known.
    pub household: Option<u64>,
    /// The IDs that are truly its own, by type; cookies of shared devices are those of everybody who used them.
    pub ids: TrueIds,
    /// What went wrong for it, by the names of the rates.
    pub slips: Vec<&'static str>,
}

/// A traffic that knows when it has heard the last of a person.
pub trait Traffic: Iterator<Item = Call> {
    /// The people of whom no call is left, since it was asked last.
    fn departed(&mut self) -> Vec<PersonTruth>;
}

/// Writes the truth of a traffic while it goes by, and holds only the people of whom there is more to come.
#[derive(Debug)]
pub struct TruthWriter<W> {
    out: W,
    line: u64,
    calls: BTreeMap<u64, Vec<u64>>,
}

#[derive(Serialize)]
struct Line<'t> {
    person: u64,
    household: Option<u64>,
    #[serde(serialize_with = "as_object")]
    ids: &'t TrueIds,
    slips: &'t [&'static str],
    calls: &'t [u64],
}

fn as_object<S: Serializer>(ids: &&TrueIds, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(ids.iter().map(|(name, values)| (name, values)))
}

impl<W: io::Write> TruthWriter<W> {
    /// Writes there.
    pub fn new(out: W) -> Self {
        Self {
            out,
            line: 0,
            calls: BTreeMap::new(),
        }
    }

    /// Takes note of the next call of the traffic.
    pub fn note(&mut self, call: &Call) {
        self.line += 1;
        self.calls.entry(call.person).or_default().push(self.line);
    }

    /// Writes a person's line, `{"person", "household", "ids", "slips", "calls"}`; the calls are line numbers of the
    /// traffic, from 1 on.
    pub fn write(&mut self, truth: &PersonTruth) -> io::Result<()> {
        let calls = self.calls.remove(&truth.person).unwrap_or_default();
        let line = Line {
            person: truth.person,
            household: truth.household,
            ids: &truth.ids,
            slips: &truth.slips,
            calls: &calls,
        };
        serde_json::to_writer(&mut self.out, &line)?;
        self.out.write_all(b"\n")
    }

    /// Writes what may still be held back.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
