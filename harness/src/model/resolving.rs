//! Identity resolution: who joins the person of a call, who survives, where contested soft IDs end.
//! The six steps of `semantics.md`, section 3, one after the other.

use twinfold_engine::{
    ContestedSoftId, Displaced, Effect, GivenId, Happened, HardIdConflict, IdKind, InternalId,
    Rejection, Rule, Timestamp,
};

use super::{
    Model, ModelOutcome,
    customer::Customer,
    person::{Clash, Person},
    reading::{CallId, Reading},
};

impl Model {
    /// Settles the identities of a call and returns what that did, as if nothing happened afterwards.
    pub(super) fn resolve(
        &mut self,
        call: Reading,
        at: Timestamp,
    ) -> Result<ModelOutcome, Rejection> {
        self.types.extend(call.declared);
        let mut dropped = call.dropped;
        let (hard, soft) = self.in_schema_order(without_repeats(call.ids));

        let (mut person, hard) = match self.switches.hard_id_conflict {
            HardIdConflict::Reject => (self.person_or_rejection(&hard)?, hard),
            HardIdConflict::FirstHardTypeWins => self.person_of_first(hard, &mut dropped),
        };
        let contested = self.soft_owners_join(&mut person, &soft);
        let ids: Vec<CallId> = hard.iter().chain(&soft).cloned().collect();
        let linking = self.linking(&ids, &person, &contested);

        person.joined.sort();
        let mut outcome = match person.joined.first() {
            Some(oldest) => ModelOutcome::of(*oldest),
            None => self.create(),
        };
        outcome.dropped = dropped;
        outcome.absorbed = person.joined.iter().skip(1).copied().collect();
        for absorbed in outcome.absorbed.clone() {
            self.fold(absorbed, outcome.survivor);
        }
        let soft_only = hard.is_empty();
        self.settle_contested(&soft, &contested, soft_only, &mut outcome);
        self.add_and_use(&ids, &mut outcome);
        self.displace(&ids, &mut outcome);
        if !outcome.absorbed.is_empty() {
            self.track_merge(&outcome, &linking, at);
        }
        Ok(outcome)
    }

    /// Steps 1 and 2 under `reject`.
    fn person_or_rejection(&self, hard: &[CallId]) -> Result<Person, Rejection> {
        let mut person = Person::default();
        for id in hard {
            let own = [(id.id_type.name.clone(), id.value.clone())];
            person.takes(&own).map_err(Clash::rejection)?;
        }
        for owner in hard.iter().filter_map(|id| self.owner_of(id)) {
            let ids = self.customer(owner).hard_ids(&self.types);
            person.takes(&ids).map_err(Clash::rejection)?;
            person.join(owner);
        }
        Ok(person)
    }

    /// Steps 1 and 2 under `first_hard_type_wins`: the IDs that clash are dropped, the others remain.
    fn person_of_first(
        &self,
        hard: Vec<CallId>,
        dropped: &mut Vec<Effect>,
    ) -> (Person, Vec<CallId>) {
        let mut person = Person::default();
        let mut remaining = Vec::new();
        for id in hard {
            let owner = self.owner_of(&id);
            let mut brought = vec![(id.id_type.name.clone(), id.value.clone())];
            brought.extend(
                owner
                    .into_iter()
                    .flat_map(|owner| self.customer(owner).hard_ids(&self.types)),
            );
            if person.takes(&brought).is_err() {
                dropped.push(Effect::Dropped {
                    given: id.given,
                    rule: Rule::FirstHardTypeWins,
                });
                continue;
            }
            owner.into_iter().for_each(|owner| person.join(owner));
            remaining.push(id);
        }
        (person, remaining)
    }

    /// Step 3: owners of soft IDs join, newest first; those who cannot are returned.
    fn soft_owners_join(&self, person: &mut Person, soft: &[CallId]) -> Vec<InternalId> {
        let mut owners: Vec<_> = soft.iter().filter_map(|id| self.owner_of(id)).collect();
        owners.sort();
        owners.dedup();
        owners.reverse();
        let mut contested = Vec::new();
        for owner in owners {
            if person.joined.contains(&owner) {
                continue;
            }
            match person.takes(&self.customer(owner).hard_ids(&self.types)) {
                Ok(()) => person.join(owner),
                Err(_) => contested.push(owner),
            }
        }
        contested
    }

    /// The IDs of the call that somebody who joined, or was contested, held before.
    fn linking(&self, ids: &[CallId], person: &Person, contested: &[InternalId]) -> Vec<CallId> {
        let took_part = |owner| person.joined.contains(&owner) || contested.contains(&owner);
        let ids = ids
            .iter()
            .filter(|id| self.owner_of(id).is_some_and(took_part));
        ids.cloned().collect()
    }

    fn create(&mut self) -> ModelOutcome {
        let number = self.customers.len() as u32 + 1;
        let internal_id = InternalId::from_number(number).expect("internal IDs count from 1");
        self.customers.push(Customer::new(internal_id));
        let mut outcome = ModelOutcome::of(internal_id);
        outcome.created = true;
        outcome
    }

    /// Step 5: a contested soft ID moves to the survivor, or stays.
    fn settle_contested(
        &mut self,
        soft: &[CallId],
        contested: &[InternalId],
        soft_only: bool,
        outcome: &mut ModelOutcome,
    ) {
        let survivor = outcome.survivor;
        for id in soft {
            let Some(owner) = self.owner_of(id).filter(|owner| contested.contains(owner)) else {
                continue;
            };
            let (given, from) = (id.given, owner);
            let survivor_is_newer = survivor > owner;
            let rule = match self.switches.contested_soft_id {
                ContestedSoftId::NewerCustomer if !survivor_is_newer => {
                    outcome.kept.push(Effect::Kept { given, by: owner });
                    continue;
                }
                _ if soft_only => Rule::ContestedMovesToNewest,
                ContestedSoftId::Addressed if !survivor_is_newer => Rule::ContestedMovesToOlder,
                _ => Rule::ContestedMoves,
            };
            outcome.moved.push(Effect::Moved { given, from, rule });
            self.customer_mut(from)
                .take_away(&id.id_type.name, &id.value);
            self.customer_mut(survivor)
                .use_id(&id.id_type.name, &id.value, 0);
        }
    }

    /// Step 6: every ID of the call is the survivor's, but for those that stay; the call uses all of them.
    fn add_and_use(&mut self, ids: &[CallId], outcome: &mut ModelOutcome) {
        let used = self.next_moment();
        for id in ids {
            let holder = self.owner_of(id).unwrap_or_else(|| {
                outcome.added.push(Effect::Added { given: id.given });
                outcome.survivor
            });
            let holder = self.customer_mut(holder);
            holder.use_id(&id.id_type.name, &id.value, used);
        }
    }

    /// Step 6: of a soft type that is full, the least recently used give way: first those that the call does not
    /// carry, then those that it does, in the order given.
    fn displace(&mut self, ids: &[CallId], outcome: &mut ModelOutcome) {
        for id_type in self.types.clone() {
            if id_type.kind == IdKind::Hard {
                continue;
            }
            let carried = ids.iter().filter(|id| id.id_type.name == id_type.name);
            let carried: Vec<_> = carried.map(|id| id.value.clone()).collect();
            let held = self.customer(outcome.survivor).values(&id_type.name);
            let excess = held.len().saturating_sub(usize::from(id_type.values_max));
            let idle = held.iter().filter(|value| !carried.contains(value));
            let in_use = carried.iter().filter(|value| held.contains(value));
            for value in idle.chain(in_use).take(excess).cloned() {
                let survivor = self.customer_mut(outcome.survivor);
                survivor.take_away(&id_type.name, &value);
                let id_type = id_type.name.clone();
                let displaced = Displaced { id_type, value };
                outcome
                    .displaced
                    .push(Effect::Displaced(Box::new(displaced)));
            }
        }
    }

    /// Every pair of clashing values among the call and the owners of its hard IDs, as a rejection could name it.
    pub fn conflicts(&self, ids: &[GivenId<'_>]) -> Vec<Rejection> {
        let read = self
            .read(ids)
            .map(|reading| reading.ids)
            .unwrap_or_default();
        let (hard, _) = self.in_schema_order(read);
        let owners = hard.iter().filter_map(|id| self.owner_of(id));
        let mut all: Vec<_> = owners
            .flat_map(|owner| self.customer(owner).hard_ids(&self.types))
            .collect();
        all.extend(
            hard.iter()
                .map(|id| (id.id_type.name.clone(), id.value.clone())),
        );
        let mut conflicts = Vec::new();
        for (id_type, value) in &all {
            for (other_type, other) in &all {
                if id_type == other_type && value != other {
                    conflicts.push(Rejection::HardIdConflict {
                        id_type: id_type.clone(),
                        value: value.clone(),
                        other: other.clone(),
                    });
                }
            }
        }
        conflicts
    }
}

/// The same ID given twice is given once.
fn without_repeats(ids: Vec<CallId>) -> Vec<CallId> {
    let mut once: Vec<CallId> = Vec::new();
    for id in ids {
        let same =
            |other: &CallId| other.id_type.name == id.id_type.name && other.value == id.value;
        if !once.iter().any(same) {
            once.push(id);
        }
    }
    once
}

impl ModelOutcome {
    /// Reached this customer and did nothing yet.
    pub(super) fn of(survivor: InternalId) -> Self {
        Self {
            survivor,
            created: false,
            absorbed: Vec::new(),
            added: Vec::new(),
            moved: Vec::new(),
            kept: Vec::new(),
            dropped: Vec::new(),
            displaced: Vec::new(),
            happened: Happened::LinkOpened,
        }
    }

    pub(super) fn then(self, happened: Happened) -> Self {
        Self { happened, ..self }
    }
}
