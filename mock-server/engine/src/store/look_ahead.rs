//! Reading what the next commands will read, one kind of place after the other, so that the machine waits for many places
//! at once. Nothing is remembered of it: what was read is near from then on, and what was guessed wrong costs a wait.

use core::hint::black_box;

use smallvec::SmallVec;

use super::{Store, words::NOWHERE};

/// What a command goes on with once its IDs have been found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Goal {
    Properties,
    Events,
    Nothing,
}

/// What the next commands ask for, each with what it goes on with.
pub(crate) type Ahead<T> = SmallVec<[(T, Goal); 64]>;

impl Store {
    /// Reads what applying commands with IDs of these hashes will read.
    pub(crate) fn look_ahead(&self, asked: &Ahead<u32>) {
        let homes = asked.iter().map(|(hash, _)| self.ids.look_ahead(*hash));
        black_box(homes.fold(0, |seen, read| seen ^ read));
        let guessed = asked.iter().filter_map(|(hash, goal)| {
            let at = self.ids.guess(*hash)?;
            Some((at, *goal))
        });
        let guessed: Ahead<u32> = guessed.collect();
        let ends = guessed.iter().map(|(at, _)| self.ids.look_at_end(*at));
        black_box(ends.fold(0, |seen, read| seen ^ read));
        let owners = guessed
            .iter()
            .map(|(at, goal)| (self.ids.owner(*at), *goal));
        let owners: Ahead<u32> = owners.collect();
        // What has no part is 0 and not left out: a branch on it, taken wrong, costs more than it saves.
        let parts = owners.iter().map(|(owner, goal)| {
            let owner = self.customers.survivor_of(*owner);
            match goal {
                Goal::Properties => (self.customers.properties(owner).0, *goal),
                Goal::Events => (self.customers.bag(owner).map_or(0, |bag| bag + 1), *goal),
                Goal::Nothing => (0, *goal),
            }
        });
        let parts: Ahead<u32> = parts.collect();
        let seen = parts.iter().map(|(part, goal)| match goal {
            Goal::Properties => self.properties.look_ahead(*part),
            Goal::Events if *part != NOWHERE => self.events.look_ahead(*part - 1),
            _ => 0,
        });
        black_box(seen.fold(0, |seen, read| seen ^ read));
    }
}
