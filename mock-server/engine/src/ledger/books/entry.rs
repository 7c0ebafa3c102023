//! What the books hold about one profile. What few strategies need stands apart, so that the others do not pay for it.

use alloc::{boxed::Box, vec::Vec};

use super::super::{Heard, LedgerId, Link, Written, property::ValueAt};
use crate::time::Timestamp;

/// An ID of a profile, and since when.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Holding {
    pub(in super::super) id: LedgerId,
    pub(in super::super) since: Timestamp,
}

/// A property of a profile; its name by number.
#[derive(Clone, Debug)]
pub(in super::super) struct Kept {
    pub(in super::super) name: u32,
    pub(in super::super) json: Box<str>,
    pub(in super::super) at: Timestamp,
    pub(in super::super) rank: u8,
    /// Few strategies count what they hear.
    heard: Option<Box<[Heard]>>,
}

impl Kept {
    pub(super) fn new(name: u32, written: &Written) -> Self {
        let heard = &written.heard;
        Self {
            name,
            json: Box::from(written.json.as_str()),
            at: written.at,
            rank: written.rank,
            heard: (!heard.is_empty()).then(|| Box::from(heard.as_slice())),
        }
    }

    pub(in super::super) fn value(&self) -> ValueAt<'_> {
        ValueAt {
            json: &self.json,
            at: self.at,
            rank: self.rank,
        }
    }

    pub(in super::super) fn heard(&self) -> &[Heard] {
        self.heard.as_deref().unwrap_or_default()
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    pub(super) ids: Vec<Holding>,
    pub(super) properties: Vec<Kept>,
    pub(super) is_identified: bool,
    /// How many profiles it has absorbed, and they before.
    pub(super) merges: u32,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) seldom: Option<Box<Seldom>>,
}

/// What only some strategies remember.
#[derive(Clone, Debug, Default)]
pub(super) struct Seldom {
    pub(super) links: Vec<Link>,
    pub(super) calls: Vec<u32>,
    pub(super) absorbed: Vec<Absorbed>,
}

/// An absorbed profile as it was, for strategies that can undo a merge.
#[derive(Clone, Debug)]
pub(in super::super) struct Absorbed {
    pub(in super::super) ids: Vec<Holding>,
    pub(in super::super) properties: Vec<Kept>,
    pub(in super::super) calls: Vec<u32>,
}

impl Entry {
    pub(super) fn seldom(&mut self) -> &mut Seldom {
        self.seldom.get_or_insert_default()
    }

    /// Takes over what an absorbed profile held; properties are settled by the verdict.
    pub(super) fn take_over(&mut self, mut gone: Self) {
        if self.ids.len() < gone.ids.len() {
            core::mem::swap(&mut self.ids, &mut gone.ids);
        }
        self.ids.append(&mut gone.ids);
        self.is_identified |= gone.is_identified;
        self.merges += gone.merges + 1;
        self.created_at = self.created_at.min(gone.created_at);
        self.updated_at = self.updated_at.max(gone.updated_at);
        if let Some(gone) = gone.seldom {
            let own = self.seldom();
            own.links.extend(gone.links);
            own.calls.extend(gone.calls);
            own.absorbed.extend(gone.absorbed);
        }
    }

    pub(super) fn set(&mut self, kept: Kept) {
        match self.properties.iter_mut().find(|own| own.name == kept.name) {
            Some(own) => *own = kept,
            None => self.properties.push(kept),
        }
    }
}
