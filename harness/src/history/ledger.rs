//! Which IDs each customer holds while a history is replayed, so that what an anonymization forgets can be named.
//! Lists are appended, and what is no longer true in them is passed over when they are read.

use std::collections::HashMap;

use twinfold_engine::{IdKind, InternalId, Project};

use super::{Carried, Id, Step, holder};
use crate::traffic::{SentAction, SentWho};

/// The IDs by customer; some may have gone since.
#[derive(Debug, Default)]
pub(super) struct Ledger(HashMap<InternalId, Vec<Id>>);

impl Ledger {
    /// What the command forgets if it is carried out: everything of whom it anonymizes.
    pub(super) fn would_forget(
        &self,
        action: &SentAction,
        ids: &[Carried],
        project: &Project,
    ) -> Vec<Id> {
        let SentAction::Anonymize { who, .. } = action else {
            return Vec::new();
        };
        let customer = match who {
            SentWho::Internal(customer) => Some(*customer),
            SentWho::Ids(_) => named(ids, project),
        };
        let held = customer.and_then(|customer| self.0.get(&customer));
        let mut held = held.cloned().unwrap_or_default();
        held.retain(|id| holder(project, id) == customer);
        held.sort_unstable();
        held.dedup();
        held
    }

    /// Notes who holds what after a step.
    pub(super) fn follow(&mut self, step: &Step<'_>) {
        let Some(survivor) = step.survivor() else {
            return;
        };
        let mut held = self.0.remove(&survivor).unwrap_or_default();
        for absorbed in step.absorbed() {
            let mut theirs = self.0.remove(absorbed).unwrap_or_default();
            if theirs.len() > held.len() {
                std::mem::swap(&mut theirs, &mut held);
            }
            held.append(&mut theirs);
        }
        if let SentAction::Anonymize { .. } = &step.sent.action {
            held.clear();
            held.extend(step.fresh.clone());
        } else {
            let new = step.ids.iter().filter(|carried| {
                carried.is_survivors
                    && carried.held_by != Some(survivor)
                    && !carried
                        .held_by
                        .is_some_and(|by| step.absorbed().contains(&by))
            });
            held.extend(new.map(|carried| carried.id.clone()));
        }
        self.0.insert(survivor, held);
    }
}

/// Whom IDs name where nobody may be created: hard types before soft ones.
fn named(ids: &[Carried], project: &Project) -> Option<InternalId> {
    let of_kind = |kind| {
        let types = project.schema().of_kind(kind);
        types
            .flat_map(|id_type| {
                ids.iter()
                    .filter(move |carried| carried.id.id_type == id_type.name)
            })
            .find_map(|carried| carried.held_by)
    };
    of_kind(IdKind::Hard).or_else(|| of_kind(IdKind::Soft))
}
