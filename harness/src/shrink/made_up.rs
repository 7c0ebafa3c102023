//! Made-up values for real ones, so that a scenario can be shown to others.
//! What was one value stays one, and case and white space keep their relation: what was the same key still is.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;
use twinfold_engine::{IdKind, IdSchema, IdType};

use super::{Goal, Shrunk, search::Search};
use crate::{
    fixup::{email_key, is_address},
    traffic::{Properties, Sent, SentAction, SentId, SentValue},
};

const PEOPLE: [&str; 12] = [
    "ada", "bob", "cyd", "dan", "eva", "fay", "gus", "hana", "ivo", "jana", "karel", "lida",
];
const FAMILIES: [&str; 6] = ["Novak", "Svoboda", "Dvorak", "Cerny", "Kucera", "Vesely"];
const DEVICES: [&str; 6] = ["laptop", "phone", "tablet", "desktop", "kiosk", "watch"];

/// What a value is, as far as a made-up one should look like it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Address,
    Device,
    Number,
    Account,
    FirstName,
    LastName,
    Phone,
    Text,
}

/// The same traffic with made-up IDs and texts; nothing if it would then no longer come to the goal.
///
/// Addresses, other IDs, names, phone numbers and every other text of a property are replaced; other numbers, consents
/// and values that are no valid ID stay.
pub fn made_up(shrunk: &Shrunk) -> Option<Shrunk> {
    let made_up = replaced(shrunk);
    let mut search = Search::new(&made_up.goal, &made_up.options);
    let traffic = &made_up.traffic;
    let holds = search.holds(&traffic.settings, &traffic.commands);
    holds.then_some(made_up)
}

pub(super) fn replaced(shrunk: &Shrunk) -> Shrunk {
    let mut names = Names::default();
    let mut made_up = shrunk.clone();
    let schema = &shrunk.traffic.settings.schema;
    for sent in &mut made_up.traffic.commands {
        names.replace(sent, schema);
    }
    for id in made_up.goal.ids_mut() {
        names.replace_id(id, schema);
    }
    if let Goal::DuplicateOf(key) = &mut made_up.goal {
        *key = names.text(key, Kind::Address);
    }
    made_up
}

/// The made-up values so far.
#[derive(Default)]
struct Names {
    /// By trimmed, lower-cased value.
    bases: HashMap<String, String>,
    /// How each key was written with upper-case letters, in order of appearance.
    spellings: HashMap<String, Vec<String>>,
    counts: BTreeMap<Kind, usize>,
}

impl Names {
    fn replace(&mut self, sent: &mut Sent, schema: &IdSchema) {
        for id in sent.action.ids_mut().into_iter().flatten() {
            self.replace_id(id, schema);
        }
        match &mut sent.action {
            SentAction::Customers {
                properties: Properties::Object(pairs),
                ..
            } => {
                for (name, json) in pairs {
                    *json = self.json(name, json);
                }
            }
            SentAction::Event {
                event_type,
                properties: Properties::Object(json),
                ..
            } if event_type.as_deref() != Some("consent") => *json = self.json("", json),
            _ => {}
        }
    }

    fn replace_id(&mut self, id: &mut SentId, schema: &IdSchema) {
        let unknown = IdType::soft("");
        let id_type = schema.get(&id.id_type).unwrap_or(&unknown);
        match &mut id.value {
            SentValue::Text(text) if id_type.takes(&id_type.normalise(text)) => {
                *text = self.text(text, kind_of_id(text, id_type.kind));
            }
            SentValue::Number(number) if is_digits(number) => {
                *number = self.text(number, Kind::Number);
            }
            _ => {}
        }
    }

    fn json(&mut self, name: &str, json: &str) -> String {
        let mut value: Value = serde_json::from_str(json).unwrap_or_default();
        self.value(name, &mut value);
        value.to_string()
    }

    fn value(&mut self, name: &str, value: &mut Value) {
        match value {
            // The assignment of an A/B test is an answer, not a person's.
            Value::String(_) if name.starts_with("__exponea") => {}
            Value::String(text) if !text.trim().is_empty() => {
                *text = self.text(text, kind_of_property(name, text));
            }
            Value::Number(number) => {
                let written = number.to_string();
                let is_known = self.bases.contains_key(&written);
                if is_known || (is_phone(name) && is_digits(&written)) {
                    let made_up = self.text(&written, Kind::Number);
                    *value = made_up.parse().map_or(Value::Null, |it: u64| it.into());
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(name, item)),
            Value::Object(members) => members
                .iter_mut()
                .for_each(|(name, member)| self.value(name, member)),
            _ => {}
        }
    }

    fn text(&mut self, text: &str, kind: Kind) -> String {
        let inner = text.trim();
        let start = text.len() - text.trim_start().len();
        let (before, after) = (&text[..start], &text[start + inner.len()..]);
        let key = inner.to_lowercase();
        let base = match self.bases.get(&key) {
            Some(base) => base.clone(),
            None => {
                let count = self.counts.entry(kind).or_default();
                let base = made_up_as(kind, *count);
                *count += 1;
                self.bases.insert(key.clone(), base.clone());
                base
            }
        };
        // A name is written with a capital anyway.
        let spelt = match inner == key || base != base.to_lowercase() {
            true => base,
            false => self.spelling(&key, inner, &base),
        };
        format!("{before}{spelt}{after}")
    }

    /// The base with other upper-case letters for each other spelling of the key.
    fn spelling(&mut self, key: &str, inner: &str, base: &str) -> String {
        let known = self.spellings.entry(key.to_owned()).or_default();
        let at = known.iter().position(|other| other == inner);
        let at = at.unwrap_or_else(|| {
            known.push(inner.to_owned());
            known.len() - 1
        });
        let upper = at + 1;
        let mut letter = 0;
        let spelt = base.chars().map(|c| {
            if !c.is_ascii_lowercase() {
                return c;
            }
            letter += 1;
            match upper.checked_shr(letter - 1) {
                Some(bits) if bits & 1 == 1 => c.to_ascii_uppercase(),
                _ => c,
            }
        });
        spelt.collect()
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_phone(name: &str) -> bool {
    let name = name.to_lowercase();
    name.contains("phone") || name.contains("mobile")
}

fn kind_of_id(text: &str, kind: IdKind) -> Kind {
    match kind {
        _ if is_address(text) => Kind::Address,
        _ if is_digits(text.trim()) => Kind::Number,
        IdKind::Hard => Kind::Account,
        IdKind::Soft => Kind::Device,
    }
}

fn kind_of_property(name: &str, text: &str) -> Kind {
    match name {
        _ if email_key(text).is_some() => Kind::Address,
        "first_name" | "given_name" => Kind::FirstName,
        "last_name" | "surname" | "family_name" => Kind::LastName,
        _ if is_phone(name) => Kind::Phone,
        _ if is_digits(text) => Kind::Number,
        _ => Kind::Text,
    }
}

/// The made-up value number `count` of a kind; no two of one kind are equal.
fn made_up_as(kind: Kind, count: usize) -> String {
    let nth = count + 1;
    let listed = |list: &[&str], more: &str| {
        let known = list.get(count).map(|name| (*name).to_owned());
        known.unwrap_or_else(|| format!("{more}{nth}"))
    };
    match kind {
        Kind::Address => format!("{}@example.com", listed(&PEOPLE, "person")),
        Kind::Device => listed(&DEVICES, "device-"),
        Kind::Number => (1_000 + nth).to_string(),
        Kind::Account => format!("customer-{nth}"),
        Kind::FirstName => capital(&listed(&PEOPLE, "person")),
        Kind::LastName => listed(&FAMILIES, "Family"),
        Kind::Phone => format!("+420 700 {:03} {:03}", nth / 1_000, nth % 1_000),
        Kind::Text => format!("text-{nth}"),
    }
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
