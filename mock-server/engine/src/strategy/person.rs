//! The person that a call is about, as far as it is known: who joined, and which hard IDs they have.

use alloc::string::{String, ToString};
use smallvec::SmallVec;

use super::View;
use crate::{command::Rejection, ids::ReadIds, store::IdAt};

/// One value of a hard type. A stored value is known by where it stands, so equal means the same place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Value {
    Stored(IdAt),
    /// Of the call, by position; nobody holds it.
    New(usize),
}

/// Those who joined, and their hard IDs.
#[derive(Default)]
pub(super) struct Person {
    pub(super) members: SmallVec<[u32; 4]>,
    hard: SmallVec<[(u16, Value); 4]>,
}

/// Two values of one hard type.
pub(super) struct Clash {
    id_type: u16,
    own: Value,
    other: Value,
}

impl Person {
    /// Lets a customer join, unless a hard type would have two values.
    pub(super) fn join(&mut self, view: View<'_>, customer: u32) -> Result<(), Clash> {
        if self.members.contains(&customer) {
            return Ok(());
        }
        for (id_type, at) in view.store.hard_ids(customer) {
            self.fits(id_type, Value::Stored(at))?;
        }
        for (id_type, at) in view.store.hard_ids(customer) {
            self.hard.push((id_type, Value::Stored(at)));
        }
        self.members.push(customer);
        Ok(())
    }

    /// Takes on a hard ID of the call that nobody holds.
    pub(super) fn take_on(&mut self, id_type: u16, position: usize) -> Result<(), Clash> {
        self.fits(id_type, Value::New(position))?;
        self.hard.push((id_type, Value::New(position)));
        Ok(())
    }

    fn fits(&self, id_type: u16, other: Value) -> Result<(), Clash> {
        let clash = |(own_type, own): &&(u16, Value)| *own_type == id_type && *own != other;
        match self.hard.iter().find(clash) {
            Some((_, own)) => Err(Clash {
                id_type,
                own: *own,
                other,
            }),
            None => Ok(()),
        }
    }
}

impl Clash {
    pub(super) fn rejection(&self, view: View<'_>, read: &ReadIds<'_>) -> Rejection {
        let text = |value| -> String {
            match value {
                Value::Stored(at) => view.store.ids.text(at),
                Value::New(position) => read.ids[position].key.text.to_string(),
            }
        };
        Rejection::HardIdConflict {
            id_type: view.schema.at(self.id_type).name.clone(),
            value: text(self.own),
            other: text(self.other),
        }
    }
}
