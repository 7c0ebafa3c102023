//! A close look at a few people at a time, each few in a world of their own: how soon a profile is right, whether the order
//! of calls decides, and how far one wrong call reaches. Every call is looked at after every call, which only few allow.

mod blast;
mod order;
mod time;

use std::collections::BTreeMap;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

pub use blast::BlastRadius;
pub use order::OrderSensitivity;
pub use time::TimeToRight;

use super::{
    contingency::Table,
    running::Ready,
    traffic::{Given, Traffic},
};
use blast::Blasts;
use order::Orders;
use time::Times;

/// A world with more calls is left out: it would be dearer than all others.
const CALLS_MAX: usize = 1_000;

/// What the close look at some worlds says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CloseLook {
    /// How many worlds were looked at.
    pub worlds: u64,
    /// When profiles are right.
    pub time: TimeToRight,
    /// What the order decides.
    pub order: OrderSensitivity,
    /// What one wrong call does.
    pub blast: BlastRadius,
}

/// Some people's calls, in the order in which they arrived.
pub(super) type World = Vec<u32>;

/// The calls of a sample of so many neighbourhoods, spread over all that are small enough.
pub(super) fn worlds(traffic: &Traffic, sample: usize) -> Vec<World> {
    let neighbourhoods = neighbourhoods(traffic);
    let mut calls: BTreeMap<u64, usize> = BTreeMap::new();
    for number in 0..traffic.calls() {
        let (person, _) = traffic.truth(number);
        *calls.entry(neighbourhoods[person as usize]).or_default() += 1;
    }
    calls.retain(|_, calls| *calls <= CALLS_MAX);
    let all: Vec<u64> = calls.into_keys().collect();
    let count = sample.min(all.len());
    let chosen = (0..count).map(|place| all[place * all.len() / count]);
    let place: Table<u64, usize> = chosen.zip(0..).collect();
    let mut worlds = vec![World::new(); count];
    for number in 0..traffic.calls() {
        let (person, _) = traffic.truth(number);
        if let Some(place) = place.get(&neighbourhoods[person as usize]) {
            worlds[*place].push(number as u32);
        }
    }
    worlds
}

/// People in a neighbourhood: two households.
const NEIGHBOURS: u64 = 8;

/// The neighbourhood of each person: people whose numbers follow each other. Numbers with gaps are no households, so these
/// are counted through.
fn neighbourhoods(traffic: &Traffic) -> Vec<u64> {
    let mut people: Vec<(u64, u32)> = (0..traffic.people() as u32)
        .map(|person| (traffic.number_of(person), person))
        .collect();
    people.sort_unstable();
    let last = people.last().map_or(0, |(number, _)| *number);
    let has_gaps = last / 2 > people.len() as u64;
    let mut neighbourhoods = vec![0; people.len()];
    for (rank, (number, person)) in (0..).zip(people) {
        let place = if has_gaps { rank } else { number };
        neighbourhoods[person as usize] = place / NEIGHBOURS;
    }
    neighbourhoods
}

/// Looks at all worlds; nothing if there are none.
pub(super) fn close_look(ready: &Ready<'_>, worlds: &[World]) -> Option<CloseLook> {
    if worlds.is_empty() {
        return None;
    }
    let (mut times, mut orders, mut blasts) =
        (Times::default(), Orders::default(), Blasts::default());
    for (seed, world) in (0..).zip(worlds) {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        times.look(ready, world);
        orders.look(ready, world, &mut chance);
        blasts.look(ready, world, &mut chance);
    }
    Some(CloseLook {
        worlds: worlds.len() as u64,
        time: times.read(),
        order: orders.read(worlds.len()),
        blast: blasts.read(),
    })
}

/// Takes the calls of a world in this order; the profile of each call of the world, by its place there.
fn ended(ready: &Ready<'_>, world: &World, order: &[usize]) -> Vec<u64> {
    let mut running = ready.start();
    for (taken, place) in order.iter().enumerate() {
        // Whatever comes now comes at this time: the clock does not run backwards.
        let at = ready.traffic.call(world[taken] as usize).at;
        let call = ready.traffic.call(world[*place] as usize);
        running.take(&Given { at, ..call });
    }
    running.end();
    let mut profiles = vec![0; world.len()];
    for (taken, place) in (0..).zip(order) {
        profiles[*place] = running.profile_of(taken);
    }
    profiles
}

/// Which calls are together, whatever the profiles are called: each call's first companion.
pub(super) fn together(profiles: &[u64]) -> Vec<usize> {
    let mut first: Table<u64, usize> = Table::default();
    let places = profiles.iter().enumerate();
    places
        .map(|(place, profile)| *first.entry(*profile).or_insert(place))
        .collect()
}
