//! What wrong profiles do to people: values that are lost or somebody else's, and mails to the wrong one.
//! A profile is read as its newest values and consents, which is Engagement's rule and an assumption for the others.

use super::{
    contingency::{Contingency, Table},
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

/// The newest value of a profile and the person who gave it.
type Stored = Newest<(u32, u32)>;

/// Reads it off the profile of each call.
pub(super) fn customer_side(
    traffic: &Traffic,
    truth: &Truth,
    counts: &Contingency,
    profiles: &[u64],
) -> CustomerSide {
    let mut stored: Table<(u64, u16), Stored> = Table::default();
    for (number, profile) in profiles.iter().enumerate() {
        let call = traffic.call(number);
        for set in call.sets {
            let says = (set.value, call.person);
            newer(&mut stored, (*profile, set.name), call.happened_at, says);
        }
    }
    CustomerSide {
        properties: properties(truth, counts, &stored),
        messages: messages(traffic, truth, counts, profiles, &stored),
    }
}

fn properties(
    truth: &Truth,
    counts: &Contingency,
    stored: &Table<(u64, u16), Stored>,
) -> Properties {
    let people = counts.people();
    let mut properties = Properties::default();
    for ((person, name), own) in &truth.properties {
        properties.all += 1;
        let profile = people.get(person).map(|person| person.main.whose);
        match profile.and_then(|profile| stored.get(&(profile, *name))) {
            Some(held) if held.says.0 == own.says => {}
            Some(held) if u64::from(held.says.1) != *person => properties.wrong += 1,
            _ => properties.lost += 1,
        }
    }
    properties
}

fn messages(
    traffic: &Traffic,
    truth: &Truth,
    counts: &Contingency,
    profiles: &[u64],
    stored: &Table<(u64, u16), Stored>,
) -> Messages {
    let people = counts.profiles();
    let mut messages = Messages::default();
    let mut came: Table<(u32, u32), u64> = Table::default();
    for ((profile, category), consent) in said(traffic, profiles) {
        let Some(address) = traffic
            .address()
            .and_then(|name| stored.get(&(profile, name)))
        else {
            continue;
        };
        if !consent.says {
            continue;
        }
        let (address, _) = address.says;
        let owners = truth.owners.get(&address).map_or(&[][..], Vec::as_slice);
        let is_owner = |person: u64| owners.iter().any(|owner| u64::from(*owner) == person);
        messages.sent += 1;
        *came.entry((address, category)).or_default() += 1;
        let whose = people.get(&profile).map(|profile| profile.main.whose);
        if !whose.is_some_and(is_owner) {
            messages.to_the_wrong_person += 1;
        }
        if willing(truth, owners, category) == 0 {
            messages.consent_leaked += 1;
        }
    }
    for ((address, category), mails) in &came {
        let owners = truth.owners.get(address).map_or(&[][..], Vec::as_slice);
        messages.twice += mails.saturating_sub(willing(truth, owners, *category).max(1));
    }
    messages.missed = missed(traffic, truth, &came);
    messages
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

fn willing(truth: &Truth, owners: &[u32], category: u32) -> u64 {
    let says_yes = |owner: &&u32| {
        let consent = truth.consents.get(&(u64::from(**owner), category));
        consent.is_some_and(|consent| consent.says)
    };
    owners.iter().filter(says_yes).count() as u64
}

/// People who said yes and whose own address got nothing.
fn missed(traffic: &Traffic, truth: &Truth, came: &Table<(u32, u32), u64>) -> u64 {
    let Some(name) = traffic.address() else {
        return 0;
    };
    let willing = truth.consents.iter().filter(|(_, consent)| consent.says);
    let addressed = willing.filter_map(|((person, category), _)| {
        let address = truth.properties.get(&(*person, name))?;
        Some((address.says, *category))
    });
    addressed.filter(|mail| !came.contains_key(mail)).count() as u64
}
