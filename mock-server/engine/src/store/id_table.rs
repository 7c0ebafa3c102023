//! Every external ID once: who holds it, when it was last used, and which IDs share its customer.

use alloc::{string::String, vec::Vec};

use super::{
    packed::{self, Key},
    slots::{Slot, Slots},
    words::{At, NOWHERE, Words},
};

/// Where an ID stands.
pub(crate) type IdAt = At;

// A record: owner, next of the same customer and kind, last use, meta, then the text.
const OWNER: usize = 0;
const NEXT: usize = 1;
const USED: usize = 2;
const META: usize = 3;
const TEXT: usize = 4;

const LENGTH_BITS: u32 = 20;
const UUID_BIT: u32 = 1 << LENGTH_BITS;

/// The external IDs of a project and the index over them.
#[derive(Clone, Debug, Default)]
pub(crate) struct IdTable {
    words: Words,
    index: Slots,
}

impl IdTable {
    pub(crate) fn len(&self) -> usize {
        self.index.len()
    }

    #[inline(always)]
    pub(crate) fn find(&self, id_type: u16, key: &Key<'_>) -> Option<IdAt> {
        let meta = meta(id_type, key);
        self.index.find(key.hash, |at| {
            let record = self.words.record(at);
            record[META] == meta && key.equals(&record[TEXT..])
        })
    }

    /// Reads what looking up an ID with this hash will read of the index.
    pub(crate) fn look_ahead(&self, hash: u32) -> u32 {
        self.index.look_ahead(hash)
    }

    /// Where an ID with this hash stands, without reading the record: almost always the one. Nowhere if there is none.
    pub(crate) fn guess(&self, hash: u32) -> IdAt {
        self.index.find(hash, |_| true).unwrap_or(NOWHERE)
    }

    /// Reads the end of what comparing an ID with this one will read, which may lie in another line of memory.
    pub(crate) fn look_at_end(&self, at: IdAt) -> u32 {
        let record = self.words.record(at);
        record[OWNER] ^ record.get(TEXT + 3).copied().unwrap_or_default()
    }

    /// Adds an ID as a ring of its own.
    pub(crate) fn insert(&mut self, id_type: u16, key: &Key<'_>, owner: u32, used: u32) -> IdAt {
        let at = self.words.take(TEXT + key.stored_bytes().div_ceil(4));
        let (head, text) = self.words.record_mut(at).split_at_mut(TEXT);
        head[OWNER] = owner;
        head[NEXT] = at;
        head[USED] = used;
        head[META] = meta(id_type, key);
        key.write(text);
        let hash = key.hash;
        self.index.insert(Slot { at, hash });
        at
    }

    pub(crate) fn remove(&mut self, at: IdAt) {
        let text = self.text(at);
        let hash = Key::new(u32::from(self.id_type(at)), text.into()).hash;
        self.index.remove(Slot { at, hash });
        let length = self.words.word(at, META) & (UUID_BIT - 1);
        self.words
            .give_back(at, TEXT + (length as usize).div_ceil(4));
    }

    /// The customer recorded as owner; it may have been absorbed since.
    pub(crate) fn owner(&self, at: IdAt) -> u32 {
        self.words.word(at, OWNER)
    }

    pub(crate) fn set_owner(&mut self, at: IdAt, owner: u32) {
        self.words.set(at, OWNER, owner);
    }

    pub(crate) fn touch(&mut self, at: IdAt, used: u32) {
        self.words.set(at, USED, used);
    }

    pub(crate) fn used(&self, at: IdAt) -> u32 {
        self.words.word(at, USED)
    }

    pub(crate) fn id_type(&self, at: IdAt) -> u16 {
        (self.words.word(at, META) >> (LENGTH_BITS + 1)) as u16
    }

    pub(crate) fn text(&self, at: IdAt) -> String {
        let record = self.words.record(at);
        let length = record[META] & (UUID_BIT - 1);
        let bytes = packed::read(&record[TEXT..], length as usize);
        packed::unpack(&bytes, record[META] & UUID_BIT != 0)
    }

    /// Every ID, in no order that may be shown.
    pub(crate) fn iter(&self) -> impl Iterator<Item = IdAt> + '_ {
        self.index.iter().map(|slot| slot.at)
    }

    /// The IDs of a ring, beginning anywhere.
    pub(crate) fn ring(&self, ring: Option<IdAt>) -> impl Iterator<Item = IdAt> + '_ {
        core::iter::successors(ring, move |at| {
            let next = self.words.word(*at, NEXT);
            (Some(next) != ring).then_some(next)
        })
    }

    /// Makes an ID that leaves its ring, or is new, follow one of another ring; a ring of its own if that is itself.
    pub(crate) fn add_to_ring(&mut self, ring: IdAt, at: IdAt) {
        self.words.set(at, NEXT, at);
        if ring != at {
            self.exchange_next(ring, at);
        }
    }

    /// Two rings as one.
    pub(crate) fn join_rings(&mut self, a: Option<IdAt>, b: Option<IdAt>) -> Option<IdAt> {
        match (a, b) {
            (Some(a), Some(b)) => Some(self.exchange_next(a, b)),
            (ring, None) | (None, ring) => ring,
        }
    }

    /// The ring without one ID; nothing if it was the only one.
    pub(crate) fn remove_from_ring(&mut self, ring: Option<IdAt>, at: IdAt) -> Option<IdAt> {
        let before = self
            .ring(ring)
            .find(|before| self.words.word(*before, NEXT) == at)?;
        if before == at {
            return None;
        }
        let after = self.words.word(at, NEXT);
        self.words.set(before, NEXT, after);
        Some(before)
    }

    /// Numbers the uses from 1 in their order; the number of the newest.
    pub(crate) fn renumber_uses(&mut self) -> u32 {
        let mut uses: Vec<(u32, IdAt)> = self.iter().map(|at| (self.used(at), at)).collect();
        uses.sort_unstable();
        let mut number = 0;
        let mut previous = None;
        for (used, at) in uses {
            if previous != Some(used) {
                number += 1;
                previous = Some(used);
            }
            self.words.set(at, USED, number);
        }
        number
    }

    // Exchanging the successors of one element of each joins two rings (and splits one).
    fn exchange_next(&mut self, a: IdAt, b: IdAt) -> IdAt {
        let after_a = self.words.word(a, NEXT);
        let after_b = self.words.word(b, NEXT);
        self.words.set(a, NEXT, after_b);
        self.words.set(b, NEXT, after_a);
        a
    }
}

fn meta(id_type: u16, key: &Key<'_>) -> u32 {
    u32::from(id_type) << (LENGTH_BITS + 1)
        | u32::from(key.is_uuid()) << LENGTH_BITS
        | key.stored_bytes() as u32
}
