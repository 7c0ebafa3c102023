//! How far profiles are from people, from the counts of calls that a profile and a person share.
//! Everything is computed from these counts in linear time; no pair of calls is ever listed.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, DefaultHasher},
};

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
    cells: Table<(u64, u64), Cell>,
}

/// Walked in the same order in every run, so that sums are the same to the last digit.
type Table<K, V> = HashMap<K, V, BuildHasherDefault<DefaultHasher>>;

#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    calls: u64,
    weight: u64,
}

/// Precision is the share of what was joined that is right; recall the share of what is right that was joined.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Quality {
    /// From 0 to 1.
    pub precision: f64,
    /// From 0 to 1.
    pub recall: f64,
}

/// What the counts come to. Definitions: `spec` of each field; the sources are in the harness's README.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measures {
    /// Calls that were counted.
    pub calls: u64,
    /// People who made them.
    pub people: u64,
    /// Profiles that they ended in.
    pub profiles: u64,
    /// Of pairs of calls: joined rightly over joined, and over to be joined.
    pub pairs: Quality,
    /// B-cubed: the same for each call, averaged over calls (Bagga and Baldwin 1998).
    pub b_cubed: Quality,
    /// Of whole profiles: exactly one person's calls and all of them, over profiles, and over people.
    pub exact: Quality,
    /// The Rand index corrected for chance (Hubert and Arabie 1985); 1 is identical, 0 is chance.
    pub adjusted_rand: f64,
    /// The information lost and added, in nats (Meila 2003); 0 is identical.
    pub variation_of_information: f64,
    /// How often a profile must be cut to hold one person only: the cost of a repair that no API offers.
    pub splits: u64,
    /// How often pieces must then be joined: the cost of the repair that the API does offer.
    pub merges: u64,
    /// The share of people who share a profile with somebody.
    pub over_merged: f64,
    /// The share of people who are spread over several profiles.
    pub under_merged: f64,
    /// The share of calls, by weight, on a profile most of whose weight is somebody else's.
    pub on_the_wrong_person: f64,
    /// The people in the fullest profile: what one wrong call can come to.
    pub blast_radius: u64,
}

impl Quality {
    /// The harmonic mean of both.
    pub fn f1(self) -> f64 {
        let sum = self.precision + self.recall;
        if sum == 0.0 {
            return 0.0;
        }
        2.0 * self.precision * self.recall / sum
    }
}

/// One side of the table: a profile or a person, and what it shares with the other side.
#[derive(Clone, Copy, Debug, Default)]
struct Margin {
    calls: u64,
    weight: u64,
    parts: u64,
    heaviest: u64,
}

impl Contingency {
    /// One more call of this person on this profile.
    pub fn add(&mut self, profile: u64, person: u64, weight: u64) {
        let cell = self.cells.entry((profile, person)).or_default();
        cell.calls += 1;
        cell.weight += weight;
    }

    /// Reads all measures off the counts.
    pub fn measures(&self) -> Measures {
        let profiles = self.margins(|(profile, _)| profile);
        let people = self.margins(|(_, person)| person);
        let calls: u64 = self.cells.values().map(|cell| cell.calls).sum();
        if calls == 0 {
            return Measures::default();
        }
        let mut sums = Sums::default();
        for ((profile, person), cell) in &self.cells {
            sums.add(*cell, profiles[profile], people[person]);
        }
        let joined: f64 = profiles.values().map(|one| pairs(one.calls)).sum();
        let right: f64 = people.values().map(|one| pairs(one.calls)).sum();
        let all = pairs(calls);
        let weight: u64 = profiles.values().map(|one| one.weight).sum();
        let heaviest: u64 = profiles.values().map(|one| one.heaviest).sum();
        let several = |count: usize, of: usize| count as f64 / of as f64;
        let splits: u64 = profiles.values().map(|one| one.parts - 1).sum();
        Measures {
            calls,
            people: people.len() as u64,
            profiles: profiles.len() as u64,
            pairs: Quality {
                precision: share(sums.pairs, joined),
                recall: share(sums.pairs, right),
            },
            b_cubed: Quality {
                precision: sums.precision / calls as f64,
                recall: sums.recall / calls as f64,
            },
            exact: Quality {
                precision: sums.exact / profiles.len() as f64,
                recall: sums.exact / people.len() as f64,
            },
            adjusted_rand: adjusted_rand(sums.pairs, joined, right, all),
            variation_of_information: (sums.information / calls as f64).max(0.0),
            splits,
            merges: people.values().map(|one| one.parts - 1).sum(),
            over_merged: several(self.sharing(&profiles), people.len()),
            under_merged: several(
                people.values().filter(|one| one.parts > 1).count(),
                people.len(),
            ),
            on_the_wrong_person: share((weight - heaviest) as f64, weight as f64),
            blast_radius: profiles.values().map(|one| one.parts).max().unwrap_or(0),
        }
    }

    fn margins(&self, side: impl Fn((u64, u64)) -> u64) -> Table<u64, Margin> {
        let mut margins: Table<u64, Margin> = Table::default();
        for (key, cell) in &self.cells {
            let margin = margins.entry(side(*key)).or_default();
            margin.calls += cell.calls;
            margin.weight += cell.weight;
            margin.parts += 1;
            margin.heaviest = margin.heaviest.max(cell.weight);
        }
        margins
    }

    fn sharing(&self, profiles: &Table<u64, Margin>) -> usize {
        let shared = self
            .cells
            .keys()
            .filter(|(profile, _)| profiles[profile].parts > 1);
        let people: std::collections::HashSet<u64> = shared.map(|(_, person)| *person).collect();
        people.len()
    }
}

#[derive(Default)]
struct Sums {
    pairs: f64,
    precision: f64,
    recall: f64,
    exact: f64,
    information: f64,
}

impl Sums {
    fn add(&mut self, cell: Cell, profile: Margin, person: Margin) {
        let both = cell.calls as f64;
        let (of_profile, of_person) = (profile.calls as f64, person.calls as f64);
        self.pairs += pairs(cell.calls);
        self.precision += both * both / of_profile;
        self.recall += both * both / of_person;
        if profile.parts == 1 && person.parts == 1 {
            self.exact += 1.0;
        }
        self.information -= both * ((both / of_profile).ln() + (both / of_person).ln());
    }
}

fn pairs(calls: u64) -> f64 {
    let calls = calls as f64;
    calls * (calls - 1.0) / 2.0
}

/// Nothing of nothing is all of it.
fn share(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 1.0 } else { part / whole }
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
mod tests {
    use proptest::{collection, prelude::*};

    use super::*;

    fn counts(calls: &[(u64, u64)]) -> Contingency {
        let mut counts = Contingency::default();
        for (profile, person) in calls {
            counts.add(*profile, *person, 1);
        }
        counts
    }

    fn is_close(one: f64, other: f64) {
        assert!((one - other).abs() < 1e-9, "{one} is not {other}");
    }

    /// Five calls of anna, three of otto; two of anna's on otto's profile.
    #[test]
    fn by_hand() {
        let calls = [
            (1, 1),
            (1, 1),
            (1, 1),
            (2, 1),
            (2, 1),
            (2, 2),
            (2, 2),
            (2, 2),
        ];
        let measures = counts(&calls).measures();
        // Joined pairs: 3 + 10; right among them: 3 + 1 + 3; to be joined: 10 + 3.
        is_close(measures.pairs.precision, 7.0 / 13.0);
        is_close(measures.pairs.recall, 7.0 / 13.0);
        // Each call's share: three of 1, two of 2/5, three of 3/5; then three of 3/5, two of 2/5, three of 1.
        is_close(measures.b_cubed.precision, (3.0 + 0.8 + 1.8) / 8.0);
        is_close(measures.b_cubed.recall, (1.8 + 0.8 + 3.0) / 8.0);
        is_close(measures.exact.precision, 0.0);
        // (7 - 169/28) / (13 - 169/28)
        is_close(
            measures.adjusted_rand,
            (7.0 - 169.0 / 28.0) / (13.0 - 169.0 / 28.0),
        );
        assert_eq!((measures.splits, measures.merges), (1, 1));
        is_close(measures.on_the_wrong_person, 2.0 / 8.0);
        is_close(measures.over_merged, 1.0);
        is_close(measures.under_merged, 0.5);
        assert_eq!(measures.blast_radius, 2);
    }

    #[test]
    fn what_is_right_is_one_and_nothing_is_nothing() {
        let measures = counts(&[(7, 1), (7, 1), (8, 2)]).measures();
        for quality in [measures.pairs, measures.b_cubed, measures.exact] {
            is_close(quality.f1(), 1.0);
        }
        is_close(measures.adjusted_rand, 1.0);
        is_close(measures.variation_of_information, 0.0);
        assert_eq!(counts(&[]).measures(), Measures::default());
    }

    proptest! {
        /// The obvious way: look at all pairs, and at each call's own profile and person.
        #[test]
        fn as_counted_one_by_one(calls in collection::vec((0_u64..5, 0_u64..5), 1..40)) {
            let measures = counts(&calls).measures();
            let (mut both, mut joined, mut right) = (0.0, 0.0, 0.0);
            for (place, one) in calls.iter().enumerate() {
                for other in &calls[place + 1..] {
                    joined += f64::from(u8::from(one.0 == other.0));
                    right += f64::from(u8::from(one.1 == other.1));
                    both += f64::from(u8::from(one == other));
                }
            }
            is_close(measures.pairs.precision, share(both, joined));
            is_close(measures.pairs.recall, share(both, right));
            let of = |is: &dyn Fn(&&(u64, u64)) -> bool| calls.iter().filter(is).count() as f64;
            let precision: f64 = calls
                .iter()
                .map(|one| of(&|other| *other == one) / of(&|other| other.0 == one.0))
                .sum();
            is_close(measures.b_cubed.precision, precision / calls.len() as f64);
            let recall: f64 = calls
                .iter()
                .map(|one| of(&|other| *other == one) / of(&|other| other.1 == one.1))
                .sum();
            is_close(measures.b_cubed.recall, recall / calls.len() as f64);
        }
    }
}
