//! Properties of a verdict, settled after it is known who is who; and the legal orders of what waits without a time.

use alloc::vec::Vec;

use super::{
    Due, GivenProperty, Heard, Ledger, LedgerStrategy, Lost, ProfileNumber, PropertyWrite, Verdict,
    View, Written,
    books::Kept,
    heard::hear,
    property::{Picked, PropertyPolicy, PropertyRule, ValueAt},
};

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
            let policy = self.policy_of(name);
            if policy.rule == PropertyRule::MostFrequent {
                self.count_in(name, kept, policy, profile);
                continue;
            }
            let own = self.own(name);
            let own = own.as_ref().map(Written::value);
            match policy.pick(own, kept.value()) {
                Picked::Survivors => self.lose(name, &kept.json, profile),
                Picked::Absorbeds => {
                    if let (Some(own), Some(owner)) = (own, self.verdict.found()) {
                        self.lose(name, own.json, owner);
                    }
                    self.write(written(name, kept.value()));
                }
                Picked::Both(json) => {
                    let rank = own.map_or(kept.rank, |own| own.rank.min(kept.rank));
                    self.write(Written {
                        name: name.into(),
                        json,
                        at: kept.value().of_both(own),
                        rank,
                        heard: Vec::new(),
                    });
                }
            }
        }
    }

    /// Adds up how often each value was given; whatever was the most frequent and is it no more is lost.
    fn count_in(&mut self, name: &str, kept: &Kept, policy: PropertyPolicy, of: ProfileNumber) {
        let own = self.own(name);
        let owner = self.verdict.found();
        let mut heard = own.as_ref().map_or_else(Vec::new, |own| own.heard.clone());
        hear(&mut heard, kept.heard());
        let Some(first) = policy.most_frequent(&heard).cloned() else {
            return;
        };
        if let (Some(own), Some(owner)) = (own, owner)
            && own.json != first.json
        {
            self.lose(name, &own.json, owner);
        }
        if *kept.json != *first.json {
            self.lose(name, &kept.json, of);
        }
        self.write(counted(name, first, heard));
    }

    fn give(&mut self, given: &GivenProperty<'_>) {
        let own = self.own(given.name);
        let policy = self.policy_of(given.name);
        let value = ValueAt {
            json: given.value.0,
            at: given.set_at,
            rank: given.rank,
        };
        let gives_way = |own: &Written| match given.write {
            PropertyWrite::OnlyIfMissing => true,
            PropertyWrite::Replaces => own.value().is_before(value, policy.rule),
        };
        if own.as_ref().is_some_and(gives_way) {
            return;
        }
        if policy.rule != PropertyRule::MostFrequent {
            return self.write(written(given.name, value));
        }
        let mut heard = own.map_or_else(Vec::new, |own| own.heard);
        hear(&mut heard, &[Heard::once(value)]);
        if let Some(first) = policy.most_frequent(&heard).cloned() {
            self.write(counted(given.name, first, heard));
        }
    }

    /// The owner's value as it is by now.
    fn own(&self, name: &str) -> Option<Written> {
        let mut newest = self.verdict.written.iter().rev();
        if let Some(newest) = newest.find(|written| written.name == name) {
            return Some(newest.clone());
        }
        let number = self.view.books.number_of(name)?;
        let kept = self.view.books.properties(self.verdict.found()?);
        let kept = kept.iter().find(|kept| kept.name == number)?;
        Some(Written {
            heard: kept.heard().to_vec(),
            ..written(name, kept.value())
        })
    }

    fn write(&mut self, written: Written) {
        self.verdict.written.retain(|one| one.name != written.name);
        self.verdict.written.push(written);
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
            rank: self.rank,
        }
    }
}

fn written(name: &str, value: ValueAt<'_>) -> Written {
    Written {
        name: name.into(),
        json: value.json.into(),
        at: value.at,
        rank: value.rank,
        heard: Vec::new(),
    }
}

fn counted(name: &str, first: Heard, heard: Vec<Heard>) -> Written {
    Written {
        name: name.into(),
        json: first.json,
        at: first.last,
        rank: 0,
        heard,
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
