//! A command of a project that answers by a published strategy: the decision is the strategy's, and so are its effects.
//! Nothing is decided here; a `merge` event is Engagement's, so none is tracked.

use alloc::vec::Vec;

use super::{Project, then::Then};
use crate::{
    command::{Happened, Outcome, Rejection},
    decision::{Decision, Displaced, Effect, InternalId},
    ids::{Held, IdKind, ReadId, ReadIds},
    ledger::{LedgerId, Picked, ValueAt},
    profile::StoredProperty,
    rule::{Rule, Rules},
    store::{Json, Store, UpdateRule},
    strategy::published::{Filed, Published},
    time::Timestamp,
};

impl Project {
    pub(super) fn resolve_published(
        &mut self,
        at: Timestamp,
        read: &ReadIds<'_>,
        then: Then<'_>,
    ) -> Result<Outcome, Rejection> {
        // Taken out and put back, so that both can be written to.
        let Some(mut published) = self.published.take() else {
            return Err(Rejection::NothingTaken {
                rule: Rule::NeverMerge,
            });
        };
        let outcome = self.resolve_by(&mut published, at, read, then);
        self.published = Some(published);
        outcome
    }

    fn resolve_by(
        &mut self,
        published: &mut Published,
        at: Timestamp,
        read: &ReadIds<'_>,
        then: Then<'_>,
    ) -> Result<Outcome, Rejection> {
        let decided = published.decide(&self.store, &self.settings.schema, read, at)?;
        let mut decision = decided.decision;
        decision.because.add_all(read.because);
        decision
            .effects
            .insert_many(0, read.dropped.iter().cloned());
        for name in &read.declared {
            self.settings.schema.declare_soft(name);
        }
        self.next_command();
        for held in read.held() {
            self.store.touch(held.at, held.owner);
        }
        self.fold(published, &decision);
        for effect in &decision.effects {
            self.follow(published, &decision, effect, read);
        }
        let survivor = decision.survivor.index();
        let mut because = decision.because;
        let happened = match decided.filed_under {
            Some(id) => self.file(published, survivor, id, then, &mut because),
            None => self.carry_out_then(survivor, then, &mut because),
        };
        Ok(Outcome {
            decision,
            happened,
            because,
        })
    }

    fn fold(&mut self, published: &Published, decision: &Decision) {
        if decision.created {
            self.store.create();
        }
        let survivor = decision.survivor.index();
        for absorbed in &decision.absorbed {
            self.settle(published, survivor, absorbed.index());
            // Nothing is left of which a value would have to be chosen.
            let _none = self
                .store
                .absorb(survivor, absorbed.index(), Default::default());
        }
    }

    /// The survivor's properties as the strategy settles them; the other has none afterwards.
    fn settle(&mut self, published: &Published, survivor: u32, absorbed: u32) {
        let policy = published.strategy().properties();
        let Store {
            customers,
            properties,
            ..
        } = &mut self.store;
        let theirs: Vec<_> = properties.of(customers, absorbed).collect();
        for (name, theirs) in theirs {
            let own = properties.get(customers, survivor, name);
            let value = |of: &StoredProperty| (of.value.clone(), of.at);
            let picked = policy.pick(own.as_ref().map(at_time), at_time(&theirs));
            let (value, at) = match picked {
                Picked::Survivors => continue,
                Picked::Absorbeds => value(&theirs),
                Picked::Both(json) => (json, at_time(&theirs).of_both(own.as_ref().map(at_time))),
            };
            let rule = UpdateRule::Always;
            properties.set(customers, survivor, name, Json(&value), at, rule);
        }
        properties.remove_all(customers, absorbed);
    }

    fn follow(
        &mut self,
        published: &mut Published,
        decision: &Decision,
        effect: &Effect,
        read: &ReadIds<'_>,
    ) {
        let survivor = decision.survivor;
        match effect {
            Effect::Split { .. } => {
                self.store.create();
            }
            Effect::Added { given } => {
                if let Some(id) = read.given(*given) {
                    self.store.add_id(id, survivor.index());
                }
            }
            Effect::Moved { given, .. } => {
                if let Some((id, held)) = held(read, *given) {
                    let hard = id.kind == IdKind::Hard;
                    self.store.move_id(held.at, hard, survivor.index());
                }
            }
            Effect::Released { given, .. } => {
                if let Some((id, held)) = held(read, *given) {
                    self.store.forget_id(held.at, id.kind == IdKind::Hard);
                }
            }
            Effect::Regrouped(regrouped) => self.give(&regrouped.id, regrouped.to),
            Effect::Displaced(gone) => self.forget(&gone.id_type, &gone.value),
            Effect::Reattributed(moved) => {
                let (position, to) = (self.schema().position(&moved.id.id_type), moved.to.index());
                let filed = position.and_then(|at| published.refile(at, &moved.id.value, to));
                let Store {
                    customers, events, ..
                } = &mut self.store;
                if let Some(filed) = filed {
                    events.move_bag(customers, filed.bag, moved.from.index(), to);
                }
            }
            Effect::Kept { .. }
            | Effect::Dropped { .. }
            | Effect::Shared { .. }
            | Effect::Ambiguous { .. }
            | Effect::Unlinked(_) => {}
        }
    }

    fn give(&mut self, id: &Displaced, to: InternalId) {
        let position = self.schema().position(&id.id_type);
        let Some(position) = position else { return };
        let hard = self.schema().at(position).kind == IdKind::Hard;
        if let Some(at) = self.store.find(position, &id.value) {
            self.store.move_id(at, hard, to.index());
        }
    }

    /// The same as if nothing were filed under an ID, but an event is stored where it can follow it.
    fn file(
        &mut self,
        published: &mut Published,
        customer: u32,
        id: LedgerId,
        then: Then<'_>,
        because: &mut Rules,
    ) -> Happened {
        let Then::TrackEvent {
            event_type,
            at,
            properties,
        } = then
        else {
            return self.carry_out_then(customer, then, because);
        };
        let Store {
            customers,
            events,
            event_types,
            ..
        } = &mut self.store;
        let event_type = event_types.intern(event_type);
        let event = (event_type, at, properties);
        let filed = published.filed(id).map(|filed| filed.bag);
        match events.add_filed(customers, customer, filed, event) {
            Some(bag) => {
                published.file(id, Filed { bag, customer });
                Happened::EventStored
            }
            None => self.drop_duplicate(because),
        }
    }
}

fn at_time(property: &StoredProperty) -> ValueAt<'_> {
    ValueAt {
        json: &property.value,
        at: property.at,
        rank: 0,
    }
}

fn held<'r, 'a>(read: &'r ReadIds<'a>, given: u16) -> Option<(&'r ReadId<'a>, Held)> {
    let id = read.given(given)?;
    Some((id, id.held?))
}
