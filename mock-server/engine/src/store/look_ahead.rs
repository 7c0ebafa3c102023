//! Reading what the next commands will read, one kind of place after the other, so that the machine waits for many places
//! at once. Nothing is remembered of it: what was read is near from then on, and what was guessed wrong costs a wait.

use alloc::vec::Vec;
use core::hint::black_box;

use super::{Store, words::NOWHERE};

/// What a command goes on with once its IDs have been found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Goal {
    Properties,
    Events,
    Nothing,
}

const GOALS: usize = 3;

/// What the next commands ask for, apart by what they go on with: the hashes of their IDs, and then how far those lead.
#[derive(Debug, Default)]
pub(crate) struct Ahead {
    asked: [Vec<u32>; GOALS],
}

impl Ahead {
    pub(crate) fn clear(&mut self) {
        self.asked.iter_mut().for_each(Vec::clear);
    }

    pub(crate) fn ask(&mut self, goal: Goal, hashes: impl Iterator<Item = u32>) {
        self.asked[goal as usize].extend(hashes);
    }

    fn see(&self, read: impl Fn(u32) -> u32) {
        self.asked.iter().for_each(|places| see(places, &read));
    }

    fn follow(&mut self, next: impl Fn(u32) -> u32) {
        let all = self.asked.iter_mut();
        all.for_each(|places| follow(places, &next));
    }
}

impl Store {
    /// Reads what applying commands that ask for this will read.
    ///
    /// No step takes a branch on what it waits for: one that is taken wrong is found out only when the wait is over. So an
    /// absorbed customer is followed by one step.
    pub(crate) fn look_ahead(&self, ahead: &mut Ahead) {
        ahead.see(|hash| self.ids.look_ahead(hash));
        ahead.follow(|hash| self.ids.guess(hash));
        ahead.see(|id| self.ids.look_at_end(id));
        ahead.follow(|id| self.ids.owner(id) + 1);
        ahead.see(|owner| self.customers.parent(owner - 1));
        ahead.follow(|owner| self.customers.parent(owner - 1) + 1);
        let [of_properties, of_events, _] = &mut ahead.asked;
        follow(of_properties, |owner| {
            self.customers.properties(owner - 1).0
        });
        see(of_properties, |first| self.properties.look_ahead(first));
        follow(of_events, |owner| {
            self.customers.bag(owner - 1).map_or(NOWHERE, |bag| bag + 1)
        });
        see(of_events, |bag| self.events.look_ahead(bag - 1));
    }
}

/// Reads all, so that none of it is left out as unneeded.
fn see(places: &[u32], read: impl Fn(u32) -> u32) {
    let read = places.iter().map(|place| read(*place));
    black_box(read.fold(0, |seen, read| seen ^ read));
}

/// Goes on to the next place from each, unless it is nowhere or the same as from the one before.
fn follow(places: &mut Vec<u32>, next: impl Fn(u32) -> u32) {
    let (mut kept, mut last) = (0, NOWHERE);
    for at in 0..places.len() {
        let place = next(places[at]);
        places[kept] = place;
        kept += usize::from((place != NOWHERE) & (place != last));
        last = place;
    }
    places.truncate(kept);
}
