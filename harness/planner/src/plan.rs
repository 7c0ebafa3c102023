//! The plan of a repair: a value that says which calls are made, why, whom they join and what may
//! be given up, and lists every key that needs a human. Making it is pure and sends nothing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Call, Cause, Conflict, ConflictKind, DiagnosedKey, Evidence, IdKind, IdSchema, Policies,
    Profile, RootCause, Step,
    call::Phase,
    conflicts,
    diagnosis::explain,
    identify::{self, Decided},
    key::email_key,
    members::{Members, duplicates},
    resolve,
    roots::root_causes,
};

/// The version of the plan's shape as JSON; it rises when a field changes its meaning.
pub const SCHEMA_VERSION: u32 = 1;

/// Where e-mails are and what may be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanOptions {
    /// The hard type that holds e-mails.
    pub email_type: String,
    /// The property that holds e-mails.
    pub email_property: String,
    /// What to do about conflicts.
    pub policies: Policies,
}

impl Default for PlanOptions {
    fn default() -> Self {
        Self {
            email_type: "registered".to_owned(),
            email_property: "email".to_owned(),
            policies: Policies::default(),
        }
    }
}

/// Everything a repair would do and everything it would leave to a human.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The version of this shape, counted from 1.
    pub schema_version: u32,
    /// The hard type that holds e-mails.
    pub email_type: String,
    /// The property that holds e-mails.
    pub email_property: String,
    /// All hard types of the project, in schema order.
    pub hard_types: Vec<String>,
    /// All soft types of the project, in schema order.
    pub soft_types: Vec<String>,
    /// The kinds of conflict that are resolved.
    pub resolve: Policies,
    /// The last entry of the journal that was read for it, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub journal_read: Option<u64>,
    /// What to look at before anything is sent.
    pub warnings: Vec<String>,
    /// How much of what.
    pub summary: Summary,
    /// Which calls of which source make duplicates, if a journal says so.
    #[serde(default)]
    pub root_causes: Vec<RootCause>,
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
    /// Conflicts that are left, by kind.
    pub conflicts: BTreeMap<ConflictKind, usize>,
    /// Conflicts that the calls resolve, by kind.
    pub resolved: BTreeMap<ConflictKind, usize>,
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
    /// What the policy resolves by these calls.
    pub resolved: Vec<Conflict>,
}

/// The plan for these profiles, with causes inferred from the profiles alone.
///
/// No two profiles may hold the same ID; whoever reads them sees to that.
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
        schema_version: SCHEMA_VERSION,
        email_type: options.email_type.clone(),
        email_property: options.email_property.clone(),
        hard_types: names(types, IdKind::Hard),
        soft_types: names(types, IdKind::Soft),
        resolve: options.policies.clone(),
        journal_read: match evidence {
            Evidence::Journal(journal) => Some(journal.last()),
            Evidence::ProfilesOnly => None,
        },
        warnings: few_addresses(profiles, options).into_iter().collect(),
        summary: summary(profiles.len(), &keys),
        root_causes: root_causes(&duplicates, types, options, evidence),
        keys,
    }
}

fn names(types: &IdSchema, kind: IdKind) -> Vec<String> {
    let types = types.of_kind(kind);
    types.map(|id_type| id_type.name.clone()).collect()
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
    let Decided { fates, guessed } = identify::decide(members, types, options);
    let canonical = conflicts::canonical(members, &fates, options);
    let left = conflicts::remaining(members, &fates, canonical, types, options);
    let done = resolve::resolve(left, canonical, &fates, types, options);
    let guesses = guessed.iter();
    let guesses = guesses.map(|people| conflicts::ambiguous(people, types));
    PlannedKey {
        diagnosis: explain(members, types, options, evidence),
        calls: [identify::calls(&members.key, &fates, types), done.calls].concat(),
        conflicts: done.left,
        resolved: guesses.chain(done.resolved).collect(),
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
        for conflict in &key.resolved {
            *summary.resolved.entry(conflict.kind).or_default() += 1;
        }
    }
    summary
}

impl Plan {
    /// The options that it was made with.
    pub fn options(&self) -> PlanOptions {
        PlanOptions {
            email_type: self.email_type.clone(),
            email_property: self.email_property.clone(),
            policies: self.resolve.clone(),
        }
    }

    /// Every call with its key, in the order in which they must be made: all of one phase before any of the
    /// next, because what one key resolves may concern a member of another.
    pub fn calls(&self) -> impl Iterator<Item = (&str, &Call)> {
        let steps = self.steps();
        steps.map(|(planned, call)| (planned.diagnosis.key.as_str(), call))
    }

    /// The same with all that is planned for the key.
    pub fn steps(&self) -> impl Iterator<Item = (&PlannedKey, &Call)> {
        Phase::ALL.into_iter().flat_map(move |phase| {
            self.keys.iter().flat_map(move |planned| {
                let calls = planned.calls.iter();
                let calls = calls.filter(move |call| call.step.phase() == phase);
                calls.map(move |call| (planned, call))
            })
        })
    }

    /// Whether this repair asks for an explicit confirmation: it gives up what no merge would.
    pub fn needs_confirmation(&self) -> bool {
        self.calls().any(|(_, call)| call.step != Step::Identify)
            || self.keys.iter().any(|key| !key.resolved.is_empty())
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
