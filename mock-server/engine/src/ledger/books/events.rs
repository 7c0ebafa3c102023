//! Whose each event is. An event is filed under a profile or under an ID; when profiles become one no event is touched.

use alloc::vec::Vec;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::super::{Copied, History, LedgerId, ProfileNumber};
use crate::time::Timestamp;

#[derive(Clone, Copy, Debug)]
pub(super) enum Filed {
    Under(ProfileNumber),
    UnderId(LedgerId, ProfileNumber),
    Nowhere,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Events {
    filed: Vec<Filed>,
    /// When each was, where a strategy looks at a part of the past.
    times: Vec<Timestamp>,
    /// Who absorbed whom and how much of the past came along; only of strategies that leave some behind.
    survivors: HashMap<ProfileNumber, (ProfileNumber, History), FixedState>,
    copies: Vec<Copied>,
}

impl Events {
    pub(super) fn file(&mut self, filed: Filed) {
        self.filed.push(filed);
    }

    pub(super) fn refile(&mut self, event: u32, profile: ProfileNumber) {
        if let Some(filed) = self.filed.get_mut(event as usize) {
            *filed = Filed::Under(profile);
        }
    }

    pub(super) fn note_time(&mut self, at: Timestamp) {
        self.times.push(at);
    }

    pub(super) fn get(&self, event: u32) -> Option<Filed> {
        self.filed.get(event as usize).copied()
    }

    pub(super) fn copy(&mut self, copied: Copied) {
        self.copies.push(copied);
    }

    /// The copies that hold the event, before profiles became others.
    pub(super) fn copies_of(&self, event: u32) -> impl Iterator<Item = &Copied> {
        let at = self.times.get(event as usize).copied();
        let within = move |copied: &&Copied| {
            at.is_some_and(|at| (copied.since..=copied.until).contains(&at))
        };
        self.copies.iter().filter(within)
    }

    pub(super) fn absorb(
        &mut self,
        owner: ProfileNumber,
        absorbed: ProfileNumber,
        history: History,
    ) {
        self.survivors.insert(absorbed, (owner, history));
    }

    pub(super) fn all_moves(&mut self, absorbed: ProfileNumber) {
        if let Some((_, history)) = self.survivors.get_mut(&absorbed) {
            *history = History::Moves;
        }
    }

    /// The first profile on the way to the survivor whose past stays behind for this event.
    pub(super) fn stays_with(&self, event: u32, filed: ProfileNumber) -> Option<ProfileNumber> {
        let at = self.times.get(event as usize).copied();
        let mut profile = filed;
        while let Some((survivor, history)) = self.survivors.get(&profile) {
            let moves = match history {
                History::Moves => true,
                History::StaysBehind => false,
                History::MovesSince(since) => at.is_some_and(|at| at >= *since),
                History::MovesFrom(first) => event >= *first,
            };
            if !moves {
                return Some(profile);
            }
            profile = *survivor;
        }
        None
    }
}
