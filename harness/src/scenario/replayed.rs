//! The table of a project that was replayed on the engine, written as the block `profiles` writes it.
//! So an end that nobody ran reads like one that a scenario states.

use std::collections::BTreeMap;

use serde_json::Value;
use twinfold_engine::{InternalId, Profile, Project};

use super::{
    customer::{Customer, Event, Property, Values},
    schema,
    table::{self, Row},
};

/// One line for each customer of the project, in order of creation.
pub fn profile_lines(project: &Project) -> Vec<String> {
    let rows = project.customers().filter_map(|customer| {
        let profile = project.profile(customer)?;
        Some(Row::seen(&shown(customer, profile)))
    });
    let rows: Vec<Row> = rows.collect();
    let [lines, _] = table::aligned([&rows, &[]], &schema::names(project.schema()));
    lines
}

fn shown(customer: InternalId, profile: Profile) -> Customer {
    let value = |json: &str| serde_json::from_str::<Value>(json).unwrap_or_default();
    let ids = profile.ids.into_iter();
    let properties = profile.properties.into_iter();
    let events = profile.events.into_iter();
    Customer {
        number: u64::from(customer.number()),
        ids: ids
            .map(|(name, values)| (name, Values::Many(values)))
            .collect(),
        properties: properties
            .map(|(name, stored)| {
                (
                    name,
                    Property {
                        value: value(&stored.value),
                    },
                )
            })
            .collect(),
        events: events
            .map(|event| Event {
                properties: value(&event.properties),
                event_type: event.event_type,
                timestamp: event.at.seconds(),
            })
            .collect(),
        consents: BTreeMap::new(),
    }
}
