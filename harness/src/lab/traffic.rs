//! The calls of a population, read once, numbered and kept compactly: every contestant reads the same memory.
//! An ID, a value and a person are numbers here; a call costs some thirty bytes, however long its texts are.

use serde_json::Value;
use twinfold_engine::{GivenId, ledger::LedgerId};

use super::{contingency::Table, texts::Texts};
use crate::population::{self, Call, Fields, Population, What};

/// The ID types of a population in the order of priority, and whether they are hard.
pub(super) const TYPES: [(&str, bool); 4] = population::ID_TYPES;

/// How many calls are recorded between two words about it.
const CALLS_PER_WORD: usize = 4096;

/// A purchase on the wrong person is worse than a visit; a property update is no event.
const PURCHASE_WEIGHT: u8 = 10;
const EVENT_WEIGHT: u8 = 1;

/// The properties to which mails go, and text messages.
const EMAIL: &str = "email";
const PHONE: &str = "phone";

/// The category of consents to text messages.
const SMS: &str = "sms";

/// All calls of a population in the order in which they arrive.
#[derive(Clone, Debug, Default)]
pub struct Traffic {
    rows: Vec<Row>,
    ids: Vec<LedgerId>,
    sets: Vec<Set>,
    consents: Vec<Consent>,
    texts: [Texts; TYPES.len()],
    names: Texts,
    values: Texts,
    sources: Texts,
    events: Texts,
    /// The population's number of each person, and the number here.
    people: Vec<u64>,
    numbers: Table<u64, u32>,
}

/// A call without its texts.
#[derive(Clone, Copy, Debug)]
struct Row {
    at: u32,
    happened_at: u32,
    person: u32,
    ids: u32,
    sets: u32,
    source: u8,
    /// 0 for a property update.
    event: u8,
    weight: u8,
}

/// A property with its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Set {
    pub(super) name: u16,
    pub(super) value: u32,
}

/// Somebody says yes or no to a kind of mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Consent {
    pub(super) call: u32,
    pub(super) category: u32,
    pub(super) is_given: bool,
}

/// One call as a contestant gets it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Given<'t> {
    pub(super) at: u32,
    pub(super) happened_at: u32,
    pub(super) person: u32,
    pub(super) ids: &'t [LedgerId],
    pub(super) sets: &'t [Set],
}

impl Traffic {
    /// Records a population; `progress` hears how many calls there are by now.
    pub fn record(population: &Population, mut progress: impl FnMut(u64)) -> Self {
        let mut traffic = Self::default();
        for call in population.calls() {
            traffic.push(&call);
            if traffic.rows.len().is_multiple_of(CALLS_PER_WORD) {
                progress(traffic.rows.len() as u64);
            }
        }
        progress(traffic.rows.len() as u64);
        traffic
    }

    /// One more call.
    pub(super) fn push(&mut self, call: &Call) {
        let ids = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        let sets = u32::try_from(self.sets.len()).unwrap_or(u32::MAX);
        for (place, (name, _)) in TYPES.iter().enumerate() {
            if let Some(text) = call.customer_ids.get(name).and_then(text) {
                let value = self.texts[place].number(&text);
                let id_type = place as u8;
                self.ids.push(LedgerId { id_type, value });
            }
        }
        let (event, weight) = match &call.what {
            What::Customers(properties) => {
                for (name, value) in properties.iter() {
                    let set = self.set(name, value);
                    self.sets.push(set);
                }
                (0, 0)
            }
            What::Event(event_type, properties) => {
                if *event_type == "consent" {
                    self.consent(properties);
                }
                let event = self.events.number(event_type) + 1;
                let is_purchase = *event_type == "purchase";
                let weight = if is_purchase {
                    PURCHASE_WEIGHT
                } else {
                    EVENT_WEIGHT
                };
                (event as u8, weight)
            }
        };
        let row = Row {
            at: seconds(call.arrives_at),
            happened_at: seconds(call.happened_at),
            person: self.person(call.person),
            ids,
            sets,
            source: self.sources.number(call.source) as u8,
            event,
            weight,
        };
        self.rows.push(row);
    }

    fn set(&mut self, name: &str, value: &Value) -> Set {
        Set {
            name: self.names.number(name) as u16,
            value: self.values.number(&value.to_string()),
        }
    }

    fn consent(&mut self, properties: &Fields) {
        let text = |name: &str| properties.get(name).and_then(Value::as_str);
        let category = text("category").unwrap_or_default();
        self.consents.push(Consent {
            call: self.rows.len() as u32,
            category: self.values.number(category),
            is_given: text("action") == Some("accept"),
        });
    }

    fn person(&mut self, number: u64) -> u32 {
        let next = self.people.len() as u32;
        let people = &mut self.people;
        *self.numbers.entry(number).or_insert_with(|| {
            people.push(number);
            next
        })
    }

    /// How many calls there are.
    pub fn calls(&self) -> usize {
        self.rows.len()
    }

    /// How many people made them.
    pub fn people(&self) -> usize {
        self.people.len()
    }

    /// A call by its number, counted from 0.
    pub(super) fn call(&self, number: usize) -> Given<'_> {
        let row = self.rows[number];
        let next = self.rows.get(number + 1);
        let ids_end = next.map_or(self.ids.len(), |next| next.ids as usize);
        let sets_end = next.map_or(self.sets.len(), |next| next.sets as usize);
        Given {
            at: row.at,
            happened_at: row.happened_at,
            person: row.person,
            ids: &self.ids[row.ids as usize..ids_end],
            sets: &self.sets[row.sets as usize..sets_end],
        }
    }

    /// The person behind a call, and the weight of its event.
    pub(super) fn truth(&self, number: usize) -> (u32, u8) {
        let row = self.rows[number];
        (row.person, row.weight)
    }

    /// What a call is, in a few words.
    pub(super) fn kind(&self, number: usize) -> &str {
        match self.rows[number].event {
            0 => "customers",
            event => self.events.text(u32::from(event) - 1),
        }
    }

    /// Who sent a call.
    pub(super) fn source(&self, number: usize) -> &str {
        self.sources.text(u32::from(self.rows[number].source))
    }

    /// The number of a person as the population has it.
    pub(super) fn number_of(&self, person: u32) -> u64 {
        self.people[person as usize]
    }

    pub(super) fn consents(&self) -> &[Consent] {
        &self.consents
    }

    /// Every ID that some call has.
    pub(super) fn all_ids(&self) -> impl Iterator<Item = LedgerId> {
        let types = self.texts.iter().enumerate();
        types.flat_map(|(place, texts)| {
            let values = 0..texts.count();
            values.map(move |value| LedgerId {
                id_type: place as u8,
                value,
            })
        })
    }

    pub(super) fn text(&self, id: LedgerId) -> &str {
        self.texts[usize::from(id.id_type)].text(id.value)
    }

    /// An ID as the engine takes it.
    pub(super) fn given_id(&self, id: LedgerId) -> GivenId<'_> {
        GivenId::text(TYPES[usize::from(id.id_type)].0, self.text(id))
    }

    /// An ID as a reader knows it.
    pub(super) fn written(&self, id: LedgerId) -> String {
        format!("{}={}", TYPES[usize::from(id.id_type)].0, self.text(id))
    }

    /// A property's name.
    pub(super) fn name(&self, set: Set) -> &str {
        self.names.text(u32::from(set.name))
    }

    /// A property's value as JSON.
    pub(super) fn value(&self, set: Set) -> &str {
        self.values.text(set.value)
    }

    /// The number of a property's value that came in some call.
    pub(super) fn known_value(&self, json: &str) -> Option<u32> {
        self.values.known(json)
    }

    /// The property to which mails of a category go, if some call sets it.
    pub(super) fn address_of(&self, category: u32) -> Option<u16> {
        let property = match self.values.text(category) {
            SMS => PHONE,
            _ => EMAIL,
        };
        u16::try_from(self.names.known(property)?).ok()
    }

    /// Whether a property is an address of some kind.
    pub(super) fn is_address(&self, set: Set) -> bool {
        [EMAIL, PHONE].contains(&self.name(set))
    }

    /// The name of a property by its number.
    pub(super) fn property(&self, name: u16) -> &str {
        self.names.text(u32::from(name))
    }
}

fn seconds(since_1970: u64) -> u32 {
    u32::try_from(since_1970).unwrap_or(u32::MAX)
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
