//! What a command does once identities are settled: checked before anything changes, carried out afterwards.
//! Properties and events go to the customer that the decision names.

use super::Project;
use crate::{
    command::{Happened, PropertiesGiven, Rejection},
    rule::{Rule, Rules},
    store::{Json, Store, UpdateRule},
    time::Timestamp,
};

/// What a command does once identities are settled.
pub(super) enum Then<'a> {
    SetProperties {
        properties: &'a [(&'a str, Json<'a>)],
        at: Timestamp,
        rule: UpdateRule,
    },
    TrackEvent {
        event_type: &'a str,
        at: Timestamp,
        properties: Json<'a>,
    },
    OpenLink,
}

impl<'a> Then<'a> {
    pub(super) fn set(
        at: Timestamp,
        properties: PropertiesGiven<&'a [(&'a str, Json<'a>)]>,
        update_timestamp: Option<Timestamp>,
    ) -> Result<Self, Rejection> {
        let PropertiesGiven::Object(properties) = properties else {
            return Err(Rejection::PropertiesNotAnObject);
        };
        Ok(Self::SetProperties {
            properties,
            at: update_timestamp.unwrap_or(at),
            rule: match update_timestamp {
                Some(_) => UpdateRule::IfStoredOlder,
                None => UpdateRule::Always,
            },
        })
    }

    pub(super) fn track(
        event_type: Option<&'a str>,
        at: Timestamp,
        properties: PropertiesGiven<Json<'a>>,
    ) -> Result<Self, Rejection> {
        let Some(event_type) = event_type.filter(|event_type| !event_type.is_empty()) else {
            return Err(Rejection::EventTypeMissing);
        };
        let PropertiesGiven::Object(properties) = properties else {
            return Err(Rejection::PropertiesNotAnObject);
        };
        Ok(Self::TrackEvent {
            event_type,
            at,
            properties,
        })
    }
}

impl Project {
    /// Does it; what it rests on is added to the rules.
    pub(super) fn carry_out_then(
        &mut self,
        customer: u32,
        then: Then<'_>,
        because: &mut Rules,
    ) -> Happened {
        let attributes_max = usize::from(self.settings.customer_attributes_max);
        let Store {
            customers,
            properties: stored,
            events,
            attributes,
            event_types,
            ..
        } = &mut self.store;
        match then {
            Then::SetProperties {
                properties,
                at,
                rule,
            } => {
                let (mut set, mut discarded) = (0, 0);
                for (name, value) in properties {
                    let Some(name) = attributes.intern_within(attributes_max, name) else {
                        discarded += 1;
                        continue;
                    };
                    set += u32::from(stored.set(customers, customer, name, *value, at, rule));
                }
                let kept = properties.len() as u32 - set - discarded;
                if kept > 0 {
                    because.add(Rule::OlderUpdateIgnored);
                }
                if discarded > 0 {
                    because.add(Rule::NewAttributeDiscarded);
                }
                Happened::PropertiesSet {
                    stored: set,
                    kept,
                    discarded,
                }
            }
            Then::TrackEvent {
                event_type,
                at,
                properties,
            } => {
                let event_type = event_types.intern(event_type);
                if events.add(customers, customer, event_type, at, properties) {
                    return Happened::EventStored;
                }
                self.drop_duplicate(because)
            }
            Then::OpenLink => {
                because.add(Rule::IdentityTransferred);
                Happened::LinkOpened
            }
        }
    }

    pub(super) fn drop_duplicate(&mut self, because: &mut Rules) -> Happened {
        self.duplicates_dropped += 1;
        because.add(Rule::DuplicateEventDropped);
        Happened::DuplicateEventDropped
    }
}
