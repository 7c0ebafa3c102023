//! The story of one customer: its IDs today and every command that made it what it is.

use std::collections::BTreeSet;

use serde::Serialize;
use twinfold_engine::InternalId;

use super::{
    effects,
    told::{self, Told},
};
use crate::history::{History, Id};

/// One customer and how everything came to it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Story {
    /// The customer, by number.
    pub customer: u32,
    /// Those who are part of it today, by number, itself among them.
    pub made_of: Vec<u32>,
    /// Its IDs.
    pub ids: Vec<Id>,
    /// The commands that created, joined or changed it, in order.
    pub steps: Vec<Told>,
}

/// Tells how a customer came to be what it is.
pub(super) fn tell(history: &History<'_>, customer: InternalId) -> Story {
    let number = customer.number();
    let mut made_of = BTreeSet::from([number]);
    let mut steps = Vec::new();
    for step in history.steps.iter().filter(|step| told::is_telling(step)) {
        let concerns = |one: InternalId| history.last(one) == number;
        let is_its_own = step.survivor().is_some_and(concerns);
        if is_its_own {
            let absorbed = step.absorbed().iter().map(|one| one.number());
            made_of.extend(absorbed);
        }
        let mut touched = effects::of(step).flat_map(effects::customers);
        let is_touched = match effects::is_engagement(history) {
            true => step.moved().any(|(_, from)| concerns(from)),
            false => touched.any(concerns),
        };
        if is_its_own || is_touched {
            steps.push(told::tell(history, step));
        }
    }
    Story {
        customer: number,
        made_of: made_of.into_iter().collect(),
        ids: history.ids_of(customer),
        steps,
    }
}
