//! The counts from which all measures of a partition are computed: how many calls a profile and a person share.
//! They are filled once and read in linear time; no pair of calls is ever listed.

use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
};

use foldhash::fast::FixedState;

use super::measures::{Measures, Quality, Shape, share};

/// Walked in the same order in every run, so that sums are the same to the last digit.
pub(super) type Table<K, V> = HashMap<K, V, FixedState>;

/// How many calls, and of which weight, each profile got from each person.
///
/// ```
/// use twinfold::lab::Contingency;
///
/// let mut counts = Contingency::default();
/// for (profile, person) in [(1, 1), (1, 1), (2, 1), (2, 2)] {
///     counts.add(profile, person, 1);
/// }
/// let measures = counts.measures();
/// assert_eq!((measures.splits, measures.merges), (1, 1));
/// assert_eq!(measures.pairs.precision, 0.5);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Contingency {
    pub(super) cells: Table<(u64, u64), Cell>,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cell {
    pub(super) calls: u64,
    pub(super) weight: u64,
}

/// One side of the table: a profile or a person, and what it shares with the other side.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Margin {
    pub(super) calls: u64,
    pub(super) weight: u64,
    pub(super) parts: u64,
    /// The part with the most weight, then the most calls, then the smaller number.
    pub(super) main: Part,
}

/// What one side shares with one of the other side.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Part {
    pub(super) weight: u64,
    pub(super) calls: u64,
    /// The number on the other side.
    pub(super) whose: u64,
}

impl Part {
    fn rank(self) -> (u64, u64, Reverse<u64>) {
        (self.weight, self.calls, Reverse(self.whose))
    }
}

impl Contingency {
    /// One more call of this person on this profile.
    pub fn add(&mut self, profile: u64, person: u64, weight: u64) {
        let cell = self.cells.entry((profile, person)).or_default();
        cell.calls += 1;
        cell.weight += weight;
    }

    /// Every profile.
    pub(super) fn profiles(&self) -> Table<u64, Margin> {
        self.margins(|(profile, person)| (profile, person))
    }

    /// Every person.
    pub(super) fn people(&self) -> Table<u64, Margin> {
        self.margins(|(profile, person)| (person, profile))
    }

    /// Reads all measures off the counts.
    pub fn measures(&self) -> Measures {
        let (profiles, people) = (self.profiles(), self.people());
        let calls: u64 = self.cells.values().map(|cell| cell.calls).sum();
        if calls == 0 {
            return Measures::default();
        }
        let mut sums = Sums::default();
        for ((profile, person), cell) in &self.cells {
            sums.add(*cell, profiles[profile], people[person]);
        }
        let pairs_of = |side: &Table<u64, Margin>| side.values().map(|one| pairs(one.calls)).sum();
        let (joined, right): (f64, f64) = (pairs_of(&profiles), pairs_of(&people));
        let all = pairs(calls);
        let weight: u64 = profiles.values().map(|one| one.weight).sum();
        let own: u64 = profiles.values().map(|one| one.main.weight).sum();
        let spread = people.values().filter(|one| one.parts > 1).count();
        let of = |part: f64, of: usize| part / of as f64;
        let mean = |sum: f64| sum / calls as f64;
        Measures {
            calls,
            people: people.len() as u64,
            profiles: profiles.len() as u64,
            pairs: Quality {
                precision: share(sums.pairs, joined),
                recall: share(sums.pairs, right),
            },
            b_cubed: Quality {
                precision: mean(sums.precision),
                recall: mean(sums.recall),
            },
            exact: Quality {
                precision: of(sums.exact, profiles.len()),
                recall: of(sums.exact, people.len()),
            },
            v: Quality {
                precision: 1.0 - known(sums.people_given_profile, entropy(&people, calls)),
                recall: 1.0 - known(sums.profile_given_people, entropy(&profiles, calls)),
            },
            variation_of_information: mean(sums.people_given_profile + sums.profile_given_people),
            rand: share(all + 2.0 * sums.pairs - joined - right, all),
            adjusted_rand: adjusted_rand(sums.pairs, joined, right, all),
            splits: profiles.values().map(|one| one.parts - 1).sum(),
            merges: people.values().map(|one| one.parts - 1).sum(),
            over_merged: of(self.sharing(&profiles) as f64, people.len()),
            under_merged: of(spread as f64, people.len()),
            on_the_wrong_person: (weight > 0).then(|| (weight - own) as f64 / weight as f64),
            people_in_one: profiles.values().map(|one| one.parts).max().unwrap_or(0),
            shape: Shape::of(profiles.values().map(|one| one.calls)),
        }
    }

    /// The generalised merge distance (Menestrina, Whang and Garcia-Molina 2010): the cheapest splits, then merges, that
    /// turn profiles into people, by the slice algorithm in linear time.
    ///
    /// Both costs are of two sizes in calls and must not depend on the order in which a profile is cut or joined, as
    /// `1`, `x * y` and the entropy that makes the variation of information do not.
    pub fn merge_distance(
        &self,
        split: impl Fn(u64, u64) -> f64,
        merge: impl Fn(u64, u64) -> f64,
    ) -> f64 {
        let mut uncut: Table<u64, u64> = Table::default();
        for ((profile, _), cell) in &self.cells {
            *uncut.entry(*profile).or_default() += cell.calls;
        }
        let mut joined: Table<u64, u64> = Table::default();
        let mut cost = 0.0;
        for ((profile, person), cell) in &self.cells {
            if let Some(left) = uncut.get_mut(profile) {
                *left -= cell.calls;
                cost += if *left > 0 {
                    split(cell.calls, *left)
                } else {
                    0.0
                };
            }
            let whole = joined.entry(*person).or_default();
            cost += if *whole > 0 {
                merge(cell.calls, *whole)
            } else {
                0.0
            };
            *whole += cell.calls;
        }
        cost
    }

    fn margins(&self, side: impl Fn((u64, u64)) -> (u64, u64)) -> Table<u64, Margin> {
        let mut margins: Table<u64, Margin> = Table::default();
        for (key, cell) in &self.cells {
            let (own, other) = side(*key);
            let margin = margins.entry(own).or_default();
            margin.calls += cell.calls;
            margin.weight += cell.weight;
            margin.parts += 1;
            let part = Part {
                weight: cell.weight,
                calls: cell.calls,
                whose: other,
            };
            if part.rank() > margin.main.rank() {
                margin.main = part;
            }
        }
        margins
    }

    fn sharing(&self, profiles: &Table<u64, Margin>) -> usize {
        let cells = self.cells.keys();
        let shared = cells.filter(|(profile, _)| profiles[profile].parts > 1);
        let people: HashSet<u64> = shared.map(|(_, person)| *person).collect();
        people.len()
    }
}

#[derive(Default)]
struct Sums {
    pairs: f64,
    precision: f64,
    recall: f64,
    exact: f64,
    /// What is not known of the one side when the other is, in nats and times the calls.
    people_given_profile: f64,
    profile_given_people: f64,
}

impl Sums {
    fn add(&mut self, cell: Cell, profile: Margin, person: Margin) {
        let both = cell.calls as f64;
        let (of_profile, of_person) = (both / profile.calls as f64, both / person.calls as f64);
        self.pairs += pairs(cell.calls);
        self.precision += both * of_profile;
        self.recall += both * of_person;
        if profile.parts == 1 && person.parts == 1 {
            self.exact += 1.0;
        }
        self.people_given_profile -= both * of_profile.ln();
        self.profile_given_people -= both * of_person.ln();
    }
}

/// In nats, times the calls.
fn entropy(side: &Table<u64, Margin>, calls: u64) -> f64 {
    let all = calls as f64;
    let parts = side.values().map(|one| one.calls as f64);
    -parts.map(|calls| calls * (calls / all).ln()).sum::<f64>()
}

/// Where there is nothing to know, nothing is unknown.
fn known(unknown: f64, all: f64) -> f64 {
    if all == 0.0 { 0.0 } else { unknown / all }
}

fn pairs(calls: u64) -> f64 {
    let calls = calls as f64;
    calls * (calls - 1.0) / 2.0
}

fn adjusted_rand(both: f64, joined: f64, right: f64, all: f64) -> f64 {
    let expected = share(joined * right, all);
    let best = f64::midpoint(joined, right);
    if best == expected {
        return 1.0;
    }
    (both - expected) / (best - expected)
}

#[cfg(test)]
mod tests;
