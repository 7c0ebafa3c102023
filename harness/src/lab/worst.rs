//! The people whom a strategy served worst, with the commands that did it: their calls and those of the people on their
//! profiles are taken again, and what changed identities is told.

use std::{cmp::Reverse, collections::BTreeSet};

use super::{
    contingency::{Contingency, Table},
    running::Ready,
    story::story,
    told::Told,
};

/// One person whose profiles are wrong.
#[derive(Clone, Debug)]
pub struct Worst {
    /// The person, as the population numbers people.
    pub person: u64,
    /// How many calls the person made.
    pub calls: u64,
    /// On how many profiles they are.
    pub profiles: u64,
    /// How many of them are on a profile that is somebody else's.
    pub elsewhere: u64,
    /// How many calls of others are on the person's own profiles.
    pub strangers: u64,
    /// Others on the same profiles, those with the most calls first.
    pub shares_with: Vec<u64>,
    /// What changed identities when the calls of all of them were taken again, without anybody else's.
    pub story: Vec<Told>,
    /// Calls of theirs that came after the last one that was taken again.
    pub not_retaken: usize,
}

/// With more people a story cannot be followed.
const OTHERS_MAX: usize = 3;

/// A longer story is cut off.
const STORY_MAX: usize = 10;

/// So many calls are taken again: after each, all before it are looked at.
const RETAKEN_MAX: usize = 5_000;

/// So many of the worst, no two of them on one profile.
pub(super) fn worst(ready: &Ready<'_>, counts: &Contingency, how_many: usize) -> Vec<Worst> {
    let chosen = chosen(counts, how_many);
    if chosen.is_empty() {
        return Vec::new();
    }
    let others = others(counts, &chosen);
    let mut calls: Vec<Vec<usize>> = vec![Vec::new(); chosen.len()];
    for number in 0..ready.traffic.calls() {
        let person = u64::from(ready.traffic.truth(number).0);
        for (place, (one, _)) in chosen.iter().enumerate() {
            if person == *one || others[place].contains(&person) {
                calls[place].push(number);
            }
        }
    }
    let number = |person: u64| ready.traffic.number_of(person as u32);
    let all = chosen.into_iter().zip(others).zip(calls);
    all.map(|(((person, harm), others), calls)| Worst {
        person: number(person),
        calls: harm.calls,
        profiles: harm.profiles,
        elsewhere: harm.elsewhere,
        strangers: harm.strangers,
        shares_with: others.into_iter().map(number).collect(),
        story: story(ready, &calls[..calls.len().min(RETAKEN_MAX)], STORY_MAX),
        not_retaken: calls.len().saturating_sub(RETAKEN_MAX),
    })
    .collect()
}

#[derive(Clone, Copy, Debug, Default)]
struct Harm {
    calls: u64,
    profiles: u64,
    elsewhere: u64,
    strangers: u64,
}

impl Harm {
    fn rank(self) -> u64 {
        self.elsewhere + self.strangers + self.profiles.saturating_sub(1)
    }
}

fn chosen(counts: &Contingency, how_many: usize) -> Vec<(u64, Harm)> {
    let (profiles, people) = (counts.profiles(), counts.people());
    let mut harms: Table<u64, Harm> = Table::default();
    for ((profile, person), cell) in &counts.cells {
        let harm = harms.entry(*person).or_default();
        harm.calls += cell.calls;
        harm.profiles += 1;
        match profiles.get(profile) {
            Some(margin) if margin.main.whose == *person => {
                harm.strangers += margin.calls - cell.calls;
            }
            _ => harm.elsewhere += cell.calls,
        }
    }
    let mut harms: Vec<(u64, Harm)> = harms
        .into_iter()
        .filter(|(_, harm)| harm.rank() > 0)
        .collect();
    harms.sort_unstable_by_key(|(person, harm)| (Reverse(harm.rank()), *person));
    let mut taken = BTreeSet::new();
    harms.retain(|(person, _)| {
        let main = people.get(person).map(|person| person.main.whose);
        taken.len() < how_many && taken.insert(main)
    });
    harms
}

/// Who else is on the profiles of each of them.
fn others(counts: &Contingency, chosen: &[(u64, Harm)]) -> Vec<Vec<u64>> {
    let mut places: Table<u64, Vec<usize>> = Table::default();
    for (profile, person) in counts.cells.keys() {
        if let Some(place) = chosen.iter().position(|(one, _)| one == person) {
            places.entry(*profile).or_default().push(place);
        }
    }
    let mut found: Vec<Table<u64, u64>> = vec![Table::default(); chosen.len()];
    for ((profile, person), cell) in &counts.cells {
        for place in places.get(profile).into_iter().flatten() {
            if chosen[*place].0 != *person {
                *found[*place].entry(*person).or_default() += cell.calls;
            }
        }
    }
    let most = found.into_iter().map(|found| {
        let mut found: Vec<(u64, u64)> = found.into_iter().collect();
        found.sort_unstable_by_key(|(person, calls)| (Reverse(*calls), *person));
        found.truncate(OTHERS_MAX);
        found.into_iter().map(|(person, _)| person).collect()
    });
    most.collect()
}
