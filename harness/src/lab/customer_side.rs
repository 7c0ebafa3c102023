//! What wrong profiles do to people: values that are lost or somebody else's, and mails to the wrong one.
//! Values are read off the profiles as the strategy keeps them, consents off the newest word among a profile's events.

use super::{
    contingency::{Contingency, Table},
    running::Running,
    traffic::Traffic,
    truth::{Newest, Truth, consents, newer},
};

/// What became of the last value that each person gave each of its properties, on the profile that holds most of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Properties {
    /// People times properties that they set.
    pub all: u64,
    /// No value, or an older one of the same person.
    pub lost: u64,
    /// Another value, which somebody else gave.
    pub wrong: u64,
}

/// One mail for each profile and each category to which it says yes, to its address, in the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Messages {
    /// Mails.
    pub sent: u64,
    /// Beyond one for each person who said yes and has the address.
    pub twice: u64,
    /// The address is of somebody else than the person whose profile it is, so the content is somebody else's.
    pub to_the_wrong_person: u64,
    /// Nobody who has the address said yes: somebody else's consent is used.
    pub consent_leaked: u64,
    /// People and categories with a yes and an address, and no mail.
    pub missed: u64,
}

/// What everyone would notice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CustomerSide {
    /// Values.
    pub properties: Properties,
    /// Mails.
    pub messages: Messages,
}

/// Everything that it is read from.
pub(super) struct Ended<'e> {
    pub(super) traffic: &'e Traffic,
    pub(super) truth: &'e Truth,
    pub(super) counts: &'e Contingency,
    /// The profile of each call.
    pub(super) profiles: &'e [u64],
    pub(super) running: &'e Running<'e>,
}

impl Ended<'_> {
    /// The value of a property on a profile; the truth's profile of a person is what the person said.
    fn value(&self, profile: u64, name: u16) -> Option<u32> {
        if self.running.is_the_truth() {
            let said = self.truth.properties.get(&(profile, name));
            return said.map(|newest| newest.says);
        }
        let json = self
            .running
            .property(profile, self.traffic.property(name))?;
        self.traffic.known_value(&json)
    }

    /// What customers notice.
    pub(super) fn customer_side(&self) -> CustomerSide {
        CustomerSide {
            properties: self.properties(),
            messages: self.messages(),
        }
    }

    fn properties(&self) -> Properties {
        let people = self.counts.people();
        let mut properties = Properties::default();
        for ((person, name), own) in &self.truth.properties {
            properties.all += 1;
            let profile = people.get(person).map(|person| person.main.whose);
            let Some(held) = profile.and_then(|profile| self.value(profile, *name)) else {
                properties.lost += 1;
                continue;
            };
            let is_own = self.truth.said.contains(&(*person as u32, *name, held));
            properties.lost += u64::from(held != own.says && is_own);
            properties.wrong += u64::from(!is_own);
        }
        properties
    }

    fn messages(&self) -> Messages {
        let people = self.counts.profiles();
        let mut messages = Messages::default();
        let mut came: Table<(u32, u32), u64> = Table::default();
        for ((profile, category), consent) in said(self.traffic, self.profiles) {
            let name = self.traffic.address_of(category).filter(|_| consent.says);
            let Some(address) = name.and_then(|name| self.value(profile, name)) else {
                continue;
            };
            let owners = self.truth.owners_of(address);
            let is_owner = |person: u64| owners.iter().any(|owner| u64::from(*owner) == person);
            messages.sent += 1;
            *came.entry((address, category)).or_default() += 1;
            let whose = people.get(&profile).map(|profile| profile.main.whose);
            if !whose.is_some_and(is_owner) {
                messages.to_the_wrong_person += 1;
            }
            if self.truth.willing(address, category) == 0 {
                messages.consent_leaked += 1;
            }
        }
        for ((address, category), mails) in &came {
            let due = self.truth.willing(*address, *category).max(1);
            messages.twice += mails.saturating_sub(due);
        }
        messages.missed = missed(self.traffic, self.truth, &came);
        messages
    }
}

/// The newest word of each profile about each category, in the order in which the words came.
fn said(traffic: &Traffic, profiles: &[u64]) -> Vec<((u64, u32), Newest<bool>)> {
    let mut said: Table<(u64, u32), Newest<bool>> = Table::default();
    for (consent, call) in consents(traffic) {
        let key = (profiles[consent.call as usize], consent.category);
        newer(&mut said, key, call.happened_at, consent.is_given);
    }
    said.into_iter().collect()
}

/// People who said yes and whose own address got nothing.
fn missed(traffic: &Traffic, truth: &Truth, came: &Table<(u32, u32), u64>) -> u64 {
    let willing = truth.consents.iter().filter(|(_, consent)| consent.says);
    let addressed = willing.filter_map(|((person, category), _)| {
        let name = traffic.address_of(*category)?;
        let address = truth.properties.get(&(*person, name))?;
        Some((address.says, *category))
    });
    addressed.filter(|mail| !came.contains_key(mail)).count() as u64
}
