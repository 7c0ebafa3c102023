//! A customer of the model: flat lists of IDs and events, properties by name.
//! Nothing is indexed; whoever wants something looks through all of it.

use std::collections::BTreeMap;

use twinfold_engine::{
    IdKind, IdType, InternalId, Profile,
    profile::{StoredEvent, StoredProperty},
};

#[derive(Clone, Debug)]
pub(super) struct Customer {
    pub(super) internal_id: InternalId,
    /// Set once it is absorbed; then nothing else is left in it.
    pub(super) folded_into: Option<InternalId>,
    pub(super) ids: Vec<HeldId>,
    pub(super) properties: BTreeMap<String, StoredProperty>,
    pub(super) events: Vec<HeldEvent>,
}

/// An ID that a customer holds, and when a command carried it last.
#[derive(Clone, Debug)]
pub(super) struct HeldId {
    pub(super) id_type: String,
    pub(super) value: String,
    pub(super) used: u64,
}

/// An event and its place in the order of arrival.
#[derive(Clone, Debug)]
pub(super) struct HeldEvent {
    pub(super) event: StoredEvent,
    pub(super) arrival: u64,
}

impl Customer {
    pub(super) fn new(internal_id: InternalId) -> Self {
        Self {
            internal_id,
            folded_into: None,
            ids: Vec::new(),
            properties: BTreeMap::new(),
            events: Vec::new(),
        }
    }

    pub(super) fn holds(&self, id_type: &str, value: &str) -> bool {
        let mut ids = self.ids.iter();
        ids.any(|id| id.id_type == id_type && id.value == value)
    }

    /// Its hard IDs as type and value, in schema order.
    pub(super) fn hard_ids(&self, types: &[IdType]) -> Vec<(String, String)> {
        let hard = types.iter().filter(|t| t.kind == IdKind::Hard);
        hard.flat_map(|t| self.ids.iter().filter(|id| id.id_type == t.name))
            .map(|id| (id.id_type.clone(), id.value.clone()))
            .collect()
    }

    /// Its values of one type, from the longest unused to the last used; those last used together by their text.
    pub(super) fn values(&self, id_type: &str) -> Vec<String> {
        let mut held: Vec<_> = self.ids.iter().filter(|id| id.id_type == id_type).collect();
        held.sort_by_key(|id| (id.used, &id.value));
        held.into_iter().map(|id| id.value.clone()).collect()
    }

    pub(super) fn take_away(&mut self, id_type: &str, value: &str) {
        self.ids
            .retain(|id| id.id_type != id_type || id.value != value);
    }

    /// Marks the ID as used, or adds it.
    pub(super) fn use_id(&mut self, id_type: &str, value: &str, used: u64) {
        self.take_away(id_type, value);
        self.ids.push(HeldId {
            id_type: id_type.to_owned(),
            value: value.to_owned(),
            used,
        });
    }

    /// Its events by time, then by arrival.
    pub(super) fn events_in_order(&self) -> Vec<StoredEvent> {
        let mut events = self.events.clone();
        events.sort_by_key(|held| (held.event.at, held.arrival));
        events.into_iter().map(|held| held.event).collect()
    }

    pub(super) fn profile(&self, types: &[IdType]) -> Profile {
        let values = |t: &IdType| (t.name.clone(), self.values(&t.name));
        Profile {
            internal_id: self.internal_id,
            ids: types.iter().map(values).collect(),
            properties: self.properties.clone(),
            events: self.events_in_order(),
        }
    }
}
