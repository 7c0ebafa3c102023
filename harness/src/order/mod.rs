//! The order check: whether the end depends on the order in which commands arrive, on how they are grouped into
//! batches, and on whether one of them is delivered twice.

mod deliveries;
mod delivery;
mod duplicate;
mod state;
mod swap;
#[cfg(test)]
mod tests;
mod text;

use std::collections::HashMap;

use twinfold_engine::Project;

use crate::{
    fixup::PlanOptions,
    traffic::{Sent, Traffic},
};

pub use deliveries::{EVERY_ORDER_COMMANDS_MAX, Variation};
pub use duplicate::Duplicate;
pub use swap::Swap;
pub use text::{json, text};

use delivery::{Delivery, afterwards};
use state::End;

/// What is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How many orders are sampled where not all of them are tried.
    pub orders: usize,
    /// The seed of the sample.
    pub seed: u64,
    /// What one sender sent stays in its order.
    pub keep_source_order: bool,
}

/// What the deliveries came to.
#[derive(Clone, Debug)]
pub struct Report {
    /// The commands, as they were recorded.
    pub commands: Vec<Sent>,
    /// What was tried.
    pub options: Options,
    /// Whether every order was tried.
    pub every_order: bool,
    /// How many deliveries were tried, by what varies.
    pub tried: Vec<(Variation, usize)>,
    /// The ends, the one of the recorded order first.
    pub ends: Vec<Ending>,
    /// The smallest swap of neighbours that changes the end, if one was found.
    pub swap: Option<Swap>,
    /// The fewest commands that leave two profiles with one address, and their order.
    pub duplicate: Option<Duplicate>,
}

/// One end and how it comes about.
#[derive(Clone, Debug)]
pub struct Ending {
    /// How many deliveries end so, by what varies.
    pub deliveries: Vec<(Variation, usize)>,
    /// The first such delivery: positions from 1, those of one batch together.
    pub example: Vec<Vec<usize>>,
    /// The project.
    pub project: Project,
}

impl Report {
    /// Whether every delivery ends alike.
    pub fn is_independent(&self) -> bool {
        self.ends.len() <= 1
    }
}

/// Delivers the commands in other ways and compares the ends.
///
/// The result depends on the arguments only.
pub fn check(traffic: &Traffic, options: Options, plan: &PlanOptions) -> Report {
    let (settings, commands) = (&traffic.settings, &traffic.commands);
    let (deliveries, every_order) = deliveries::deliveries(traffic, &options);
    let now = afterwards(commands);
    let mut known = HashMap::<End, usize>::new();
    let mut ends: Vec<Ending> = Vec::new();
    let mut orders_by_end: Vec<&[usize]> = Vec::new();
    for (variation, delivery) in &deliveries {
        let project = delivery.replay(settings, commands);
        let end = End::of(&project, now);
        let next = ends.len();
        let index = *known.entry(end).or_insert(next);
        if index == next {
            ends.push(Ending {
                deliveries: Vec::new(),
                example: shown(delivery),
                project,
            });
        }
        if index > 0 && *variation == Variation::Order {
            orders_by_end.push(&delivery.order);
        }
        if let Some(ending) = ends.get_mut(index) {
            count(&mut ending.deliveries, *variation);
        }
    }
    let mut tried = Vec::new();
    for (variation, _) in &deliveries {
        count(&mut tried, *variation);
    }
    Report {
        swap: swap::smallest(settings, commands, &orders_by_end),
        duplicate: duplicate::shortest(traffic, &deliveries, &options, plan),
        commands: commands.clone(),
        options,
        every_order,
        tried,
        ends,
    }
}

fn count(counts: &mut Vec<(Variation, usize)>, variation: Variation) {
    match counts.iter_mut().find(|(other, _)| *other == variation) {
        Some((_, count)) => *count += 1,
        None => counts.push((variation, 1)),
    }
}

fn shown(delivery: &Delivery) -> Vec<Vec<usize>> {
    let mut batches: Vec<Vec<usize>> = Vec::new();
    for (position, with_the_one_before) in delivery.order.iter().zip(&delivery.with_the_one_before)
    {
        match batches.last_mut() {
            Some(batch) if *with_the_one_before => batch.push(position + 1),
            _ => batches.push(vec![position + 1]),
        }
    }
    batches
}
