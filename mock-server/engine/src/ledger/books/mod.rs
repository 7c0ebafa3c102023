//! Who holds which ID, and whose each event is. Writing takes no decision: a verdict says all.
//! Profiles are joined by a forest, so that a merge moves the IDs of the smaller one and no event.

mod entry;
mod events;
mod forest;
mod log;
mod write;

use alloc::{boxed::Box, vec::Vec};

use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashSet};
use smallvec::SmallVec;

use super::{Deferred, LedgerId, verdict::Link};
use crate::time::Timestamp;
use entry::Entry;
pub(super) use entry::{Absorbed, Holding, Kept};
use events::{Events, Filed};
use forest::Forest;
pub(super) use log::Log;

/// A profile; the smaller number was created first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProfileNumber(pub u32);

/// What a strategy needs to be remembered beside who holds which ID.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Keeps {
    /// Which IDs each call had, and whose it is.
    pub(super) calls: bool,
    /// At most so many of the newest calls of a profile.
    pub(super) calls_max: Option<u32>,
    /// When each event was.
    pub(super) event_times: bool,
    /// Absorbed profiles as they were.
    pub(super) absorbed: bool,
    /// That some of the past may stay behind.
    pub(super) partial_history: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Books {
    keeps: Keeps,
    holders: HashMap<LedgerId, ProfileNumber, FixedState>,
    /// Who held an ID that led nowhere afterwards: what is filed under it stays there until somebody holds it.
    left_behind: HashMap<LedgerId, ProfileNumber, FixedState>,
    /// IDs that several profiles hold: all of them.
    shared: HashMap<LedgerId, SmallVec<[ProfileNumber; 2]>, FixedState>,
    /// Who stands for an ID that points to several people.
    placeholders: HashMap<LedgerId, ProfileNumber, FixedState>,
    /// IDs that say nothing, since too many people have them.
    generic: HashSet<LedgerId, FixedState>,
    forest: Forest,
    /// By profile; that of an absorbed one is empty.
    entries: Vec<Entry>,
    events: Events,
    log: Log,
    names: Vec<Box<str>>,
    waiting: Vec<Deferred>,
    deferred: u32,
    calls: u32,
}

impl Books {
    pub(super) fn new(keeps: Keeps) -> Self {
        Self {
            keeps,
            ..Self::default()
        }
    }

    /// How many commands were carried out.
    pub(super) fn calls(&self) -> u32 {
        self.calls
    }

    pub(super) fn log(&self) -> &Log {
        &self.log
    }

    /// The profile to which an ID leads; of several the last that got it.
    pub(super) fn holder(&self, id: LedgerId) -> Option<ProfileNumber> {
        let holder = self.holders.get(&id)?;
        Some(self.root(*holder))
    }

    /// All profiles to which an ID leads, the oldest first.
    pub(super) fn holders(&self, id: LedgerId) -> SmallVec<[ProfileNumber; 4]> {
        let mut holders: SmallVec<[ProfileNumber; 4]> = match self.shared.get(&id) {
            Some(holders) if !self.shared.is_empty() => {
                holders.iter().map(|one| self.root(*one)).collect()
            }
            _ => self.holder(id).into_iter().collect(),
        };
        holders.sort_unstable();
        holders.dedup();
        holders
    }

    /// Whether an ID points to several profiles.
    pub(super) fn is_shared(&self, id: LedgerId) -> bool {
        !self.shared.is_empty() && self.shared.contains_key(&id) && self.holders(id).len() > 1
    }

    /// Who stands for an ID that points to several people.
    pub(super) fn placeholder(&self, id: LedgerId) -> Option<ProfileNumber> {
        let placeholder = self.placeholders.get(&id)?;
        Some(self.root(*placeholder))
    }

    /// Whether too many people have it for it to say anything.
    pub(super) fn is_generic(&self, id: LedgerId) -> bool {
        self.generic.contains(&id)
    }

    pub(super) fn holdings(&self, profile: ProfileNumber) -> &[Holding] {
        self.entry(profile).map_or(&[], |entry| &entry.ids)
    }

    pub(super) fn properties(&self, profile: ProfileNumber) -> &[Kept] {
        self.entry(profile).map_or(&[], |entry| &entry.properties)
    }

    pub(super) fn name_of(&self, property: u32) -> &str {
        self.names.get(property as usize).map_or("", |name| name)
    }

    pub(super) fn number_of(&self, name: &str) -> Option<u32> {
        let place = self.names.iter().position(|one| **one == *name)?;
        u32::try_from(place).ok()
    }

    pub(super) fn links_of(&self, profile: ProfileNumber) -> &[Link] {
        self.seldom(profile).map_or(&[], |seldom| &seldom.links)
    }

    pub(super) fn calls_of(&self, profile: ProfileNumber) -> &[u32] {
        self.seldom(profile).map_or(&[], |seldom| &seldom.calls)
    }

    pub(super) fn absorbed_by(&self, profile: ProfileNumber) -> &[Absorbed] {
        self.seldom(profile).map_or(&[], |seldom| &seldom.absorbed)
    }

    pub(super) fn is_identified(&self, profile: ProfileNumber) -> bool {
        self.entry(profile).is_some_and(|entry| entry.is_identified)
    }

    /// How many profiles became part of it, and of them before.
    pub(super) fn merges(&self, profile: ProfileNumber) -> u32 {
        self.entry(profile).map_or(0, |entry| entry.merges)
    }

    /// When it, or one that became part of it, was created, and last changed.
    pub(super) fn times(&self, profile: ProfileNumber) -> (Timestamp, Timestamp) {
        let entry = self.entry(profile);
        entry.map_or_else(Default::default, |entry| {
            (entry.created_at, entry.updated_at)
        })
    }

    pub(super) fn survivor_of(&self, profile: ProfileNumber) -> ProfileNumber {
        self.root(profile)
    }

    pub(super) fn profiles(&self) -> usize {
        self.forest.trees()
    }

    pub(super) fn waiting(&self) -> &[Deferred] {
        &self.waiting
    }

    /// The number that the next waiting effect gets.
    pub(super) fn next_deferred(&self) -> u32 {
        self.deferred
    }

    pub(super) fn created(&self) -> u32 {
        u32::try_from(self.entries.len()).unwrap_or(u32::MAX)
    }

    pub(super) fn owner_of_event(&self, event: u32) -> Option<ProfileNumber> {
        let (filed, by_id) = match self.events.get(event)? {
            Filed::Under(profile) => (profile, None),
            Filed::UnderId(id, profile) => {
                let left = || self.left_behind.get(&id).map(|left| self.root(*left));
                (profile, self.holder(id).or_else(left))
            }
            Filed::Nowhere => return None,
        };
        let stays = self.events.stays_with(event, filed);
        by_id.or(stays).or_else(|| Some(self.root(filed)))
    }

    /// Who else has an event since it was copied.
    pub(super) fn copies_of_event(&self, event: u32) -> Vec<ProfileNumber> {
        let owner = self.owner_of_event(event);
        let copies = self.events.copies_of(event);
        let copies = copies.filter(|copied| Some(self.root(copied.from)) == owner);
        let mut also: Vec<_> = copies.map(|copied| self.root(copied.to)).collect();
        also.sort_unstable();
        also.dedup();
        also.retain(|profile| Some(*profile) != owner);
        also
    }

    fn entry(&self, profile: ProfileNumber) -> Option<&Entry> {
        self.entries.get(self.root(profile).0 as usize)
    }

    fn seldom(&self, profile: ProfileNumber) -> Option<&entry::Seldom> {
        self.entry(profile)?.seldom.as_deref()
    }

    fn root(&self, profile: ProfileNumber) -> ProfileNumber {
        self.forest.survivor_of(profile)
    }
}
