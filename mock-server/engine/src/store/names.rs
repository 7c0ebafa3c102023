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
        let recent_text = self.texts.get(recent as usize);
        let is_it = recent_text.is_some_and(|other| same(other, text));
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

/// Whether two names are the same; short ones, as names are, without calling a comparison of any length.
pub(crate) fn same(name: &str, other: &str) -> bool {
    let (name, other) = (name.as_bytes(), other.as_bytes());
    if name.len() != other.len() {
        return false;
    }
    // The two ends overlap where there are fewer bytes than both have.
    match name.len() {
        4..8 => ends::<4>(name) == ends(other),
        8..=16 => ends::<8>(name) == ends(other),
        _ => name == other,
    }
}

fn ends<const N: usize>(bytes: &[u8]) -> Option<([u8; N], [u8; N])> {
    Some((*bytes.first_chunk()?, *bytes.last_chunk()?))
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use super::same;

    /// Of each length, each byte is looked at.
    #[test]
    fn names_are_the_same_if_every_byte_is() {
        for length in 0..40 {
            let name: String = ('a'..='z').cycle().take(length).collect();
            assert!(same(&name, &name.clone()));
            assert!(!same(&name, &name[..length.saturating_sub(1)]) || length == 0);
            for place in 0..length {
                let mut other = name.clone();
                other.replace_range(place..=place, "-");
                assert!(!same(&name, &other), "{name} and {other}");
            }
        }
    }
}
