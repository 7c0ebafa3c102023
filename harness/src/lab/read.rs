//! A traffic from files, as `generate` and `convert` write it: a call a line, and beside it who is behind each line.
//! Whatever is wrong there is said with its line and with what to do, because a comparison of half a file is a wrong one.

mod line_error;
#[cfg(test)]
mod tests;

use std::{collections::HashSet, io::BufRead};

use serde::Deserialize;
use serde_json::Value;

use super::{
    contingency::Table,
    traffic::{Arriving, Traffic, TrafficType},
};
use crate::population::{Fields, ID_TYPES, RecordIds};

pub use line_error::LineError;

/// The ID types that a traffic may have, the strongest first.
#[derive(Clone, Debug)]
pub struct IdTypes {
    all: Vec<TrafficType>,
    /// Those that were named, which some line must have.
    named: Vec<TrafficType>,
}

impl IdTypes {
    /// These, hard ones before soft ones, and behind them those of `generate`, and of `convert` for the FEBRL sets.
    pub fn named(hard: &[String], soft: &[String]) -> Self {
        let of_kind = |(name, is_hard)| TrafficType {
            name,
            is_hard,
            trims: true,
        };
        let (named_hard, named_soft) = (hard.iter().cloned(), soft.iter().cloned());
        let named = named_hard.map(|name| (name, true));
        let named = named.chain(named_soft.map(|name| (name, false)));
        let named = Vec::from_iter(named.map(of_kind));
        let made_up = ID_TYPES.map(|(name, is_hard)| (name.to_owned(), is_hard));
        let febrl = RecordIds::of_febrl();
        let others = made_up.into_iter().chain(febrl.kinds()).map(of_kind);
        let mut seen = HashSet::new();
        let all = named.iter().cloned().chain(others);
        let mut all = Vec::from_iter(all.filter(|one| seen.insert(one.name.clone())));
        all.sort_by_key(|one| !one.is_hard);
        Self { all, named }
    }

    fn has(&self, name: &str) -> bool {
        self.all.iter().any(|one| one.name == name)
    }

    /// Refuses a type that was named and that no call of this traffic has.
    fn check_used(&self, traffic: &Traffic) -> Result<(), LineError> {
        let used = traffic.types().iter().map(|one| one.name.as_str());
        let used = Vec::from_iter(used);
        let mut named = self.named.iter();
        match named.find(|one| !used.contains(&one.name.as_str())) {
            None => Ok(()),
            Some(TrafficType { name, is_hard, .. }) => {
                let option = if *is_hard { "--hard" } else { "--soft" };
                Err(LineError::Unused(option, name.clone(), used.join(", ")))
            }
        }
    }
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
        each_line(truth, |number, line| {
            let line: PersonLine =
                serde_json::from_str(line).map_err(|error| LineError::NoPerson(number, error))?;
            for call in line.calls {
                if call == 0 {
                    return Err(LineError::CallZero(number));
                }
                let other = people.insert(call, line.person);
                if let Some(other) = other.filter(|other| *other != line.person) {
                    return Err(LineError::TwoPeople(number, call, other));
                }
            }
            Ok(())
        })?;
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
            traffic: Traffic::of_types(types.all.clone()),
            types,
            people,
            lines: 0,
            arrived_at: 0,
        };
        each_line(calls, |number, line| {
            file.lines = number;
            file.take(line)
        })?;
        file.end()
    }

    fn take(&mut self, line: &str) -> Result<(), LineError> {
        let number = self.lines;
        let call: CallLine<'_> =
            serde_json::from_str(line).map_err(|error| LineError::NoCall(number, error))?;
        let event = self.event_of(&call)?;
        let happened_at = self.happened_at(&call)?;
        let ids = &call.body.customer_ids;
        self.check_ids(ids)?;
        self.arrived_at = call.time;
        self.traffic.push(&Arriving {
            happened_at,
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
        match (command, call.body.event_type.as_deref()) {
            ("", None) => Ok(None),
            ("", Some(event_type)) => Err(LineError::UpdateWithEventType(
                self.lines,
                event_type.to_owned(),
            )),
            ("/events", Some(event_type)) => Ok(Some(event_type)),
            ("/events", None) => Err(LineError::NoEventType(self.lines)),
            _ => Err(elsewhere()),
        }
    }

    /// When it happened, by its own word or when it arrived; both are times that can be kept, and it is in order.
    fn happened_at(&self, call: &CallLine<'_>) -> Result<u64, LineError> {
        let (number, body) = (self.lines, &call.body);
        let is_beyond = |at: &u64| u32::try_from(*at).is_err();
        if is_beyond(&call.time) {
            return Err(LineError::Time(number, call.time));
        }
        if call.time < self.arrived_at {
            return Err(LineError::Order(number, call.time));
        }
        let said = [
            ("timestamp", body.timestamp),
            ("update_timestamp", body.update_timestamp),
        ];
        for (name, at) in said {
            if let Some(at) = at.filter(is_beyond) {
                return Err(LineError::HappenedAt(number, name, at));
            }
        }
        let said = body.timestamp.or(body.update_timestamp);
        Ok(said.unwrap_or(call.time))
    }

    /// Types that are known, and values that a project takes; null is as if it were not there, and something must be.
    fn check_ids(&self, ids: &Fields) -> Result<(), LineError> {
        let number = self.lines;
        if ids.iter().all(|(_, value)| value.is_null()) {
            return Err(LineError::NoId(number));
        }
        for (name, value) in ids.iter() {
            if !self.types.has(name) {
                return Err(LineError::IdType(number, name.to_owned()));
            }
            let kind = match value {
                Value::Null | Value::String(_) | Value::Number(_) => continue,
                Value::Bool(_) => "a boolean",
                Value::Array(_) => "a list",
                Value::Object(_) => "an object",
            };
            return Err(LineError::Id(number, name.to_owned(), kind));
        }
        Ok(())
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
        self.types.check_used(&self.traffic)?;
        Ok(self.traffic)
    }
}

/// Takes the lines with their numbers; empty ones may stand at the end only, because the truth counts all.
fn each_line(
    text: impl BufRead,
    mut take: impl FnMut(u64, &str) -> Result<(), LineError>,
) -> Result<(), LineError> {
    let mut empty = None;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.map_err(|error| LineError::Unreadable(number, error))?;
        match (line.trim().is_empty(), empty) {
            (true, first) => empty = first.or(Some(number)),
            (false, Some(empty)) => return Err(LineError::Blank(empty)),
            (false, None) => take(number, &line)?,
        }
    }
    Ok(())
}
