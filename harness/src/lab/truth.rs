//! What is true of the people of a traffic, whatever a strategy makes of it: what each last said of itself, and
//! to which mails it last said yes or no.

use std::collections::HashSet;

use foldhash::fast::FixedState;

use super::{
    contingency::Table,
    traffic::{Consent, Given, Traffic},
};

/// The newest word about something: when, and what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Newest<T> {
    pub(super) happened_at: u32,
    pub(super) says: T,
}

/// What people said themselves.
#[derive(Clone, Debug, Default)]
pub(super) struct Truth {
    /// By person and property: the value.
    pub(super) properties: Table<(u64, u16), Newest<u32>>,
    /// By person and category of mails.
    pub(super) consents: Table<(u64, u32), Newest<bool>>,
    /// Everything that a person ever set: person, property, value.
    pub(super) said: HashSet<(u32, u16, u32), FixedState>,
    /// By address: who has it.
    pub(super) owners: Table<u32, Vec<u32>>,
}

impl Truth {
    /// Reads it off all calls.
    pub(super) fn of(traffic: &Traffic) -> Self {
        let mut truth = Self::default();
        for number in 0..traffic.calls() {
            let call = traffic.call(number);
            for set in call.sets {
                let key = (u64::from(call.person), set.name);
                newer(&mut truth.properties, key, call.happened_at, set.value);
                let is_new = truth.said.insert((call.person, set.name, set.value));
                if is_new && traffic.is_address(*set) {
                    truth.owners.entry(set.value).or_default().push(call.person);
                }
            }
        }
        for (consent, call) in consents(traffic) {
            let key = (u64::from(call.person), consent.category);
            newer(&mut truth.consents, key, call.happened_at, consent.is_given);
        }
        truth
    }
}

impl Truth {
    /// Who has an address.
    pub(super) fn owners_of(&self, address: u32) -> &[u32] {
        self.owners.get(&address).map_or(&[], Vec::as_slice)
    }

    /// How many of those who have an address said yes to a category of mails.
    pub(super) fn willing(&self, address: u32, category: u32) -> u64 {
        let says_yes = |owner: &&u32| {
            let consent = self.consents.get(&(u64::from(**owner), category));
            consent.is_some_and(|consent| consent.says)
        };
        self.owners_of(address).iter().filter(says_yes).count() as u64
    }
}

/// Every word about mails, with its call.
pub(super) fn consents(traffic: &Traffic) -> impl Iterator<Item = (Consent, Given<'_>)> {
    let consents = traffic.consents().iter();
    consents.map(|consent| (*consent, traffic.call(consent.call as usize)))
}

/// Keeps the newer word; of two equally new ones the one that came later.
pub(super) fn newer<K: std::hash::Hash + Eq, T>(
    known: &mut Table<K, Newest<T>>,
    key: K,
    happened_at: u32,
    says: T,
) {
    let newest = Newest { happened_at, says };
    match known.get_mut(&key) {
        Some(held) if held.happened_at > happened_at => {}
        Some(held) => *held = newest,
        None => {
            known.insert(key, newest);
        }
    }
}
