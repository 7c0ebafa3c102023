//! A published strategy as a project answers by it: a ledger decides, and its verdict is told as a decision on the store.
//! The ledger's profiles and the store's customers are made in the same order, so the number of one is that of the other.

mod names;
mod rules;
#[cfg(test)]
mod tests;
mod told;

use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::String,
    vec::Vec,
};

use smallvec::SmallVec;

use crate::{
    command::Rejection,
    decision::Decision,
    ids::{IdKind, IdSchema, ReadId, ReadIds},
    ledger::{
        Ledger, LedgerCommand, LedgerId, LedgerSettings, LedgerStrategy, LedgerType, Owner,
        ProfileNumber, Verdict,
    },
    store::Store,
};
use names::{IdNames, TypeNames};
pub(crate) use rules::{FoldedProperties, folded_properties, promises};

/// A strategy with what it remembers besides the store.
#[derive(Clone, Debug)]
pub(crate) struct Published {
    strategy: LedgerStrategy,
    ledger: Ledger,
    names: IdNames,
    /// IDs that point to several people.
    forked: BTreeSet<u32>,
    /// IDs that point to a customer who does not hold them.
    shared: BTreeMap<u32, Vec<LedgerId>>,
    /// The placeholder for an ID that points to several people.
    placeholders: BTreeMap<u32, u32>,
    /// Where the events stand that are filed under an ID.
    bags: BTreeMap<u32, u32>,
}

/// A decision, and the ID under which an event of the call is filed.
pub(crate) struct Decided {
    pub(crate) decision: Decision,
    pub(crate) filed_under: Option<LedgerId>,
}

/// Who held what before a verdict was carried out.
struct Before {
    /// Of the IDs that take part, in their order.
    of_call: SmallVec<[Option<ProfileNumber>; 4]>,
    /// Of other IDs that the verdict names.
    of_others: Vec<(LedgerId, Option<ProfileNumber>)>,
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
        let settings = LedgerSettings {
            types: types.collect(),
        };
        Self {
            strategy,
            ledger: Ledger::new(strategy, settings),
            names: IdNames::new(schema),
            forked: BTreeSet::new(),
            shared: BTreeMap::new(),
            placeholders: BTreeMap::new(),
            bags: BTreeMap::new(),
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
    ) -> Result<Decided, Rejection> {
        let takes = |id: &&ReadId<'_>| !self.strategy.refuses(&id.key.text);
        let taken: SmallVec<[&ReadId<'_>; 4]> = read.ids.iter().filter(takes).collect();
        let ids = taken
            .iter()
            .map(|id| self.names.number(id.id_type, &id.key.text));
        let ids: SmallVec<[LedgerId; 4]> = ids.collect();
        let command = LedgerCommand::Call {
            ids: &ids,
            event: None,
        };
        let verdict = self.ledger.decide(&command);
        if verdict.owner == Owner::Nobody {
            return Err(Rejection::NothingTaken);
        }
        let before = self.before(&ids, &verdict);
        self.ledger.carry_out(&command, &verdict);
        let types = TypeNames {
            schema,
            declared: &read.declared,
        };
        let decision = self.tell(store, types, (&taken, &ids), &verdict, &before, read);
        self.note(&verdict, &decision);
        Ok(Decided {
            decision,
            filed_under: verdict.filed_under,
        })
    }

    fn before(&self, ids: &[LedgerId], verdict: &Verdict) -> Before {
        let named = verdict.regrouped.iter().flatten();
        let named = named.chain(&verdict.attached).chain(&verdict.released);
        let mut others: Vec<LedgerId> = named.filter(|id| !ids.contains(id)).copied().collect();
        others.sort_unstable();
        others.dedup();
        let with_holder = |id: LedgerId| (id, self.ledger.profile_of(id));
        let strongest = ids.iter().min_by_key(|id| id.id_type);
        Before {
            target_is_new: strongest.is_some_and(|id| self.ledger.profile_of(*id).is_none()),
            of_call: ids.iter().map(|id| self.ledger.profile_of(*id)).collect(),
            of_others: others.into_iter().map(with_holder).collect(),
            created: self.ledger.created(),
        }
    }

    /// Remembers what the store has no place for.
    fn note(&mut self, verdict: &Verdict, decision: &Decision) {
        let survivor = decision.survivor.index();
        for absorbed in &decision.absorbed {
            let shared = self.shared.remove(&absorbed.index()).unwrap_or_default();
            self.share(survivor, shared);
        }
        self.forked.extend(verdict.forked.iter().map(|id| id.value));
        self.share(survivor, verdict.forked.iter().copied());
        if let Some(id) = verdict.stands_for {
            self.placeholders.insert(id.value, survivor);
            self.share(survivor, [id]);
        }
    }

    fn share(&mut self, customer: u32, ids: impl IntoIterator<Item = LedgerId>) {
        let mut ids = ids.into_iter().peekable();
        if ids.peek().is_none() {
            return;
        }
        let shared = self.shared.entry(customer).or_default();
        shared.extend(ids);
        shared.sort_unstable();
        shared.dedup();
    }

    /// The IDs that point to a customer who does not hold them: type and value.
    pub(crate) fn shared_with(&self, customer: u32) -> impl Iterator<Item = (u16, &str)> {
        let ids = self.shared.get(&customer).into_iter().flatten();
        // Who took part in a merge may hold by now what it shared.
        let held =
            move |id: &&LedgerId| self.ledger.profile_of(**id) == Some(ProfileNumber(customer));
        ids.filter(move |id| !held(id))
            .map(|id| self.names.text(*id))
    }

    /// Whom an ID means that points to several people: its placeholder, if it has one. Nothing is said of other IDs.
    pub(crate) fn ambiguous(&self, id: &ReadId<'_>) -> Option<Option<u32>> {
        let id = self.names.known(id.id_type, &id.key.text)?;
        let is_forked = self.forked.contains(&id.value);
        is_forked.then(|| self.placeholders.get(&id.value).copied())
    }

    /// Where the events stand that are filed under an ID.
    pub(crate) fn bag(&self, id: LedgerId) -> Option<u32> {
        self.bags.get(&id.value).copied()
    }

    /// The same, for an ID by its name.
    pub(crate) fn bag_of(&self, id_type: u16, text: &str) -> Option<u32> {
        self.bag(self.names.known(id_type, text)?)
    }

    /// Notes where events stand that are filed under an ID.
    pub(crate) fn file(&mut self, id: LedgerId, bag: u32) {
        self.bags.insert(id.value, bag);
    }

    /// The customer loses every ID and gets a fresh one; its events stay with it.
    pub(crate) fn anonymize(&mut self, store: &Store, customer: u32, fresh: &ReadId<'_>) {
        let held = store.hard_ids(customer).chain(store.soft_ids(customer));
        for (id_type, at) in held {
            if let Some(id) = self.names.known(id_type, &store.ids.text(at)) {
                self.bags.remove(&id.value);
            }
        }
        self.shared.remove(&customer);
        self.placeholders.retain(|_, stands| *stands != customer);
        let fresh = self.names.number(fresh.id_type, &fresh.key.text);
        self.ledger.forget(ProfileNumber(customer), fresh);
    }

    /// What the ledger and the store say differently.
    pub(crate) fn disagrees(&self, store: &Store) -> Option<String> {
        let customers = u64::from(store.customers.created() - store.customers.absorbed());
        if self.ledger.profiles() as u64 != customers {
            let profiles = self.ledger.profiles();
            return Some(format!("{profiles} profiles, but {customers} customers"));
        }
        let held = |id: LedgerId| {
            let (id_type, text) = self.names.text(id);
            store.find(id_type, text).map(|at| store.owner(at))
        };
        let differs = |id: &LedgerId| {
            let profile = self.ledger.profile_of(*id);
            profile.map(|profile| profile.0) != held(*id)
        };
        let id = self.names.all().find(differs)?;
        Some(format!(
            "`{}` leads elsewhere in the ledger",
            self.names.text(id).1
        ))
    }
}
