//! The end of a replay in a form that does not know in which order things came: who is together with which
//! events, properties and consents. Numbers, times of arrival and `merge` events are left out.

use std::collections::BTreeMap;

use twinfold_engine::{Profile, Project, Timestamp};

/// The merge event says which numbers merged when, which differs although the end is the same.
const MERGE_EVENT: &str = "merge";

/// Everybody who is there at the end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct End(Vec<Person>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Person {
    ids: Vec<(String, Vec<String>)>,
    properties: BTreeMap<String, String>,
    events: Vec<(String, String)>,
    consents: BTreeMap<String, bool>,
}

impl End {
    /// The end of this project; consents are those of the moment `now`.
    pub(super) fn of(project: &Project, now: Timestamp) -> Self {
        let profiles = project.customers().filter_map(|one| project.profile(one));
        let mut people: Vec<Person> = profiles.map(|profile| person(profile, now)).collect();
        people.sort();
        Self(people)
    }
}

fn person(profile: Profile, now: Timestamp) -> Person {
    let consents = profile.consents(now);
    let mut ids = profile.ids;
    ids.retain(|(_, values)| !values.is_empty());
    for (_, values) in &mut ids {
        values.sort();
    }
    ids.sort();
    let properties = profile.properties.into_iter();
    let events = profile.events.into_iter();
    let mut events: Vec<(String, String)> = events
        .filter(|event| event.event_type != MERGE_EVENT)
        .map(|event| (event.event_type, event.properties))
        .collect();
    events.sort();
    Person {
        ids,
        properties: properties
            .map(|(name, stored)| (name, stored.value))
            .collect(),
        events,
        consents,
    }
}
