//! Are the strategies really different? Six calls of two people in all 720 orders.
//! How many outcomes a strategy has says how much the order in which calls arrive decides.

use std::collections::BTreeSet;

use serde_json::json;

use super::{
    close_look::together,
    contestant::Contestant,
    contingency::Contingency,
    measures::Measures,
    running::Ready,
    traffic::{Arriving, Given, Traffic},
};
use crate::population::{Call, Fields, What};

/// The user, if one is named, the device, and who it really was.
pub(super) type SmallCall = (Option<&'static str>, &'static str, u64);

/// The calls: the user, if one is named, the device, and who it really was.
///
/// e1 anonymous on c1; e2 `anna` and c1; e3 `otto` and c1, for the log-out was forgotten; e4 `anna` and c2;
/// e5 anonymous on c2; e6 `otto` and c3.
const CALLS: [SmallCall; 6] = [
    (None, "c1", 1),
    (Some("anna"), "c1", 1),
    (Some("otto"), "c1", 2),
    (Some("anna"), "c2", 1),
    (None, "c2", 1),
    (Some("otto"), "c3", 2),
];

/// What one strategy makes of all orders.
#[derive(Clone, Debug)]
pub struct Experiment {
    /// Whose outcomes these are.
    pub contestant: Contestant,
    /// How many different ways there are for the six calls to be together, over all orders.
    pub outcomes: usize,
    /// In the order above.
    pub natural: Measures,
    /// The order with the least F1 of pairs.
    pub worst: Measures,
}

/// Runs all orders through each contestant.
pub fn experiment(contestants: &[Contestant]) -> Vec<Experiment> {
    let orders = orders(CALLS.len());
    let all = contestants.iter();
    all.map(|contestant| of_all_orders(*contestant, &orders))
        .collect()
}

fn of_all_orders(contestant: Contestant, orders: &[Vec<usize>]) -> Experiment {
    let traffic = traffic(&CALLS);
    let ready = Ready::new(contestant, &traffic);
    let mut outcomes = BTreeSet::new();
    let mut worst: Option<Measures> = None;
    let mut natural = Measures::default();
    for (place, order) in orders.iter().enumerate() {
        let profiles = owners(&ready, order);
        let measures = measured(&profiles);
        if place == 0 {
            natural = measures.clone();
        }
        let is_worse = |worst: &Measures| measures.pairs.f1() < worst.pairs.f1();
        if worst.as_ref().is_none_or(is_worse) {
            worst = Some(measures);
        }
        outcomes.insert(together(&profiles));
    }
    Experiment {
        contestant,
        outcomes: outcomes.len(),
        natural,
        worst: worst.unwrap_or_default(),
    }
}

/// Calls as a traffic, a second apart.
pub(super) fn traffic(calls: &[SmallCall]) -> Traffic {
    let mut traffic = Traffic::of_made_up(true);
    for (at, (user, device, person)) in (0..).zip(calls.iter().copied()) {
        let device = ("cookie", json!(device));
        let customer_ids = match user {
            Some(user) => Fields::from([("registered", json!(user)), device]),
            None => Fields::from([device]),
        };
        traffic.push(&Arriving::from(&Call {
            happened_at: at,
            arrives_at: at,
            source: "experiment",
            person,
            customer_ids,
            what: What::Event("visit", Fields::default()),
        }));
    }
    traffic
}

/// The profile of each call, by its place in the traffic, when they come in this order.
pub(super) fn owners(ready: &Ready<'_>, order: &[usize]) -> Vec<u64> {
    let mut running = ready.start();
    for (at, place) in (0..).zip(order) {
        let call = ready.traffic.call(*place);
        running.take(&Given { at, ..call });
    }
    running.end();
    let mut profiles = vec![0; order.len()];
    for (taken, place) in (0..).zip(order) {
        profiles[*place] = running.profile_of(taken);
    }
    profiles
}

fn measured(profiles: &[u64]) -> Measures {
    let mut counts = Contingency::default();
    for (profile, (_, _, person)) in profiles.iter().zip(CALLS) {
        counts.add(*profile, person, 1);
    }
    counts.measures()
}

/// All orders; the first is the one in which they stand.
fn orders(count: usize) -> Vec<Vec<usize>> {
    let mut orders = vec![Vec::new()];
    for _ in 0..count {
        let longer = orders.iter().flat_map(|order: &Vec<usize>| {
            let rest = (0..count).filter(|place| !order.contains(place));
            rest.map(|place| [order.as_slice(), &[place]].concat())
        });
        orders = longer.collect();
    }
    orders
}

#[cfg(test)]
mod tests {
    use twinfold_engine::ledger::LedgerStrategy;

    use super::*;

    /// The call in the middle matches at the account and leaves the pool, so its device ties nobody.
    #[test]
    fn a_strategy_of_batches_runs_one_when_all_calls_have_come() {
        let traffic = traffic(&[
            (Some("ada"), "one", 1),
            (Some("ada"), "two", 1),
            (None, "two", 1),
        ]);
        let of = |name: &str| {
            let contestant = Contestant::from_name(name).unwrap();
            together(&owners(&Ready::new(contestant, &traffic), &[0, 1, 2]))
        };
        assert_eq!(of("plain-closure"), [0, 0, 0]);
        assert_eq!(of("closure-waterfall"), [0, 0, 2]);
    }

    /// Outcomes over 720 orders, and precision and recall of pairs in the natural order, as the spec's own models have it.
    #[test]
    fn as_the_small_models_had_it() {
        for (name, outcomes, precision, recall) in [
            ("engagement", 2, 1.00, 1.00),
            ("guarded-identify", 3, 0.47, 1.00),
            ("dangerous-identify", 1, 0.47, 1.00),
            ("demote-and-retry", 2, 1.00, 1.00),
            ("device-to-first-user", 2, 1.00, 1.00),
            ("unique-namespace-replay", 2, 0.67, 0.57),
            ("oldest-wins-fork", 3, 1.00, 1.00),
            ("lookup-conversion", 5, 1.00, 0.57),
            ("lookup-isolation", 1, 1.00, 0.29),
            ("plain-closure", 1, 0.47, 1.00),
        ] {
            let contestant = Contestant::from_name(name).unwrap();
            let found = of_all_orders(contestant, &orders(CALLS.len()));
            let rounded = |share: f64| (share * 100.0).round() / 100.0;
            let pairs = found.natural.pairs;
            assert_eq!(
                (
                    name,
                    found.outcomes,
                    rounded(pairs.precision),
                    rounded(pairs.recall)
                ),
                (name, outcomes, precision, recall)
            );
        }
    }

    #[test]
    fn all_orders_are_there_once() {
        let orders = orders(6);
        let different: BTreeSet<_> = orders.iter().collect();
        assert_eq!((orders.len(), different.len()), (720, 720));
        assert_eq!(orders[0], [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn the_truth_has_one_outcome_and_never_merge_another() {
        for (contestant, recall) in [
            (Contestant::Oracle, 1.0),
            (Contestant::Ledger(LedgerStrategy::NeverMerge), 2.0 / 7.0),
        ] {
            let found = of_all_orders(contestant, &orders(CALLS.len()));
            assert_eq!(found.outcomes, 1);
            assert!((found.natural.pairs.recall - recall).abs() < 1e-9);
        }
    }
}
