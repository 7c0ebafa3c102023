//! Who holds which ID, and whose each event is. Writing takes no decision: a verdict says all.
//! Profiles are joined by a forest of parents, so a merge moves the IDs of the smaller one and no event.

use alloc::vec::Vec;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::{
    LedgerId,
    verdict::{Link, Owner, Verdict},
};

/// A profile; the smaller number was created first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProfileNumber(pub u32);

#[derive(Clone, Copy, Debug)]
enum Filed {
    Under(ProfileNumber),
    UnderId(LedgerId, ProfileNumber),
    Nowhere,
}

#[derive(Clone, Debug, Default)]
struct Entry {
    ids: Vec<LedgerId>,
    links: Vec<Link>,
    is_identified: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Books {
    holders: HashMap<LedgerId, ProfileNumber, FixedState>,
    /// IDs that point to several people, with the placeholder that stands for them once a call needed one.
    forks: HashMap<LedgerId, Option<ProfileNumber>, FixedState>,
    parents: Vec<ProfileNumber>,
    entries: Vec<Entry>,
    events: Vec<Filed>,
    absorbed: usize,
    calls: u32,
}

impl Books {
    /// How many commands were carried out.
    pub(super) fn calls(&self) -> u32 {
        self.calls
    }

    pub(super) fn holder(&self, id: LedgerId) -> Option<ProfileNumber> {
        let holder = self.holders.get(&id)?;
        Some(self.root(*holder))
    }

    /// Whether an ID points to several people, and the placeholder that stands for it.
    pub(super) fn fork(&self, id: LedgerId) -> Option<Option<ProfileNumber>> {
        self.forks.get(&id).copied()
    }

    pub(super) fn ids_of(&self, profile: ProfileNumber) -> &[LedgerId] {
        self.entry(profile).map_or(&[], |entry| &entry.ids)
    }

    pub(super) fn links_of(&self, profile: ProfileNumber) -> &[Link] {
        self.entry(profile).map_or(&[], |entry| &entry.links)
    }

    pub(super) fn is_identified(&self, profile: ProfileNumber) -> bool {
        self.entry(profile).is_some_and(|entry| entry.is_identified)
    }

    pub(super) fn profiles(&self) -> usize {
        self.entries.len() - self.absorbed
    }

    pub(super) fn created(&self) -> u32 {
        u32::try_from(self.entries.len()).unwrap_or(u32::MAX)
    }

    /// Nothing that the profile knew remains; the ID, which nobody holds, is its only one.
    pub(super) fn forget(&mut self, profile: ProfileNumber, fresh: LedgerId) {
        let profile = self.root(profile);
        for id in self.ids_of(profile).to_vec() {
            self.release(id);
        }
        if let Some(entry) = self.entries.get_mut(profile.0 as usize) {
            *entry = Entry::default();
        }
        for placeholder in self.forks.values_mut() {
            *placeholder = placeholder.filter(|other| *other != profile);
        }
        self.attach(profile, fresh);
    }

    pub(super) fn owner_of_event(&self, event: u32) -> Option<ProfileNumber> {
        match *self.events.get(event as usize)? {
            Filed::Under(profile) => Some(self.root(profile)),
            Filed::UnderId(id, profile) => self.holder(id).or_else(|| Some(self.root(profile))),
            Filed::Nowhere => None,
        }
    }

    pub(super) fn file(&mut self, owner: ProfileNumber, under: Option<LedgerId>) {
        let filed = under.map_or(Filed::Under(owner), |id| Filed::UnderId(id, owner));
        self.events.push(filed);
    }

    pub(super) fn file_nowhere(&mut self) {
        self.events.push(Filed::Nowhere);
    }

    /// Whose the command is, now that everything is written.
    pub(super) fn write(&mut self, verdict: &Verdict) -> Option<ProfileNumber> {
        self.calls += 1;
        let owner = match verdict.owner {
            Owner::Found(profile) => self.root(profile),
            Owner::Created => self.create(),
            Owner::Nobody => return None,
        };
        for absorbed in &verdict.absorbed {
            self.absorb(owner, *absorbed);
        }
        for id in &verdict.released {
            self.release(*id);
        }
        for id in &verdict.attached {
            self.attach(owner, *id);
        }
        for id in &verdict.forked {
            self.forks.entry(*id).or_insert(None);
        }
        if let Some(id) = verdict.stands_for {
            self.forks.insert(id, Some(owner));
        }
        self.regroup(owner, verdict);
        if let Some(entry) = self.entries.get_mut(owner.0 as usize) {
            entry.is_identified |= verdict.marks_identified;
        }
        Some(owner)
    }

    /// Each group keeps a profile that one of its IDs had, if no other group took it before.
    fn regroup(&mut self, owner: ProfileNumber, verdict: &Verdict) {
        let Some((own, others)) = verdict.regrouped.split_first() else {
            return;
        };
        let all: Vec<LedgerId> = verdict.regrouped.iter().flatten().copied().collect();
        let before: Vec<Option<ProfileNumber>> = others
            .iter()
            .map(|group| group.iter().find_map(|id| self.holder(*id)))
            .collect();
        for id in all {
            self.release(id);
        }
        for id in own {
            self.attach(owner, *id);
        }
        self.keep_links(owner, own, verdict);
        let mut taken = alloc::vec![owner];
        for (group, before) in others.iter().zip(before) {
            let profile = before.filter(|profile| !taken.contains(profile));
            let profile = profile.unwrap_or_else(|| self.create());
            taken.push(profile);
            for id in group {
                self.attach(profile, *id);
            }
            self.keep_links(profile, group, verdict);
        }
    }

    fn keep_links(&mut self, profile: ProfileNumber, group: &[LedgerId], verdict: &Verdict) {
        let own = verdict
            .links
            .iter()
            .filter(|link| group.contains(&link.one));
        if let Some(entry) = self.entries.get_mut(profile.0 as usize) {
            entry.links = own.copied().collect();
        }
    }

    fn create(&mut self) -> ProfileNumber {
        let number = ProfileNumber(u32::try_from(self.entries.len()).unwrap_or(u32::MAX));
        self.entries.push(Entry::default());
        self.parents.push(number);
        number
    }

    fn absorb(&mut self, owner: ProfileNumber, absorbed: ProfileNumber) {
        let (owner, absorbed) = (self.root(owner), self.root(absorbed));
        if owner == absorbed {
            return;
        }
        let gone = self.entries.get_mut(absorbed.0 as usize);
        let mut gone = gone.map(core::mem::take).unwrap_or_default();
        if let Some(parent) = self.parents.get_mut(absorbed.0 as usize) {
            *parent = owner;
        }
        self.absorbed += 1;
        if let Some(entry) = self.entries.get_mut(owner.0 as usize) {
            if entry.ids.len() < gone.ids.len() {
                core::mem::swap(&mut entry.ids, &mut gone.ids);
            }
            entry.ids.append(&mut gone.ids);
            entry.links.append(&mut gone.links);
            entry.is_identified |= gone.is_identified;
        }
    }

    fn attach(&mut self, owner: ProfileNumber, id: LedgerId) {
        if self.holder(id) == Some(owner) {
            return;
        }
        self.release(id);
        self.holders.insert(id, owner);
        if let Some(entry) = self.entries.get_mut(owner.0 as usize) {
            entry.ids.push(id);
        }
    }

    fn release(&mut self, id: LedgerId) {
        let Some(holder) = self.holders.remove(&id) else {
            return;
        };
        let holder = self.root(holder);
        if let Some(entry) = self.entries.get_mut(holder.0 as usize) {
            entry.ids.retain(|own| *own != id);
        }
    }

    fn entry(&self, profile: ProfileNumber) -> Option<&Entry> {
        self.entries.get(self.root(profile).0 as usize)
    }

    fn root(&self, profile: ProfileNumber) -> ProfileNumber {
        let mut at = profile;
        while let Some(parent) = self.parents.get(at.0 as usize)
            && *parent != at
        {
            at = *parent;
        }
        at
    }
}
