//! The calls of a population, numbered and handed to all contestants at the same time, a bounded number ahead.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;
use twinfold_engine::ledger::LedgerId;

use super::{
    contestant::{Contestant, Running},
    measures::{Contingency, Measures},
};
use crate::population::{self, Call, Population, What};

/// The ID types of a population in the order of priority, and whether they are hard.
pub(super) const TYPES: [(&str, bool); 4] = population::ID_TYPES;

/// How many calls go to the contestants at once.
const BATCH_CALLS: usize = 4096;

/// How many batches the quickest contestant may be ahead of the slowest.
const BATCHES_AHEAD: usize = 8;

/// A purchase on the wrong person is worse than a visit.
const PURCHASE_WEIGHT: u64 = 10;

/// Some calls in a row.
pub(super) struct Batch {
    /// The number of the first.
    pub(super) first: u32,
    pub(super) calls: Vec<Numbered>,
    /// IDs that no call before had.
    pub(super) fresh: Vec<(LedgerId, String)>,
}

/// One call with its IDs numbered, in the order in which it gives them.
pub(super) struct Numbered {
    pub(super) at: u64,
    pub(super) ids: Vec<LedgerId>,
    pub(super) texts: Vec<String>,
}

/// What one contestant came to.
#[derive(Clone, Debug)]
pub struct Compared {
    /// Who.
    pub contestant: Contestant,
    /// How good.
    pub measures: Measures,
    /// How long it took over the calls, without making them.
    pub took: Duration,
}

/// Runs all contestants over the population; `progress` hears how many calls went out.
pub fn compare(
    population: &Population,
    contestants: &[Contestant],
    mut progress: impl FnMut(u64),
) -> Vec<Compared> {
    thread::scope(|scope| {
        let (senders, running): (Vec<SyncSender<Arc<Batch>>>, Vec<_>) = contestants
            .iter()
            .map(|contestant| {
                let (sender, batches) = sync_channel(BATCHES_AHEAD);
                let contestant = contestant.start();
                (sender, scope.spawn(move || run(contestant, &batches)))
            })
            .unzip();
        let people = send(population, &senders, &mut progress);
        drop(senders);
        let ended = running.into_iter().filter_map(|one| one.join().ok());
        contestants
            .iter()
            .zip(ended)
            .map(|(contestant, (running, took))| Compared {
                contestant: *contestant,
                measures: measured(&running, &people),
                took,
            })
            .collect()
    })
}

fn run(mut contestant: Running, batches: &Receiver<Arc<Batch>>) -> (Running, Duration) {
    let mut took = Duration::ZERO;
    for batch in batches {
        let start = Instant::now();
        contestant.take(&batch);
        took += start.elapsed();
    }
    (contestant, took)
}

/// The person and the weight of each call.
fn send(
    population: &Population,
    contestants: &[SyncSender<Arc<Batch>>],
    progress: &mut impl FnMut(u64),
) -> Vec<(u64, u64)> {
    let mut people = Vec::new();
    let mut numbers = Numbers::default();
    let mut calls = population.calls().peekable();
    while calls.peek().is_some() {
        let first = people.len() as u32;
        let next: Vec<Call> = calls.by_ref().take(BATCH_CALLS).collect();
        people.extend(next.iter().map(|call| (call.person, weight(call))));
        let batch = Arc::new(numbers.batch(first, &next));
        for contestant in contestants {
            // One that has ended is missed when it is asked for its end.
            let _ = contestant.send(Arc::clone(&batch));
        }
        progress(people.len() as u64);
    }
    people
}

fn weight(call: &Call) -> u64 {
    match call.what {
        What::Event("purchase", _) => PURCHASE_WEIGHT,
        _ => 1,
    }
}

fn measured(running: &Running, people: &[(u64, u64)]) -> Measures {
    let mut counts = Contingency::default();
    for (call, (person, weight)) in people.iter().enumerate() {
        let profile = running.profile_of(call as u32, *person);
        counts.add(profile, *person, *weight);
    }
    counts.measures()
}

/// The number of each value of each type.
#[derive(Default)]
struct Numbers {
    known: [HashMap<String, u32>; TYPES.len()],
}

impl Numbers {
    fn batch(&mut self, first: u32, calls: &[Call]) -> Batch {
        let mut fresh = Vec::new();
        let numbered = calls.iter().map(|call| self.numbered(call, &mut fresh));
        let calls = numbered.collect();
        Batch {
            first,
            calls,
            fresh,
        }
    }

    fn numbered(&mut self, call: &Call, fresh: &mut Vec<(LedgerId, String)>) -> Numbered {
        let mut numbered = Numbered {
            at: call.arrives_at,
            ids: Vec::new(),
            texts: Vec::new(),
        };
        for (place, (name, _)) in TYPES.iter().enumerate() {
            let Some(text) = call.customer_ids.get(name).and_then(text) else {
                continue;
            };
            let known = &mut self.known[place];
            let next = known.len() as u32;
            let value = known.get(&text).copied();
            let id = LedgerId {
                id_type: place as u8,
                value: value.unwrap_or(next),
            };
            if value.is_none() {
                known.insert(text.clone(), next);
                fresh.push((id, text.clone()));
            }
            numbered.ids.push(id);
            numbered.texts.push(text);
        }
        numbered
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
