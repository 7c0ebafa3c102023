//! A ledger with names, so that examples can be read: `U:anna c:k7` is a call with two IDs, the letter their type.
//! Types are written in their order of priority, capital letters hard, the digit the limit (1 for hard types, else none).

use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::super::{
    Flag, GivenProperty, Ledger, LedgerAction, LedgerCommand, LedgerId, LedgerSettings,
    LedgerStrategy, LedgerType, NamedProperty, ProfileNumber, PropertyWrite, Unlinked, Verdict,
};
use crate::{store::Json, time::Timestamp};

pub(super) struct Named {
    ledger: Ledger,
    letters: Vec<char>,
    names: BTreeMap<String, LedgerId>,
    events: u32,
    seconds: f64,
    verdicts: Vec<Verdict>,
}

const DAY: f64 = 86_400.0;

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
            ledger: Ledger::new(strategy, LedgerSettings { types, properties }),
            letters,
            names: BTreeMap::new(),
            events: 0,
            seconds: 0.0,
            verdicts: Vec::new(),
        }
    }

    /// `day 5: d:k1 city=Brno`, `merge A > B`, `copy A > B since 0 until 90`, `modify A to B`, `split A off B`, `settle 0`,
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
        let given: Vec<(&str, String, PropertyWrite)> = words
            .iter()
            .filter(is_property)
            .map(|word| property(word))
            .collect();
        let properties: Vec<GivenProperty<'_>> = given
            .iter()
            .map(|(name, json, write)| GivenProperty {
                name,
                value: Json(json),
                write: *write,
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

    pub(super) fn because(&self) -> &'static str {
        self.last().because.slug()
    }

    fn last(&self) -> &Verdict {
        self.verdicts.last().unwrap()
    }

    /// What is asked after, written as it is expected.
    pub(super) fn found(&self, word: &str, expected: &str) -> String {
        let last = self.last();
        let (first, _) = expected.split_once(' ').unwrap_or((expected, ""));
        let profile = || self.ledger.profile_of(*self.names.get(first).unwrap());
        match word {
            "people" if same(&people(&self.ledger, &self.names), expected) => expected.into(),
            "people" => people(&self.ledger, &self.names),
            "calls" => self.owners(),
            "because" => last.because.slug().into(),
            "of" => self.of(first, profile(), expected),
            "created" => {
                let at = self.ledger.created_at(profile().unwrap()).seconds();
                format!("{first} day {}", (at / DAY).floor())
            }
            "identified" => {
                let is_identified = self.verdicts.iter().any(|one| one.marks_identified);
                let first = if is_identified { first } else { "nobody" };
                first.into()
            }
            "master" => format!("{first} {}", profile().unwrap().0 + 1),
            "points" => {
                let id = *self.names.get(first).unwrap();
                format!("{first} {}", self.ledger.profiles_of(id).len())
            }
            "also" => self.also(first),
            "waiting" => self.ledger.waiting().len().to_string(),
            "dropped" => {
                let dropped = last.dropped.iter();
                let dropped = dropped.map(|one| format!("{} {}", self.name(one.id), one.by.slug()));
                in_order_of(dropped.collect(), expected)
            }
            "unlinked" => in_order_of(self.unlinked(), expected),
            "orphaned" => numbers(&last.orphaned),
            "reattributed" => {
                let moved = last.reattributed.iter();
                let moved: Vec<String> = moved.map(|one| self.name(one.id)).collect();
                moved.join(" ")
            }
            "ambiguous" => {
                let ids = last.ambiguous.iter().map(|id| self.name(*id));
                ids.collect::<Vec<_>>().join(" ")
            }
            "lost" => {
                let lost = last.lost.iter();
                let lost = lost.map(|lost| format!("{}={}", lost.name, bare(&lost.json)));
                lost.collect::<Vec<_>>().join(" ")
            }
            "flagged" => self.flagged(),
            "legal" => self.legal(expected),
            other => panic!("nobody knows how to look for `{other}`"),
        }
    }

    fn name(&self, id: LedgerId) -> String {
        let mut names = self.names.iter();
        let name = names.find(|(_, one)| **one == id);
        name.map(|(name, _)| name.clone()).unwrap_or_default()
    }

    /// The profile of each call's event, numbered as they first occur.
    fn owners(&self) -> String {
        let mut seen: Vec<ProfileNumber> = Vec::new();
        let owners = (0..self.events).map(|event| {
            let Some(owner) = self.ledger.owner_of_event(event) else {
                return "-".to_string();
            };
            let place = seen.iter().position(|one| *one == owner);
            let place = place.unwrap_or_else(|| {
                seen.push(owner);
                seen.len() - 1
            });
            format!("{}", place + 1)
        });
        owners.collect::<Vec<_>>().join(" ")
    }

    fn of(&self, name: &str, profile: Option<ProfileNumber>, expected: &str) -> String {
        let properties = profile
            .into_iter()
            .flat_map(|one| self.ledger.properties_of(one));
        let properties = properties.map(|(name, value)| format!("{name}={}", bare(value.0)));
        let all = core::iter::once(name.to_string()).chain(properties);
        in_order_of(all.collect(), expected)
    }

    fn also(&self, event: &str) -> String {
        let also = self
            .ledger
            .copies_of_event(event.parse::<u32>().unwrap() - 1);
        let also = if also.is_empty() {
            "-".into()
        } else {
            numbers(&also)
        };
        format!("{event} {also}")
    }

    fn unlinked(&self) -> Vec<String> {
        let cut = self.last().unlinked.iter().map(|one| match one {
            Unlinked::Pair(one, other) => format!("{}-{}", self.name(*one), self.name(*other)),
            Unlinked::Taken(id, from) => format!("{} from {}", self.name(*id), from.0 + 1),
            Unlinked::OfCall(call, id) => format!("call {call} {}", self.name(*id)),
        });
        cut.collect()
    }

    fn flagged(&self) -> String {
        let flagged = self.last().flagged.iter().map(|flag| match flag {
            Flag::ClosureNotReached => "closure-not-reached".to_string(),
            Flag::Tie(id) => format!("tie {}", self.name(*id)),
        });
        flagged.collect::<Vec<_>>().join(" ")
    }

    /// Who is who after each legal order, each outcome once.
    fn legal(&self, expected: &str) -> String {
        let at = moment(self.seconds);
        let mut outcomes: Vec<String> = Vec::new();
        for order in self.ledger.legal_orders() {
            let outcome = people(&self.ledger.settled_in(&order, at), &self.names);
            if !outcomes.iter().any(|one| same(one, &outcome)) {
                outcomes.push(outcome);
            }
        }
        in_order_of(outcomes, expected)
    }
}

fn moment(seconds: f64) -> Timestamp {
    Timestamp::new(seconds).unwrap()
}

/// `name=value`, or `name?=value` for one that is only written if nothing is there.
fn property(word: &str) -> (&str, String, PropertyWrite) {
    let (name, value) = word.split_once('=').unwrap();
    let json = match serde_json::from_str::<serde_json::Value>(value) {
        Ok(_) => value.into(),
        Err(_) => format!("\"{value}\""),
    };
    match name.strip_suffix('?') {
        Some(name) => (name, json, PropertyWrite::OnlyIfMissing),
        None => (name, json, PropertyWrite::Replaces),
    }
}

fn bare(json: &str) -> &str {
    let text = json
        .strip_prefix('"')
        .and_then(|json| json.strip_suffix('"'));
    text.unwrap_or(json)
}

fn numbers(profiles: &[ProfileNumber]) -> String {
    let numbers = profiles.iter().map(|profile| (profile.0 + 1).to_string());
    numbers.collect::<Vec<_>>().join(" ")
}

/// The IDs by profile, the oldest profile first.
fn people(ledger: &Ledger, names: &BTreeMap<String, LedgerId>) -> String {
    let mut people: BTreeMap<ProfileNumber, Vec<&str>> = BTreeMap::new();
    for (name, id) in names {
        if let Some(profile) = ledger.profile_of(*id) {
            people.entry(profile).or_default().push(&name[2..]);
        }
    }
    let people: Vec<String> = people.values().map(|ids| ids.join(" ")).collect();
    people.join(" | ")
}

/// Whether the same IDs are together, in whatever order they are written.
fn same(one: &str, other: &str) -> bool {
    let sorted = |people: &str| {
        let people = people.split(" | ").map(|ids| {
            let mut ids: Vec<String> = ids.split(' ').map(String::from).collect();
            ids.sort();
            ids
        });
        let mut people: Vec<Vec<String>> = people.collect();
        people.sort();
        people
    };
    sorted(one) == sorted(other)
}

/// What was found, in the order in which it was expected where it was.
fn in_order_of(mut found: Vec<String>, expected: &str) -> String {
    found.sort_by_key(|one| expected.find(one.as_str()).unwrap_or(usize::MAX));
    let between = if expected.contains(" ; ") { " ; " } else { " " };
    found.join(between)
}
