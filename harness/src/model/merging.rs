//! What a merge does: everything of the absorbed customer goes to the survivor, one by one.
//! `semantics.md`, section 3, "What a merge does".

use std::collections::BTreeMap;

use serde_json::json;
use twinfold_engine::{
    InternalId, PropertyConflict, Timestamp,
    profile::{StoredEvent, StoredProperty},
};

use super::{
    Model, ModelOutcome,
    customer::{Customer, HeldEvent},
    reading::CallId,
};

impl Model {
    /// Folds a younger customer into the survivor.
    pub(super) fn fold(&mut self, absorbed: InternalId, survivor: InternalId) {
        let empty = Customer {
            folded_into: Some(survivor),
            ..Customer::new(absorbed)
        };
        let source = std::mem::replace(self.customer_mut(absorbed), empty);
        let switch = self.switches.property_conflict;
        let destination = self.customer_mut(survivor);
        for id in source.ids {
            if !destination.holds(&id.id_type, &id.value) {
                destination.ids.push(id);
            }
        }
        for event in source.events {
            destination.events.push(event);
        }
        for (name, property) in source.properties {
            let stays = match destination.properties.remove(&name) {
                Some(own) => one_of(&name, own, property, switch),
                None => property,
            };
            destination.properties.insert(name, stays);
        }
    }

    /// The `merge` event on the survivor; it is stored even if it equals another.
    pub(super) fn track_merge(
        &mut self,
        outcome: &ModelOutcome,
        linking: &[CallId],
        at: Timestamp,
    ) {
        let sources: Vec<_> = outcome.absorbed.iter().map(InternalId::to_string).collect();
        let ids: BTreeMap<_, _> = linking
            .iter()
            .map(|id| (&id.id_type.name, &id.value))
            .collect();
        let properties = json!({
            "destination_internal_id": outcome.survivor.to_string(),
            "ids": ids,
            "rule": "shared-id-merges",
            "source_internal_ids": sources,
        });
        let event = StoredEvent {
            event_type: "merge".to_owned(),
            at,
            properties: properties.to_string(),
        };
        let arrival = self.next_moment();
        let events = &mut self.customer_mut(outcome.survivor).events;
        events.push(HeldEvent { event, arrival });
    }
}

/// Which of two values of one property stays; the absorbed customer is the younger.
fn one_of(
    name: &str,
    own: StoredProperty,
    absorbed: StoredProperty,
    switch: PropertyConflict,
) -> StoredProperty {
    if name.starts_with("__exponea_ab_") {
        return absorbed;
    }
    let is_true = |property: &StoredProperty| property.value == "true";
    if name == "add_first_session" && is_true(&own) != is_true(&absorbed) {
        return if is_true(&own) { own } else { absorbed };
    }
    match switch {
        PropertyConflict::Newest if absorbed.at >= own.at => absorbed,
        PropertyConflict::Newest | PropertyConflict::SurvivorKeeps => own,
        PropertyConflict::AbsorbedReplaces => absorbed,
    }
}
