//! Whether the order of calls decides: the same calls in random orders, and how many different ends they come to.

use std::collections::BTreeSet;

use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::{
    super::{contingency::Contingency, running::Ready},
    World, ended, together,
};

/// In how many other orders the calls of a world are taken.
const ORDERS: usize = 20;

/// What becomes of the same calls in other orders.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct OrderSensitivity {
    /// The share of worlds in which some order ends otherwise.
    pub sensitive: f64,
    /// Different ends over all tried orders, the mean.
    pub outcomes: f64,
    /// B-cubed F1 of each world's worst order, the mean.
    pub worst_f1: f64,
}

#[derive(Default)]
pub(super) struct Orders {
    sensitive: u64,
    outcomes: u64,
    worst: f64,
}

impl Orders {
    pub(super) fn look(&mut self, ready: &Ready<'_>, world: &World, chance: &mut ChaCha8Rng) {
        let mut order: Vec<usize> = (0..world.len()).collect();
        let mut outcomes = BTreeSet::new();
        let mut worst = 1.0_f64;
        for _ in 0..=ORDERS {
            let profiles = ended(ready, world, &order);
            let mut counts = Contingency::default();
            for (call, profile) in world.iter().zip(&profiles) {
                let (person, weight) = ready.traffic.truth(*call as usize);
                counts.add(*profile, u64::from(person), u64::from(weight));
            }
            worst = worst.min(counts.measures().b_cubed.f1());
            outcomes.insert(together(&profiles));
            order.shuffle(chance);
        }
        self.sensitive += u64::from(outcomes.len() > 1);
        self.outcomes += outcomes.len() as u64;
        self.worst += worst;
    }

    pub(super) fn read(self, worlds: usize) -> OrderSensitivity {
        let mean = |sum: f64| sum / worlds as f64;
        OrderSensitivity {
            sensitive: mean(self.sensitive as f64),
            outcomes: mean(self.outcomes as f64),
            worst_f1: mean(self.worst),
        }
    }
}
