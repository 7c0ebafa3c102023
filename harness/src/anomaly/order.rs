//! Commands whose order decides who is who. The test: a command and the last one before it that reached any of the
//! same customers or IDs are carried out in both orders from the state before them; who holds which IDs must agree.
//! What stands between the two reaches neither, so this is the same as swapping neighbours.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use twinfold_engine::Project;

use super::{Anomaly, Finding, duplicates::listed};
use crate::{
    history::{History, Id, Step, holder},
    traffic::{Sent, SentAction, replay},
};

/// So many pairs are tried; each takes two copies of the project.
pub const PAIRS_MAX: usize = 200;

/// The pairs that do not commute, and whether every pair was tried.
pub(super) fn find(history: &History<'_>) -> (Vec<Finding>, bool) {
    let mut pairs = pairs(history);
    let tried_all = pairs.len() <= PAIRS_MAX;
    pairs.truncate(PAIRS_MAX);
    pairs.sort_unstable();
    let mut project = replay(&history.traffic.settings, []);
    let mut at = 0;
    let mut found = Vec::new();
    for (first, second) in pairs {
        for step in &history.steps[at..first] {
            let _rejected_or_not = step.sent.apply_to(&mut project);
        }
        at = first;
        found.extend(swapped(history, &project, first, second));
    }
    (found, tried_all)
}

/// Each command with the last one before it that it meets, if either does more than find a customer.
fn pairs(history: &History<'_>) -> Vec<(usize, usize)> {
    let mut last_of_customer = HashMap::<u32, usize>::new();
    let mut last_of_id = HashMap::<&Id, usize>::new();
    let mut pairs = Vec::new();
    for (position, step) in history.steps.iter().enumerate() {
        let customers = step.reached.iter().chain(step.absorbed()).copied();
        let customers: BTreeSet<u32> = customers
            .chain(step.survivor())
            .map(|customer| customer.number())
            .collect();
        let by_id = step.ids.iter().map(|carried| &carried.id);
        let before = customers
            .iter()
            .filter_map(|customer| last_of_customer.get(customer));
        let before = before.chain(by_id.clone().filter_map(|id| last_of_id.get(id)));
        if let Some(before) = before.max().copied()
            && is_telling(&history.steps[before], step)
        {
            pairs.push((before, position));
        }
        last_of_customer.extend(customers.iter().map(|customer| (*customer, position)));
        last_of_id.extend(by_id.map(|id| (id, position)));
    }
    pairs
}

/// Whether the pair may be one of identity at all: nobody is anonymized, and more than one ID is in play.
fn is_telling(one: &Step<'_>, other: &Step<'_>) -> bool {
    let anonymizes = |step: &Step<'_>| matches!(step.sent.action, SentAction::Anonymize { .. });
    let ids = |step: &Step<'_>| step.ids.len() > 1;
    !anonymizes(one) && !anonymizes(other) && (ids(one) || ids(other))
}

fn swapped(
    history: &History<'_>,
    before: &Project,
    first: usize,
    second: usize,
) -> Option<Finding> {
    let (one, other) = (&history.steps[first], &history.steps[second]);
    let as_sent = after(before, [one.sent, other.sent]);
    let swapped = after(before, [other.sent, one.sent]);
    let ids: BTreeSet<&Id> = [one, other]
        .into_iter()
        .flat_map(|step| step.ids.iter().map(|carried| &carried.id))
        .collect();
    let (was, would_be) = (company(&as_sent, &ids), company(&swapped, &ids));
    if was == would_be {
        return None;
    }
    let differs = |id: &&Id| was.get(*id) != would_be.get(*id);
    let about: Vec<Id> = ids.into_iter().filter(differs).cloned().collect();
    let customers = [one, other].into_iter().filter_map(Step::survivor);
    let says = format!(
        "Had {} come before {}, {} would stand with other IDs.",
        other.sent.seq,
        one.sent.seq,
        listed(&about)
    );
    let customers = customers.map(|customer| history.last(customer));
    let by = [first, second];
    let finding = Finding::new(Anomaly::OrderDependentMerge, history, customers, about, by);
    Some(finding.says(says))
}

fn after(before: &Project, commands: [&Sent; 2]) -> Project {
    let mut project = before.clone();
    for command in commands {
        let _rejected_or_not = command.apply_to(&mut project);
    }
    project
}

/// With which IDs each of these stands on one profile.
fn company<'i>(project: &Project, ids: &BTreeSet<&'i Id>) -> BTreeMap<&'i Id, BTreeSet<Id>> {
    let of = |id: &&'i Id| {
        let profile = holder(project, id).and_then(|holder| project.profile(holder));
        let held = profile.into_iter().flat_map(|profile| profile.ids);
        let held = held.flat_map(|(id_type, values)| {
            values
                .into_iter()
                .map(move |value| Id::new(id_type.clone(), value))
        });
        (*id, held.collect())
    };
    ids.iter().map(of).collect()
}
