//! Events in bags: a customer writes to one bag, and a merge links the bags of two customers.
//! An event is looked for only in bags whose times include its own, and only long bags are indexed, so that merges
//! never move or re-index events and the usual event, later than all before it, is stored without a look.

mod bag;

use alloc::{string::String, vec::Vec};
use core::hash::{BuildHasher, Hasher};
use foldhash::fast::FixedState;

use bag::{Bag, INDEXED_FROM, Span};

use super::{
    Json,
    chunked::Chunked,
    customers::Customers,
    names::Name,
    packed,
    slots::{Slot, Slots},
    words::{At, NOWHERE, Words},
};
use crate::time::Timestamp;

// A record: the one stored before it in the bag, bag, event type, time, length in bytes, then the properties.
const BEFORE: usize = 0;
const BAG: usize = 1;
const TYPE: usize = 2;
const TIME: usize = 3;
const LENGTH: usize = 5;
const TEXT: usize = 6;

const HASH: FixedState = FixedState::with_seed(0x6576_656e);

/// An event as it is read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EventView {
    pub(crate) event_type: Name,
    pub(crate) at: Timestamp,
    pub(crate) properties: String,
}

/// The events of all customers of a project.
#[derive(Clone, Debug, Default)]
pub(crate) struct Events {
    words: Words,
    index: Slots,
    bags: Chunked<Bag>,
    stored: usize,
}

impl Events {
    pub(crate) fn len(&self) -> usize {
        self.stored
    }

    /// Stores an event unless the customer has an equal one; whether it was stored.
    pub(crate) fn add(
        &mut self,
        customers: &mut Customers,
        customer: u32,
        event_type: Name,
        at: Timestamp,
        properties: Json<'_>,
    ) -> bool {
        if self.holds(customers, customer, event_type, at, properties) {
            return false;
        }
        self.push(customers, customer, event_type, at, properties);
        true
    }

    /// Stores an event.
    pub(crate) fn push(
        &mut self,
        customers: &mut Customers,
        customer: u32,
        event_type: Name,
        at: Timestamp,
        properties: Json<'_>,
    ) {
        let length = properties.0.len();
        let record = self.words.take(TEXT + length.div_ceil(4));
        let (bag, before) = self.bag_for(customers, customer, at, record);
        let words = self.words.record_mut(record);
        words[BEFORE] = before;
        words[BAG] = bag;
        words[TYPE] = event_type;
        words[TIME..LENGTH].copy_from_slice(&at.to_words());
        words[LENGTH] = length as u32;
        packed::write(&mut words[TEXT..], properties.0.as_bytes());
        self.stored += 1;
        match self.bags[bag].count {
            ..INDEXED_FROM => {}
            INDEXED_FROM => {
                let records: Vec<At> = self.records(bag).collect();
                records
                    .into_iter()
                    .for_each(|record| self.add_to_index(record));
            }
            _ => self.add_to_index(record),
        }
    }

    /// Links the absorbed customer's bags to the survivor's.
    pub(crate) fn join(&mut self, customers: &mut Customers, survivor: u32, absorbed: u32) {
        let joined = match (customers.bag(survivor), customers.bag(absorbed)) {
            (Some(own), Some(other)) => {
                self.link(own, other);
                Some(own)
            }
            (bag, None) | (None, bag) => bag,
        };
        customers.set_bag(survivor, joined);
        customers.set_bag(absorbed, None);
    }

    /// Stores an event in a bag of the customer's, a new one if none is named, unless the customer has an equal event;
    /// the bag.
    pub(crate) fn add_filed(
        &mut self,
        customers: &mut Customers,
        customer: u32,
        bag: Option<u32>,
        (event_type, at, properties): (Name, Timestamp, Json<'_>),
    ) -> Option<u32> {
        if self.holds(customers, customer, event_type, at, properties) {
            return None;
        }
        let others = customers.bag(customer);
        customers.set_bag(customer, bag);
        if let (Some(bag), Some(head)) = (bag, others) {
            self.bags[bag].all = self.bags[head].all;
        }
        self.push(customers, customer, event_type, at, properties);
        let filed = customers.bag(customer)?;
        if let (None, Some(head)) = (bag, others) {
            self.link(filed, head);
        }
        Some(filed)
    }

    /// Takes a bag from a customer and gives it to another.
    pub(crate) fn move_bag(&mut self, customers: &mut Customers, bag: u32, from: u32, to: u32) {
        let before = self.bags_of(Some(bag)).last().unwrap_or(bag);
        let after = self.bags[bag].next;
        self.bags[before].next = after;
        let rest = (after != bag).then_some(after);
        if customers.bag(from) == Some(bag) {
            // Its span may be too wide now, which costs a look and nothing else.
            if let Some(rest) = rest {
                self.bags[rest].all = self.bags[bag].all;
            }
            customers.set_bag(from, rest);
        }
        self.bags[bag].next = bag;
        self.bags[bag].all = self.bags[bag].own;
        match customers.bag(to) {
            Some(head) => self.link(head, bag),
            None => customers.set_bag(to, Some(bag)),
        }
    }

    /// How many events a bag holds.
    pub(crate) fn in_bag(&self, bag: u32) -> u32 {
        self.bags[bag].count
    }

    /// The events of a customer, by time, then by arrival.
    pub(crate) fn of(&self, customers: &Customers, customer: u32) -> Vec<EventView> {
        let mut records: Vec<(Timestamp, At)> = self
            .bags_of(customers.bag(customer))
            .flat_map(|bag| self.records(bag))
            .map(|record| (self.time(record), record))
            .collect();
        // Events are never given back, so a later one stands at a higher address.
        records.sort_unstable();
        records.into_iter().map(|(_, at)| self.view(at)).collect()
    }

    /// Makes one ring of two; the first one's bag is the one that is written to.
    fn link(&mut self, own: u32, other: u32) {
        let (after_own, after_other) = (self.bags[own].next, self.bags[other].next);
        self.bags[own].next = after_other;
        self.bags[other].next = after_own;
        self.bags[own].all = self.bags[own].all.joined(self.bags[other].all);
    }

    fn holds(
        &self,
        customers: &Customers,
        customer: u32,
        event_type: Name,
        at: Timestamp,
        properties: Json<'_>,
    ) -> bool {
        let Some(head) = customers.bag(customer) else {
            return false;
        };
        if !self.bags[head].all.includes(at) {
            return false;
        }
        self.bags_of(Some(head))
            .filter(|bag| self.bags[*bag].own.includes(at))
            .any(|bag| self.bag_holds(bag, event_type, at, properties.0.as_bytes()))
    }

    fn bag_holds(&self, bag: u32, event_type: Name, at: Timestamp, properties: &[u8]) -> bool {
        let time = at.to_words();
        let equals = |record: At| {
            let words = self.words.record(record);
            words[BAG] == bag
                && words[TYPE] == event_type
                && words[TIME..LENGTH] == time
                && words[LENGTH] as usize == properties.len()
                && packed::equal(&words[TEXT..], properties)
        };
        if self.bags[bag].count < INDEXED_FROM {
            return self.records(bag).any(equals);
        }
        let hash = hash(bag, event_type, at, properties);
        self.index.find(hash, equals).is_some()
    }

    fn add_to_index(&mut self, record: At) {
        let words = self.words.record(record);
        let properties = packed::read(&words[TEXT..], words[LENGTH] as usize);
        let hash = hash(words[BAG], words[TYPE], self.time(record), &properties);
        self.index.insert(Slot { at: record, hash });
    }

    /// The bag that the customer writes to, with this record as its last; and the one before it.
    fn bag_for(
        &mut self,
        customers: &mut Customers,
        customer: u32,
        at: Timestamp,
        record: At,
    ) -> (u32, At) {
        let span = Span::of(at);
        let Some(bag) = customers.bag(customer) else {
            let bag = self.bags.push(Bag {
                next: 0,
                last: record,
                count: 1,
                own: span,
                all: span,
            });
            self.bags[bag].next = bag;
            customers.set_bag(customer, Some(bag));
            return (bag, NOWHERE);
        };
        let entry = &mut self.bags[bag];
        let before = core::mem::replace(&mut entry.last, record);
        entry.count += 1;
        entry.own = entry.own.joined(span);
        entry.all = entry.all.joined(span);
        (bag, before)
    }

    /// Reads what storing an event in a bag will read.
    pub(crate) fn look_ahead(&self, bag: u32) -> u32 {
        self.bags[bag].last
    }

    fn bags_of(&self, head: Option<u32>) -> impl Iterator<Item = u32> + '_ {
        core::iter::successors(head, move |bag| {
            let next = self.bags[*bag].next;
            (Some(next) != head).then_some(next)
        })
    }

    /// The events of a bag, the last one first.
    fn records(&self, bag: u32) -> impl Iterator<Item = At> + '_ {
        core::iter::successors(Some(self.bags[bag].last), |record| {
            let before = self.words.word(*record, BEFORE);
            (before != NOWHERE).then_some(before)
        })
    }

    fn time(&self, record: At) -> Timestamp {
        let words = self.words.record(record);
        Timestamp::from_words(words[TIME], words[TIME + 1])
    }

    fn view(&self, record: At) -> EventView {
        let words = self.words.record(record);
        let bytes = packed::read(&words[TEXT..], words[LENGTH] as usize);
        EventView {
            event_type: words[TYPE],
            at: self.time(record),
            properties: packed::unpack(&bytes, false),
        }
    }
}

fn hash(bag: u32, event_type: Name, at: Timestamp, properties: &[u8]) -> u32 {
    let mut hasher = HASH.build_hasher();
    hasher.write_u64(u64::from(bag) << 32 | u64::from(event_type));
    hasher.write_u64(at.seconds().to_bits());
    hasher.write(properties);
    hasher.finish() as u32
}
