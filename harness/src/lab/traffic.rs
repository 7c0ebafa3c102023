//! The calls of a population, read once, numbered and kept compactly: every contestant reads the same memory.
//! An ID, a value and a person are numbers here; a call costs some thirty bytes, however long its texts are.

mod recording;

use twinfold_engine::{GivenId, ledger::LedgerId};

use super::{contingency::Table, texts::Texts};
pub(super) use recording::Arriving;

/// The properties to which mails go, and text messages.
const EMAIL: &str = "email";
const PHONE: &str = "phone";

/// The category of consents to text messages.
const SMS: &str = "sms";

/// An ID type of a traffic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TrafficType {
    pub(super) name: String,
    pub(super) is_hard: bool,
    /// Whether Engagement's project trims it; other strategies take IDs as they are written.
    pub(super) trims: bool,
}

/// All calls of a population in the order in which they arrive.
#[derive(Clone, Debug, Default)]
pub struct Traffic {
    rows: Vec<Row>,
    ids: Vec<LedgerId>,
    sets: Vec<Set>,
    consents: Vec<Consent>,
    /// In the order of priority.
    types: Vec<TrafficType>,
    texts: Vec<Texts>,
    names: Texts,
    values: Texts,
    sources: Texts,
    /// The place of each source in an order that was asked for; all are first if none was.
    ranks: Vec<u8>,
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
    /// The place of its source in the order of sources.
    pub(super) rank: u8,
}

impl Traffic {
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
            rank: self
                .ranks
                .get(usize::from(row.source))
                .copied()
                .unwrap_or(0),
        }
    }

    /// The sources from which calls come, in the order in which they first do.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        (0..self.sources.count()).map(|source| self.sources.text(source))
    }

    /// The same calls with their sources in this order; those that are not in it stand behind.
    #[must_use]
    pub fn in_source_order(mut self, order: &[String]) -> Self {
        let place = |source: &str| order.iter().position(|one| one == source);
        let ranks = self.sources().map(place);
        self.ranks = ranks
            .map(|place| place.unwrap_or(order.len()).min(255) as u8)
            .collect();
        self
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

    /// The ID types in the order of priority.
    pub(super) fn types(&self) -> &[TrafficType] {
        &self.types
    }

    pub(super) fn type_of(&self, id: LedgerId) -> &TrafficType {
        &self.types[usize::from(id.id_type)]
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

    /// The place of an ID among [`Self::all_ids`].
    pub(super) fn place_of(&self, id: LedgerId) -> u32 {
        let before = self.texts[..usize::from(id.id_type)].iter();
        before.map(Texts::count).sum::<u32>() + id.value
    }

    /// What a call says of whoever made it, as numbers: the type of its event, and the properties that it sets.
    pub(super) fn says(&self, number: usize) -> impl Iterator<Item = u32> {
        const EVENTS: u32 = 1 << 8;
        let event = self.rows[number].event;
        let event = (event > 0).then_some(u32::from(event));
        let sets = self.call(number).sets.iter();
        event
            .into_iter()
            .chain(sets.map(|set| EVENTS + u32::from(set.name)))
    }

    pub(super) fn text(&self, id: LedgerId) -> &str {
        self.texts[usize::from(id.id_type)].text(id.value)
    }

    /// An ID as the engine takes it.
    pub(super) fn given_id(&self, id: LedgerId) -> GivenId<'_> {
        GivenId::text(&self.type_of(id).name, self.text(id))
    }

    /// An ID as a reader knows it.
    pub(super) fn written(&self, id: LedgerId) -> String {
        format!("{}={}", self.type_of(id).name, self.text(id))
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
