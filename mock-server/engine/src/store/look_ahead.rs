//! Reading what the next commands will read, one kind of place after the other, so that the machine waits for many places
//! at once. Nothing is remembered of it: what was read is near from then on, and what was guessed wrong costs a wait.

use alloc::vec::Vec;
use core::hint::black_box;

use super::{Store, id_table::IdAt};

/// What a command goes on with once its IDs have been found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Goal {
    Properties,
    Events,
    Nothing,
}

/// What the next commands ask for: each ID by its hash, with what its command goes on with; and how far it was followed.
#[derive(Debug, Default)]
pub(crate) struct Ahead {
    asked: Vec<(u32, Goal)>,
    ids: Vec<IdAt>,
    owners: Vec<u32>,
    parts: Vec<u32>,
}

impl Ahead {
    pub(crate) fn clear(&mut self) {
        self.asked.clear();
    }

    pub(crate) fn ask(&mut self, hash: u32, goal: Goal) {
        self.asked.push((hash, goal));
    }
}

impl Store {
    /// Reads what applying commands that ask for this will read.
    ///
    /// What is nowhere is followed as if it stood at the first place: a branch on it, taken wrong, costs more than it saves.
    pub(crate) fn look_ahead(&self, ahead: &mut Ahead) {
        if self.customers.created() == 0 {
            return;
        }
        let Ahead {
            asked,
            ids,
            owners,
            parts,
        } = ahead;
        see(asked.iter().map(|(hash, _)| self.ids.look_ahead(*hash)));
        follow(ids, asked.iter().map(|(hash, _)| self.ids.guess(*hash)));
        see(ids.iter().map(|at| self.ids.look_at_end(*at)));
        follow(owners, ids.iter().map(|at| self.ids.owner(*at)));
        let goals = || asked.iter().map(|(_, goal)| *goal);
        let of = |(owner, goal): (&u32, _)| {
            let owner = self.customers.survivor_of(*owner);
            match goal {
                Goal::Properties => self.customers.properties(owner).0,
                Goal::Events => self.customers.bag(owner).unwrap_or_default(),
                Goal::Nothing => 0,
            }
        };
        follow(parts, owners.iter().zip(goals()).map(of));
        see(parts.iter().zip(goals()).map(|(part, goal)| match goal {
            Goal::Properties => self.properties.look_ahead(*part),
            Goal::Events => self.events.look_ahead(*part),
            Goal::Nothing => 0,
        }));
    }
}

/// Reads all, so that none of it is left out as unneeded.
fn see(read: impl Iterator<Item = u32>) {
    black_box(read.fold(0, |seen, read| seen ^ read));
}

fn follow(into: &mut Vec<u32>, places: impl Iterator<Item = u32>) {
    into.clear();
    into.extend(places);
}
