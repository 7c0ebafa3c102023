//! How soon a profile is right: after every call, whether each person has one profile with all own calls and no others.

use std::collections::BTreeSet;

use super::{
    super::{
        contingency::Table,
        measures::quantile,
        running::{Ready, Running},
    },
    World,
};

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

#[derive(Default)]
pub(super) struct Times {
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
    pub(super) fn look(&mut self, ready: &Ready<'_>, world: &World) {
        let people: Vec<u32> = world
            .iter()
            .map(|call| ready.traffic.truth(*call as usize).0)
            .collect();
        let mut courses: Table<u32, Course> = Table::default();
        let mut running = ready.start();
        for taken in 0..world.len() {
            running.take(&ready.traffic.call(world[taken] as usize));
            courses.entry(people[taken]).or_default().calls += 1;
            let right = right(&running.as_if_ended(), &people[..=taken]);
            for (person, course) in &mut courses {
                course.goes_on(right.contains(person));
            }
        }
        self.people += courses.len() as u64;
        self.got_worse += courses.values().filter(|course| course.got_worse).count() as u64;
        self.right
            .extend(courses.values().filter_map(|course| course.right_since));
    }

    pub(super) fn read(mut self) -> TimeToRight {
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
