//! What is read back of a customer: IDs, properties, events, and the consents that its events add up to.

use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt::Write as _;
use serde_json::Value;

use crate::{
    decision::{Decision, InternalId},
    ids::IdKind,
    project::Project,
    rule::Rule,
    time::Timestamp,
};

/// A customer as it is read.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Its internal ID.
    pub internal_id: InternalId,
    /// Its external IDs: every type of the schema with its values; soft values from the longest unused to the last used.
    pub ids: Vec<(String, Vec<String>)>,
    /// Its properties by name.
    pub properties: BTreeMap<String, StoredProperty>,
    /// Its events by time, then by arrival.
    pub events: Vec<StoredEvent>,
}

/// A property's value and when it was set.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredProperty {
    /// Canonical JSON.
    pub value: String,
    /// When it was set.
    pub at: Timestamp,
}

/// An event as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredEvent {
    /// Its type.
    pub event_type: String,
    /// Its time.
    pub at: Timestamp,
    /// Canonical JSON: an object.
    pub properties: String,
}

impl Project {
    /// The profile of a customer that exists; an absorbed one has none.
    pub fn profile(&self, customer: InternalId) -> Option<Profile> {
        let index = customer.index();
        self.store.customers.exists(index).then(|| Profile {
            internal_id: customer,
            ids: self.ids_of(index),
            properties: self.properties_of(index),
            events: self.events_of(index),
        })
    }

    /// One property of a customer that exists.
    pub fn property(&self, customer: InternalId, name: &str) -> Option<StoredProperty> {
        let name = self.store.attributes.find(name)?;
        let (properties, customers) = (&self.store.properties, &self.store.customers);
        properties.get(customers, customer.index(), name)
    }

    fn ids_of(&self, customer: u32) -> Vec<(String, Vec<String>)> {
        let types = (0..).zip(self.schema().types());
        types
            .map(|(position, id_type)| {
                let of_kind: Vec<_> = match id_type.kind {
                    IdKind::Hard => self.store.hard_ids(customer).collect(),
                    IdKind::Soft => self.store.soft_ids(customer).collect(),
                };
                let of_type = of_kind.into_iter().filter(|(other, _)| *other == position);
                let mut used: Vec<(u32, String)> = of_type
                    .map(|(_, at)| (self.store.ids.used(at), self.store.ids.text(at)))
                    .collect();
                used.sort_unstable();
                let values = used.into_iter().map(|(_, text)| text);
                let values = values.chain(self.shared_with(customer, position));
                (id_type.name.clone(), values.collect())
            })
            .collect()
    }

    /// Values of a type that point to this customer and are held by another.
    fn shared_with(&self, customer: u32, position: u16) -> impl Iterator<Item = String> {
        let published = self.published.iter();
        let shared = published.flat_map(move |one| one.shared_with(&self.store, customer));
        let of_type = shared.filter(move |(id_type, _)| *id_type == position);
        of_type.map(|(_, text)| text.to_string())
    }

    fn properties_of(&self, customer: u32) -> BTreeMap<String, StoredProperty> {
        let stored = self.store.properties.of(&self.store.customers, customer);
        stored
            .map(|(name, stored)| (self.store.attributes.text(name).to_string(), stored))
            .collect()
    }

    fn events_of(&self, customer: u32) -> Vec<StoredEvent> {
        let events = self.store.events.of(&self.store.customers, customer);
        events
            .into_iter()
            .map(|event| StoredEvent {
                event_type: self.store.event_types.text(event.event_type).to_string(),
                at: event.at,
                properties: event.properties,
            })
            .collect()
    }
}

impl Profile {
    /// The state of each consent category at a moment: the newest `consent` event of the category decides.
    ///
    /// An event that accepts must say `valid_until`; an invalid one revokes (facts 3.16, 8.2, 8.3).
    pub fn consents(&self, now: Timestamp) -> BTreeMap<String, bool> {
        let mut consents = BTreeMap::new();
        for event in self
            .events
            .iter()
            .filter(|event| event.event_type == "consent")
        {
            let Ok(properties) = serde_json::from_str::<Value>(&event.properties) else {
                continue;
            };
            if let Some(category) = properties.get("category").and_then(Value::as_str) {
                consents.insert(category.to_string(), accepts(&properties, now));
            }
        }
        consents
    }
}

fn accepts(properties: &Value, now: Timestamp) -> bool {
    let accepted = properties.get("action").and_then(Value::as_str) == Some("accept");
    accepted
        && match properties.get("valid_until") {
            Some(Value::String(text)) => {
                text == "unlimited" || text.parse().is_ok_and(|until: f64| until > now.seconds())
            }
            Some(Value::Number(until)) => until.as_f64().is_some_and(|until| until > now.seconds()),
            _ => false,
        }
}

/// The properties of the `merge` event (fact 3.14; the attributes are assumed): canonical JSON.
pub(crate) fn merge_properties(decision: &Decision, linked: &[(&str, &str)]) -> String {
    let ids: BTreeMap<&str, &str> = linked.iter().copied().collect();
    let mut object = String::from("{\"destination_internal_id\":");
    push_internal_id(&mut object, decision.survivor);
    object.push_str(",\"ids\":{");
    for (position, (name, value)) in ids.into_iter().enumerate() {
        push_comma(&mut object, position);
        push_quoted(&mut object, name);
        object.push(':');
        push_quoted(&mut object, value);
    }
    object.push_str("},\"rule\":");
    push_quoted(&mut object, Rule::SharedIdMerges.slug());
    object.push_str(",\"source_internal_ids\":[");
    for (position, source) in decision.absorbed.iter().enumerate() {
        push_comma(&mut object, position);
        push_internal_id(&mut object, *source);
    }
    object.push_str("]}");
    object
}

fn push_comma(out: &mut String, position: usize) {
    if position > 0 {
        out.push(',');
    }
}

fn push_internal_id(out: &mut String, id: InternalId) {
    // Writing to a text cannot fail.
    let _ = write!(out, "\"{id}\"");
}

/// The text as JSON; most texts need no escape.
fn push_quoted(out: &mut String, text: &str) {
    let is_plain = |byte| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\';
    if text.bytes().all(is_plain) {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&Value::from(text).to_string());
    }
}
