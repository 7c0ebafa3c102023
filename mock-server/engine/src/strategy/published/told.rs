//! A verdict told as a decision: what became of each ID is read off the ledger before and after, so that nothing that a
//! verdict does to identities can be forgotten in the telling.

use alloc::boxed::Box;

use smallvec::SmallVec;

use super::{Before, Published, names::TypeNames, rules};
use crate::{
    decision::{Decision, Effect, InternalId, Reattributed, Regrouped},
    ids::{ReadId, ReadIds},
    ledger::{LedgerId, Owner, ProfileNumber, Unlinked, Verdict},
    rule::Rule,
    store::{Store, internal},
};

/// One ID of the call, or one that the verdict names besides, on its way from one holder to another.
struct Way {
    id: LedgerId,
    from: Option<InternalId>,
    to: Option<InternalId>,
}

impl Published {
    pub(super) fn tell(
        &self,
        store: &Store,
        types: TypeNames<'_>,
        (taken, ids): (&[&ReadId<'_>], &[LedgerId]),
        verdict: &Verdict,
        before: &Before,
        read: &ReadIds<'_>,
    ) -> Decision {
        let survivor = match verdict.owner {
            Owner::Found(profile) => customer(profile),
            Owner::Created | Owner::Nobody => internal(before.created),
        };
        let mut absorbed: SmallVec<[InternalId; 2]> =
            verdict.absorbed.iter().copied().map(customer).collect();
        absorbed.retain(|gone| *gone != survivor);
        absorbed.sort_unstable();
        absorbed.dedup();
        let mut decision = Decision {
            survivor,
            created: verdict.owner == Owner::Created,
            absorbed,
            effects: refused(read, taken),
            because: rules::because((self.strategy, self.is_preset), verdict, before),
        };
        let made = before.created + u32::from(decision.created)..self.ledger.created();
        let made = made.map(|customer| Effect::Split {
            customer: internal(customer),
        });
        decision.effects.extend(made);
        for ((id, read), from) in ids.iter().zip(taken).zip(&before.of_call) {
            let way = self.way(*id, *from, &decision);
            let effect = self.of_call(read.given, &way, verdict, &decision, types);
            decision.effects.extend(effect);
            self.reattribute(store, types, &way, &mut decision);
        }
        for (id, from) in &before.of_others {
            let way = self.way(*id, *from, &decision);
            let rule = rules::moves(self.strategy, verdict);
            decision.effects.extend(self.regrouped(&way, rule, types));
            self.reattribute(store, types, &way, &mut decision);
        }
        let unlinked = verdict.unlinked.iter().filter_map(|cut| match cut {
            Unlinked::Pair(one, other) => {
                let ends = [*one, *other].map(|id| self.names.named(types, id));
                Some(Effect::Unlinked(Box::new(ends)))
            }
            // An ID that is taken over is told as one that moves; calls are cut by batches only.
            Unlinked::Taken(..) | Unlinked::OfCall(..) => None,
        });
        decision.effects.extend(unlinked);
        let is_placeholder = |id: &LedgerId| {
            verdict.stands_for == Some(*id)
                || self.placeholders.get(&id.value) == Some(&survivor.index())
        };
        if ids.iter().any(is_placeholder) {
            decision.because.add(Rule::PlaceholderForAmbiguous);
        }
        for effect in &decision.effects {
            let rule = rule_of(effect, rules::model(self.strategy));
            decision.because.add_all(rule.into_iter().collect());
        }
        decision
    }

    /// From whom to whom an ID goes; who was absorbed counts as the survivor. Of several to whom it leads, the one who
    /// holds it in the store goes on holding it.
    fn way(&self, id: LedgerId, from: Option<u32>, decision: &Decision) -> Way {
        let from = from.map(|held| self.after(internal(held), decision));
        let profiles = self.ledger.profiles_of(id);
        let mut profiles = profiles.into_iter().map(customer);
        let stays = profiles.clone().find(|to| Some(*to) == from);
        Way {
            id,
            from,
            to: stays.or_else(|| profiles.next_back()),
        }
    }

    /// Who a customer is once profiles are folded.
    fn after(&self, customer: InternalId, decision: &Decision) -> InternalId {
        match decision.absorbed.contains(&customer) {
            true => decision.survivor,
            false => customer,
        }
    }

    fn of_call(
        &self,
        given: u16,
        way: &Way,
        verdict: &Verdict,
        decision: &Decision,
        types: TypeNames<'_>,
    ) -> Option<Effect> {
        let moves = rules::moves(self.strategy, verdict);
        let survivor = decision.survivor;
        if let Some(dropped) = verdict.dropped.iter().find(|one| one.id == way.id) {
            let rule = rules::drops(self.strategy, dropped);
            return Some(match (way.from, way.to) {
                (Some(from), None) => Effect::Released { given, from, rule },
                _ => Effect::Dropped { given, rule },
            });
        }
        if verdict.shared.contains(&way.id) {
            return way.from.map(|with| Effect::Shared { given, with });
        }
        if verdict.ambiguous.contains(&way.id) {
            return Some(Effect::Ambiguous { given });
        }
        match (way.from, way.to) {
            (None, None) => Some(Effect::Dropped { given, rule: moves }),
            (None, Some(to)) if to == survivor => Some(Effect::Added { given }),
            (Some(from), Some(to)) if from == to => {
                let leads = self.ledger.profiles_of(way.id);
                let is_survivors = leads.into_iter().any(|one| customer(one) == survivor);
                (!is_survivors).then_some(Effect::Kept { given, by: to })
            }
            (Some(from), Some(to)) if to == survivor => Some(Effect::Moved {
                given,
                from,
                rule: moves,
            }),
            (Some(from), None) => Some(Effect::Released {
                given,
                from,
                rule: moves,
            }),
            (_, Some(_)) => self.regrouped(way, moves, types),
        }
    }

    /// An ID that goes to another customer than the survivor, or that the call did not carry; one that leads to nobody any
    /// more is forgotten.
    fn regrouped(&self, way: &Way, rule: Rule, types: TypeNames<'_>) -> Option<Effect> {
        let from = way.from?;
        let Some(to) = way.to else {
            let gone = self.names.named(types, way.id);
            return Some(Effect::Displaced(Box::new(gone)));
        };
        (from != to).then(|| {
            Effect::Regrouped(Box::new(Regrouped {
                id: self.names.named(types, way.id),
                from,
                to,
                rule,
            }))
        })
    }

    fn reattribute(&self, store: &Store, types: TypeNames<'_>, way: &Way, decision: &mut Decision) {
        let (Some(to), Some(filed)) = (way.to, self.filed(way.id)) else {
            return;
        };
        let from = internal(store.customers.survivor_of(filed.customer));
        let from = self.after(from, decision);
        if from == to {
            return;
        }
        let moved = Reattributed {
            id: self.names.named(types, way.id),
            from,
            to,
            events: store.events.in_bag(filed.bag),
        };
        decision.effects.push(Effect::Reattributed(Box::new(moved)));
    }
}

/// The IDs that the strategy never takes.
fn refused(read: &ReadIds<'_>, taken: &[&ReadId<'_>]) -> SmallVec<[Effect; 2]> {
    let is_taken = |id: &&ReadId<'_>| taken.iter().any(|other| other.given == id.given);
    let refused = read.ids.iter().filter(|id| !is_taken(id));
    refused
        .map(|id| Effect::Dropped {
            given: id.given,
            rule: Rule::ValueRefused,
        })
        .collect()
}

fn rule_of(effect: &Effect, model: Rule) -> Option<Rule> {
    match effect {
        Effect::Moved { rule, .. }
        | Effect::Dropped { rule, .. }
        | Effect::Released { rule, .. } => Some(*rule),
        Effect::Regrouped(regrouped) => Some(regrouped.rule),
        Effect::Shared { .. } | Effect::Ambiguous { .. } => {
            (model == Rule::OldestWinsFork).then_some(Rule::IdPointsToSeveral)
        }
        Effect::Reattributed(_) => Some(Rule::EventsFollowId),
        Effect::Unlinked(_) | Effect::Split { .. } => Some(Rule::GraphRebuilt),
        Effect::Added { .. } | Effect::Kept { .. } | Effect::Displaced(_) => None,
    }
}

fn customer(profile: ProfileNumber) -> InternalId {
    internal(profile.0)
}
