//! All calls of a population in the order in which they arrive, in memory that does not grow with their number.
//! Households appear in order of time, so only those that are active are held, each with its plan, and of their calls
//! only those under way.

use super::{
    Call, Population,
    household::Household,
    queue::Queue,
    slip::Lots,
    truth::{PersonTruth, Traffic},
};

/// Whether it is kept who has gone, for [`Traffic::departed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Departed {
    Kept,
    Forgotten,
}

/// The calls of a population, oldest first.
#[derive(Debug)]
pub struct Calls<'p> {
    population: &'p Population,
    lots: Lots,
    /// How many households and people have appeared.
    households: u64,
    people: u64,
    active: Queue<Box<Household>>,
    /// What was sent and has not arrived, numbered in the order of sending.
    under_way: Queue<Call>,
    sent: u64,
    keeps: Departed,
    departed: Vec<PersonTruth>,
    /// Kept from deed to deed only for its room.
    calls: Vec<Call>,
}

impl<'p> Calls<'p> {
    pub(super) fn new(population: &'p Population, keeps: Departed) -> Self {
        Self {
            population,
            lots: Lots::new(population),
            households: 0,
            people: 0,
            active: Queue::new(),
            under_way: Queue::new(),
            sent: 0,
            keeps,
            departed: Vec::new(),
            calls: Vec::new(),
        }
    }

    /// When the next household appears, if one does.
    fn next_appears_at(&self) -> Option<u64> {
        let more = self.people < self.population.people;
        more.then(|| self.population.appears_at(self.households))
    }

    fn appear(&mut self) {
        let number = self.households;
        let household = Household::draw(self.population, &mut self.lots, number, self.people);
        self.households += 1;
        self.people += household.people.len() as u64;
        self.active
            .push(household.due(), number, Box::new(household));
    }

    /// The household whose turn it is does its next deed, or goes.
    fn act(&mut self) {
        let Some(mut household) = self.active.pop() else {
            return;
        };
        if !household.act(&self.population.rates, &mut self.calls) {
            if self.keeps == Departed::Kept {
                self.departed.extend(household.truths());
            }
            return;
        }
        for call in self.calls.drain(..) {
            self.under_way.push(call.arrives_at, self.sent, call);
            self.sent += 1;
        }
        self.active
            .push(household.due(), household.number, household);
    }

    /// How many households, calls and departed people are held.
    #[cfg(test)]
    pub(super) fn held(&self) -> [usize; 3] {
        [self.active.len(), self.under_way.len(), self.departed.len()]
    }
}

impl Iterator for Calls<'_> {
    type Item = Call;

    fn next(&mut self) -> Option<Call> {
        loop {
            // Whoever acts before the next call arrives may send one that comes before it.
            let acts = self.active.due();
            let appears = self.next_appears_at();
            let arrives = self.under_way.due().unwrap_or(u64::MAX);
            match (appears, acts) {
                (Some(appears), _) if appears <= arrives && acts.is_none_or(|at| appears <= at) => {
                    self.appear();
                }
                (_, Some(acts)) if acts <= arrives => self.act(),
                _ => return self.under_way.pop(),
            }
        }
    }
}

impl Traffic for Calls<'_> {
    fn departed(&mut self) -> Vec<PersonTruth> {
        std::mem::take(&mut self.departed)
    }
}
