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
    /// Nobody who has the address says yes by the newest word: somebody else's consent is used, or a no was missed.
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

/// Where the properties of a profile stand.
enum Values<'e> {
    /// A person's are what the person said.
    Said(&'e Table<(u64, u16), Newest<u32>>),
    /// Where calls may go over to other profiles, properties go with them: the newest of a profile's calls.
    OfCalls(Table<(u64, u16), Newest<u32>>),
    /// The strategy keeps them.
    Kept(&'e Running<'e>, &'e Traffic),
}

impl<'e> Values<'e> {
    fn of(ended: &'e Ended<'_>) -> Self {
        if ended.running.is_the_truth() {
            return Self::Said(&ended.truth.properties);
        }
        if !ended.running.moves_calls() {
            return Self::Kept(ended.running, ended.traffic);
        }
        let mut values = Table::default();
        for (number, profile) in ended.profiles.iter().enumerate() {
            let call = ended.traffic.call(number);
            for set in call.sets {
                newer(
                    &mut values,
                    (*profile, set.name),
                    call.happened_at,
                    set.value,
                );
            }
        }
        Self::OfCalls(values)
    }

    fn value(&self, profile: u64, name: u16) -> Option<u32> {
        match self {
            Self::Said(values) => values.get(&(profile, name)).map(|newest| newest.says),
            Self::OfCalls(values) => values.get(&(profile, name)).map(|newest| newest.says),
            Self::Kept(running, traffic) => {
                let json = running.property(profile, traffic.property(name))?;
                traffic.known_value(&json)
            }
        }
    }
}

impl Ended<'_> {
    /// What customers notice.
    pub(super) fn customer_side(&self) -> CustomerSide {
        let values = Values::of(self);
        CustomerSide {
            properties: self.properties(&values),
            messages: self.messages(&values),
        }
    }

    fn properties(&self, values: &Values<'_>) -> Properties {
        let people = self.counts.people();
        let mut properties = Properties::default();
        for ((person, name), own) in &self.truth.properties {
            properties.all += 1;
            let profile = people.get(person).map(|person| person.main.whose);
            let Some(held) = profile.and_then(|profile| values.value(profile, *name)) else {
                properties.lost += 1;
                continue;
            };
            let is_own = self.truth.said.contains(&(*person as u32, *name, held));
            properties.lost += u64::from(held != own.says && is_own);
            properties.wrong += u64::from(!is_own);
        }
        properties
    }

    fn messages(&self, values: &Values<'_>) -> Messages {
        let people = self.counts.profiles();
        let mut messages = Messages::default();
        let mut came: Table<(u32, u32), u64> = Table::default();
        for ((profile, category), consent) in said(self.traffic, self.profiles) {
            let name = self.traffic.address_of(category).filter(|_| consent.says);
            let Some(address) = name.and_then(|name| values.value(profile, name)) else {
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
