//! A verdict is written down, part by part. Nothing is decided here.

use alloc::vec::Vec;

use super::{
    super::{
        Due, History, LedgerAction, LedgerCommand, LedgerId, Verdict,
        verdict::{Deferred, Group, Owner, Split, Written},
    },
    Absorbed, Books, Filed, Kept, ProfileNumber,
    entry::{Entry, Holding},
};
use crate::time::Timestamp;

impl Books {
    /// Whose the command is, now that everything is written.
    pub(in super::super) fn write(
        &mut self,
        command: &LedgerCommand<'_>,
        ids: &[LedgerId],
        verdict: &Verdict,
    ) {
        let at = command.at;
        self.calls += 1;
        if let LedgerAction::Settle(number) = command.action {
            self.waiting.retain(|waiting| waiting.number != number);
        }
        self.wait(&verdict.deferred);
        let owner = self.resolve(verdict.owner, at);
        if let Some(owner) = owner {
            self.write_ids(owner, verdict, at);
            self.write_entry(owner, verdict, at);
        }
        for id in &verdict.turned_generic {
            self.release(*id);
            self.generic.insert(*id);
        }
        self.regroup(owner, &verdict.regrouped, at);
        self.split(&verdict.split, owner, at);
        for copied in &verdict.copied {
            self.events.copy(*copied);
        }
        for absorbed in &verdict.caught_up {
            self.events.all_moves(*absorbed);
        }
        self.file(command, ids, verdict, owner);
    }

    /// Nothing that the profile knew remains; the ID, which nobody holds, is its only one.
    pub(in super::super) fn forget(
        &mut self,
        profile: ProfileNumber,
        fresh: LedgerId,
        at: Timestamp,
    ) {
        let profile = self.root(profile);
        let held: Vec<LedgerId> = self.holdings(profile).iter().map(|one| one.id).collect();
        for id in held {
            let mut others = self.holders(id);
            others.retain(|holder| *holder != profile);
            match others.as_slice() {
                [] => self.release(id),
                [.., last] => {
                    self.holders.insert(id, *last);
                    self.shared.insert(id, others.iter().copied().collect());
                }
            }
        }
        if let Some(entry) = self.entry_mut(profile) {
            *entry = Entry {
                created_at: entry.created_at,
                updated_at: at,
                ..Entry::default()
            };
        }
        let stands = core::mem::take(&mut self.placeholders);
        let others = stands
            .into_iter()
            .filter(|(_, by)| self.root(*by) != profile);
        self.placeholders = others.collect();
        self.hold(profile, fresh, at);
    }

    fn resolve(&mut self, owner: Owner, at: Timestamp) -> Option<ProfileNumber> {
        match owner {
            Owner::Found(profile) => Some(self.root(profile)),
            Owner::Created => Some(self.create(at)),
            Owner::Nobody => None,
        }
    }

    fn write_ids(&mut self, owner: ProfileNumber, verdict: &Verdict, at: Timestamp) {
        for absorbed in &verdict.absorbed {
            self.absorb(owner, *absorbed, verdict.history);
        }
        for id in &verdict.released {
            let left = self.holder(*id).map(|holder| (*id, holder));
            self.left_behind.extend(left);
            self.release(*id);
        }
        for id in &verdict.attached {
            self.attach(owner, *id, at);
        }
        for id in &verdict.shared {
            self.share(owner, *id, at);
        }
        if let Some(id) = verdict.stands_for {
            self.placeholders.insert(id, owner);
        }
    }

    fn write_entry(&mut self, owner: ProfileNumber, verdict: &Verdict, at: Timestamp) {
        for written in &verdict.written {
            let kept = self.kept(written);
            if let Some(entry) = self.entry_mut(owner) {
                entry.set(kept);
            }
        }
        if let Some(entry) = self.entry_mut(owner) {
            if !verdict.linked.is_empty() {
                entry.seldom().links.extend_from_slice(&verdict.linked);
            }
            entry.is_identified |= verdict.marks_identified;
            entry.updated_at = at;
        }
    }

    fn kept(&mut self, written: &Written) -> Kept {
        let name = self.number_of(&written.name).unwrap_or_else(|| {
            self.names.push(written.name.as_str().into());
            u32::try_from(self.names.len() - 1).unwrap_or(u32::MAX)
        });
        Kept::new(name, written)
    }

    fn wait(&mut self, deferred: &[Deferred]) {
        self.waiting.extend_from_slice(deferred);
        self.deferred += u32::try_from(deferred.len()).unwrap_or(u32::MAX);
        // What is due first stands first; what has no time keeps its place behind.
        self.waiting.sort_by_key(|waiting| match waiting.due {
            Due::At(at) => (false, at, waiting.number),
            Due::Unordered => (true, Timestamp::default(), waiting.number),
        });
    }

    fn regroup(&mut self, owner: Option<ProfileNumber>, groups: &[Group], at: Timestamp) {
        for (place, group) in groups.iter().enumerate() {
            let own = owner.filter(|_| place == 0);
            let Some(profile) = own.or_else(|| self.resolve(group.owner, at)) else {
                continue;
            };
            for id in &group.ids {
                self.attach(profile, *id, at);
            }
            for event in group.calls.iter().filter_map(|call| self.log.event(*call)) {
                self.events.refile(event, profile);
            }
            if let Some(id) = group.stands_for {
                self.placeholders.insert(id, profile);
            }
            let keeps_links = !group.links.is_empty() || !self.links_of(profile).is_empty();
            if let Some(entry) = self.entry_mut(profile)
                && (keeps_links || !group.calls.is_empty())
            {
                let seldom = entry.seldom();
                seldom.links.clone_from(&group.links);
                seldom.calls.clone_from(&group.calls);
            }
        }
    }

    fn split(&mut self, splits: &[Split], from: Option<ProfileNumber>, at: Timestamp) {
        for split in splits {
            let Some(profile) = self.resolve(split.into, at) else {
                continue;
            };
            for id in &split.ids {
                self.attach(profile, *id, at);
            }
            let Some(restored) = split.restores.zip(from).and_then(|(place, from)| {
                let absorbed = &mut self.entry_mut(from)?.seldom().absorbed;
                (place < absorbed.len()).then(|| absorbed.remove(place))
            }) else {
                continue;
            };
            self.restore(profile, restored);
        }
    }

    fn restore(&mut self, profile: ProfileNumber, restored: Absorbed) {
        for event in restored
            .calls
            .iter()
            .filter_map(|call| self.log.event(*call))
        {
            self.events.refile(event, profile);
        }
        if let Some(entry) = self.entry_mut(profile) {
            entry.properties = restored.properties;
            entry.seldom().calls = restored.calls;
        }
    }

    /// The event is the owner's; a strategy that looks back remembers the call as well.
    fn file(
        &mut self,
        command: &LedgerCommand<'_>,
        ids: &[LedgerId],
        verdict: &Verdict,
        owner: Option<ProfileNumber>,
    ) {
        let event = command.event();
        if event.is_some() {
            self.events.file(match (owner, verdict.filed_under) {
                (Some(owner), Some(id)) => Filed::UnderId(id, owner),
                (Some(owner), None) => Filed::Under(owner),
                (None, _) => Filed::Nowhere,
            });
            if self.keeps.event_times {
                self.events.note_time(command.at);
            }
        }
        let is_call = matches!(command.action, LedgerAction::Call { .. });
        if self.keeps.calls && is_call {
            let call = self.log.add(ids, event);
            let most = self
                .keeps
                .calls_max
                .map_or(usize::MAX, |most| most as usize);
            let is_filed = verdict.regrouped.is_empty();
            if let Some(owner) = owner.filter(|_| is_filed)
                && let Some(entry) = self.entry_mut(owner)
            {
                let calls = &mut entry.seldom().calls;
                calls.push(call);
                // Twice the most may be there for a while, so that not every call moves all others.
                if calls.len() / 2 >= most {
                    calls.drain(..calls.len() - most);
                }
            }
        }
    }

    fn create(&mut self, at: Timestamp) -> ProfileNumber {
        self.entries.push(Entry {
            created_at: at,
            updated_at: at,
            ..Entry::default()
        });
        self.forest.plant()
    }

    fn absorb(&mut self, owner: ProfileNumber, absorbed: ProfileNumber, history: History) {
        let (owner, absorbed) = (self.root(owner), self.root(absorbed));
        if owner == absorbed {
            return;
        }
        let gone = self.entries.get_mut(absorbed.0 as usize);
        let mut gone = gone.map(core::mem::take).unwrap_or_default();
        if self.keeps.absorbed {
            let was = Absorbed {
                ids: gone.ids.clone(),
                properties: gone.properties.clone(),
                calls: gone.seldom().calls.clone(),
            };
            gone.seldom().absorbed.push(was);
        }
        if self.keeps.partial_history {
            self.events.absorb(owner, absorbed, history);
        }
        self.forest.join(owner, absorbed);
        if let Some(entry) = self.entries.get_mut(owner.0 as usize) {
            entry.take_over(gone);
        }
    }

    fn attach(&mut self, owner: ProfileNumber, id: LedgerId, at: Timestamp) {
        if self.holder(id) == Some(owner) && !self.is_shared(id) {
            return;
        }
        self.release(id);
        self.hold(owner, id, at);
    }

    /// The owner holds it too, and it is to the owner that it leads first.
    fn share(&mut self, owner: ProfileNumber, id: LedgerId, at: Timestamp) {
        let mut holders = self.holders(id);
        if holders.contains(&owner) {
            self.holders.insert(id, owner);
            return;
        }
        holders.push(owner);
        self.shared.insert(id, holders.iter().copied().collect());
        self.hold(owner, id, at);
    }

    fn hold(&mut self, owner: ProfileNumber, id: LedgerId, at: Timestamp) {
        self.holders.insert(id, owner);
        if let Some(entry) = self.entry_mut(owner) {
            entry.ids.push(Holding { id, since: at });
        }
    }

    fn release(&mut self, id: LedgerId) {
        let holders = self.holders(id);
        if self.holders.remove(&id).is_none() {
            return;
        }
        self.shared.remove(&id);
        for holder in holders {
            if let Some(entry) = self.entry_mut(holder) {
                entry.ids.retain(|own| own.id != id);
            }
        }
    }

    fn entry_mut(&mut self, profile: ProfileNumber) -> Option<&mut Entry> {
        let root = self.root(profile);
        self.entries.get_mut(root.0 as usize)
    }
}
