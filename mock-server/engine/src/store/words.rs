//! An arena of 32-bit words with free lists by size: records are addressed by one `u32`.

use alloc::vec::Vec;

/// Where a record begins. Zero is nowhere.
pub(crate) type At = u32;

/// No record.
pub(crate) const NOWHERE: At = 0;

const CHUNK_BITS: u32 = 18;
const CHUNK: usize = 1 << CHUNK_BITS;
/// So many words are made ready at a time.
const PIECE: usize = 1 << 8;
const CLASSES: usize = 80;

/// An arena of words.
#[derive(Debug)]
pub(crate) struct Words {
    /// Zeros from what is given out to their ends.
    chunks: Vec<Vec<u32>>,
    /// How much of the last chunk is given out.
    used: usize,
    free: [At; CLASSES],
}

impl Default for Words {
    fn default() -> Self {
        Self {
            // The first word is never given out, so that an address is never zero.
            chunks: alloc::vec![alloc::vec![0]],
            used: 1,
            free: [NOWHERE; CLASSES],
        }
    }
}

impl Clone for Words {
    fn clone(&self) -> Self {
        Self {
            chunks: self.chunks.iter().map(copy_with_room).collect(),
            ..*self
        }
    }
}

/// The same with the same room behind it, so that the first to grow a copy does not move all of it.
pub(super) fn copy_with_room<T: Clone>(list: &Vec<T>) -> Vec<T> {
    let mut copy = Vec::with_capacity(list.capacity());
    copy.extend_from_slice(list);
    copy
}

impl Words {
    /// A record of at least `words` words, at least one. Its content is arbitrary.
    pub(crate) fn take(&mut self, words: usize) -> At {
        let (class, room) = size_class(words);
        let head = self.free[class];
        if head != NOWHERE {
            self.free[class] = self.word(head, 0);
            return head;
        }
        self.give_out(room)
    }

    /// Gives back a record that was taken with this number of words.
    pub(crate) fn give_back(&mut self, at: At, words: usize) {
        let (class, _) = size_class(words);
        let next = self.free[class];
        self.set(at, 0, next);
        self.free[class] = at;
    }

    /// How many words a record has that was taken with `words`.
    pub(crate) fn room(words: usize) -> usize {
        size_class(words).1
    }

    pub(crate) fn word(&self, at: At, offset: usize) -> u32 {
        self.chunks[(at >> CHUNK_BITS) as usize][at as usize % CHUNK + offset]
    }

    pub(crate) fn set(&mut self, at: At, offset: usize, word: u32) {
        self.chunks[(at >> CHUNK_BITS) as usize][at as usize % CHUNK + offset] = word;
    }

    /// The words from a record's beginning on; may run past its end.
    pub(crate) fn record(&self, at: At) -> &[u32] {
        &self.chunks[(at >> CHUNK_BITS) as usize][at as usize % CHUNK..]
    }

    pub(crate) fn record_mut(&mut self, at: At) -> &mut [u32] {
        &mut self.chunks[(at >> CHUNK_BITS) as usize][at as usize % CHUNK..]
    }

    fn give_out(&mut self, room: usize) -> At {
        if self.used + room > self.chunks[self.chunks.len() - 1].len() {
            self.grow(room);
        }
        let at = (self.chunks.len() - 1) << CHUNK_BITS | self.used;
        self.used += room;
        at as At
    }

    #[cold]
    fn grow(&mut self, room: usize) {
        let last = self.chunks.len() - 1;
        let needed = self.used + room;
        if needed <= CHUNK {
            self.chunks[last].resize(needed.next_multiple_of(PIECE), 0);
            return;
        }
        assert!(
            last + 1 < 1 << (u32::BITS - CHUNK_BITS),
            "a project holds at most 16 GiB of one kind"
        );
        // A record longer than a chunk gets a chunk of its own length.
        let mut chunk = Vec::with_capacity(room.max(CHUNK));
        chunk.resize(room.next_multiple_of(PIECE), 0);
        self.chunks.push(chunk);
        self.used = 0;
    }
}

/// The free list of a size, and the size that records in it have.
fn size_class(words: usize) -> (usize, usize) {
    if words <= 32 {
        (words, words.max(1))
    } else if words <= 256 {
        let sixteens = words.div_ceil(16);
        (32 + sixteens - 2, sixteens * 16)
    } else {
        let room = words.next_power_of_two();
        (47 + room.trailing_zeros() as usize - 9, room)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_distinct_and_hold_what_they_promise() {
        let mut rooms = [0; CLASSES];
        for words in 1..5_000 {
            let (class, room) = size_class(words);
            assert!(room >= words);
            assert!(rooms[class] == 0 || rooms[class] == room);
            rooms[class] = room;
        }
        assert!(size_class(1 << 30).0 < CLASSES);
    }

    #[test]
    fn a_record_given_back_is_taken_again() {
        let mut words = Words::default();
        let long = words.take(100_000);
        words.set(long, 99_999, 7);
        let short = words.take(3);
        words.give_back(long, 100_000);
        assert_eq!(words.take(70_000), long);
        assert_ne!(words.take(3), short);
    }
}
