//! A ledger with names, so that examples can be read: `U:anna c:k7` is a call with two IDs, the letter their type.
//! Types are written in their order of priority, capital letters hard, the digit the limit (1 for hard types, else none).

use alloc::{collections::BTreeMap, format, string::String, vec::Vec};

use super::super::{
    GivenProperty, Ledger, LedgerAction, LedgerCommand, LedgerId, LedgerSettings, LedgerStrategy,
    LedgerType, NamedProperty, PropertyWrite, Verdict,
};
use crate::{store::Json, time::Timestamp};

pub(super) struct Named {
    pub(super) ledger: Ledger,
    letters: Vec<char>,
    pub(super) names: BTreeMap<String, LedgerId>,
    pub(super) events: u32,
    pub(super) seconds: f64,
    pub(super) verdicts: Vec<Verdict>,
}

pub(super) const DAY: f64 = 86_400.0;

impl Named {
    pub(super) fn new(
        strategy: LedgerStrategy,
        types: &str,
        properties: Vec<NamedProperty>,
    ) -> Self {
        let written = types.split(' ');
        let (letters, types) = written
            .map(|written| {
                let letter = written.chars().next().unwrap();
                let is_hard = letter.is_uppercase();
                let limit = written[1..].parse();
                let limit = limit.unwrap_or(if is_hard { 1 } else { u32::MAX });
                (letter, LedgerType { is_hard, limit })
            })
            .unzip();
        Self {
            ledger: Ledger::new(
                strategy,
                LedgerSettings {
                    types,
                    properties,
                    limit_of_others: None,
                },
            ),
            letters,
            names: BTreeMap::new(),
            events: 0,
            seconds: 0.0,
            verdicts: Vec::new(),
        }
    }

    /// `day 5: d:k1 city=Brno`, `merge A > B`, in one request `merge A > B, B > C` or `merge 51 times A > B`, `copy A > B since 0 until 90`, `modify A to B`, `split A off B`, `settle 0`,
    /// `run`, `absorbs A 200`.
    pub(super) fn send(&mut self, call: &str) {
        self.seconds += 1.0;
        let call = match call.strip_prefix("day ") {
            Some(dated) => {
                let (day, call) = dated.split_once(": ").unwrap();
                self.seconds = self.seconds.max(day.parse::<f64>().unwrap() * DAY);
                call
            }
            None => call,
        };
        let words: Vec<&str> = call.split(' ').collect();
        match words.as_slice() {
            ["merge", source, ">", target] => self.merge(source, target),
            ["merge", times, "times", source, ">", target] => {
                let pair = (self.id(source), self.id(target));
                let pairs = alloc::vec![pair; times.parse().unwrap()];
                self.apply(LedgerAction::MergePairs(&pairs));
            }
            ["merge", ..] => {
                let pairs = call["merge ".len()..].split(", ").map(|pair| {
                    let (source, target) = pair.split_once(" > ").unwrap();
                    (self.id(source), self.id(target))
                });
                let pairs: Vec<_> = pairs.collect();
                self.apply(LedgerAction::MergePairs(&pairs));
            }
            ["copy", source, ">", target, "since", since, "until", until] => {
                let (source, target) = (self.id(source), self.id(target));
                let day = |day: &str| moment(day.parse::<f64>().unwrap() * DAY);
                let (since, until) = (day(since), day(until));
                self.apply(LedgerAction::Copy {
                    source,
                    target,
                    since,
                    until,
                });
            }
            ["modify", whose, "to", to] => {
                let (whose, to) = (self.id(whose), self.id(to));
                self.apply(LedgerAction::Modify { whose, to });
            }
            ["split", whose, rest @ ..] => {
                let whose = self.id(whose);
                let off: Vec<LedgerId> = rest.iter().skip(1).map(|id| self.id(id)).collect();
                self.apply(LedgerAction::Split { whose, off: &off });
            }
            ["settle", number] => self.apply(LedgerAction::Settle(number.parse().unwrap())),
            ["run"] => self.apply(LedgerAction::Run),
            ["absorbs", whose, times] => {
                for one in 0..times.parse().unwrap() {
                    let source = format!("{whose}-{one}");
                    self.call(&[whose]);
                    self.call(&[&source]);
                    self.merge(&source, whose);
                    self.names.remove(&source);
                }
            }
            _ => self.call(&words),
        }
    }

    fn merge(&mut self, source: &str, target: &str) {
        let (source, target) = (self.id(source), self.id(target));
        self.apply(LedgerAction::Merge { source, target });
    }

    fn call(&mut self, words: &[&str]) {
        let is_property = |word: &&&str| word.contains('=');
        let ids: Vec<LedgerId> = words
            .iter()
            .filter(|word| !is_property(word))
            .map(|word| self.id(word))
            .collect();
        let given: Vec<(&str, String, PropertyWrite, u8)> = words
            .iter()
            .filter(is_property)
            .map(|word| property(word))
            .collect();
        let properties: Vec<GivenProperty<'_>> = given
            .iter()
            .map(|(name, json, write, rank)| GivenProperty {
                name,
                value: Json(json),
                write: *write,
                set_at: moment(self.seconds),
                rank: *rank,
            })
            .collect();
        let event = Some(self.events);
        self.events += 1;
        self.apply(LedgerAction::Call {
            ids: &ids,
            properties: &properties,
            event,
        });
    }

    fn apply(&mut self, action: LedgerAction<'_>) {
        let at = moment(self.seconds);
        let verdict = self.ledger.apply(&LedgerCommand { at, action });
        self.verdicts.push(verdict);
    }

    fn id(&mut self, name: &str) -> LedgerId {
        if let Some(id) = self.names.get(name) {
            return *id;
        }
        let letter = name.chars().next().unwrap();
        let place = self.letters.iter().position(|one| *one == letter);
        let place = place.unwrap_or_else(|| panic!("no type is called `{letter}`, in `{name}`"));
        let id = LedgerId {
            id_type: u8::try_from(place).unwrap(),
            value: u32::try_from(self.names.len()).unwrap() + 1_000_000 * self.events,
        };
        self.names.insert(name.into(), id);
        self.ledger.introduce(id, &name[2..]);
        id
    }
}

pub(super) fn moment(seconds: f64) -> Timestamp {
    Timestamp::new(seconds).unwrap()
}

/// `name=value`, or `name?=value` for one that is only written if nothing is there; `name=value@2` is from the source at
/// place 2 of the order.
fn property(word: &str) -> (&str, String, PropertyWrite, u8) {
    let (name, value) = word.split_once('=').unwrap();
    let placed = value.rsplit_once('@');
    let placed = placed.and_then(|(value, place)| Some((value, place.parse().ok()?)));
    let (value, rank) = placed.unwrap_or((value, 0));
    let json = match serde_json::from_str::<serde_json::Value>(value) {
        Ok(_) => value.into(),
        Err(_) => format!("\"{value}\""),
    };
    match name.strip_suffix('?') {
        Some(name) => (name, json, PropertyWrite::OnlyIfMissing, rank),
        None => (name, json, PropertyWrite::Replaces, rank),
    }
}
