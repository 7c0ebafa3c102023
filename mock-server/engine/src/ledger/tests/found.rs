//! What an example asks after, written as it is expected.

use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{
    super::{Flag, Ledger, LedgerId, ProfileNumber, Unlinked, Verdict},
    named::{DAY, Named, moment},
};

impl Named {
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
