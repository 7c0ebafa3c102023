//! The slow reference model: one project's rules written straight from `semantics.md`, by linear search over vectors.
//! The engine is compared with it after every step; where they differ, one of them misreads the law.

mod commands;
mod consents;
mod customer;
mod merging;
mod person;
mod reading;
mod resolving;

use std::collections::BTreeMap;

use twinfold_engine::{
    Command, Effect, Happened, IdKind, IdType, InternalId, Profile, Rejection, Settings, Switches,
    Timestamp,
};

use customer::Customer;
use reading::CallId;

/// A project as the law describes it.
#[derive(Clone, Debug)]
pub struct Model {
    types: Vec<IdType>,
    switches: Switches,
    private_properties: Vec<String>,
    /// Names of properties that were ever stored.
    attributes: Vec<String>,
    attributes_max: usize,
    customers: Vec<Customer>,
    moment: u64,
}

/// What a command did, by the model.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelOutcome {
    /// The customer that remains.
    pub survivor: InternalId,
    /// Whether it is new.
    pub created: bool,
    /// Those folded into it, oldest first.
    pub absorbed: Vec<InternalId>,
    /// IDs that nobody held and the survivor does now.
    pub added: Vec<Effect>,
    /// Contested IDs that the survivor took over.
    pub moved: Vec<Effect>,
    /// Contested IDs that stay where they are.
    pub kept: Vec<Effect>,
    /// IDs that take no part.
    pub dropped: Vec<Effect>,
    /// Soft IDs that gave way, because their type is full.
    pub displaced: Vec<Effect>,
    /// What happened after resolution.
    pub happened: Happened,
}

impl Model {
    /// An empty project.
    pub fn new(settings: Settings) -> Self {
        Self {
            types: settings.schema.types().to_vec(),
            switches: settings.switches,
            private_properties: settings.private_properties,
            attributes: Vec::new(),
            attributes_max: settings.customer_attributes_max.into(),
            customers: Vec::new(),
            moment: 0,
        }
    }

    /// Applies one command. Whatever a rejected one has touched is put back as it was.
    pub fn apply(&mut self, command: &Command<'_>) -> Result<ModelOutcome, Rejection> {
        let before = self.clone();
        let outcome = self.attempt(command);
        if outcome.is_err() {
            *self = before;
        }
        outcome
    }

    /// The profiles of all customers, in order of creation.
    pub fn profiles(&self) -> Vec<Profile> {
        let existing = self.customers.iter().filter(|c| c.folded_into.is_none());
        existing.map(|c| c.profile(&self.types)).collect()
    }

    /// The state of each consent category of a customer at a moment; none if it does not exist.
    pub fn consents(&self, customer: InternalId, now: Timestamp) -> BTreeMap<String, bool> {
        match self.exists(customer) {
            true => consents::of(&self.customer(customer).events_in_order(), now),
            false => BTreeMap::new(),
        }
    }

    /// The customer into which this one was folded in the end, itself if it exists; `None` if it never did.
    pub fn survivor_of(&self, customer: InternalId) -> Option<InternalId> {
        let found = self.customers.iter().find(|c| c.internal_id == customer)?;
        match found.folded_into {
            Some(into) => self.survivor_of(into),
            None => Some(customer),
        }
    }

    /// How many events all customers hold.
    pub fn events(&self) -> usize {
        self.customers.iter().map(|c| c.events.len()).sum()
    }

    /// Hard and soft IDs apart, each in schema order and, within a type, in the order given.
    fn in_schema_order(&self, mut ids: Vec<CallId>) -> (Vec<CallId>, Vec<CallId>) {
        ids.sort_by_key(|id| self.types.iter().position(|t| t.name == id.id_type.name));
        ids.into_iter()
            .partition(|id| id.id_type.kind == IdKind::Hard)
    }

    fn owner_of(&self, id: &CallId) -> Option<InternalId> {
        self.owner(&id.id_type.name, &id.value)
    }

    fn owner(&self, id_type: &str, value: &str) -> Option<InternalId> {
        let mut customers = self.customers.iter();
        let owner = customers.find(|customer| customer.holds(id_type, value))?;
        Some(owner.internal_id)
    }

    fn exists(&self, customer: InternalId) -> bool {
        let mut customers = self.customers.iter();
        customers.any(|c| c.internal_id == customer && c.folded_into.is_none())
    }

    // Customers stand in order of creation and none is ever taken out, so the number is the place.
    fn customer(&self, customer: InternalId) -> &Customer {
        &self.customers[customer.number() as usize - 1]
    }

    fn customer_mut(&mut self, customer: InternalId) -> &mut Customer {
        &mut self.customers[customer.number() as usize - 1]
    }

    fn next_moment(&mut self) -> u64 {
        self.moment += 1;
        self.moment
    }
}
