//! A published strategy as a project answers by it: a ledger decides, and its verdict is told as a decision on the store.
//! The ledger's profiles and the store's customers are made in the same order, so the number of one is that of the other.

mod names;
mod rules;
#[cfg(test)]
mod tests;
mod told;

use alloc::{collections::BTreeMap, format, string::String, vec::Vec};

use smallvec::SmallVec;

use crate::{
    command::Rejection,
    decision::Decision,
    ids::{IdKind, IdSchema, IdType, ReadId, ReadIds},
    invariants::Invariant,
    ledger::{
        Ledger, LedgerCommand, LedgerId, LedgerSettings, LedgerStrategy, LedgerType, Owner,
        ProfileNumber, Verdict,
    },
    store::{IdAt, Store},
    time::Timestamp,
};
use names::{IdNames, TypeNames};
pub(crate) use rules::promises;

/// A strategy with what it remembers besides the store.
#[derive(Clone, Debug)]
pub(crate) struct Published {
    strategy: LedgerStrategy,
    /// Its switches stand as some preset has them.
    is_preset: bool,
    ledger: Ledger,
    names: IdNames,
    /// The placeholder for an ID that points to several people.
    placeholders: BTreeMap<u32, u32>,
    /// Where the events stand that are filed under an ID.
    filed: BTreeMap<u32, Filed>,
}

/// Events that are filed under an ID.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Filed {
    pub(crate) bag: u32,
    /// Whose they are, also when nobody holds the ID any more.
    pub(crate) customer: u32,
}

/// A decision, and the ID under which an event of the call is filed.
pub(crate) struct Decided {
    pub(crate) decision: Decision,
    pub(crate) filed_under: Option<LedgerId>,
}

/// Who held what before a verdict was carried out.
struct Before {
    /// Of the IDs that take part, in their order.
    of_call: SmallVec<[Option<u32>; 4]>,
    /// Of other IDs that the verdict names.
    of_others: Vec<(LedgerId, Option<u32>)>,
    /// Nobody held the strongest ID of the call.
    target_is_new: bool,
    /// How many profiles were ever made.
    created: u32,
}

impl Published {
    pub(crate) fn new(strategy: LedgerStrategy, schema: &IdSchema) -> Self {
        let of_kind = |kind| schema.of_kind(kind);
        let types = of_kind(IdKind::Hard).chain(of_kind(IdKind::Soft));
        let types = types.map(|id_type| LedgerType {
            is_hard: id_type.kind == IdKind::Hard,
            limit: match id_type.kind {
                IdKind::Hard => 1,
                IdKind::Soft => u32::from(id_type.values_max),
            },
        });
        let mut settings = LedgerSettings::of_types(types.collect());
        // A call may declare further types, which are soft and have the usual cap.
        settings.limit_of_others = Some(u32::from(IdType::soft("").values_max));
        Self {
            strategy,
            is_preset: strategy.preset().strategy == strategy,
            ledger: Ledger::new(strategy, settings),
            names: IdNames::new(schema),
            placeholders: BTreeMap::new(),
            filed: BTreeMap::new(),
        }
    }

    pub(crate) fn strategy(&self) -> LedgerStrategy {
        self.strategy
    }

    /// Decides what a call does to identities. The ledger follows at once, the store when the decision is carried out;
    /// nothing can be rejected in between.
    pub(crate) fn decide(
        &mut self,
        store: &Store,
        schema: &IdSchema,
        read: &ReadIds<'_>,
        at: Timestamp,
    ) -> Result<Decided, Rejection> {
        let taken = read.ids.iter();
        let taken = taken.filter(|id| !self.strategy.refuses(&id.key.text));
        let taken: SmallVec<[&ReadId<'_>; 4]> = taken.collect();
        let ids: SmallVec<[LedgerId; 4]> = taken
            .iter()
            .map(|id| self.names.number(id.id_type, &id.key.text))
            .collect();
        let command = LedgerCommand::call(at, &ids, None);
        let verdict = self.ledger.decide(&command);
        if verdict.owner == Owner::Nobody {
            let rule = rules::takes_nothing(self.strategy, &verdict);
            return Err(Rejection::NothingTaken { rule });
        }
        let of_call = taken.iter().map(|id| id.owner());
        let before = self.before(store, &ids, of_call.collect(), &verdict);
        self.ledger.carry_out(&command, &verdict);
        let types = TypeNames {
            schema,
            declared: &read.declared,
        };
        let decision = self.tell(store, types, (&taken, &ids), &verdict, &before, read);
        if let Some(id) = verdict.stands_for {
            self.placeholders
                .insert(id.value, decision.survivor.index());
        }
        Ok(Decided {
            decision,
            filed_under: verdict.filed_under,
        })
    }

    fn before(
        &self,
        store: &Store,
        ids: &[LedgerId],
        of_call: SmallVec<[Option<u32>; 4]>,
        verdict: &Verdict,
    ) -> Before {
        let named = verdict.regrouped.iter().flat_map(|group| &group.ids);
        let named = named.chain(&verdict.attached).chain(&verdict.released);
        let mut others: Vec<LedgerId> = named.filter(|id| !ids.contains(id)).copied().collect();
        others.sort_unstable();
        others.dedup();
        let with_holder = |id: LedgerId| (id, self.holder(store, id));
        let strongest = (0..ids.len()).min_by_key(|place| ids[*place].id_type);
        Before {
            target_is_new: strongest.is_some_and(|place| of_call[place].is_none()),
            of_call,
            of_others: others.into_iter().map(with_holder).collect(),
            created: self.ledger.created(),
        }
    }

    /// Who holds an ID in the store.
    fn holder(&self, store: &Store, id: LedgerId) -> Option<u32> {
        let (id_type, text) = self.names.text(id);
        store.find(id_type, text).map(|at| store.owner(at))
    }

    /// The IDs that point to a customer who does not hold them: type and value.
    pub(crate) fn shared_with(&self, store: &Store, customer: u32) -> Vec<(u16, &str)> {
        if promises(self.strategy, Invariant::OneOwner) {
            return Vec::new();
        }
        let own = self.ledger.ids_of(ProfileNumber(customer));
        let stood_for = self.placeholders.iter().filter(|(_, by)| **by == customer);
        let stood_for = stood_for.map(|(id, _)| self.names.numbered(*id));
        let held_elsewhere = |id: &LedgerId| self.holder(store, *id) != Some(customer);
        let mut ids: Vec<LedgerId> = own.chain(stood_for).filter(held_elsewhere).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter().map(|id| self.names.text(id)).collect()
    }

    /// Whom an ID means that points to several people: a fork makes no guess, so its placeholder, if it has one; a look-up
    /// the last profile that got it. Nothing is said of other IDs.
    pub(crate) fn ambiguous(&self, id: &ReadId<'_>) -> Option<Option<u32>> {
        let id = self.names.known(id.id_type, &id.key.text)?;
        let is_shared = self.ledger.profiles_of(id).len() > 1;
        let placeholder = self.placeholders.get(&id.value).copied();
        is_shared.then(|| match self.strategy {
            LedgerStrategy::OldestWinsFork(_) => placeholder,
            _ => self.ledger.profile_of(id).map(|profile| profile.0),
        })
    }

    /// Where the events stand that are filed under an ID.
    pub(crate) fn filed(&self, id: LedgerId) -> Option<Filed> {
        self.filed.get(&id.value).copied()
    }

    /// The same, for an ID by its name; they are this customer's from now on.
    pub(crate) fn refile(&mut self, id_type: u16, text: &str, customer: u32) -> Option<Filed> {
        let id = self.names.known(id_type, text)?;
        let filed = self.filed.get_mut(&id.value)?;
        filed.customer = customer;
        Some(*filed)
    }

    /// Notes where events stand that are filed under an ID.
    pub(crate) fn file(&mut self, id: LedgerId, filed: Filed) {
        self.filed.insert(id.value, filed);
    }

    /// The customer loses every ID and gets a fresh one; its events stay with it. The IDs that others have too, and who.
    pub(crate) fn anonymize(
        &mut self,
        store: &Store,
        customer: u32,
        fresh: &ReadId<'_>,
        at: Timestamp,
    ) -> Vec<(IdAt, bool, u32)> {
        let hard = store
            .hard_ids(customer)
            .map(|(id_type, at)| (id_type, at, true));
        let soft = store
            .soft_ids(customer)
            .map(|(id_type, at)| (id_type, at, false));
        let mut held = Vec::new();
        for (id_type, at, hard) in hard.chain(soft) {
            let known = self.names.known(id_type, &store.ids.text(at));
            held.extend(known.map(|id| (id, at, hard)));
        }
        for (id, ..) in &held {
            self.filed.remove(&id.value);
        }
        self.placeholders.retain(|_, stands| *stands != customer);
        let fresh = self.names.number(fresh.id_type, &fresh.key.text);
        self.ledger.forget(ProfileNumber(customer), fresh, at);
        let others = held.into_iter().filter_map(|(id, at, hard)| {
            let other = self.ledger.profiles_of(id).last().copied()?;
            Some((at, hard, other.0))
        });
        others.collect()
    }

    /// What the ledger and the store say differently.
    pub(crate) fn disagrees(&self, store: &Store) -> Option<String> {
        let customers = u64::from(store.customers.created() - store.customers.absorbed());
        if self.ledger.profiles() as u64 != customers {
            let profiles = self.ledger.profiles();
            return Some(format!("{profiles} profiles, but {customers} customers"));
        }
        let differs = |id: &LedgerId| {
            let profiles = self.ledger.profiles_of(*id);
            match self.holder(store, *id) {
                None => !profiles.is_empty(),
                Some(holder) => !profiles.contains(&ProfileNumber(holder)),
            }
        };
        let id = self.names.all().find(differs)?;
        let text = self.names.text(id).1;
        Some(format!("`{text}` leads elsewhere in the ledger"))
    }
}
