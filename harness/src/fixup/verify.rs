//! Proves the outcome of a repair by reading the project again: one profile per key or a listed
//! conflict, no property value and no event lost that the plan did not announce, nothing left to do.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Applied, Call, Event, FixUpError, Id, IdSchema, Loss, Plan, PlanOptions, Profile, Progress,
    Stage, Step,
    live::{Found, read_profile, read_profiles},
    plan, profiles_by_key,
    progress::all_of,
};
use crate::target::ProjectClient;

/// What a project held before its repair.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Before {
    profiles: usize,
    /// By the hard ID that the calls set: everybody who is to be joined there.
    groups: Vec<(Id, Group)>,
    /// Values of accounts that get their own address, which any of them may lose.
    realigned: BTreeSet<(String, String)>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Group {
    key: String,
    /// All IDs of those who were read.
    ids: BTreeSet<Id>,
    properties: BTreeSet<(String, String)>,
    may_vanish: BTreeSet<(String, String)>,
    events: BTreeMap<String, usize>,
}

/// What was proved, and what speaks against it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// Profiles before.
    pub profiles_before: usize,
    /// Profiles after.
    pub profiles_after: usize,
    /// Keys that have more than one profile and are listed as conflicts.
    pub listed_keys: usize,
    /// Events of joined profiles that were compared.
    pub events_compared: usize,
    /// Property values of joined profiles that were compared.
    pub values_compared: usize,
    /// What is not as it should be; empty if the repair is proved.
    pub problems: Vec<Problem>,
}

/// Something that is not as it should be after a repair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case", tag = "problem")]
pub enum Problem {
    /// A key still has several profiles, and the plan did not list it.
    #[error(
        "`{key}` still has {profiles} profiles and is not listed as a conflict; run the repair again"
    )]
    StillDuplicate {
        /// The key.
        key: String,
        /// How many.
        profiles: usize,
    },
    /// A joined profile cannot be found.
    #[error(
        "nobody holds `{id}`, where the profiles of `{key}` should have been joined; look at the project's journal"
    )]
    ProfileGone {
        /// The key.
        key: String,
        /// The hard ID of the joined profile, as `type=value`.
        id: String,
    },
    /// A value vanished that the plan did not announce.
    #[error(
        "`{key}` lost the value {value} of the property `{property}`, which the plan did not announce; look at who wrote to it meanwhile"
    )]
    ValueLost {
        /// The key.
        key: String,
        /// The property's name.
        property: String,
        /// The value as JSON.
        value: String,
    },
    /// An event is no longer there.
    #[error("`{key}` lost an event: {event}; export the customer's events and track it again")]
    EventLost {
        /// The key.
        key: String,
        /// Type, time and properties as JSON.
        event: String,
    },
    /// An event is there more often than before.
    #[error("`{key}` has an event more often than before: {event}; look at the project's journal")]
    EventDoubled {
        /// The key.
        key: String,
        /// Type, time and properties as JSON.
        event: String,
    },
    /// A second plan would do more.
    #[error(
        "a second plan has {calls} more calls; run the repair again, and mend the cause if they come back"
    )]
    CallsLeft {
        /// How many.
        calls: usize,
    },
}

impl Before {
    /// Reads the events of everybody whom the plan joins, and keeps what will be compared.
    pub async fn read(
        client: &ProjectClient,
        plan: &Plan,
        progress: &dyn Progress,
    ) -> Result<Self, FixUpError> {
        let targets: BTreeMap<&Id, &Id> = rehomed(plan).collect();
        let mut drafts = BTreeMap::<&Id, Draft<'_>>::new();
        for (key, call) in plan.calls().filter(|(_, call)| joins(call)) {
            let target = *targets.get(&call.hard_id).unwrap_or(&&call.hard_id);
            let draft = drafts.entry(target).or_default();
            key.clone_into(&mut draft.group.key);
            draft.names.extend([target, &call.hard_id, &call.own]);
            let vanish = call.loses.iter().flat_map(announced);
            draft.group.may_vanish.extend(vanish);
        }
        let drafts = drafts.into_iter();
        let groups = drafts.map(|(target, draft)| draft.read(client, target));
        let groups = all_of(Stage::Before, groups.collect(), progress).await?;
        let realigned = plan.calls().filter(|(_, call)| call.step == Step::Realign);
        let realigned = realigned.flat_map(|(_, call)| &call.loses);
        Ok(Self {
            profiles: plan.summary.profiles,
            groups,
            realigned: realigned.flat_map(announced).collect(),
        })
    }
}

/// A group and the IDs by which its profiles are found, in the order of the calls.
#[derive(Default)]
struct Draft<'p> {
    names: Vec<&'p Id>,
    group: Group,
}

impl Draft<'_> {
    async fn read(
        mut self,
        client: &ProjectClient,
        target: &Id,
    ) -> Result<(Id, Group), FixUpError> {
        for id in self.names {
            self.group.add(client, id).await?;
        }
        Ok((target.clone(), self.group))
    }
}

/// Whether profiles become one by this call.
fn joins(call: &Call) -> bool {
    matches!(call.step, Step::Identify | Step::Anonymize)
}

/// From whom to whom the plan copies.
fn rehomed(plan: &Plan) -> impl Iterator<Item = (&Id, &Id)> {
    let emptied = plan
        .calls()
        .filter(|(_, call)| call.step == Step::Anonymize);
    emptied.map(|(_, call)| (&call.own, &call.hard_id))
}

impl Group {
    /// Whom this ID names, once.
    async fn add(&mut self, client: &ProjectClient, id: &Id) -> Result<(), FixUpError> {
        if self.ids.contains(id) {
            return Ok(());
        }
        if let Found::Profile(profile) = read_profile(client, id).await? {
            let ids = profile.ids.iter();
            self.ids.extend(
                ids.flat_map(|(name, values)| values.iter().map(|value| Id::new(name, value))),
            );
            self.properties.extend(values(&profile));
            for event in events(&profile) {
                *self.events.entry(event).or_default() += 1;
            }
        }
        Ok(())
    }
}

/// Reads the project again and compares it with what was there and with what was planned.
pub async fn verify(
    client: &ProjectClient,
    before: &Before,
    plan: &Plan,
    applied: &Applied,
    types: &IdSchema,
    progress: &dyn Progress,
) -> Result<Verification, FixUpError> {
    let options = plan.options();
    let after = read_profiles(client).await?;
    let mut verification = Verification {
        profiles_before: before.profiles,
        profiles_after: after.len(),
        ..Verification::default()
    };
    let skipped: BTreeSet<&str> = applied
        .skipped
        .iter()
        .map(|call| call.key.as_str())
        .collect();
    let groups = before.groups.iter();
    let groups: Vec<_> = groups
        .filter(|(_, group)| !skipped.contains(group.key.as_str()))
        .collect();
    let compared = groups.into_iter().map(async |(id, group)| {
        let mut compared = Verification::default();
        compared.compare(
            id,
            group,
            &before.realigned,
            read_profile(client, id).await?,
        );
        Ok(compared)
    });
    for compared in all_of(Stage::Verification, compared.collect(), progress).await? {
        verification.events_compared += compared.events_compared;
        verification.values_compared += compared.values_compared;
        verification.problems.extend(compared.problems);
    }
    verification.check_keys(&after, plan, &options);
    let calls = self::plan(&after, types, &options).summary.calls;
    if calls > 0 {
        verification.problems.push(Problem::CallsLeft { calls });
    }
    Ok(verification)
}

impl Verification {
    /// Whether nothing speaks against the repair.
    pub fn is_proved(&self) -> bool {
        self.problems.is_empty()
    }

    /// The outcome in a few lines.
    pub fn text(&self) -> String {
        let verdict = match self.problems.len() {
            0 => "proved: every key has one profile or is a listed conflict, and nothing else was lost".to_owned(),
            1 => "not proved: 1 problem".to_owned(),
            n => format!("not proved: {n} problems"),
        };
        let mut text = format!(
            "{verdict}\n  profiles: {} before, {} after\n  keys listed as conflicts: {}\n  compared: {} events, {} property values\n",
            self.profiles_before,
            self.profiles_after,
            self.listed_keys,
            self.events_compared,
            self.values_compared
        );
        for problem in &self.problems {
            text.push_str(&format!("  - {problem}\n"));
        }
        text
    }

    fn check_keys(&mut self, after: &[Profile], plan: &Plan, options: &PlanOptions) {
        let listed: BTreeSet<&str> = plan.conflicts().map(|(key, _)| key).collect();
        let by_key = profiles_by_key(after, options).into_iter();
        for (key, profiles) in by_key.filter(|(_, profiles)| *profiles > 1) {
            if listed.contains(key.as_str()) {
                self.listed_keys += 1;
                continue;
            }
            self.problems
                .push(Problem::StillDuplicate { key, profiles });
        }
    }

    fn compare(
        &mut self,
        id: &Id,
        group: &Group,
        realigned: &BTreeSet<(String, String)>,
        found: Found,
    ) {
        let key = || group.key.clone();
        let Found::Profile(profile) = found else {
            let id = id.to_string();
            self.problems.push(Problem::ProfileGone { key: key(), id });
            return;
        };
        let held: BTreeSet<_> = values(&profile).collect();
        self.values_compared += group.properties.len();
        for pair in group.properties.difference(&held) {
            if !group.may_vanish.contains(pair) && !realigned.contains(pair) {
                let (property, value) = pair.clone();
                self.problems.push(Problem::ValueLost {
                    key: key(),
                    property,
                    value,
                });
            }
        }
        self.compare_events(group, &profile);
    }

    fn compare_events(&mut self, group: &Group, profile: &Profile) {
        let mut held = HashMap::<String, usize>::new();
        for event in events(profile) {
            *held.entry(event).or_default() += 1;
        }
        for (event, count) in &group.events {
            self.events_compared += count;
            let (key, event) = (group.key.clone(), event.clone());
            match held.get(&event).copied().unwrap_or(0) {
                0 => self.problems.push(Problem::EventLost { key, event }),
                after if after > *count => self.problems.push(Problem::EventDoubled { key, event }),
                _ => {}
            }
        }
    }
}

fn values(profile: &Profile) -> impl Iterator<Item = (String, String)> {
    let pairs = profile.properties.iter();
    pairs.map(|(name, value)| (name.clone(), value.to_string()))
}

/// Events as text, `merge` aside: a merge tracks one itself.
fn events(profile: &Profile) -> impl Iterator<Item = String> {
    let events = profile
        .events
        .iter()
        .flatten()
        .filter(|event| event.kind != "merge");
    events.map(|event: &Event| serde_json::to_string(event).unwrap_or_default())
}

fn announced(loss: &Loss) -> Vec<(String, String)> {
    match loss {
        Loss::Property { property, values } => {
            let pairs = values
                .iter()
                .map(|value: &Value| (property.clone(), value.to_string()));
            pairs.collect()
        }
        Loss::SoftIds { .. } | Loss::HardId { .. } => Vec::new(),
    }
}
