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
    strategy::{Strategy, published},
};

/// What may be promised of one state. Engagement promises all of it, other strategies what their rules bring about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invariant {
    /// No two customers hold the same ID, and none points to a customer who does not hold it.
    OneOwner,
    /// A customer has at most one value of a hard type.
    OneHardValue,
    /// A customer has at most as many values of a soft type as its cap says.
    SoftCap,
    /// Every customer has an external ID.
    HasAnId,
    /// The index and the customers say the same, both ways.
    IndexAgrees,
    /// Every stored event is on exactly one customer.
    EventsConserved,
    /// What the strategy remembers agrees with what the project holds.
    StrategyAgrees,
}

impl Invariant {
    /// Every one.
    pub const ALL: [Self; 7] = [
        Self::OneOwner,
        Self::OneHardValue,
        Self::SoftCap,
        Self::HasAnId,
        Self::IndexAgrees,
        Self::EventsConserved,
        Self::StrategyAgrees,
    ];

    /// Its name in `semantics.md`.
    pub fn slug(self) -> &'static str {
        match self {
            Self::OneOwner => "one-owner",
            Self::OneHardValue => "one-hard-value",
            Self::SoftCap => "soft-cap",
            Self::HasAnId => "has-an-id",
            Self::IndexAgrees => "index-agrees",
            Self::EventsConserved => "events-conserved",
            Self::StrategyAgrees => "strategy-agrees",
        }
    }
}

impl Strategy {
    /// Whether every project that answers by it keeps this always.
    pub fn promises(self, invariant: Invariant) -> bool {
        match self {
            Self::Engagement => true,
            Self::Published(strategy) => published::promises(strategy, invariant),
        }
    }
}

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
    /// Checks every invariant that the project's strategy promises and that can be seen in one state; walks the whole
    /// project.
    pub fn check(&self) -> Result<(), Violation> {
        let mut held: BTreeSet<IdAt> = BTreeSet::new();
        let mut events = 0;
        for customer in self.store.customers.existing() {
            let ids = self.check_customer(customer)?;
            for (_, _, at) in ids {
                if !held.insert(at) {
                    let text = self.store.ids.text(at);
                    return violated(
                        Invariant::OneOwner,
                        format!("`{text}` is listed by two customers"),
                    );
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
            return violated(Invariant::IndexAgrees, found);
        }
        let counts = self.counts();
        if events as u64 != counts.events {
            let found = format!(
                "customers list {events} events, {} are stored",
                counts.events
            );
            return violated(Invariant::EventsConserved, found);
        }
        self.check_published()
    }

    fn promises(&self, invariant: Invariant) -> bool {
        self.settings.strategy.promises(invariant)
    }

    fn check_published(&self) -> Result<(), Violation> {
        let Some(published) = &self.published else {
            return Ok(());
        };
        if let Some(found) = published.disagrees(&self.store) {
            return violated(Invariant::StrategyAgrees, found);
        }
        let mut customers = self.store.customers.existing();
        let shares = |one: &u32| !published.shared_with(&self.store, *one).is_empty();
        let sharing = customers.find(shares);
        match sharing {
            Some(customer) if self.promises(Invariant::OneOwner) => {
                let name = internal(customer);
                let found = format!("customer {name} shares an ID that another holds");
                violated(Invariant::OneOwner, found)
            }
            _ => Ok(()),
        }
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
        if ids.is_empty() && self.promises(Invariant::HasAnId) {
            return violated(
                Invariant::HasAnId,
                format!("customer {name} has no external ID"),
            );
        }
        let soft_listed = ids
            .iter()
            .filter(|(kind, ..)| *kind == IdKind::Soft)
            .count();
        if soft_listed != self.store.customers.soft_count(customer) as usize {
            return violated(
                Invariant::IndexAgrees,
                format!("customer {name} miscounts its soft IDs"),
            );
        }
        let mut per_type: BTreeMap<u16, usize> = BTreeMap::new();
        for (kind, id_type, at) in &ids {
            *per_type.entry(*id_type).or_default() += 1;
            let text = self.store.ids.text(*at);
            if self.store.owner(*at) != customer
                || self.store.find(*id_type, &text) != Some(*at)
                || self.schema().at(*id_type).kind != *kind
            {
                let found = format!("customer {name} lists `{text}`, the index says otherwise");
                return violated(Invariant::IndexAgrees, found);
            }
        }
        for (id_type, count) in per_type {
            let id_type = self.schema().at(id_type);
            let invariant = match id_type.kind {
                IdKind::Hard if count > 1 => Invariant::OneHardValue,
                IdKind::Soft if count > usize::from(id_type.values_max) => Invariant::SoftCap,
                _ => continue,
            };
            if !self.promises(invariant) {
                continue;
            }
            let found = format!("customer {name} has {count} values of `{}`", id_type.name);
            return violated(invariant, found);
        }
        Ok(ids)
    }
}

fn violated<T>(invariant: Invariant, found: String) -> Result<T, Violation> {
    Err(Violation {
        invariant: invariant.slug(),
        found,
    })
}
