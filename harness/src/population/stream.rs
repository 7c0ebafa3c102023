//! All calls of a population in the order in which they arrive, in memory that does not grow with their number.
//! Households appear in order of time, so only those that are active have to be held.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
};

use super::{Call, Population, household};

/// The calls of a population, oldest first.
#[derive(Debug)]
pub struct Calls<'p> {
    population: &'p Population,
    /// The next household to appear, and the people who have appeared.
    next: u64,
    people: u64,
    /// The arrival of the next call of every active household; of equal ones the elder household comes first.
    active: BinaryHeap<Reverse<(u64, u64, Waiting)>>,
}

/// The calls of one household that have not arrived.
#[derive(Debug)]
struct Waiting(VecDeque<Call>);

// The heap never compares two of one household, so their calls do not matter to it.
impl PartialEq for Waiting {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
impl Eq for Waiting {}
impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Waiting {
    fn cmp(&self, _: &Self) -> std::cmp::Ordering {
        std::cmp::Ordering::Equal
    }
}

impl<'p> Calls<'p> {
    pub(super) fn new(population: &'p Population) -> Self {
        Self {
            population,
            next: 0,
            people: 0,
            active: BinaryHeap::new(),
        }
    }

    /// Lets the households appear that may have a call before the next one that is known.
    fn appear(&mut self) {
        while self.people < self.population.people {
            let known = self.active.peek().map(|Reverse((at, ..))| *at);
            if known.is_some_and(|known| known < self.population.appears_at(self.next)) {
                return;
            }
            let number = self.next;
            self.people += household::size(self.population, number);
            self.next += 1;
            self.wait(number, household::calls(self.population, number).into());
        }
    }

    /// How many households have calls that have not arrived.
    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        self.active.len()
    }

    fn wait(&mut self, household: u64, calls: VecDeque<Call>) {
        if let Some(first) = calls.front() {
            let at = first.arrives_at;
            self.active.push(Reverse((at, household, Waiting(calls))));
        }
    }
}

impl Iterator for Calls<'_> {
    type Item = Call;

    fn next(&mut self) -> Option<Call> {
        self.appear();
        let Reverse((_, household, Waiting(mut calls))) = self.active.pop()?;
        let call = calls.pop_front();
        self.wait(household, calls);
        call
    }
}
