//! Customer properties with the time each was set: a short chain per customer, a table once it is long.
//! Merging walks the shorter side only.

use alloc::vec::Vec;
use core::hash::BuildHasher;
use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashTable};

mod join;
mod records;

use records::Records;

use super::{
    Json,
    customers::{Customers, WIDE},
    names::Name,
    words::{At, NOWHERE},
};
use crate::{profile::StoredProperty, time::Timestamp};

/// Longest chain; one more property makes a table.
const CHAIN_MAX: u32 = 16;

const HASH: FixedState = FixedState::with_seed(0x7072_6f70);

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
    records: Records,
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
            Some(place)
                if rule == UpdateRule::IfStoredOlder && self.records.time(place.at) >= at =>
            {
                false
            }
            Some(place) => {
                self.replace_text(customers, customer, place, value, at);
                true
            }
            None => {
                let record = self.records.take(name, value, at);
                self.attach(customers, customer, record);
                true
            }
        }
    }

    /// Reads what setting a property of a customer with this first record will read.
    pub(crate) fn look_ahead(&self, first: At) -> u32 {
        self.records.next(first)
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
            let next = self.records.next(place.at);
            let first = if place.before == NOWHERE {
                next
            } else {
                self.records.set_next(place.before, next);
                first
            };
            customers.set_properties(customer, first, count - 1);
        }
        self.records.give_back(place.at);
        true
    }

    /// Removes all properties of a customer.
    pub(crate) fn remove_all(&mut self, customers: &mut Customers, customer: u32) {
        for record in self.members(customers, customer) {
            self.records.give_back(record);
        }
        self.wide.remove(&customer);
        customers.set_properties(customer, NOWHERE, 0);
    }

    /// The properties of a customer, in no order that may be shown.
    pub(crate) fn of(
        &self,
        customers: &Customers,
        customer: u32,
    ) -> impl Iterator<Item = (Name, StoredProperty)> {
        self.members(customers, customer).into_iter().map(|at| {
            let view = StoredProperty {
                at: self.records.time(at),
                value: self.records.text(at),
            };
            (self.records.name(at), view)
        })
    }

    /// One property of a customer.
    pub(crate) fn get(
        &self,
        customers: &Customers,
        customer: u32,
        name: Name,
    ) -> Option<StoredProperty> {
        let place = self.find(customers, customer, name)?;
        Some(StoredProperty {
            at: self.records.time(place.at),
            value: self.records.text(place.at),
        })
    }

    fn members(&self, customers: &Customers, customer: u32) -> Vec<At> {
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
                at: self.records.next(place.at),
                before: place.at,
            })
        })
        .take_while(|place| place.at != NOWHERE)
    }

    fn find(&self, customers: &Customers, customer: u32, name: Name) -> Option<Place> {
        let (first, count) = customers.properties(customer);
        if count == WIDE {
            return self.find_in_table(customer, name);
        }
        let mut place = Place {
            at: first,
            before: NOWHERE,
        };
        while place.at != NOWHERE {
            let (other, next) = self.records.name_and_next(place.at);
            if other == name {
                return Some(place);
            }
            place = Place {
                at: next,
                before: place.at,
            };
        }
        None
    }

    #[cold]
    fn find_in_table(&self, customer: u32, name: Name) -> Option<Place> {
        let table = self.wide.get(&customer)?;
        let at = table.find(HASH.hash_one(name), |at| self.records.name(*at) == name)?;
        Some(Place {
            at: *at,
            before: NOWHERE,
        })
    }

    fn attach(&mut self, customers: &mut Customers, customer: u32, record: At) {
        let (first, count) = customers.properties(customer);
        if count < CHAIN_MAX {
            self.records.set_next(record, first);
            customers.set_properties(customer, record, count + 1);
            return;
        }
        let mut members = Vec::new();
        if count != WIDE {
            members = self.members(customers, customer);
            customers.set_properties(customer, NOWHERE, WIDE);
        }
        members.push(record);
        let Self { records, wide } = self;
        let table = wide.entry(customer).or_default();
        for member in members {
            let hash = |at: &At| HASH.hash_one(records.name(*at));
            table.insert_unique(hash(&member), member, hash);
        }
    }

    /// Puts a record of the same name in the place of another.
    fn replace(&mut self, customers: &mut Customers, customer: u32, place: Place, record: At) {
        let hash = HASH.hash_one(self.records.name(record));
        if let Some(table) = self.wide.get_mut(&customer) {
            if let Some(entry) = table.find_mut(hash, |at| *at == place.at) {
                *entry = record;
            }
            return;
        }
        let next = self.records.next(place.at);
        self.records.set_next(record, next);
        if place.before == NOWHERE {
            let (_, count) = customers.properties(customer);
            customers.set_properties(customer, record, count);
        } else {
            self.records.set_next(place.before, record);
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
        if self.records.overwrite(place.at, value, at) {
            return;
        }
        let record = self.records.take(self.records.name(place.at), value, at);
        self.replace(customers, customer, place, record);
        self.records.give_back(place.at);
    }
}
