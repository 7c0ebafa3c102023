//! What happens to IDs that change hands or get lost: stolen soft IDs, the cap, and IDs of anonymized customers.
//! Read from the commands in one pass.

use std::collections::{BTreeMap, HashMap};

use twinfold_engine::Happened;

use super::{Anomaly, Finding};
use crate::{
    history::{History, Id, Step},
    traffic::SentAction,
};

pub(super) fn find(history: &History<'_>) -> Vec<Finding> {
    let mut watch = Watch::default();
    for (position, step) in history.steps.iter().enumerate() {
        watch.see_returns(history, position, step);
        watch.see_stolen(history, position, step);
        watch.see_forgotten(history, position, step);
    }
    watch.found
}

#[derive(Default)]
struct Watch {
    /// Events that a soft ID brought to whoever holds it now.
    events: HashMap<Id, Vec<usize>>,
    /// IDs of anonymized customers: whose, and by which step.
    anonymized: HashMap<Id, (u32, usize)>,
    /// Displaced soft IDs: which finding says so.
    displaced: HashMap<Id, usize>,
    found: Vec<Finding>,
}

impl Watch {
    /// IDs that nobody held any more and that make or join a profile anew.
    fn see_returns(&mut self, history: &History<'_>, position: usize, step: &Step<'_>) {
        let Some(survivor) = step.survivor() else {
            return;
        };
        let mut returned = BTreeMap::<(u32, usize), Vec<Id>>::new();
        for carried in step.ids.iter().filter(|carried| carried.held_by.is_none()) {
            if let Some(origin) = self.anonymized.remove(&carried.id) {
                returned.entry(origin).or_default().push(carried.id.clone());
            }
            if let Some(finding) = self.displaced.remove(&carried.id) {
                let back = history.last(survivor);
                let finding = &mut self.found[finding];
                finding.by.push(step.sent.seq);
                if !finding.customers.contains(&back) {
                    finding.customers.push(back);
                    finding.customers.sort_unstable();
                    let says = format!(" Seen again in {}, it is #{back}.", step.sent.seq);
                    finding.says.push_str(&says);
                }
            }
        }
        for ((customer, by), ids) in returned {
            let customers = [customer, history.last(survivor)];
            let says = format!(
                "#{customer} was anonymized in {}; {} seen again in {} makes #{}.",
                history.steps[by].sent.seq,
                super::duplicates::listed(&ids),
                step.sent.seq,
                history.last(survivor)
            );
            let anomaly = Anomaly::ReCreatedAfterAnonymize;
            let finding = Finding::new(anomaly, history, customers, ids, [by, position]);
            self.found.push(finding.says(says));
        }
    }

    fn see_stolen(&mut self, history: &History<'_>, position: usize, step: &Step<'_>) {
        for (id, from) in step.moved() {
            let left = self.events.remove(id).unwrap_or_default();
            let (from, to) = (history.last(from), step.survivor());
            let to = to.map_or(from, |to| history.last(to));
            if left.is_empty() || from == to {
                continue;
            }
            let says = format!(
                "{id} moved from #{from} to #{to} in {}, and {} that it had brought stayed with #{from}.",
                step.sent.seq,
                match left.len() {
                    1 => "1 event".to_owned(),
                    count => format!("{count} events"),
                }
            );
            let by = left.into_iter().chain([position]);
            let anomaly = Anomaly::StolenSoftId;
            let finding = Finding::new(anomaly, history, [from, to], [id.clone()], by);
            self.found.push(finding.says(says));
        }
        let stored =
            matches!(&step.result, Ok(outcome) if outcome.happened == Happened::EventStored);
        for id in step.survivors_ids().filter(|_| stored) {
            if !history.is_hard(id) {
                self.events.entry(id.clone()).or_default().push(position);
            }
        }
    }

    fn see_forgotten(&mut self, history: &History<'_>, position: usize, step: &Step<'_>) {
        let Some(survivor) = step.survivor() else {
            return;
        };
        let customer = history.last(survivor);
        let is_anonymized = matches!(step.sent.action, SentAction::Anonymize { .. });
        for id in &step.forgotten {
            self.events.remove(id);
            if is_anonymized {
                self.anonymized.insert(id.clone(), (customer, position));
                continue;
            }
            let says = format!(
                "#{customer} had more values of {} than it may, and {id} was forgotten in {}.",
                id.id_type, step.sent.seq
            );
            let anomaly = Anomaly::SoftIdLostByCap;
            let finding = Finding::new(anomaly, history, [customer], [id.clone()], [position]);
            self.displaced.insert(id.clone(), self.found.len());
            self.found.push(finding.says(says));
        }
    }
}
