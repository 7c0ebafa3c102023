//! Properties of a verdict, settled after it is known who is who; and the legal orders of what waits without a time.

use alloc::{string::String, vec::Vec};

use super::{
    Due, GivenProperty, Ledger, LedgerStrategy, Lost, ProfileNumber, PropertyWrite, Verdict, View,
    Written,
    property::{Picked, PropertyPolicy, PropertyRule, ValueAt},
};
use crate::time::Timestamp;

/// Says which values the owner gets and which nobody has from then on.
pub(super) fn properties(
    view: &View<'_>,
    strategy: LedgerStrategy,
    mut verdict: Verdict,
    given: &[GivenProperty<'_>],
) -> Verdict {
    let has_values = |profile: &&ProfileNumber| !view.books.properties(**profile).is_empty();
    let from = verdict.absorbed.iter().chain(&verdict.orphaned);
    let from: Vec<ProfileNumber> = from.filter(has_values).copied().collect();
    if from.is_empty() && given.is_empty() || verdict.owner == super::Owner::Nobody {
        return verdict;
    }
    let mut settling = Settling {
        view,
        policy: strategy.properties(),
        verdict: &mut verdict,
    };
    for profile in from {
        settling.take_in(profile);
    }
    for property in given {
        settling.give(property);
    }
    verdict
}

struct Settling<'s, 'v> {
    view: &'s View<'v>,
    policy: PropertyPolicy,
    verdict: &'s mut Verdict,
}

impl Settling<'_, '_> {
    fn take_in(&mut self, profile: ProfileNumber) {
        for kept in self.view.books.properties(profile) {
            let name = self.view.books.name_of(kept.name);
            let own = self.own(name);
            let own = own.as_ref().map(Written::value);
            match self.policy_of(name).pick(own, kept.value()) {
                Picked::Survivors => self.lose(name, &kept.json, profile),
                Picked::Absorbeds => {
                    if let (Some(own), Some(owner)) = (own, self.verdict.found()) {
                        self.lose(name, own.json, owner);
                    }
                    self.write(name, kept.json.as_ref().into(), kept.at);
                }
                Picked::Both(json) => {
                    let at = kept.value().of_both(own);
                    self.write(name, json, at);
                }
            }
        }
    }

    fn give(&mut self, given: &GivenProperty<'_>) {
        let own = self.own(given.name);
        let keeps_newest = self.policy_of(given.name).rule == PropertyRule::Newest;
        let stays = own.is_some_and(|own| match given.write {
            PropertyWrite::OnlyIfMissing => true,
            PropertyWrite::Replaces => keeps_newest && own.at > given.set_at,
        });
        if !stays {
            self.write(given.name, given.value.0.into(), given.set_at);
        }
    }

    /// The owner's value as it is by now.
    fn own(&self, name: &str) -> Option<Written> {
        let written = self.verdict.written.iter();
        if let Some(written) = written.rev().find(|written| written.name == name) {
            return Some(written.clone());
        }
        let number = self.view.books.number_of(name)?;
        let kept = self.view.books.properties(self.verdict.found()?);
        let kept = kept.iter().find(|kept| kept.name == number)?;
        Some(Written {
            name: name.into(),
            json: kept.json.as_ref().into(),
            at: kept.at,
        })
    }

    fn write(&mut self, name: &str, json: String, at: Timestamp) {
        self.verdict.written.retain(|written| written.name != name);
        self.verdict.written.push(Written {
            name: name.into(),
            json,
            at,
        });
    }

    fn lose(&mut self, name: &str, json: &str, of: ProfileNumber) {
        self.verdict.lost.push(Lost {
            name: name.into(),
            json: json.into(),
            of,
        });
    }

    fn policy_of(&self, name: &str) -> PropertyPolicy {
        let named = self.view.settings.properties.iter();
        let named = named.rev().find(|named| *named.name == *name);
        named.map_or(self.policy, |named| PropertyPolicy {
            rule: named.rule,
            empty: named.empty,
            ..self.policy
        })
    }
}

impl Written {
    fn value(&self) -> ValueAt<'_> {
        ValueAt {
            json: &self.json,
            at: self.at,
        }
    }
}

/// Every order in which the effects without a time may take place, one after the other.
#[derive(Clone, Debug)]
pub struct LegalOrders {
    next: Option<Vec<u32>>,
}

impl Iterator for LegalOrders {
    type Item = Vec<u32>;

    fn next(&mut self) -> Option<Self::Item> {
        let order = self.next.take()?;
        self.next = next_permutation(order.clone());
        Some(order)
    }
}

/// The next greater order of the same numbers.
fn next_permutation(mut order: Vec<u32>) -> Option<Vec<u32>> {
    let pivot = order.windows(2).rposition(|pair| pair[0] < pair[1])?;
    let greater = order.iter().rposition(|one| *one > order[pivot])?;
    order.swap(pivot, greater);
    order[pivot + 1..].reverse();
    Some(order)
}

impl Ledger {
    /// Every order in which the effects that wait without a time may take place: one, empty, if nothing waits. There are
    /// as many as the factorial of what waits, so take only as many as can be looked at.
    pub fn legal_orders(&self) -> LegalOrders {
        let waiting = self.waiting().iter();
        let unordered = waiting.filter(|waiting| waiting.due == Due::Unordered);
        let mut order: Vec<u32> = unordered.map(|waiting| waiting.number).collect();
        order.sort_unstable();
        LegalOrders { next: Some(order) }
    }

    /// What comes of one of the legal orders, at the time of the latest command.
    #[must_use]
    pub fn settled_in(&self, order: &[u32], at: crate::time::Timestamp) -> Self {
        let mut settled = self.clone();
        for number in order {
            settled.settle(*number, at);
        }
        settled
    }
}
