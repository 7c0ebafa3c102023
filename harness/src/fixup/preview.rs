//! What a repair would do: it runs on a copy of the project, and every profile of every key is shown
//! before and after. Only our own server makes copies.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::{
    FixUpError, Found, IdSchema, Mode, Outcome, PlanOptions, Profile, Report, Verification,
    live::{number, read_profile, read_profiles},
    repair::{first_id, repair},
};
use crate::target::{CONTROL, ProjectClient, Request};

/// A repair on a copy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Preview {
    /// Every key of the plan.
    pub keys: Vec<PreviewedKey>,
    /// What was proved on the copy.
    pub verification: Verification,
}

/// The profiles of a key before and after.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PreviewedKey {
    /// The key.
    pub key: String,
    /// Its members.
    pub before: Vec<Shown>,
    /// Those of them who are left, the anonymous rests of emptied ones among them.
    pub after: Vec<Shown>,
}

/// One profile.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shown {
    /// The number shown behind `#`.
    pub number: u64,
    /// Values by ID type.
    pub ids: BTreeMap<String, Vec<String>>,
    /// Property values by name.
    pub properties: BTreeMap<String, Value>,
    /// How many events of each type, consents among them.
    pub events: BTreeMap<String, usize>,
}

/// Repairs a copy of the project, compares, and deletes the copy.
pub async fn preview(
    client: &ProjectClient,
    types: &IdSchema,
    options: &PlanOptions,
) -> Result<Preview, FixUpError> {
    let fork = client.fork().await?;
    let previewed = on_fork(client, &fork, types, options).await;
    let path = format!("{CONTROL}/projects/{}", fork.credentials.token);
    let delete = Request {
        method: http::Method::DELETE,
        ..Request::get(path)
    };
    fork.send_open(delete).await?;
    previewed
}

async fn on_fork(
    client: &ProjectClient,
    fork: &ProjectClient,
    types: &IdSchema,
    options: &PlanOptions,
) -> Result<Preview, FixUpError> {
    let Report { plan, outcome, .. } = repair(fork, types, options, Mode::Apply).await?;
    let verification = match outcome {
        Outcome::Applied { verification, .. } => verification,
        Outcome::Planned => Verification::default(),
    };
    let (before, after) = (numbered(client).await?, numbered(fork).await?);
    let mut keys = Vec::new();
    for planned in &plan.keys {
        let members = planned.diagnosis.members.iter();
        let members: BTreeSet<u64> = members.map(|member| member.number).collect();
        keys.push(PreviewedKey {
            key: planned.diagnosis.key.clone(),
            before: shown(client, &before, &members, types).await?,
            after: shown(fork, &after, &members, types).await?,
        });
    }
    Ok(Preview { keys, verification })
}

async fn numbered(client: &ProjectClient) -> Result<BTreeMap<u64, Profile>, FixUpError> {
    let mut profiles = read_profiles(client).await?;
    number(client, &mut profiles).await?;
    let profiles = profiles.into_iter();
    Ok(profiles
        .map(|profile| (profile.shown_number(), profile))
        .collect())
}

async fn shown(
    client: &ProjectClient,
    profiles: &BTreeMap<u64, Profile>,
    members: &BTreeSet<u64>,
    types: &IdSchema,
) -> Result<Vec<Shown>, FixUpError> {
    let mut shown = Vec::new();
    for profile in members.iter().filter_map(|number| profiles.get(number)) {
        let mut events = BTreeMap::<String, usize>::new();
        if let Some(id) = first_id(profile, types)
            && let Found::Profile(found) = read_profile(client, &id).await?
        {
            for event in found.events.into_iter().flatten() {
                *events.entry(event.kind).or_default() += 1;
            }
        }
        shown.push(Shown {
            number: profile.shown_number(),
            ids: profile.ids.clone(),
            properties: profile.properties.clone(),
            events,
        });
    }
    Ok(shown)
}

impl Preview {
    /// Both sides for a reader, key by key.
    pub fn text(&self) -> String {
        let mut text = "# Preview on a copy of the project\n".to_owned();
        for key in &self.keys {
            text.push_str(&format!("\n## {}\n\n", key.key));
            for (side, profiles) in [("before", &key.before), ("after ", &key.after)] {
                for profile in profiles {
                    text.push_str(&format!("    {side}  {}\n", profile.line()));
                }
            }
        }
        text.push_str(&format!(
            "\n{}\nThe copy is deleted; nothing was sent to the project itself.\n",
            self.verification.text()
        ));
        text
    }
}

impl Shown {
    fn line(&self) -> String {
        let mut words = vec![format!("#{}", self.number)];
        for (id_type, values) in &self.ids {
            words.extend(values.iter().map(|value| format!("{id_type}={value}")));
        }
        let properties = self.properties.iter();
        words.extend(properties.map(|(name, value)| format!("{name}={value}")));
        if !self.events.is_empty() {
            words.push("events:".to_owned());
        }
        let events = self.events.iter();
        words.extend(events.map(|(kind, count)| format!("{count} {kind}")));
        words.join("  ")
    }
}
