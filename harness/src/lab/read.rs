//! A traffic from files, as `generate` and `convert` write it: a call a line, and beside it who is behind each line.
//! Whatever is wrong there is said with its line and with what to do, because a comparison of half a file is a wrong one.

use std::{
    collections::HashSet,
    io::{self, BufRead},
};

use serde::Deserialize;

use super::{
    contingency::Table,
    traffic::{Arriving, Traffic, TrafficType},
};
use crate::population::{Fields, ID_TYPES, RecordIds};

/// The ID types that a traffic may have, the strongest first.
#[derive(Clone, Debug)]
pub struct IdTypes(Vec<TrafficType>);

impl IdTypes {
    /// These, hard ones before soft ones, and behind them those of `generate`, and of `convert` for the FEBRL sets.
    pub fn named(hard: &[String], soft: &[String]) -> Self {
        let (named_hard, named_soft) = (hard.iter().cloned(), soft.iter().cloned());
        let named = named_hard.map(|name| (name, true));
        let named = named.chain(named_soft.map(|name| (name, false)));
        let made_up = ID_TYPES.map(|(name, is_hard)| (name.to_owned(), is_hard));
        let febrl = RecordIds::of_febrl();
        let all = named.chain(made_up).chain(febrl.kinds());
        let mut seen = HashSet::new();
        let all = all.filter(|(name, _)| seen.insert(name.clone()));
        let mut types: Vec<TrafficType> = all
            .map(|(name, is_hard)| TrafficType {
                name,
                is_hard,
                trims: true,
            })
            .collect();
        types.sort_by_key(|one| !one.is_hard);
        Self(types)
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|one| one.name == name)
    }
}

/// What is wrong with a line of a file.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// The file ends in the middle, or is no text.
    #[error("line {0} cannot be read: {1}")]
    Unreadable(u64, io::Error),
    /// It is something else.
    #[error(
        "line {0} is no call: {1}; a line is {{\"time\", \"source\", \"path\", \"body\"}}, as `twinfold generate` writes it"
    )]
    NoCall(u64, serde_json::Error),
    /// It is something else.
    #[error(
        "line {0} is no person: {1}; a line is {{\"person\", \"calls\"}} and more, as `--truth` of `twinfold generate` writes it"
    )]
    NoPerson(u64, serde_json::Error),
    /// It goes elsewhere.
    #[error("line {0} goes to `{1}`; only `customers` and `customers/events` can be compared")]
    Path(u64, String),
    /// Time runs backwards.
    #[error("line {0} arrives at {1}, before the line above it; sort the lines by `time`")]
    Order(u64, u64),
    /// It is not in seconds.
    #[error(
        "line {0} arrives at {1}, which is no time in seconds since 1970; write `time` in seconds"
    )]
    Time(u64, u64),
    /// More kinds than a comparison counts.
    #[error(
        "line {0} is of one kind too many; leave out types of events, sources or properties until there are {1}"
    )]
    Kinds(u64, &'static str),
    /// An ID type of which nothing is known.
    #[error(
        "line {0} has an ID of the type `{1}`; say what that is with `--hard {1}` or `--soft {1}`"
    )]
    IdType(u64, String),
    /// Nobody made it.
    #[error(
        "nobody is behind line {0}; give the truth that was written with these calls, or write the calls with `--with-person`"
    )]
    Nobody(u64),
    /// Two say so.
    #[error(
        "line {0} is the call of person {1} there and of person {2} in the truth; give the truth that was written with these calls"
    )]
    TwoTruths(u64, u64, u64),
    /// Two people made it.
    #[error(
        "line {0} has the call {1}, which is that of person {2} as well; a call is one person's"
    )]
    TwoPeople(u64, u64, u64),
    /// The files do not belong together.
    #[error(
        "it ends with line {0}, and the truth has the call {1}; give the truth that was written with these calls"
    )]
    TooShort(u64, u64),
    /// There is nothing in it.
    #[error("there is no call in it")]
    Empty,
}

/// Who is behind which line of a traffic.
#[derive(Clone, Debug, Default)]
pub struct TrueCalls(Table<u64, u64>);

#[derive(Deserialize)]
struct PersonLine {
    person: u64,
    calls: Vec<u64>,
}

impl TrueCalls {
    /// Reads a truth: a JSON line for each person, with the numbers of its lines.
    pub fn read(truth: impl BufRead) -> Result<Self, LineError> {
        let mut people = Table::default();
        for (number, line) in (1..).zip(truth.lines()) {
            let line = line.map_err(|error| LineError::Unreadable(number, error))?;
            let line: PersonLine =
                serde_json::from_str(&line).map_err(|error| LineError::NoPerson(number, error))?;
            for call in line.calls {
                let other = people.insert(call, line.person);
                if let Some(other) = other.filter(|other| *other != line.person) {
                    return Err(LineError::TwoPeople(number, call, other));
                }
            }
        }
        Ok(Self(people))
    }

    fn last(&self) -> u64 {
        self.0.keys().copied().max().unwrap_or(0)
    }
}

/// A traffic on its way out of a file.
#[derive(Debug)]
pub struct TrafficFile {
    types: IdTypes,
    people: TrueCalls,
    traffic: Traffic,
    lines: u64,
    arrived_at: u64,
}

#[derive(Deserialize)]
struct CallLine<'l> {
    time: u64,
    source: String,
    path: String,
    person: Option<u64>,
    #[serde(borrow)]
    body: Body<'l>,
}

#[derive(Deserialize)]
struct Body<'l> {
    customer_ids: Fields,
    #[serde(borrow)]
    event_type: Option<std::borrow::Cow<'l, str>>,
    #[serde(default)]
    properties: Fields,
    timestamp: Option<u64>,
    update_timestamp: Option<u64>,
}

impl TrafficFile {
    /// Reads the calls of people of whom the truth says which are theirs; without it the lines must say so themselves.
    pub fn read(
        calls: impl BufRead,
        people: TrueCalls,
        types: IdTypes,
    ) -> Result<Traffic, LineError> {
        let mut file = Self {
            traffic: Traffic::of_types(types.0.clone()),
            types,
            people,
            lines: 0,
            arrived_at: 0,
        };
        for line in calls.lines() {
            file.lines += 1;
            let line = line.map_err(|error| LineError::Unreadable(file.lines, error))?;
            file.take(&line)?;
        }
        file.end()
    }

    fn take(&mut self, line: &str) -> Result<(), LineError> {
        let number = self.lines;
        let call: CallLine<'_> =
            serde_json::from_str(line).map_err(|error| LineError::NoCall(number, error))?;
        let event = self.event_of(&call)?;
        if u32::try_from(call.time).is_err() {
            return Err(LineError::Time(number, call.time));
        }
        if call.time < self.arrived_at {
            return Err(LineError::Order(number, call.time));
        }
        let ids = &call.body.customer_ids;
        if let Some((unknown, _)) = ids.iter().find(|(name, _)| !self.types.has(name)) {
            return Err(LineError::IdType(number, unknown.to_owned()));
        }
        let happened_at = call.body.timestamp.or(call.body.update_timestamp);
        self.arrived_at = call.time;
        self.traffic.push(&Arriving {
            happened_at: happened_at.unwrap_or(call.time),
            arrives_at: call.time,
            source: &call.source,
            person: self.person_of(&call)?,
            ids,
            event,
            properties: &call.body.properties,
        });
        let too_many = self.traffic.too_many();
        too_many.map_or(Ok(()), |most| Err(LineError::Kinds(number, most)))
    }

    /// The type of the event; nothing for a property update.
    fn event_of<'c>(&self, call: &'c CallLine<'_>) -> Result<Option<&'c str>, LineError> {
        let elsewhere = || LineError::Path(self.lines, call.path.clone());
        let (_, command) = call.path.split_once("/customers").ok_or_else(elsewhere)?;
        match (command, &call.body.event_type) {
            ("", _) => Ok(None),
            ("/events", event_type) => Ok(Some(event_type.as_deref().unwrap_or_default())),
            _ => Err(elsewhere()),
        }
    }

    fn person_of(&self, call: &CallLine<'_>) -> Result<u64, LineError> {
        match (call.person, self.people.0.get(&self.lines)) {
            (Some(here), Some(there)) if here != *there => {
                Err(LineError::TwoTruths(self.lines, here, *there))
            }
            (here, there) => here.or(there.copied()).ok_or(LineError::Nobody(self.lines)),
        }
    }

    fn end(mut self) -> Result<Traffic, LineError> {
        let last = self.people.last();
        if last > self.lines {
            return Err(LineError::TooShort(self.lines, last));
        }
        if self.lines == 0 {
            return Err(LineError::Empty);
        }
        self.traffic.forget_unused_types();
        Ok(self.traffic)
    }
}

#[cfg(test)]
mod tests;
