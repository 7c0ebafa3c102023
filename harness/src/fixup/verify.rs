//! Proves the outcome of a repair by reading the project again: one profile per key or a listed
//! conflict, no property value and no event lost that the plan did not announce, nothing left to do.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Applied, Call, FixUpError, Id, IdSchema, Loss, Plan, PlanOptions, Problem, Profile, Progress,
    Stage, Step, Verification,
    compared::{Compared, events, values},
    live::{Found, journal_last, number, read_profile, read_profiles},
    meanwhile::{Late, Meanwhile},
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
    /// The last entry of the journal that the plan or this reading knows, where there is a journal.
    #[serde(default)]
    since: Option<u64>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Group {
    pub(super) key: String,
    /// All IDs of those who were read.
    pub(super) ids: BTreeSet<Id>,
    pub(super) properties: BTreeSet<(String, String)>,
    pub(super) may_vanish: BTreeSet<(String, String)>,
    pub(super) events: BTreeMap<String, usize>,
}

impl Before {
    /// Reads the events of everybody whom the plan joins, and keeps what will be compared.
    pub async fn read(
        client: &ProjectClient,
        plan: &Plan,
        progress: &dyn Progress,
    ) -> Result<Self, FixUpError> {
        let since = match plan.journal_read {
            Some(last) => Some(last),
            None => journal_last(client).await?,
        };
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
        let groups = all_of(Stage::Before, groups.collect(), client, progress).await?;
        let realigned = plan.calls().filter(|(_, call)| call.step == Step::Realign);
        let realigned = realigned.flat_map(|(_, call)| &call.loses);
        Ok(Self {
            profiles: plan.summary.profiles,
            groups,
            realigned: realigned.flat_map(announced).collect(),
            since,
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
    let mut after = read_profiles(client).await?;
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
        let found = read_profile(client, id).await?;
        Ok(Compared::of(id, group, &before.realigned, found))
    });
    let compared = all_of(Stage::Verification, compared.collect(), client, progress).await?;
    verification.events_compared = compared.iter().map(|compared| compared.events).sum();
    verification.values_compared = compared.iter().map(|compared| compared.values).sum();
    let keys = still_duplicate(&after, plan, &options);
    verification.listed_keys = keys.listed;
    let calls_left = self::plan(&after, types, &options).summary.calls;
    let differing: Vec<_> = compared
        .into_iter()
        .filter(|compared| !compared.problems.is_empty())
        .collect();
    if differing.is_empty() && keys.others.is_empty() && calls_left == 0 {
        return Ok(verification);
    }
    let meanwhile = Meanwhile::read(client, before.since).await?;
    for compared in differing {
        compared
            .sort_out(client, &meanwhile, &mut verification)
            .await?;
    }
    number(client, &mut after).await?;
    let late = Late::of(&after, plan, &options, &meanwhile);
    for (key, profiles) in keys.others {
        let known = late.explains(&key, profiles);
        let problem = Problem::StillDuplicate { key, profiles };
        verification.note(problem, known);
    }
    let second = self::plan(&after, types, &options);
    for (calls, known) in late.calls(&second) {
        verification.note(Problem::CallsLeft { calls }, known);
    }
    Ok(verification)
}

/// Keys with more than one profile.
struct Keys {
    /// How many of them the plan lists.
    listed: usize,
    /// The others, with how many profiles.
    others: Vec<(String, usize)>,
}

fn still_duplicate(after: &[Profile], plan: &Plan, options: &PlanOptions) -> Keys {
    let listed: BTreeSet<&str> = plan.conflicts().map(|(key, _)| key).collect();
    let by_key = profiles_by_key(after, options).into_iter();
    let several = by_key.filter(|(_, profiles)| *profiles > 1);
    let (known, others): (Vec<_>, Vec<_>) =
        several.partition(|(key, _)| listed.contains(key.as_str()));
    Keys {
        listed: known.len(),
        others,
    }
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
