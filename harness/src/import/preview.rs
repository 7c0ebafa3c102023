//! What an import would do: it runs on a copy of the project, and the profiles before and after are compared.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use twinfold_engine::IdSchema;

use super::{File, ImportError, Mapping, RejectedRow, Report, send, warnings};
use crate::{
    fixup::{PlanOptions, Profile, profiles_by_key},
    target::{ProjectClient, Request, TargetError},
};

/// What an import would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// Rows behind the header.
    pub rows: usize,
    /// Profiles that would be created.
    pub created: usize,
    /// Profiles that would be absorbed by another.
    pub merged: usize,
    /// Addresses that would have more than one profile, and have at most one now.
    pub duplicated: Vec<String>,
    /// Values that would be overwritten by blanks.
    pub blanked: Vec<Blanked>,
    /// Events that are there already.
    pub duplicate_events: usize,
    /// Rows that would be refused.
    pub rejected: usize,
    /// The first of them, and why.
    pub rejections: Vec<RejectedRow>,
    /// What looks wrong.
    pub warnings: Vec<String>,
    /// Columns that are mapped to nothing.
    pub unmapped: Vec<String>,
}

/// A property that would lose values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Blanked {
    /// The property's name.
    pub property: String,
    /// Of how many profiles.
    pub profiles: usize,
}

impl Preview {
    /// Whether there is nothing to think about.
    pub fn is_clean(&self) -> bool {
        self.warnings.is_empty()
            && self.rejected == 0
            && self.duplicated.is_empty()
            && self.blanked.is_empty()
    }
}

/// Tries the import on a copy of the project, and deletes the copy.
pub async fn preview(
    client: &ProjectClient,
    mapping: &Mapping,
    file: &File,
    schema: &IdSchema,
    options: &PlanOptions,
) -> Result<Preview, ImportError> {
    let copy = client.fork().await.map_err(|error| match error {
        TargetError::Unreachable { .. } => ImportError::Target(error),
        other => ImportError::NoCopy(other),
    })?;
    let tried = tried(&copy, mapping, file, options).await;
    let mut gone = Request::get(copy.control_path(""));
    gone.method = http::Method::DELETE;
    let removed = copy.accepted(gone).await;
    let tried = tried?;
    removed?;
    Ok(Preview {
        warnings: warnings(file, mapping, schema),
        unmapped: mapping.unmapped(file.columns()),
        ..tried
    })
}

async fn tried(
    copy: &ProjectClient,
    mapping: &Mapping,
    file: &File,
    options: &PlanOptions,
) -> Result<Preview, ImportError> {
    let before = profiles(copy).await?;
    let Report {
        rows,
        created,
        merged,
        rejected,
        duplicate_events,
        rejections,
        ..
    } = send(copy, mapping, file).await?;
    let after = profiles(copy).await?;
    Ok(Preview {
        rows,
        created,
        merged,
        duplicated: duplicated(&before, &after, options),
        blanked: blanked(copy, &before, &after).await?,
        duplicate_events,
        rejected,
        rejections,
        ..Preview::default()
    })
}

/// The keys that have more than one profile after, and had at most one before.
fn duplicated(before: &[Profile], after: &[Profile], options: &PlanOptions) -> Vec<String> {
    let before = profiles_by_key(before, options);
    let after = profiles_by_key(after, options);
    let several = after.into_iter().filter(|(_, profiles)| *profiles > 1);
    let new = several.filter(|(key, _)| before.get(key).copied().unwrap_or(0) <= 1);
    new.map(|(key, _)| key).collect()
}

/// The values that are blank now on the profile that holds them, or that absorbed their profile.
async fn blanked(
    copy: &ProjectClient,
    before: &[Profile],
    after: &[Profile],
) -> Result<Vec<Blanked>, ImportError> {
    let numbered = after.iter().filter_map(|one| Some((one.number?, one)));
    let after: HashMap<u64, &Profile> = numbered.collect();
    let mut lost = BTreeMap::<&str, usize>::new();
    for profile in before {
        let Some(number) = profile.number else {
            continue;
        };
        let survivor = match after.contains_key(&number) {
            true => number,
            false => survivor_of(copy, number).await?,
        };
        let Some(now) = after.get(&survivor) else {
            continue;
        };
        for (name, value) in &profile.properties {
            if !is_blank(value) && now.properties.get(name).is_some_and(is_blank) {
                *lost.entry(name).or_default() += 1;
            }
        }
    }
    let lost = lost.into_iter().map(|(property, profiles)| Blanked {
        property: property.to_owned(),
        profiles,
    });
    Ok(lost.collect())
}

fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

async fn survivor_of(copy: &ProjectClient, number: u64) -> Result<u64, ImportError> {
    let path = copy.control_path(&format!("/customers/{number}"));
    let shown = copy.accepted(Request::get(path)).await?;
    Ok(shown["number"].as_u64().unwrap_or(number))
}

/// Every profile of the copy with its number, as the control API shows it.
async fn profiles(copy: &ProjectClient) -> Result<Vec<Profile>, ImportError> {
    #[derive(Deserialize)]
    struct Listed {
        customers: Vec<Customer>,
    }
    #[derive(Deserialize)]
    struct Customer {
        number: u64,
        ids: BTreeMap<String, Vec<String>>,
        properties: BTreeMap<String, Value>,
    }
    let path = copy.control_path("/customers?limit=100000000");
    let shown = copy.accepted(Request::get(path.clone())).await?;
    let listed: Listed = serde_json::from_value(shown).map_err(|_| ImportError::Shape { path })?;
    let profiles = listed.customers.into_iter().enumerate();
    let profile = |(age, mut one): (usize, Customer)| {
        for stored in one.properties.values_mut() {
            *stored = stored.get_mut("value").map_or(json!(null), Value::take);
        }
        Profile {
            age,
            number: Some(one.number),
            ids: one.ids,
            properties: one.properties,
            events: None,
        }
    };
    Ok(profiles.map(profile).collect())
}
