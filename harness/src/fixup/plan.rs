//! The plan of a repair: a value that says which calls are made, why, whom they join and what may
//! be given up, and lists every key that needs a human. Making it is pure and sends nothing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Cause, Conflict, ConflictKind, DiagnosedKey, Evidence, Id, IdKind, IdSchema, Loss, Profile,
    conflicts,
    diagnosis::explain,
    identify,
    key::email_key,
    members::{Members, duplicates},
};

/// What a plan may do about conflicts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// List them.
    #[default]
    Report,
}

/// Where e-mails are and what may be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanOptions {
    /// The hard type that holds e-mails.
    pub email_type: String,
    /// The property that holds e-mails.
    pub email_property: String,
    /// What to do about conflicts.
    pub policy: Policy,
}

impl Default for PlanOptions {
    fn default() -> Self {
        Self {
            email_type: "registered".to_owned(),
            email_property: "email".to_owned(),
            policy: Policy::Report,
        }
    }
}

/// Everything a repair would do and everything it would leave to a human.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The hard type that holds e-mails.
    pub email_type: String,
    /// The property that holds e-mails.
    pub email_property: String,
    /// All hard types of the project, in schema order.
    pub hard_types: Vec<String>,
    /// What is done about conflicts.
    pub policy: Policy,
    /// What to look at before anything is sent.
    pub warnings: Vec<String>,
    /// How much of what.
    pub summary: Summary,
    /// Every duplicate key, in the order of the keys.
    pub keys: Vec<PlannedKey>,
}

/// A plan in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Profiles that were read.
    pub profiles: usize,
    /// Keys with more than one profile.
    pub duplicate_keys: usize,
    /// Calls to make.
    pub calls: usize,
    /// Keys with at least one conflict.
    pub keys_with_conflicts: usize,
    /// Duplicate keys by cause.
    pub causes: BTreeMap<Cause, usize>,
    /// Conflicts by kind.
    pub conflicts: BTreeMap<ConflictKind, usize>,
}

/// One duplicate key: its diagnosis, what is done and what is left.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedKey {
    /// Members and cause.
    pub diagnosis: DiagnosedKey,
    /// The calls, in the order in which they must be made.
    pub calls: Vec<Call>,
    /// What remains after the calls.
    pub conflicts: Vec<Conflict>,
}

/// The step of the procedure that a call belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// The documented remedy: one of the profile's own IDs plus a hard ID.
    Identify,
}

/// One API call: an update of customer properties that sets none, for the sake of its IDs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// What it is for.
    pub step: Step,
    /// One ID that the addressed profile has alone.
    pub own: Id,
    /// The hard ID that is set.
    pub hard_id: Id,
    /// The numbers of those who are one profile after it; one number if the call only sets the ID.
    pub joins: Vec<u64>,
    /// Why, in words.
    pub reason: String,
    /// The hard IDs that the addressed profile has while the plan holds.
    pub expects: BTreeMap<String, String>,
    /// What may be given up.
    pub loses: Vec<Loss>,
}

impl Call {
    /// The body of `POST /track/v2/projects/{t}/customers`.
    pub fn body(&self) -> Value {
        let mut customer_ids = serde_json::Map::new();
        for id in [&self.own, &self.hard_id] {
            customer_ids.insert(id.id_type.clone(), json!(id.value));
        }
        json!({"customer_ids": customer_ids, "properties": {}})
    }
}

/// The plan for these profiles, with causes inferred from the profiles alone.
///
/// No two profiles may hold the same ID; [`Export`](super::Export) and live reading see to that.
pub fn plan(profiles: &[Profile], types: &IdSchema, options: &PlanOptions) -> Plan {
    plan_with(profiles, types, options, &Evidence::ProfilesOnly)
}

/// The same plan, with causes proved by further evidence.
pub fn plan_with(
    profiles: &[Profile],
    types: &IdSchema,
    options: &PlanOptions,
    evidence: &Evidence,
) -> Plan {
    let duplicates = duplicates(profiles, options);
    let keys = duplicates
        .iter()
        .map(|members| plan_key(members, types, options, evidence))
        .collect::<Vec<_>>();
    Plan {
        email_type: options.email_type.clone(),
        email_property: options.email_property.clone(),
        hard_types: types
            .of_kind(IdKind::Hard)
            .map(|id_type| id_type.name.clone())
            .collect(),
        policy: options.policy,
        warnings: few_addresses(profiles, options).into_iter().collect(),
        summary: summary(profiles.len(), &keys),
        keys,
    }
}

/// A warning if most values of the hard type that should hold addresses are none: then this is probably another type's
/// task, and a guest who gets an address there can never join an account that has a number there.
fn few_addresses(profiles: &[Profile], options: &PlanOptions) -> Option<String> {
    let values = || {
        profiles
            .iter()
            .filter_map(|profile| profile.id(&options.email_type))
    };
    let others = || values().filter(|value| email_key(value).is_none());
    let example = others().min()?;
    (others().count() * 2 > values().count()).then(|| {
        format!(
            "most values of the hard ID type `{}` are no addresses (such as `{example}`): whoever gets an address there can \
             never join an account that has another value; name the type that holds addresses, if there is one",
            options.email_type
        )
    })
}

fn plan_key(
    members: &Members<'_>,
    types: &IdSchema,
    options: &PlanOptions,
    evidence: &Evidence,
) -> PlannedKey {
    let fates = identify::decide(members, types, options);
    PlannedKey {
        diagnosis: explain(members, types, options, evidence),
        calls: identify::calls(&members.key, &fates, types),
        conflicts: conflicts::remaining(members, &fates, types, options),
    }
}

fn summary(profiles: usize, keys: &[PlannedKey]) -> Summary {
    let mut summary = Summary {
        profiles,
        duplicate_keys: keys.len(),
        ..Summary::default()
    };
    for key in keys {
        summary.calls += key.calls.len();
        summary.keys_with_conflicts += usize::from(!key.conflicts.is_empty());
        *summary.causes.entry(key.diagnosis.cause).or_default() += 1;
        for conflict in &key.conflicts {
            *summary.conflicts.entry(conflict.kind).or_default() += 1;
        }
    }
    summary
}

impl Plan {
    /// Every call with its key, in the order in which they must be made.
    pub fn calls(&self) -> impl Iterator<Item = (&str, &Call)> {
        self.keys.iter().flat_map(|planned| {
            let key = planned.diagnosis.key.as_str();
            planned.calls.iter().map(move |call| (key, call))
        })
    }

    /// Every conflict with its key.
    pub fn conflicts(&self) -> impl Iterator<Item = (&str, &Conflict)> {
        self.keys.iter().flat_map(|planned| {
            let key = planned.diagnosis.key.as_str();
            planned
                .conflicts
                .iter()
                .map(move |conflict| (key, conflict))
        })
    }
}
