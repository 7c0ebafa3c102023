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
}

const HASH: FixedState = FixedState::with_seed(0x7477_696e);

impl Names {
    pub(crate) fn find(&self, text: &str) -> Option<Name> {
        self.index
            .find(HASH.hash_one(text), |name| self.text(*name) == text)
            .copied()
    }

    pub(crate) fn intern(&mut self, text: &str) -> Name {
        if let Some(name) = self.find(text) {
            return name;
        }
        let name = self.texts.len() as Name;
        self.texts.push(text.into());
        let Self { texts, index } = self;
        index.insert_unique(HASH.hash_one(text), name, |other| {
            HASH.hash_one(&*texts[*other as usize])
        });
        name
    }

    /// The name, unless it is new and there are as many as there may be.
    pub(crate) fn intern_within(&mut self, max: usize, text: &str) -> Option<Name> {
        let known = self.find(text);
        known.or_else(|| (self.texts.len() < max).then(|| self.intern(text)))
    }

    pub(crate) fn text(&self, name: Name) -> &str {
        &self.texts[name as usize]
    }
}
