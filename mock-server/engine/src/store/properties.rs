//! Customer properties with the time each was set: a short chain per customer, a table once it is long.
//! Merging walks the shorter side only.

use alloc::{string::String, vec::Vec};
use core::hash::BuildHasher;
use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashTable};

use super::{
    Dated, Json,
    customers::{Customers, WIDE},
    names::{Name, Names},
    packed,
    words::{At, NOWHERE, Words},
};
use crate::{
    rule::{Rule, Rules},
    settings::PropertyConflict,
    time::Timestamp,
};

/// Longest chain; one more property makes a table.
const CHAIN_MAX: u32 = 16;

// A record: next in the chain, name and length, time, then the text. Name and length in bytes share a word; a name
// or a length that is too great for its half makes the record long: the word has the name, the one after the time
// the length.
const NEXT: usize = 0;
const META: usize = 1;
const TIME: usize = 2;
const TEXT: usize = 4;

const LENGTH_BITS: u32 = 16;
const LONG: u32 = 1 << 31;

const HASH: FixedState = FixedState::with_seed(0x7072_6f70);

/// A property as it is read.
pub(crate) type PropertyView = Dated<String>;

/// Which update of a property counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UpdateRule {
    /// The one that comes last.
    Always,
    /// Only one that is later than the stored one.
    IfStoredOlder,
}

/// The properties of all customers of a project.
#[derive(Clone, Debug, Default)]
pub(crate) struct Properties {
    words: Words,
    wide: HashMap<u32, HashTable<At>, FixedState>,
}

/// Where a property stands in its chain or table.
#[derive(Clone, Copy)]
struct Place {
    at: At,
    /// The record before it in the chain; nowhere for the first, and in tables.
    before: At,
}

impl Properties {
    /// Sets a property; false if the rule keeps the stored value.
    pub(crate) fn set(
        &mut self,
        customers: &mut Customers,
        customer: u32,
        name: Name,
        value: Json<'_>,
        at: Timestamp,
        rule: UpdateRule,
    ) -> bool {
        match self.find(customers, customer, name) {
            Some(place) if rule == UpdateRule::IfStoredOlder && self.time(place.at) >= at => false,
            Some(place) => {
                self.replace_text(customers, customer, place, value, at);
                true
            }
            None => {
                let record = self.record(name, value, at);
                self.attach(customers, customer, record);
                true
            }
        }
    }

    /// Reads what setting a property of a customer with this first record will read.
    pub(crate) fn look_ahead(&self, first: At) -> u32 {
        self.words.word(first, META)
    }

    /// Removes a property; false if there is none.
    pub(crate) fn remove(&mut self, customers: &mut Customers, customer: u32, name: Name) -> bool {
        let Some(place) = self.find(customers, customer, name) else {
            return false;
        };
        let (first, count) = customers.properties(customer);
        if let Some(table) = self.wide.get_mut(&customer) {
            if let Ok(entry) = table.find_entry(HASH.hash_one(name), |at| *at == place.at) {
                entry.remove();
            }
        } else {
            let next = self.words.word(place.at, NEXT);
            let first = if place.before == NOWHERE {
                next
            } else {
                self.words.set(place.before, NEXT, next);
                first
            };
            customers.set_properties(customer, first, count - 1);
        }
        self.give_back(place.at);
        true
    }

    /// The properties of a customer, in no order that may be shown.
    pub(crate) fn of(
        &self,
        customers: &Customers,
        customer: u32,
    ) -> impl Iterator<Item = (Name, PropertyView)> {
        self.records(customers, customer).into_iter().map(|at| {
            let view = Dated {
                at: self.time(at),
                value: self.text(at),
            };
            (self.name(at), view)
        })
    }

    /// One property of a customer.
    pub(crate) fn get(
        &self,
        customers: &Customers,
        customer: u32,
        name: Name,
    ) -> Option<PropertyView> {
        let place = self.find(customers, customer, name)?;
        Some(Dated {
            at: self.time(place.at),
            value: self.text(place.at),
        })
    }

    /// Gives the absorbed customer's properties to the survivor; the rules that chose between values.
    pub(crate) fn join(
        &mut self,
        customers: &mut Customers,
        names: &Names,
        survivor: u32,
        absorbed: u32,
        rule: PropertyConflict,
    ) -> Rules {
        let mut because = Rules::default();
        let exchanged = self.count(customers, absorbed) > self.count(customers, survivor);
        if exchanged {
            self.exchange(customers, survivor, absorbed);
        }
        let coming = self.records(customers, absorbed);
        self.wide.remove(&absorbed);
        customers.set_properties(absorbed, NOWHERE, 0);
        for record in coming {
            let Some(place) = self.find(customers, survivor, self.name(record)) else {
                self.attach(customers, survivor, record);
                continue;
            };
            let (own, other) = if exchanged {
                (record, place.at)
            } else {
                (place.at, record)
            };
            let other_wins = self.other_wins(names, own, other, rule, &mut because);
            if other_wins == exchanged {
                self.give_back(record);
            } else {
                self.replace(customers, survivor, place, record);
                self.give_back(place.at);
            }
        }
        because
    }

    /// Whether the absorbed customer's value stays.
    fn other_wins(
        &self,
        names: &Names,
        own: At,
        other: At,
        rule: PropertyConflict,
        because: &mut Rules,
    ) -> bool {
        let name = names.text(self.name(own));
        let differ = self.bytes(own) != self.bytes(other);
        let mut note = |rule| {
            if differ {
                because.add(rule);
            }
        };
        if name == FIRST_SESSION && differ && (self.is_true(own) || self.is_true(other)) {
            note(Rule::FirstSessionKept);
            return self.is_true(other);
        }
        if name.starts_with(ASSIGNMENT_PREFIX) {
            note(Rule::NewerAssignmentKept);
            return true;
        }
        match rule {
            PropertyConflict::Newest if self.time(own) == self.time(other) => {
                note(Rule::PropertyTieAbsorbed);
                true
            }
            PropertyConflict::Newest => {
                note(Rule::PropertyNewestWins);
                self.time(other) > self.time(own)
            }
            PropertyConflict::AbsorbedReplaces => {
                note(Rule::PropertyAbsorbedReplaces);
                true
            }
            PropertyConflict::SurvivorKeeps => {
                note(Rule::PropertySurvivorKeeps);
                false
            }
        }
    }

    fn count(&self, customers: &Customers, customer: u32) -> usize {
        match self.wide.get(&customer) {
            Some(table) => table.len(),
            None => customers.properties(customer).1 as usize,
        }
    }

    fn exchange(&mut self, customers: &mut Customers, a: u32, b: u32) {
        let (of_a, of_b) = (customers.properties(a), customers.properties(b));
        customers.set_properties(a, of_b.0, of_b.1);
        customers.set_properties(b, of_a.0, of_a.1);
        let (table_a, table_b) = (self.wide.remove(&a), self.wide.remove(&b));
        for (customer, table) in [(a, table_b), (b, table_a)] {
            if let Some(table) = table {
                self.wide.insert(customer, table);
            }
        }
    }

    fn records(&self, customers: &Customers, customer: u32) -> Vec<At> {
        match self.wide.get(&customer) {
            Some(table) => table.iter().copied().collect(),
            None => self.chain(customers, customer).map(|p| p.at).collect(),
        }
    }

    fn chain(&self, customers: &Customers, customer: u32) -> impl Iterator<Item = Place> {
        let (first, _) = customers.properties(customer);
        let first = Place {
            at: first,
            before: NOWHERE,
        };
        core::iter::successors(Some(first), |place| {
            Some(Place {
                at: self.words.word(place.at, NEXT),
                before: place.at,
            })
        })
        .take_while(|place| place.at != NOWHERE)
    }

    fn find(&self, customers: &Customers, customer: u32, name: Name) -> Option<Place> {
        if customers.properties(customer).1 != WIDE {
            return self
                .chain(customers, customer)
                .find(|place| self.name(place.at) == name);
        }
        let table = self.wide.get(&customer)?;
        let at = table.find(HASH.hash_one(name), |at| self.name(*at) == name)?;
        Some(Place {
            at: *at,
            before: NOWHERE,
        })
    }

    fn attach(&mut self, customers: &mut Customers, customer: u32, record: At) {
        let (first, count) = customers.properties(customer);
        if count < CHAIN_MAX {
            self.words.set(record, NEXT, first);
            customers.set_properties(customer, record, count + 1);
            return;
        }
        let mut members = Vec::new();
        if count != WIDE {
            members = self.records(customers, customer);
            customers.set_properties(customer, NOWHERE, WIDE);
        }
        members.push(record);
        let Self { words, wide } = self;
        let table = wide.entry(customer).or_default();
        for member in members {
            let hash = |at: &At| HASH.hash_one(Head::of(words.record(*at)).name);
            table.insert_unique(hash(&member), member, hash);
        }
    }

    /// Puts a record of the same name in the place of another.
    fn replace(&mut self, customers: &mut Customers, customer: u32, place: Place, record: At) {
        let hash = HASH.hash_one(self.name(record));
        if let Some(table) = self.wide.get_mut(&customer) {
            if let Some(entry) = table.find_mut(hash, |at| *at == place.at) {
                *entry = record;
            }
            return;
        }
        let next = self.words.word(place.at, NEXT);
        self.words.set(record, NEXT, next);
        if place.before == NOWHERE {
            let (_, count) = customers.properties(customer);
            customers.set_properties(customer, record, count);
        } else {
            self.words.set(place.before, NEXT, record);
        }
    }

    fn replace_text(
        &mut self,
        customers: &mut Customers,
        customer: u32,
        place: Place,
        value: Json<'_>,
        at: Timestamp,
    ) {
        let head = self.head(place.at);
        let new = Head {
            length: value.0.len(),
            ..head
        };
        if new.is_long() == head.is_long() && Words::room(new.words()) == Words::room(head.words())
        {
            self.write(place.at, new, value, at);
            return;
        }
        let record = self.record(head.name, value, at);
        self.replace(customers, customer, place, record);
        self.give_back(place.at);
    }

    fn record(&mut self, name: Name, value: Json<'_>, at: Timestamp) -> At {
        let head = Head {
            name,
            length: value.0.len(),
        };
        let record = self.words.take(head.words());
        self.write(record, head, value, at);
        record
    }

    fn write(&mut self, record: At, head: Head, value: Json<'_>, at: Timestamp) {
        let words = self.words.record_mut(record);
        words[TIME..TEXT].copy_from_slice(&at.to_words());
        if head.is_long() {
            words[META] = LONG | head.name;
            words[TEXT] = head.length as u32;
        } else {
            words[META] = head.name << LENGTH_BITS | head.length as u32;
        }
        packed::write(&mut words[head.text_at()..], value.0.as_bytes());
    }

    fn give_back(&mut self, record: At) {
        let words = self.head(record).words();
        self.words.give_back(record, words);
    }

    fn head(&self, record: At) -> Head {
        Head::of(self.words.record(record))
    }

    fn name(&self, record: At) -> Name {
        self.head(record).name
    }

    fn time(&self, record: At) -> Timestamp {
        let words = self.words.record(record);
        Timestamp::from_words(words[TIME], words[TIME + 1])
    }

    fn bytes(&self, record: At) -> smallvec::SmallVec<[u8; 64]> {
        let words = self.words.record(record);
        let head = Head::of(words);
        packed::read(&words[head.text_at()..], head.length)
    }

    fn text(&self, record: At) -> String {
        packed::unpack(&self.bytes(record), false)
    }

    fn is_true(&self, record: At) -> bool {
        &self.bytes(record)[..] == b"true"
    }
}

/// The property that stays true if any of the merged had it (fact 3.13).
const FIRST_SESSION: &str = "add_first_session";

/// A/B assignments are kept under names like the web SDK's cookie `__exponea_ab_NAME__` (fact 3.12; the name is assumed).
const ASSIGNMENT_PREFIX: &str = "__exponea_ab_";

/// What a record says of itself before its text.
#[derive(Clone, Copy)]
struct Head {
    name: Name,
    length: usize,
}

impl Head {
    fn of(record: &[u32]) -> Self {
        let meta = record[META];
        if meta & LONG != 0 {
            return Self {
                name: meta & !LONG,
                length: record[TEXT] as usize,
            };
        }
        Self {
            name: meta >> LENGTH_BITS,
            length: (meta & ((1 << LENGTH_BITS) - 1)) as usize,
        }
    }

    fn is_long(self) -> bool {
        self.name >= LONG >> LENGTH_BITS || self.length >= 1 << LENGTH_BITS
    }

    fn text_at(self) -> usize {
        TEXT + usize::from(self.is_long())
    }

    fn words(self) -> usize {
        self.text_at() + self.length.div_ceil(4)
    }
}
