//! What is always true of a project, by name (`semantics.md`, section 6).
//! The five that compare two moments (rejection, redelivery, survivor, strangers, conservation) need a history;
//! the harness checks those beside these.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::String,
    vec::Vec,
};
use core::fmt;

use crate::{
    ids::IdKind,
    project::Project,
    store::{IdAt, internal},
};

/// An invariant that does not hold, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Its name in `semantics.md`.
    pub invariant: &'static str,
    /// What was found.
    pub found: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.invariant, self.found)
    }
}

impl core::error::Error for Violation {}

impl Project {
    /// Checks every invariant that can be seen in one state; walks the whole project.
    pub fn check(&self) -> Result<(), Violation> {
        let mut held: BTreeSet<IdAt> = BTreeSet::new();
        let mut events = 0;
        for customer in self.store.customers.existing() {
            let ids = self.check_customer(customer)?;
            for (_, _, at) in ids {
                if !held.insert(at) {
                    let text = self.store.ids.text(at);
                    return violated("one-owner", format!("`{text}` is listed by two customers"));
                }
            }
            events += self.store.events.of(&self.store.customers, customer).len();
        }
        if held.len() != self.store.ids.len() {
            let found = format!(
                "customers list {} IDs, the index has {}",
                held.len(),
                self.store.ids.len()
            );
            return violated("index-agrees", found);
        }
        let counts = self.counts();
        if events as u64 != counts.events {
            let found = format!(
                "customers list {events} events, {} are stored",
                counts.events
            );
            return violated("events-conserved", found);
        }
        Ok(())
    }

    fn check_customer(&self, customer: u32) -> Result<Vec<(IdKind, u16, IdAt)>, Violation> {
        let hard = self
            .store
            .hard_ids(customer)
            .map(|(t, at)| (IdKind::Hard, t, at));
        let soft = self
            .store
            .soft_ids(customer)
            .map(|(t, at)| (IdKind::Soft, t, at));
        let ids: Vec<_> = hard.chain(soft).collect();
        let name = internal(customer);
        if ids.is_empty() {
            return violated("has-an-id", format!("customer {name} has no external ID"));
        }
        let soft_listed = ids
            .iter()
            .filter(|(kind, ..)| *kind == IdKind::Soft)
            .count();
        if soft_listed != self.store.customers.soft_count(customer) as usize {
            return violated(
                "index-agrees",
                format!("customer {name} miscounts its soft IDs"),
            );
        }
        let mut per_type: BTreeMap<u16, usize> = BTreeMap::new();
        for (kind, id_type, at) in &ids {
            *per_type.entry(*id_type).or_default() += 1;
            let text = self.store.ids.text(*at);
            if self.store.owner(*at) != customer
                || self.store.ids.find(*id_type, &text) != Some(*at)
                || self.schema().at(*id_type).kind != *kind
            {
                let found = format!("customer {name} lists `{text}`, the index says otherwise");
                return violated("index-agrees", found);
            }
        }
        for (id_type, count) in per_type {
            let id_type = self.schema().at(id_type);
            let invariant = match id_type.kind {
                IdKind::Hard if count > 1 => "one-hard-value",
                IdKind::Soft if count > usize::from(id_type.values_max) => "soft-cap",
                _ => continue,
            };
            let found = format!("customer {name} has {count} values of `{}`", id_type.name);
            return violated(invariant, found);
        }
        Ok(ids)
    }
}

fn violated<T>(invariant: &'static str, found: String) -> Result<T, Violation> {
    Err(Violation { invariant, found })
}
