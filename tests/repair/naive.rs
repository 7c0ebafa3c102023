//! Keys, members and components once more, from the words of section 7 and by listing pairs.
//! Slow and simple on purpose: the fix-up is judged by it.

use std::collections::{BTreeMap, BTreeSet};

use crate::lived::{Customer, Customers};

/// The hard type that holds e-mails, and the property.
pub(crate) const EMAIL_TYPE: &str = "registered";
const EMAIL_PROPERTY: &str = "email";

/// The numbers of all members and, among them, of the owners and the lacking.
#[derive(Clone, Debug, Default)]
pub(crate) struct Members {
    pub(crate) all: BTreeSet<u64>,
    pub(crate) people: BTreeSet<u64>,
}

/// The trimmed, lower-cased address; none if it is no address.
pub(crate) fn key(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let [local, domain] = text.split('@').collect::<Vec<_>>()[..] else {
        return None;
    };
    let gap = |c: char| c.is_whitespace() || c.is_control();
    let whole = !local.is_empty() && domain.split('.').all(|part| !part.is_empty());
    (whole && !text.contains(gap)).then(|| text.clone())
}

/// The hard ID of a type.
pub(crate) fn hard<'c>(customer: &'c Customer, id_type: &str) -> Option<&'c str> {
    let values = customer.ids.get(id_type)?;
    assert!(values.len() < 2, "one hard value: {customer:?}");
    values.first().map(String::as_str)
}

/// Every key of a customer: of its hard ID and of its property.
pub(crate) fn keys_of(customer: &Customer) -> BTreeSet<String> {
    let property = customer.properties.get(EMAIL_PROPERTY);
    let property = property.and_then(|(value, _)| value.as_str());
    let texts = [hard(customer, EMAIL_TYPE), property];
    texts.into_iter().flatten().filter_map(key).collect()
}

/// Every key with its members; a foreign one is a member and not one of the people.
pub(crate) fn members(customers: &Customers) -> BTreeMap<String, Members> {
    let mut found = BTreeMap::<String, Members>::new();
    for customer in customers.values() {
        let hard_id = hard(customer, EMAIL_TYPE);
        for shared in keys_of(customer) {
            let is_foreign = hard_id.is_some_and(|value| key(value).as_ref() != Some(&shared));
            let members = found.entry(shared).or_default();
            members.all.insert(customer.number);
            if !is_foreign {
                members.people.insert(customer.number);
            }
        }
    }
    found
}

/// No type of these has two values among the two.
pub(crate) fn compatible(one: &Customer, other: &Customer, types: &[&str]) -> bool {
    let values = |id_type: &&str| (hard(one, id_type), hard(other, id_type));
    let clash = |pair| matches!(pair, (Some(one), Some(other)) if one != other);
    !types.iter().map(values).any(clash)
}

/// Connected components of "compatible", and whether all pairs of each are.
pub(crate) fn components(
    people: &BTreeSet<u64>,
    customers: &Customers,
    types: &[&str],
) -> Vec<(BTreeSet<u64>, bool)> {
    let fits = |one: &u64, other: &u64| compatible(&customers[one], &customers[other], types);
    let mut left = people.clone();
    let mut components = Vec::new();
    while let Some(first) = left.pop_first() {
        let mut component = BTreeSet::from([first]);
        while let Some(next) = left
            .iter()
            .copied()
            .find(|number| component.iter().any(|other| fits(number, other)))
        {
            left.remove(&next);
            component.insert(next);
        }
        let whole = component
            .iter()
            .all(|one| component.iter().all(|other| fits(one, other)));
        components.push((component, whole));
    }
    components
}

/// Whether a chain of shared keys leads from the first to all the others.
pub(crate) fn are_linked(group: &BTreeSet<u64>, members: &BTreeMap<String, Members>) -> bool {
    let mut linked: BTreeSet<u64> = group.first().copied().into_iter().collect();
    loop {
        let touched = members.values().filter(|key| !key.all.is_disjoint(&linked));
        let next: BTreeSet<u64> = touched.flat_map(|key| key.all.clone()).collect();
        let before = linked.len();
        linked.extend(next);
        if linked.len() == before {
            return group.is_subset(&linked);
        }
    }
}
