//! The records of properties in their arena: name, time and text, each reached by one address.
//! What a record's chain or table is, is not known here.

use alloc::string::String;
use smallvec::SmallVec;

use crate::{
    store::{
        Json,
        names::Name,
        packed,
        words::{At, Words},
    },
    time::Timestamp,
};

// A record: next in the chain, name and length, time, then the text. Name and length in bytes share a word; a name
// or a length that is too great for its half makes the record long: the word has the name, the one after the time
// the length.
const NEXT: usize = 0;
const META: usize = 1;
const TIME: usize = 2;
const TEXT: usize = 4;

const LENGTH_BITS: u32 = 16;
const LONG: u32 = 1 << 31;

/// The property records of a project.
#[derive(Clone, Debug, Default)]
pub(super) struct Records {
    words: Words,
}

impl Records {
    /// The next record of the same chain.
    pub(super) fn next(&self, record: At) -> At {
        self.words.word(record, NEXT)
    }

    pub(super) fn name_and_next(&self, record: At) -> (Name, At) {
        let words = self.words.record(record);
        (Head::of(words).name, words[NEXT])
    }

    pub(super) fn set_next(&mut self, record: At, next: At) {
        self.words.set(record, NEXT, next);
    }

    /// Writes a new value over the old one, if it has room there; whether it had.
    pub(super) fn overwrite(&mut self, record: At, value: Json<'_>, at: Timestamp) -> bool {
        let words = self.words.record_mut(record);
        let head = Head::of(words);
        let new = Head {
            length: value.0.len(),
            ..head
        };
        let fits = new.is_long() == head.is_long()
            && Words::room(new.words()) == Words::room(head.words());
        if fits {
            write(words, new, value, at);
        }
        fits
    }

    pub(super) fn take(&mut self, name: Name, value: Json<'_>, at: Timestamp) -> At {
        let head = Head {
            name,
            length: value.0.len(),
        };
        let record = self.words.take(head.words());
        write(self.words.record_mut(record), head, value, at);
        record
    }

    pub(super) fn give_back(&mut self, record: At) {
        let words = self.head(record).words();
        self.words.give_back(record, words);
    }

    fn head(&self, record: At) -> Head {
        Head::of(self.words.record(record))
    }

    pub(super) fn name(&self, record: At) -> Name {
        self.head(record).name
    }

    pub(super) fn time(&self, record: At) -> Timestamp {
        let words = self.words.record(record);
        Timestamp::from_words(words[TIME], words[TIME + 1])
    }

    pub(super) fn bytes(&self, record: At) -> SmallVec<[u8; 64]> {
        let words = self.words.record(record);
        let head = Head::of(words);
        packed::read(&words[head.text_at()..], head.length)
    }

    pub(super) fn text(&self, record: At) -> String {
        packed::unpack(&self.bytes(record), false)
    }

    pub(super) fn is_true(&self, record: At) -> bool {
        &self.bytes(record)[..] == b"true"
    }
}

fn write(words: &mut [u32], head: Head, value: Json<'_>, at: Timestamp) {
    words[TIME..TEXT].copy_from_slice(&at.to_words());
    if head.is_long() {
        words[META] = LONG | head.name;
        words[TEXT] = head.length as u32;
    } else {
        words[META] = head.name << LENGTH_BITS | head.length as u32;
    }
    packed::write(&mut words[head.text_at()..], value.0.as_bytes());
}

/// What a record says of itself before its text.
#[derive(Clone, Copy)]
struct Head {
    name: Name,
    length: usize,
}

impl Head {
    fn of(record: &[u32]) -> Self {
        let meta = record[META];
        if meta & LONG != 0 {
            return Self {
                name: meta & !LONG,
                length: record[TEXT] as usize,
            };
        }
        Self {
            name: meta >> LENGTH_BITS,
            length: (meta & ((1 << LENGTH_BITS) - 1)) as usize,
        }
    }

    fn is_long(self) -> bool {
        self.name >= LONG >> LENGTH_BITS || self.length >= 1 << LENGTH_BITS
    }

    fn text_at(self) -> usize {
        TEXT + usize::from(self.is_long())
    }

    fn words(self) -> usize {
        self.text_at() + self.length.div_ceil(4)
    }
}
