//! Duplicates: profiles that share an e-mail address or a hard ID but for case and white space, and why they do.
//! Read from the profiles as they are in the end; the commands named are those that put the shared value there.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use twinfold_engine::{InternalId, Label};

use super::{Anomaly, Finding};
use crate::{
    fixup::email_key,
    history::{History, Id},
    traffic::{Properties, SentAction},
};

/// The property that holds e-mail addresses.
pub(super) const EMAIL: &str = "email";

/// Those who share a value, and where they have it.
#[derive(Default)]
struct Group {
    hard: BTreeMap<Id, u32>,
    by_property: BTreeSet<u32>,
}

pub(super) fn find(history: &History<'_>) -> Vec<Finding> {
    let origins = Origins::of(history);
    let groups = groups(history);
    let shared = groups.iter().filter(|(_, group)| group.members().len() > 1);
    let found = shared.flat_map(|(key, group)| {
        let all = group.finding(Anomaly::Duplicate, key, history, &origins);
        let property = group.has_it_by_property_only();
        let property =
            property.then(|| group.finding(Anomaly::DuplicateByProperty, key, history, &origins));
        [all].into_iter().chain(property)
    });
    found.chain(split(history, &groups, &origins)).collect()
}

/// Everybody by key: addresses whatever holds them, other hard IDs by their type.
fn groups(history: &History<'_>) -> BTreeMap<Id, Group> {
    let mut groups = BTreeMap::<Id, Group>::new();
    for customer in history.project.customers() {
        let number = customer.number();
        let hard = history.ids_of(customer).into_iter();
        for id in hard.filter(|id| history.is_hard(id)) {
            let group = groups.entry(key(&id)).or_default();
            group.hard.insert(id, number);
        }
        if let Some(address) = address_of(history, customer) {
            let group = groups.entry(Id::new(EMAIL, address)).or_default();
            group.by_property.insert(number);
        }
    }
    groups
}

fn key(id: &Id) -> Id {
    match email_key(&id.value) {
        Some(address) => Id::new(EMAIL, address),
        None => Id::new(id.id_type.clone(), id.value.trim().to_lowercase()),
    }
}

fn address_of(history: &History<'_>, customer: InternalId) -> Option<String> {
    let stored = history.project.property(customer, EMAIL)?;
    email_key(&serde_json::from_str::<String>(&stored.value).ok()?)
}

/// Hard IDs of one type under one key.
fn split(history: &History<'_>, groups: &BTreeMap<Id, Group>, origins: &Origins) -> Vec<Finding> {
    let mut found = Vec::new();
    for group in groups.values() {
        let mut by_type = BTreeMap::<&str, Vec<(&Id, u32)>>::new();
        for (id, customer) in &group.hard {
            by_type
                .entry(&id.id_type)
                .or_default()
                .push((id, *customer));
        }
        for same in by_type.into_values().filter(|same| same.len() > 1) {
            let ids = || same.iter().map(|(id, _)| (*id).clone());
            let customers = same.iter().map(|(_, customer)| *customer);
            let by = same.iter().filter_map(|(id, _)| origins.of_id(id));
            let says = format!(
                "{} differ in case or white space only, and hard IDs are compared exactly.",
                listed(ids())
            );
            let finding = Finding::new(Anomaly::SplitByCase, history, customers, ids(), by);
            found.push(finding.says(says));
        }
    }
    found
}

impl Group {
    fn members(&self) -> BTreeSet<u32> {
        let hard = self.hard.values().copied();
        hard.chain(self.by_property.iter().copied()).collect()
    }

    fn has_it_by_property_only(&self) -> bool {
        let hard: BTreeSet<u32> = self.hard.values().copied().collect();
        !self.by_property.is_subset(&hard)
    }

    fn finding(
        &self,
        anomaly: Anomaly,
        key: &Id,
        history: &History<'_>,
        origins: &Origins,
    ) -> Finding {
        let members = self.members();
        let property = (!self.by_property.is_empty()).then(|| key.clone());
        let about = self.hard.keys().cloned().chain(property);
        let ids = self.hard.keys().filter_map(|id| origins.of_id(id));
        let properties = self.by_property.iter();
        let properties = properties.filter_map(|customer| origins.of_property(*customer, key));
        let finding = Finding::new(
            anomaly,
            history,
            members.iter().copied(),
            about,
            ids.chain(properties),
        );
        let owners = self.hard.values();
        let owners: BTreeSet<u32> = owners.copied().collect();
        let lacking = members.difference(&owners).copied();
        let says = match anomaly {
            Anomaly::DuplicateByProperty => format!(
                "{key} is only a property of {}, so nothing joined it with the other.",
                numbers(lacking)
            ),
            _ => format!("{} share {key}.", numbers(members.iter().copied())),
        };
        finding.says(says).rests_on(Label::Documented)
    }
}

/// `#1 and #2`
pub(crate) fn numbers(customers: impl IntoIterator<Item = u32>) -> String {
    listed(customers.into_iter().map(|number| format!("#{number}")))
}

/// `a, b and c`
pub(crate) fn listed<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    match items.as_slice() {
        [] => "nothing".into(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Which steps brought IDs and addresses to where they are.
struct Origins {
    ids: HashMap<Id, usize>,
    addresses: HashMap<(u32, String), usize>,
}

impl Origins {
    fn of(history: &History<'_>) -> Self {
        let (mut ids, mut addresses) = (HashMap::new(), HashMap::new());
        for (position, step) in history.steps.iter().enumerate() {
            let Some(survivor) = step.survivor() else {
                continue;
            };
            let moved: Vec<&Id> = step.moved().map(|(id, _)| id).collect();
            for carried in step.ids.iter().filter(|carried| carried.is_survivors) {
                if carried.held_by.is_none() || moved.contains(&&carried.id) {
                    ids.insert(carried.id.clone(), position);
                }
            }
            if let Some(address) = address_set(&step.sent.action) {
                let place = (history.last(survivor), address);
                addresses.entry(place).or_insert(position);
            }
        }
        Self { ids, addresses }
    }

    fn of_id(&self, id: &Id) -> Option<usize> {
        self.ids.get(id).copied()
    }

    fn of_property(&self, customer: u32, key: &Id) -> Option<usize> {
        self.addresses.get(&(customer, key.value.clone())).copied()
    }
}

/// The address that a command sets as a property.
pub(super) fn address_set(action: &SentAction) -> Option<String> {
    email_key(&text_set(action, EMAIL)?)
}

/// The text to which a command sets a property.
pub(super) fn text_set(action: &SentAction, property: &str) -> Option<String> {
    let SentAction::Customers {
        properties: Properties::Object(properties),
        ..
    } = action
    else {
        return None;
    };
    let (_, value) = properties.iter().find(|(name, _)| name == property)?;
    serde_json::from_str(value).ok()
}
