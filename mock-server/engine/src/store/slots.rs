//! An index over records: an open table with its slots side by side, so that finding one waits for memory once.
//! A table of the usual kind keeps marks apart from slots, and waits for both.

use alloc::{vec, vec::Vec};

use super::words::{At, NOWHERE};

/// A place in an arena with the hash of what stands there, so that growing an index reads no record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    pub(crate) at: At,
    pub(crate) hash: u32,
}

const EMPTY: Slot = Slot {
    at: NOWHERE,
    hash: 0,
};

const SMALLEST: usize = 8;

/// Slots by hash; one that is taken stands at its home or behind it, without a gap between. Every other slot is a home,
/// so that the one behind it lies in the same line of memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slots {
    /// None, or a power of two of which at most seven of ten are taken.
    slots: Vec<Slot>,
    taken: usize,
}

impl Slots {
    pub(crate) fn len(&self) -> usize {
        self.taken
    }

    /// The first record of this hash that is the one.
    pub(crate) fn find(&self, hash: u32, is_it: impl Fn(At) -> bool) -> Option<At> {
        let home = self.home(hash)?;
        // At which of the two it stands nobody could foresee, so no branch is taken on it.
        let first = self.slots[home];
        let mut place = home + usize::from((first.hash != hash) & (first.at != NOWHERE));
        loop {
            let slot = self.slots[place];
            if slot.at == NOWHERE {
                return None;
            }
            if slot.hash == hash && is_it(slot.at) {
                return Some(slot.at);
            }
            place = self.after(place);
        }
    }

    /// Reads where looking for a hash begins.
    pub(crate) fn look_ahead(&self, hash: u32) -> u32 {
        self.home(hash).map_or(0, |home| self.slots[home].hash)
    }

    pub(crate) fn insert(&mut self, slot: Slot) {
        if (self.taken + 1) * 10 > self.slots.len() * 7 {
            self.grow();
        }
        self.put(slot);
        self.taken += 1;
    }

    /// Takes a record out and closes the gap.
    pub(crate) fn remove(&mut self, gone: Slot) {
        let Some(mut gap) = self.home(gone.hash) else {
            return;
        };
        while self.slots[gap].at != gone.at {
            if self.slots[gap].at == NOWHERE {
                return;
            }
            gap = self.after(gap);
        }
        let mut next = self.after(gap);
        while self.slots[next].at != NOWHERE {
            let home = self.home_of(self.slots[next].hash);
            // What is not in front of its home there may move into the gap.
            if self.distance(home, next) >= self.distance(gap, next) {
                self.slots[gap] = self.slots[next];
                gap = next;
            }
            next = self.after(next);
        }
        self.slots[gap] = EMPTY;
        self.taken -= 1;
    }

    /// Every slot, in no order that may be shown.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Slot> + '_ {
        let slots = self.slots.iter().copied();
        slots.filter(|slot| slot.at != NOWHERE)
    }

    fn grow(&mut self) {
        let room = SMALLEST.max(self.slots.len() * 2);
        let old = core::mem::replace(&mut self.slots, vec![EMPTY; room]);
        for slot in old.into_iter().filter(|slot| slot.at != NOWHERE) {
            self.put(slot);
        }
    }

    fn put(&mut self, slot: Slot) {
        let mut place = self.home_of(slot.hash);
        while self.slots[place].at != NOWHERE {
            place = self.after(place);
        }
        self.slots[place] = slot;
    }

    fn home(&self, hash: u32) -> Option<usize> {
        (!self.slots.is_empty()).then(|| self.home_of(hash))
    }

    fn home_of(&self, hash: u32) -> usize {
        hash as usize & self.mask() & !1
    }

    fn after(&self, place: usize) -> usize {
        (place + 1) & self.mask()
    }

    fn distance(&self, from: usize, to: usize) -> usize {
        to.wrapping_sub(from) & self.mask()
    }

    fn mask(&self) -> usize {
        self.slots.len().wrapping_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeMap;
    use proptest::prelude::*;

    use super::*;

    /// Few hashes at both ends, so that runs are long and pass the end of the table.
    fn hash() -> impl Strategy<Value = u32> {
        (0_u32..6, any::<bool>()).prop_map(|(hash, last)| if last { !hash } else { hash })
    }

    proptest! {
        #[test]
        fn what_was_put_in_and_not_taken_out_is_found(
            steps in prop::collection::vec((hash(), 1_u32..40, prop::bool::weighted(0.6)), 0..200),
        ) {
            let mut slots = Slots::default();
            let mut plain: BTreeMap<At, u32> = BTreeMap::new();
            for (hash, at, puts) in steps {
                match plain.get(&at) {
                    None if puts => {
                        slots.insert(Slot { at, hash });
                        plain.insert(at, hash);
                    }
                    Some(hash) if !puts => {
                        slots.remove(Slot { at, hash: *hash });
                        plain.remove(&at);
                    }
                    _ => {}
                }
                prop_assert_eq!(slots.len(), plain.len());
                let held: BTreeMap<_, _> = slots.iter().map(|slot| (slot.at, slot.hash)).collect();
                prop_assert_eq!(&held, &plain);
                for (at, hash) in &plain {
                    prop_assert_eq!(slots.find(*hash, |other| other == *at), Some(*at));
                }
                prop_assert_eq!(slots.find(hash, |_| false), None);
            }
        }
    }
}
