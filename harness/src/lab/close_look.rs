//! A close look at a few people at a time, each few in a world of their own: how soon a profile is right, whether the order
//! of calls decides, and how far one wrong call reaches. Every call is looked at after every call, which only few allow.

use std::collections::BTreeSet;

use rand::{RngExt, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

use super::{
    contingency::{Contingency, Table},
    measures::quantile,
    running::{Ready, Running},
    traffic::{Given, TYPES, Traffic},
};

/// In how many other orders the calls of a world are taken.
const ORDERS: usize = 20;

/// How many wrong calls are tried in a world, one at a time.
const WRONG_CALLS: usize = 4;

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

/// When a person has one profile with all own calls and nobody else's.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TimeToRight {
    /// The share of people whose profile is right in the end.
    pub right: f64,
    /// Of those, the calls that a person made until it was right for good: half needed no more.
    pub calls_median: u64,
    /// The same: nine of ten needed no more.
    pub calls_of_9_in_10: u64,
    /// The share of people whose profile was right once and then was not.
    pub got_worse: f64,
}

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

/// What changes if one person's call also carries a hard ID of somebody else.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BlastRadius {
    /// Wrong calls that were tried.
    pub tried: u64,
    /// Profiles that hold other calls than without the wrong one, the mean.
    pub profiles: f64,
    /// Calls that are together with other calls than without it, the mean.
    pub events: f64,
    /// The most calls that one wrong call reached.
    pub events_max: u64,
}

/// Some people's calls, in the order in which they arrived.
pub(super) type World = Vec<u32>;

/// The calls of a sample of so many neighbourhoods: people whose numbers follow each other.
pub(super) fn worlds(traffic: &Traffic, sample: usize) -> Vec<World> {
    let neighbourhood = |person: u32| traffic.number_of(person) / NEIGHBOURS;
    let all: BTreeSet<u64> = (0..traffic.people() as u32).map(neighbourhood).collect();
    let every = all.len().div_ceil(sample.max(1)).max(1);
    let chosen = all.into_iter().step_by(every).take(sample);
    let place: Table<u64, usize> = chosen.zip(0..).collect();
    let mut worlds = vec![World::new(); place.len()];
    for number in 0..traffic.calls() {
        let (person, _) = traffic.truth(number);
        if let Some(place) = place.get(&neighbourhood(person)) {
            worlds[*place].push(number as u32);
        }
    }
    worlds.retain(|world| !world.is_empty() && world.len() <= CALLS_MAX);
    worlds
}

/// Numbers of people in a neighbourhood: two households.
const NEIGHBOURS: u64 = 8;

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

#[derive(Default)]
struct Times {
    people: u64,
    right: Vec<u64>,
    got_worse: u64,
}

/// How it goes with one person.
#[derive(Default)]
struct Course {
    calls: u64,
    /// The person's calls when it last became right; nothing while it is not.
    right_since: Option<u64>,
    got_worse: bool,
}

impl Times {
    fn look(&mut self, ready: &Ready<'_>, world: &World) {
        let people: Vec<u32> = world
            .iter()
            .map(|call| ready.traffic.truth(*call as usize).0)
            .collect();
        let mut courses: Table<u32, Course> = Table::default();
        let mut running = ready.start();
        for taken in 0..world.len() {
            running.take(&ready.traffic.call(world[taken] as usize));
            courses.entry(people[taken]).or_default().calls += 1;
            let right = right(&running, &people[..=taken]);
            for (person, course) in &mut courses {
                course.goes_on(right.contains(person));
            }
        }
        self.people += courses.len() as u64;
        self.got_worse += courses.values().filter(|course| course.got_worse).count() as u64;
        self.right
            .extend(courses.values().filter_map(|course| course.right_since));
    }

    fn read(mut self) -> TimeToRight {
        let of_people = |part: u64| part as f64 / self.people.max(1) as f64;
        TimeToRight {
            right: of_people(self.right.len() as u64),
            got_worse: of_people(self.got_worse),
            calls_median: quantile(&mut self.right, 50),
            calls_of_9_in_10: quantile(&mut self.right, 90),
        }
    }
}

impl Course {
    fn goes_on(&mut self, is_right: bool) {
        self.got_worse |= self.right_since.is_some() && !is_right;
        let since = self.right_since.unwrap_or(self.calls);
        self.right_since = is_right.then_some(since);
    }
}

/// The people with one profile for all their calls so far, and nobody else's on it.
fn right(running: &Running<'_>, people: &[u32]) -> BTreeSet<u32> {
    let mut person_of: Table<u64, Option<u32>> = Table::default();
    let mut profile_of: Table<u32, Option<u64>> = Table::default();
    for (taken, person) in (0..).zip(people) {
        let profile = running.profile_of(taken);
        only(person_of.entry(profile).or_insert(Some(*person)), *person);
        only(profile_of.entry(*person).or_insert(Some(profile)), profile);
    }
    let alone = profile_of.into_iter().filter(|(person, profile)| {
        profile.is_some_and(|profile| person_of.get(&profile) == Some(&Some(*person)))
    });
    alone.map(|(person, _)| person).collect()
}

/// Nothing once there are two.
fn only<T: PartialEq>(known: &mut Option<T>, one: T) {
    if known.as_ref().is_some_and(|known| *known != one) {
        *known = None;
    }
}

#[derive(Default)]
struct Orders {
    sensitive: u64,
    outcomes: u64,
    worst: f64,
}

impl Orders {
    fn look(&mut self, ready: &Ready<'_>, world: &World, chance: &mut ChaCha8Rng) {
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

    fn read(self, worlds: usize) -> OrderSensitivity {
        let mean = |sum: f64| sum / worlds as f64;
        OrderSensitivity {
            sensitive: mean(self.sensitive as f64),
            outcomes: mean(self.outcomes as f64),
            worst_f1: mean(self.worst),
        }
    }
}

#[derive(Default)]
struct Blasts {
    tried: u64,
    profiles: u64,
    events: u64,
    events_max: u64,
}

impl Blasts {
    fn look(&mut self, ready: &Ready<'_>, world: &World, chance: &mut ChaCha8Rng) {
        let order: Vec<usize> = (0..world.len()).collect();
        let without = together(&ended(ready, world, &order));
        for _ in 0..WRONG_CALLS {
            let Some((place, ids)) = wrong_call(ready.traffic, world, chance) else {
                return;
            };
            let mut running = ready.start();
            for (taken, call) in world.iter().enumerate() {
                let call = ready.traffic.call(*call as usize);
                running.take(&call);
                if taken == place {
                    running.take(&Given {
                        ids: &ids,
                        sets: &[],
                        ..call
                    });
                }
            }
            let behind = |taken: usize| taken + usize::from(taken > place);
            let profiles = (0..world.len()).map(|taken| running.profile_of(behind(taken) as u32));
            self.compare(&without, &together(&profiles.collect::<Vec<_>>()));
        }
    }

    fn compare(&mut self, without: &[usize], with: &[usize]) {
        let (before, after) = (groups(without), groups(with));
        let changed = before.iter().filter(|group| !after.contains(*group));
        let (mut profiles, mut events) = (0, 0);
        for group in changed {
            profiles += 1;
            events += group.len() as u64;
        }
        self.tried += 1;
        self.profiles += profiles;
        self.events += events;
        self.events_max = self.events_max.max(events);
    }

    fn read(self) -> BlastRadius {
        let mean = |sum: u64| sum as f64 / self.tried.max(1) as f64;
        BlastRadius {
            tried: self.tried,
            profiles: mean(self.profiles),
            events: mean(self.events),
            events_max: self.events_max,
        }
    }
}

fn groups(together: &[usize]) -> BTreeSet<Vec<usize>> {
    let mut groups: Table<usize, Vec<usize>> = Table::default();
    for (place, first) in together.iter().enumerate() {
        groups.entry(*first).or_default().push(place);
    }
    groups.into_values().collect()
}

/// A device of one person and a hard ID of another, right behind a call of the first: a log-in with the wrong account, or a
/// log-out that was forgotten.
fn wrong_call(
    traffic: &Traffic,
    world: &World,
    chance: &mut ChaCha8Rng,
) -> Option<(usize, Vec<twinfold_engine::ledger::LedgerId>)> {
    let is_hard = |id_type: u8| TYPES[usize::from(id_type)].1;
    let of_kind = |hard: bool| {
        let calls = world.iter().enumerate();
        let ids = calls.flat_map(move |(place, call)| {
            let call = traffic.call(*call as usize);
            let ids = call.ids.iter().copied();
            ids.map(move |id| (place, call.person, id))
        });
        ids.filter(move |(.., id)| is_hard(id.id_type) == hard)
            .collect::<Vec<_>>()
    };
    let devices = of_kind(false);
    if devices.is_empty() {
        return None;
    }
    let (place, person, device) = devices[chance.random_range(0..devices.len())];
    let mut strangers = of_kind(true);
    strangers.retain(|(_, stranger, _)| *stranger != person);
    if strangers.is_empty() {
        return None;
    }
    let (.., account) = strangers[chance.random_range(0..strangers.len())];
    Some((place, vec![account, device]))
}
