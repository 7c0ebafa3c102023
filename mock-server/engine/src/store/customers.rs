//! The customers in order of creation, and where each one's lists begin.

use super::{chunked::Chunked, id_table::IdAt, words::NOWHERE};

/// Property counts from here on mean "in a table of its own".
pub(crate) const WIDE: u32 = u8::MAX as u32;

const COUNT_BITS: u32 = 24;

#[derive(Clone, Debug)]
struct Record {
    /// Itself, or a customer nearer to the survivor.
    parent: u32,
    hard_ring: IdAt,
    soft_ring: IdAt,
    properties: u32,
    /// The bag of events that new ones go to, plus one; zero for none.
    bag: u32,
    /// Soft IDs in the low bits, properties above.
    counts: u32,
}

/// The customers of a project, by order of creation from zero.
#[derive(Clone, Debug, Default)]
pub(crate) struct Customers {
    records: Chunked<Record>,
    absorbed: u32,
}

impl Customers {
    pub(crate) fn created(&self) -> u32 {
        self.records.len() as u32
    }

    pub(crate) fn absorbed(&self) -> u32 {
        self.absorbed
    }

    pub(crate) fn create(&mut self) -> u32 {
        let customer = self.created();
        assert!(
            customer < u32::MAX - 1,
            "a project holds at most 4 G customers"
        );
        self.records.push(Record {
            parent: customer,
            hard_ring: NOWHERE,
            soft_ring: NOWHERE,
            properties: NOWHERE,
            bag: 0,
            counts: 0,
        })
    }

    /// The customers that exist, in order of creation.
    pub(crate) fn existing(&self) -> impl Iterator<Item = u32> + '_ {
        let records = self.records.iter().zip(0..);
        records.filter_map(|(record, customer)| (record.parent == customer).then_some(customer))
    }

    pub(crate) fn exists(&self, customer: u32) -> bool {
        customer < self.created() && self.records[customer].parent == customer
    }

    /// The customer into which this one was folded in the end; itself if it was not.
    pub(crate) fn survivor_of(&self, mut customer: u32) -> u32 {
        loop {
            let parent = self.records[customer].parent;
            if parent == customer {
                return customer;
            }
            customer = parent;
        }
    }

    /// Itself, or a customer nearer to the survivor.
    pub(crate) fn parent(&self, customer: u32) -> u32 {
        self.records[customer].parent
    }

    /// The survivor, and the way there becomes one step for all on it.
    pub(crate) fn shorten(&mut self, mut customer: u32) -> u32 {
        let survivor = self.survivor_of(customer);
        while self.records[customer].parent != survivor {
            customer = core::mem::replace(&mut self.records[customer].parent, survivor);
        }
        survivor
    }

    pub(crate) fn fold(&mut self, absorbed: u32, survivor: u32) {
        self.records[absorbed].parent = survivor;
        self.absorbed += 1;
    }

    pub(crate) fn ring(&self, customer: u32, hard: bool) -> Option<IdAt> {
        let record = &self.records[customer];
        let ring = if hard {
            record.hard_ring
        } else {
            record.soft_ring
        };
        (ring != NOWHERE).then_some(ring)
    }

    pub(crate) fn set_ring(&mut self, customer: u32, hard: bool, ring: Option<IdAt>) {
        let record = &mut self.records[customer];
        let place = if hard {
            &mut record.hard_ring
        } else {
            &mut record.soft_ring
        };
        *place = ring.unwrap_or(NOWHERE);
    }

    /// Counts one more ID of a customer; one of the ring that it joins, itself if it begins one.
    pub(crate) fn count_id(&mut self, customer: u32, hard: bool, at: IdAt) -> IdAt {
        let record = &mut self.records[customer];
        let ring = if hard {
            &mut record.hard_ring
        } else {
            record.counts += 1;
            &mut record.soft_ring
        };
        if *ring == NOWHERE {
            *ring = at;
        }
        *ring
    }

    pub(crate) fn soft_count(&self, customer: u32) -> u32 {
        self.records[customer].counts & ((1 << COUNT_BITS) - 1)
    }

    pub(crate) fn set_soft_count(&mut self, customer: u32, count: u32) {
        debug_assert!(count < 1 << COUNT_BITS);
        let counts = &mut self.records[customer].counts;
        *counts = *counts >> COUNT_BITS << COUNT_BITS | count;
    }

    /// The first property, and how many there are or [`WIDE`].
    pub(crate) fn properties(&self, customer: u32) -> (u32, u32) {
        let record = &self.records[customer];
        (record.properties, record.counts >> COUNT_BITS)
    }

    pub(crate) fn set_properties(&mut self, customer: u32, first: u32, count: u32) {
        debug_assert!(count <= WIDE);
        let record = &mut self.records[customer];
        record.properties = first;
        record.counts = record.counts & ((1 << COUNT_BITS) - 1) | count << COUNT_BITS;
    }

    pub(crate) fn bag(&self, customer: u32) -> Option<u32> {
        self.records[customer].bag.checked_sub(1)
    }

    pub(crate) fn set_bag(&mut self, customer: u32, bag: Option<u32>) {
        self.records[customer].bag = bag.map_or(0, |bag| bag + 1);
    }
}
