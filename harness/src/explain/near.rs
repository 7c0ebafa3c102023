//! IDs that nobody holds: what became of them, and which others look like them.

use serde::Serialize;

use super::told::{self, Told};
use crate::history::{History, Id};

/// How alike two values must be, from 0 to 1, for one to be suggested in place of the other.
const ALIKE_MIN: f64 = 0.6;
/// How many suggestions are made.
const NEAR_MAX: usize = 3;

/// An ID that nobody holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Unknown {
    /// The ID.
    pub id: Id,
    /// The ID types of the project, if it lacks this one.
    pub known_types: Option<Vec<String>>,
    /// The customers to whom it points, by number; of several it does not say who is meant.
    pub points_to: Vec<u32>,
    /// The last command that carried or forgot it.
    pub last_seen: Option<Told>,
    /// IDs that somebody holds and that look like it, the nearest first.
    pub near: Vec<Id>,
}

pub(super) fn unknown(history: &History<'_>, id: Id) -> Unknown {
    let schema = history.project.schema();
    let types = schema.types().iter().map(|id_type| id_type.name.clone());
    let known_types = schema.get(&id.id_type).is_none().then(|| types.collect());
    let last_seen = history.steps.iter().rfind(|step| {
        step.ids.iter().any(|carried| carried.id == id) || step.forgotten.contains(&id)
    });
    Unknown {
        known_types,
        last_seen: last_seen.map(|step| told::tell(history, step)),
        points_to: customers_of(history, &id),
        near: near(history, &id),
        id,
    }
}

/// The customers whose profiles have an ID, by number; several only under strategies that let an ID point to several.
pub(super) fn customers_of(history: &History<'_>, id: &Id) -> Vec<u32> {
    let customers = history.project.customers();
    let with_it = customers.filter(|customer| history.ids_of(*customer).contains(id));
    with_it.map(|customer| customer.number()).collect()
}

fn near(history: &History<'_>, id: &Id) -> Vec<Id> {
    let written = id.value.to_lowercase();
    let held = history.project.customers();
    let mut alike: Vec<(f64, Id)> = held
        .flat_map(|customer| history.ids_of(customer))
        .filter_map(|other| {
            let mut alike =
                strsim::normalized_damerau_levenshtein(&written, &other.value.to_lowercase());
            // The same value under another type is the nearer slip than a like value.
            alike -= if other.id_type == id.id_type {
                0.0
            } else {
                0.1
            };
            (alike >= ALIKE_MIN).then_some((alike, other))
        })
        .collect();
    alike.sort_by(|(one, a), (other, b)| other.total_cmp(one).then_with(|| a.cmp(b)));
    let nearest = alike.into_iter().map(|(_, id)| id);
    nearest.take(NEAR_MAX).collect()
}
