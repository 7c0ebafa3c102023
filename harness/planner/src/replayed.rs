//! Profiles of a project that was replayed on the engine, without a server between.
//! What looks for duplicates after a thousand replays reads them here.

use twinfold_engine::Project;

use super::{PlanOptions, Profile, profiles_by_key};

/// The profiles that the project holds, from the oldest to the youngest, without their events.
pub fn profiles_of(project: &Project) -> Vec<Profile> {
    let profiles = project
        .customers()
        .enumerate()
        .filter_map(|(age, customer)| {
            let stored = project.profile(customer)?;
            let ids = stored
                .ids
                .into_iter()
                .filter(|(_, values)| !values.is_empty());
            let properties = stored.properties.into_iter().map(|(name, stored)| {
                let value = serde_json::from_str(&stored.value).unwrap_or_default();
                (name, value)
            });
            Some(Profile {
                age,
                number: Some(u64::from(customer.number())),
                ids: ids.collect(),
                properties: properties.collect(),
                events: None,
            })
        });
    profiles.collect()
}

/// The e-mail keys that more than one profile of the project has, in the order of the keys.
pub fn duplicates_of(project: &Project, options: &PlanOptions) -> Vec<String> {
    let by_key = profiles_by_key(&profiles_of(project), options);
    let several = by_key.into_iter().filter(|(_, count)| *count > 1);
    several.map(|(key, _)| key).collect()
}
