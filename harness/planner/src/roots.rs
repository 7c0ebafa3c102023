//! Root causes first: which calls of which source make the duplicates of a project, whether that source still
//! makes them, and how they should be written. Read from the journal alone; without one nothing is said.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    CallShape, Cause, Correction, Evidence, IdSchema, Journal, JournalEntry, PlanOptions, Profile,
    Role, Source, counted,
    diagnosis::{canonical_and_wrong, event_types, linked, wrote},
    habit::Habit,
    key::is_address,
    members::{Members, duplicates},
    rules::{Case, cause_of},
    shape::{Seen, seen},
};

/// Calls of one shape by which one source makes duplicates, for one cause.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RootCause {
    /// Who sends them.
    pub source: Source,
    /// Why they make duplicates.
    pub cause: Cause,
    /// What they have in common.
    pub shape: CallShape,
    /// Addresses that are duplicates now because of them.
    pub keys: usize,
    /// Calls of this kind in the journal, those whose duplicates are repaired among them.
    pub calls: usize,
    /// The first of them.
    pub first: Moment,
    /// The last of them.
    pub last: Moment,
    /// Calls of the same source since then that do it right.
    pub right_since: usize,
    /// Whether the source still makes them.
    pub activity: Activity,
    /// The last of them whose duplicate is still there.
    pub example: WrongCall,
    /// How it should be written.
    pub correction: Correction,
}

/// Whether a source goes on making duplicates. The order is that of urgency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activity {
    /// It has done nothing right since the last wrong call.
    Active,
    /// It has done something right since, but not more in a row than it did between wrong calls before.
    Unsure,
    /// It has done more right in a row than ever before, or the ID type now mends it.
    Mended,
}

/// A place in the journal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// The number of the entry.
    pub seq: u64,
    /// When, in seconds.
    pub at: f64,
}

/// A call that made a wrong member of a key, as the journal holds it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WrongCall {
    /// The key.
    pub key: String,
    /// The number of the member.
    pub member: u64,
    /// Its place in the journal.
    pub seq: u64,
    /// Position in the batch, or row of the import.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// Method and path with `{token}`.
    pub request: String,
    /// The IDs as they came.
    pub customer_ids: BTreeMap<String, Value>,
    /// The properties as they came.
    pub properties: BTreeMap<String, Value>,
}

/// A wrong call before it is grouped.
pub(super) struct Wrong<'a> {
    pub(super) key: &'a str,
    pub(super) member: u64,
    pub(super) cause: Cause,
    pub(super) entry: &'a JournalEntry,
    /// The hard ID that the call should have carried.
    pub(super) target: &'a str,
}

impl Activity {
    /// Its name in files and reports.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Unsure => "unsure",
            Self::Mended => "mended",
        }
    }
}

impl RootCause {
    /// Whether duplicates of this kind will come back, as far as the journal tells.
    pub fn is_active(&self) -> bool {
        self.activity == Activity::Active
    }

    /// What the journal says about whether it goes on, in a sentence without its end.
    pub fn since(&self) -> String {
        let (source, last, right) = (self.source, self.last.seq, self.right_since);
        match self.activity {
            Activity::Active => {
                format!(
                    "since entry {last}, the last of them, no call of {source} has done it right"
                )
            }
            Activity::Unsure => format!(
                "since entry {last}, the last of them, {} of {source} did it right, no more than between wrong ones before",
                counted(right, "call")
            ),
            Activity::Mended if right == 0 => {
                "the ID type of the project now takes care of it".to_owned()
            }
            Activity::Mended => format!(
                "since entry {last}, the last of them, {} of {source} did it right, more in a row than ever before",
                counted(right, "call")
            ),
        }
    }
}

/// The root causes of the duplicates among these profiles; none without a journal.
pub fn root_causes_of(
    profiles: &[Profile],
    types: &IdSchema,
    options: &PlanOptions,
    evidence: &Evidence,
) -> Vec<RootCause> {
    let duplicates = duplicates(profiles, options);
    root_causes(&duplicates, types, options, evidence)
}

/// The root causes of these duplicates, the active ones first, then those with the most addresses.
pub(super) fn root_causes(
    duplicates: &[Members<'_>],
    types: &IdSchema,
    options: &PlanOptions,
    evidence: &Evidence,
) -> Vec<RootCause> {
    let Evidence::Journal(journal) = evidence else {
        return Vec::new();
    };
    let mut groups = BTreeMap::<(Source, Cause, CallShape), Vec<Wrong<'_>>>::new();
    for members in duplicates {
        for wrong in wrong_calls(members, types, options, evidence, journal) {
            if let Some(shape) = CallShape::of(&wrong.entry.command, options) {
                let group = (wrong.entry.source, wrong.cause, shape);
                groups.entry(group).or_default().push(wrong);
            }
        }
    }
    if groups.is_empty() {
        return Vec::new();
    }
    let seen = seen(journal, options);
    let roots = groups.into_iter();
    let roots = roots.filter_map(|((_, _, shape), wrong)| {
        root_cause(shape, &wrong, &seen, types, options, journal)
    });
    let mut roots: Vec<_> = roots.collect();
    roots.sort_by_key(|root| (root.activity, Reverse(root.keys)));
    roots
}

fn root_cause(
    shape: CallShape,
    wrong: &[Wrong<'_>],
    seen: &[Seen<'_>],
    types: &IdSchema,
    options: &PlanOptions,
    journal: &Journal,
) -> Option<RootCause> {
    let example = wrong.iter().max_by_key(|wrong| wrong.entry.seq)?;
    let keys: BTreeSet<&str> = wrong.iter().map(|wrong| wrong.key).collect();
    let habit = Habit::of(&shape, example, &keys, seen, types, options);
    let (entry, command) = (example.entry, &example.entry.command);
    Some(RootCause {
        source: entry.source,
        cause: example.cause,
        keys: keys.len(),
        calls: habit.calls,
        first: habit.first,
        last: habit.last,
        right_since: habit.right_since,
        activity: habit.activity(),
        correction: Correction::of(example, types, options, journal),
        example: WrongCall {
            key: example.key.to_owned(),
            member: example.member,
            seq: entry.seq,
            item: entry.item,
            request: entry.request.clone(),
            customer_ids: command.customer_ids.clone().unwrap_or_default(),
            properties: command.properties.clone().unwrap_or_default(),
        },
        shape,
    })
}

/// Of each wrong member the first call that wrote the address to it, repairs aside.
fn wrong_calls<'a>(
    members: &'a Members<'a>,
    types: &'a IdSchema,
    options: &'a PlanOptions,
    evidence: &'a Evidence,
    journal: &'a Journal,
) -> impl Iterator<Item = Wrong<'a>> {
    let (canonical, ..) = canonical_and_wrong(members, options);
    members.all().filter_map(move |(role, profile)| {
        let is_canonical = std::ptr::eq(profile, canonical);
        if is_canonical && is_right(members, role, profile, options) {
            return None;
        }
        let mut wrote = wrote(&members.key, role, profile, journal, options);
        let entry = wrote.find(|entry| entry.source != Source::Repair)?;
        let case = Case {
            members,
            canonical,
            role,
            wrong: profile,
            first_source: entry.source,
            linked: linked(profile, evidence),
            event_types: event_types(profile, evidence),
            types,
            options,
        };
        let cause = match role {
            Role::Owner if is_canonical => own_spelling(profile, &members.key, options),
            _ => cause_of(&case),
        };
        Some(Wrong {
            key: &members.key,
            member: profile.shown_number(),
            cause,
            entry,
            target: target(members, canonical, options),
        })
    })
}

/// Whether the profile that the others should be part of was itself made by a right call: an account is, unless
/// several hold the address and none of them as it should be written.
fn is_right(members: &Members<'_>, role: Role, profile: &Profile, options: &PlanOptions) -> bool {
    match role {
        Role::Owner => {
            members.owners.len() == 1 || profile.id(&options.email_type) == Some(&members.key)
        }
        Role::Foreign => true,
        Role::Lacking => false,
    }
}

fn own_spelling(profile: &Profile, key: &str, options: &PlanOptions) -> Cause {
    match profile.id(&options.email_type).map(str::trim) == Some(key) {
        true => Cause::WhiteSpace,
        false => Cause::CaseVariant,
    }
}

/// The hard ID of the account that the call should have met; the address where there is none, or where several
/// accounts hold it in different spelling.
fn target<'a>(members: &'a Members<'a>, canonical: &'a Profile, options: &PlanOptions) -> &'a str {
    let own = canonical.id(&options.email_type);
    match own {
        Some(own) if members.owners.len() == 1 => own,
        Some(own) if members.owners.is_empty() && !is_address(own) => own,
        _ => &members.key,
    }
}
