//! What a contestant decided about each call, as one number that means the same for every contestant.
//! A profile is named by the first call that reached it, so numbers of profiles that differ do not matter.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;

use super::step::Step;

/// The names of profiles while calls are taken.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// By profile: its first call, counted from 1; 0 if it has none.
    first: Vec<u32>,
    taken: u32,
}

impl Names {
    /// The decision about the next call as a number: whose profile it is, and whose became part of it.
    pub(super) fn word(&mut self, step: &Step) -> u32 {
        self.taken += 1;
        let Some(owner) = step.owner else {
            return 0;
        };
        let mut absorbed: Vec<u32> = step.absorbed.iter().map(|one| *self.of(*one)).collect();
        absorbed.sort_unstable();
        let taken = self.taken;
        let known = self.of(owner);
        let name = *known;
        let oldest = absorbed.iter().copied().chain([name]);
        *known = oldest.filter(|name| *name > 0).min().unwrap_or(taken);
        // Nobody before: the call itself is its name, whoever decides.
        (FixedState::default().hash_one((name, absorbed)) as u32).max(1)
    }

    fn of(&mut self, profile: u64) -> &mut u32 {
        let place = profile as usize;
        if self.first.len() <= place {
            self.first.resize(place + 1, 0);
        }
        &mut self.first[place]
    }
}

/// How many decisions differ, and the first call that parts the two.
pub(super) fn parted(one: &[u32], other: &[u32]) -> (u64, Option<usize>) {
    let differs = |(one, other): (&u32, &u32)| one != other;
    let count = one.iter().zip(other).filter(|pair| differs(*pair)).count();
    let first = one.iter().zip(other).position(differs);
    (count as u64, first)
}
