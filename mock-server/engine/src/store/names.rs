//! Names of properties or of event types, each stored once.

use alloc::{boxed::Box, vec::Vec};
use core::hash::BuildHasher;
use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// A name's number.
pub(crate) type Name = u32;

/// The names of one kind in a project.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    texts: Vec<Box<str>>,
    index: HashTable<Name>,
    /// The last name met of those whose texts share a place here.
    recent: [Name; RECENT],
}

/// Traffic has few names; most are found without a hash.
const RECENT: usize = 32;

fn place(text: &str) -> usize {
    let bytes = text.as_bytes();
    let first = bytes.first().copied().unwrap_or_default();
    (bytes.len() + 7 * usize::from(first)) % RECENT
}

const HASH: FixedState = FixedState::with_seed(0x7477_696e);

impl Names {
    pub(crate) fn find(&self, text: &str) -> Option<Name> {
        self.index
            .find(HASH.hash_one(text), |name| self.text(*name) == text)
            .copied()
    }

    pub(crate) fn intern(&mut self, text: &str) -> Name {
        self.meet(text).unwrap_or_else(|| self.add(text))
    }

    /// The name, unless it is new and there are as many as there may be.
    pub(crate) fn intern_within(&mut self, max: usize, text: &str) -> Option<Name> {
        let known = self.meet(text);
        known.or_else(|| (self.texts.len() < max).then(|| self.add(text)))
    }

    /// Finds a name, and remembers it for the next time.
    fn meet(&mut self, text: &str) -> Option<Name> {
        let recent = self.recent[place(text)];
        let is_it = self
            .texts
            .get(recent as usize)
            .is_some_and(|other| **other == *text);
        if is_it {
            return Some(recent);
        }
        let name = self.find(text)?;
        self.recent[place(text)] = name;
        Some(name)
    }

    #[cold]
    fn add(&mut self, text: &str) -> Name {
        let name = self.texts.len() as Name;
        self.texts.push(text.into());
        let Self { texts, index, .. } = self;
        index.insert_unique(HASH.hash_one(text), name, |other| {
            HASH.hash_one(&*texts[*other as usize])
        });
        name
    }

    pub(crate) fn text(&self, name: Name) -> &str {
        &self.texts[name as usize]
    }
}
