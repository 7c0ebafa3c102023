//! What a project holds, packed: IDs, customers, properties and events in flat arenas.
//! A merge links lists together; it moves nothing one by one.

mod chunked;
mod customers;
mod events;
mod id_table;
mod look_ahead;
mod names;
mod packed;
mod properties;
mod slots;
mod words;

use crate::{
    decision::InternalId,
    ids::{IdKind, ReadId},
    rule::Rules,
    settings::PropertyConflict,
};

pub(crate) use customers::Customers;
pub(crate) use events::Events;
pub(crate) use id_table::{IdAt, IdTable};
pub(crate) use look_ahead::{Ahead, Goal};
pub(crate) use names::{Names, same};
pub(crate) use packed::Key;
pub(crate) use properties::{Properties, UpdateRule};

/// A canonical JSON text: no white space outside strings, object keys sorted, the shortest escapes.
/// Two texts are equal exactly if the values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Json<'a>(pub &'a str);

/// How much a project holds and has seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Customers that exist now.
    pub customers: u64,
    /// Customers that were folded into another.
    pub absorbed: u64,
    /// External IDs held now.
    pub ids: u64,
    /// Events held now, `merge` events among them.
    pub events: u64,
    /// Events that came in and equalled a stored one.
    pub duplicates_dropped: u64,
    /// Commands that were applied.
    pub commands: u64,
}

/// Everything a project holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Store {
    pub(crate) ids: IdTable,
    pub(crate) customers: Customers,
    pub(crate) properties: Properties,
    pub(crate) events: Events,
    /// The names of customer properties, of those too that no customer has any more.
    pub(crate) attributes: Names,
    pub(crate) event_types: Names,
    /// The number of the current command; the "last used" mark of IDs.
    pub(crate) tick: u32,
}

impl Store {
    /// The customer who holds an ID now.
    pub(crate) fn owner(&self, id: IdAt) -> u32 {
        self.customers.survivor_of(self.ids.owner(id))
    }

    /// Where a value stands that is known by its text.
    pub(crate) fn find(&self, id_type: u16, text: &str) -> Option<IdAt> {
        let key = Key::new(u32::from(id_type), text.into());
        self.ids.find(id_type, &key)
    }

    /// A new customer without IDs.
    pub(crate) fn create(&mut self) -> u32 {
        self.customers.create()
    }

    /// Gives an ID that nobody holds to a customer.
    pub(crate) fn add_id(&mut self, id: &ReadId<'_>, customer: u32) {
        let hard = id.kind == IdKind::Hard;
        let at = self.ids.insert(id.id_type, &id.key, customer, self.tick);
        self.link_id(at, hard, customer);
    }

    /// Takes an ID from its owner and gives it to another customer.
    pub(crate) fn move_id(&mut self, at: IdAt, hard: bool, to: u32) {
        let owner = self.owner(at);
        self.unlink_id(at, hard, owner);
        self.ids.set_owner(at, to);
        self.link_id(at, hard, to);
    }

    /// Forgets an ID.
    pub(crate) fn forget_id(&mut self, at: IdAt, hard: bool) {
        let owner = self.owner(at);
        self.unlink_id(at, hard, owner);
        self.ids.remove(at);
    }

    /// Forgets every ID of a customer.
    pub(crate) fn forget_all_ids(&mut self, customer: u32) {
        for hard in [true, false] {
            let ring = self.customers.ring(customer, hard);
            let members: alloc::vec::Vec<IdAt> = self.ids.ring(ring).collect();
            for at in members {
                self.ids.remove(at);
            }
            self.customers.set_ring(customer, hard, None);
        }
        self.customers.set_soft_count(customer, 0);
    }

    /// Marks an ID as used now and shortens its way to its owner, who usually is the one named.
    pub(crate) fn touch(&mut self, at: IdAt, usual: u32) {
        let recorded = self.ids.owner(at);
        if recorded != usual {
            let owner = self.customers.shorten(recorded);
            self.ids.set_owner(at, owner);
        }
        self.ids.touch(at, self.tick);
    }

    /// The hard IDs of a customer, as (type, where the value stands).
    pub(crate) fn hard_ids(&self, customer: u32) -> impl Iterator<Item = (u16, IdAt)> + '_ {
        self.ids
            .ring(self.customers.ring(customer, true))
            .map(|at| (self.ids.id_type(at), at))
    }

    /// The soft IDs of a customer, as (type, where the value stands).
    pub(crate) fn soft_ids(&self, customer: u32) -> impl Iterator<Item = (u16, IdAt)> + '_ {
        self.ids
            .ring(self.customers.ring(customer, false))
            .map(|at| (self.ids.id_type(at), at))
    }

    /// Folds a customer into an older one: IDs, properties, events.
    pub(crate) fn absorb(&mut self, survivor: u32, absorbed: u32, rule: PropertyConflict) -> Rules {
        for hard in [true, false] {
            let own = self.customers.ring(survivor, hard);
            let other = self.customers.ring(absorbed, hard);
            let joined = self.ids.join_rings(own, other);
            self.customers.set_ring(survivor, hard, joined);
            self.customers.set_ring(absorbed, hard, None);
        }
        let soft = self.customers.soft_count(survivor) + self.customers.soft_count(absorbed);
        self.customers.set_soft_count(survivor, soft);
        self.customers.set_soft_count(absorbed, 0);
        self.customers.fold(absorbed, survivor);
        self.events.join(&mut self.customers, survivor, absorbed);
        let Self {
            customers,
            properties,
            attributes,
            ..
        } = self;
        properties.join(customers, attributes, survivor, absorbed, rule)
    }

    /// Starts the next command: advances the "last used" mark, renumbering all marks before it wraps.
    pub(crate) fn next_tick(&mut self) {
        if self.tick == u32::MAX {
            self.tick = self.ids.renumber_uses();
        }
        self.tick += 1;
    }

    fn link_id(&mut self, at: IdAt, hard: bool, customer: u32) {
        let ring = self.customers.count_id(customer, hard, at);
        self.ids.add_to_ring(ring, at);
    }

    fn unlink_id(&mut self, at: IdAt, hard: bool, owner: u32) {
        let ring = self.customers.ring(owner, hard);
        let rest = self.ids.remove_from_ring(ring, at);
        self.customers.set_ring(owner, hard, rest);
        if !hard {
            let count = self.customers.soft_count(owner) - 1;
            self.customers.set_soft_count(owner, count);
        }
    }
}

/// The internal ID of a customer's place in the store.
pub(crate) fn internal(customer: u32) -> InternalId {
    InternalId::from_index(customer)
}
