//! The shortest order that leaves a duplicate: the fewest commands after which two profiles have one address.

use twinfold_engine::Project;

use super::{
    Options, Variation,
    deliveries::{arrangements, keeps_order, senders},
    delivery::Delivery,
};
use crate::{
    fixup::{PlanOptions, duplicates_of},
    shrink::minimal,
    traffic::Traffic,
};

/// Up to this many arrangements of a length are listed to find the shortest.
const ARRANGEMENTS_MAX: usize = 20_000;

/// An order of some of the commands that leaves two profiles with one address.
#[derive(Clone, Debug)]
pub struct Duplicate {
    /// Positions of the commands.
    pub order: Vec<usize>,
    /// The addresses.
    pub keys: Vec<String>,
    /// No order of fewer commands leaves a duplicate; else only none of these commands can be left out.
    pub is_shortest: bool,
    /// The project.
    pub project: Project,
}

pub(super) fn shortest(
    traffic: &Traffic,
    deliveries: &[(Variation, Delivery)],
    options: &Options,
    plan: &PlanOptions,
) -> Option<Duplicate> {
    let (settings, commands) = (&traffic.settings, &traffic.commands);
    let replayed = |order: &[usize]| Delivery::singly(order.to_vec()).replay(settings, commands);
    let leaves = |order: &[usize]| !duplicates_of(&replayed(order), plan).is_empty();
    let senders = senders(settings, commands);
    let found = |order: Vec<usize>, is_shortest| {
        let project = replayed(&order);
        Duplicate {
            keys: duplicates_of(&project, plan),
            order,
            is_shortest,
            project,
        }
    };
    let mut listed = 1;
    for length in 1..=commands.len() {
        listed *= commands.len() - length + 1;
        if listed > ARRANGEMENTS_MAX {
            break;
        }
        let kept = |order: &Vec<usize>| !options.keep_source_order || keeps_order(order, &senders);
        let mut all = arrangements(commands.len(), length).into_iter();
        if let Some(order) = all.find(|order| kept(order) && leaves(order)) {
            return Some(found(order, true));
        }
    }
    let mut orders = deliveries
        .iter()
        .filter(|(variation, _)| *variation == Variation::Order);
    let (_, begun) = orders.find(|(_, delivery)| leaves(&delivery.order))?;
    Some(found(minimal(begun.order.clone(), leaves), false))
}
