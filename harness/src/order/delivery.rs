//! One way in which the commands may arrive: in which order, in which batches, and which of them twice.
//! What a command says of its own time travels with it; when it arrives depends on its place.

use twinfold_engine::{Outcome, Project, Rejection, Settings, Timestamp};

use crate::traffic::Sent;

/// An order of arrival. A position may stand twice: then the command is delivered again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Delivery {
    /// Positions in the recorded traffic.
    pub(super) order: Vec<usize>,
    /// At each place, whether the command shares a batch, and so the clock reading, with the one before it.
    pub(super) with_the_one_before: Vec<bool>,
}

impl Delivery {
    /// Every command by itself.
    pub(super) fn singly(order: Vec<usize>) -> Self {
        Self {
            with_the_one_before: vec![false; order.len()],
            order,
        }
    }

    /// A redelivery of the command at `position`, `later` places after it.
    pub(super) fn again(count: usize, position: usize, later: usize) -> Self {
        let mut order: Vec<usize> = (0..count).collect();
        order.insert(position + later, position);
        Self::singly(order)
    }

    /// Carries all commands out in a fresh project.
    pub(super) fn replay(&self, settings: &Settings, commands: &[Sent]) -> Project {
        let mut project = Project::new(settings.clone());
        for (sent, at) in self.arrivals(commands) {
            let _rejected_or_not = sent.apply_at(at, &mut project);
        }
        project
    }

    /// What became of each command.
    pub(super) fn results(
        &self,
        settings: &Settings,
        commands: &[Sent],
    ) -> Vec<Result<Outcome, Rejection>> {
        let mut project = Project::new(settings.clone());
        let arrivals = self.arrivals(commands);
        arrivals
            .map(|(sent, at)| sent.apply_at(at, &mut project))
            .collect()
    }

    /// One second for every batch, from the first arrival that was recorded on.
    fn arrivals<'c>(
        &'c self,
        commands: &'c [Sent],
    ) -> impl Iterator<Item = (&'c Sent, Timestamp)> + 'c {
        let start = start(commands);
        let mut batch = -1.0;
        let places = self.order.iter().zip(&self.with_the_one_before);
        places.filter_map(move |(&position, with_the_one_before)| {
            batch += if *with_the_one_before { 0.0 } else { 1.0 };
            let at = Timestamp::new(start + batch).unwrap_or_default();
            Some((commands.get(position)?, at))
        })
    }
}

fn start(commands: &[Sent]) -> f64 {
    commands.first().map_or(0.0, |sent| sent.at.seconds())
}

/// A moment after everything has arrived, the same for every delivery.
pub(super) fn afterwards(commands: &[Sent]) -> Timestamp {
    Timestamp::new(start(commands) + 2.0 * commands.len() as f64 + 1.0).unwrap_or_default()
}
