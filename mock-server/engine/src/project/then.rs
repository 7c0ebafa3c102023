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
        let event_type = event_type.filter(|event_type| !event_type.is_empty());
        let event_type = event_type.ok_or(Rejection::EventTypeMissing)?;
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
    pub(super) fn carry_out_then(&mut self, customer: u32, then: Then<'_>) -> (Happened, Rules) {
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
                let because = [
                    (kept > 0).then_some(Rule::OlderUpdateIgnored),
                    (discarded > 0).then_some(Rule::NewAttributeDiscarded),
                ];
                let happened = Happened::PropertiesSet {
                    stored: set,
                    kept,
                    discarded,
                };
                (happened, because.into_iter().flatten().collect())
            }
            Then::TrackEvent {
                event_type,
                at,
                properties,
            } => {
                let event_type = event_types.intern(event_type);
                if events.add(customers, customer, event_type, at, properties) {
                    return (Happened::EventStored, Rules::default());
                }
                self.duplicates_dropped += 1;
                let because = Rule::DuplicateEventDropped.into();
                (Happened::DuplicateEventDropped, because)
            }
            Then::OpenLink => (Happened::LinkOpened, Rule::IdentityTransferred.into()),
        }
    }
}
