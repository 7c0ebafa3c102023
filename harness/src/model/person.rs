//! The person that a call is about, as far as it is known: who joined, and which hard IDs that makes.
//! Two values of one hard type are two persons.

use twinfold_engine::{InternalId, Rejection};

/// The person of a call so far: hard IDs as type and value, and the customers who joined.
#[derive(Clone, Debug, Default)]
pub(super) struct Person {
    hard: Vec<(String, String)>,
    pub(super) joined: Vec<InternalId>,
}

/// A hard type with the person's value and the value that clashes with it.
pub(super) struct Clash {
    id_type: String,
    own: String,
    other: String,
}

impl Person {
    /// Adds hard IDs, unless one of them clashes.
    pub(super) fn takes(&mut self, hard: &[(String, String)]) -> Result<(), Clash> {
        for (id_type, other) in hard {
            for (own_type, own) in &self.hard {
                if own_type == id_type && own != other {
                    return Err(Clash {
                        id_type: id_type.clone(),
                        own: own.clone(),
                        other: other.clone(),
                    });
                }
            }
        }
        self.hard.extend_from_slice(hard);
        Ok(())
    }

    pub(super) fn join(&mut self, customer: InternalId) {
        if !self.joined.contains(&customer) {
            self.joined.push(customer);
        }
    }
}

impl Clash {
    pub(super) fn rejection(self) -> Rejection {
        Rejection::HardIdConflict {
            id_type: self.id_type,
            value: self.own,
            other: self.other,
        }
    }
}
