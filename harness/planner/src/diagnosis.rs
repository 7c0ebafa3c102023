//! Why a key has more than one profile: where the address sits, which source wrote it, and which
//! cause of the catalogue matches, as a table of rules of which the first match wins.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    Candidate, Cause, IdSchema, Journal, JournalEntry, Member, PlanOptions, Profile, Role, Source,
    candidate::candidates,
    key::{email_key, is_address},
    members::{Members, duplicates},
    rules::{Case, cause_of},
};

/// What a diagnosis rests on beside the profiles themselves.
#[derive(Clone, Debug)]
pub enum Evidence {
    /// The journal of our own server: exact.
    Journal(Journal),
    /// Nothing: events and properties must do, and the cause is a guess.
    ProfilesOnly,
}

/// One duplicate key, explained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DiagnosedKey {
    /// The e-mail key.
    pub key: String,
    /// The hard type that holds e-mails.
    pub email_type: String,
    /// Its members, by number.
    pub members: Vec<Member>,
    /// Every command that wrote the address to a member, if the journal says so.
    pub writes: Vec<Write>,
    /// Who wrote it to the youngest wrongly placed member, in the order of writing.
    pub sources: Vec<Source>,
    /// The cause that matches.
    pub cause: Cause,
    /// Whether the journal proves source and cause; without it they are inferred.
    pub certain: bool,
    /// Every cause that fits, the one that is named first; only that one if it is certain.
    #[serde(default)]
    pub candidates: Vec<Candidate>,
}

/// A command that wrote the address to a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Write {
    /// The member's number.
    pub member: u64,
    /// The command's place in the journal.
    pub seq: u64,
    /// Who sent it.
    pub source: Source,
    /// Method and path with `{token}`.
    #[serde(default)]
    pub request: String,
    /// Position in the batch, or row of the import.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
}

impl DiagnosedKey {
    /// The line of a `diagnosis` block.
    pub fn line(&self) -> String {
        let members: Vec<_> = self.members.iter().map(|m| self.place_of(m)).collect();
        let sources: Vec<_> = self.sources.iter().map(Source::to_string).collect();
        format!(
            "{}  {}  written by {}  cause {}",
            self.key,
            members.join(", "),
            sources.join("+"),
            self.cause
        )
    }

    fn place_of(&self, member: &Member) -> String {
        let place = match (member.role, &member.hard_id) {
            (Role::Owner, _) => "hard ID".to_owned(),
            (Role::Foreign, Some(own)) => format!("property beside {}={own}", self.email_type),
            _ => "property".to_owned(),
        };
        format!("#{} {place}", member.number)
    }
}

/// Explains every key with more than one profile, in the order of the keys.
pub fn diagnose_profiles(
    profiles: &[Profile],
    types: &IdSchema,
    options: &PlanOptions,
    evidence: &Evidence,
) -> Vec<DiagnosedKey> {
    let duplicates = duplicates(profiles, options);
    let explained = duplicates
        .iter()
        .map(|members| explain(members, types, options, evidence));
    explained.collect()
}

/// The ages of the profiles whose events are evidence when there is no journal: of each key the youngest that
/// should be part of another.
pub fn youngest_wrong(profiles: &[Profile], options: &PlanOptions) -> Vec<usize> {
    let duplicates = duplicates(profiles, options);
    let wrong = duplicates
        .iter()
        .map(|members| canonical_and_wrong(members, options).2.age);
    wrong.collect()
}

/// Explains one key.
pub(super) fn explain(
    members: &Members<'_>,
    types: &IdSchema,
    options: &PlanOptions,
    evidence: &Evidence,
) -> DiagnosedKey {
    let (canonical, role, wrong) = canonical_and_wrong(members, options);
    let writes = writes(members, options, evidence);
    let sources = sources_of(wrong.shown_number(), &writes);
    let case = Case {
        members,
        canonical,
        role,
        wrong,
        first_source: sources[0],
        linked: linked(wrong, evidence),
        event_types: event_types(wrong, evidence),
        types,
        options,
    };
    let certain = certain(&sources, evidence);
    let (cause, candidates) = (cause_of(&case), candidates(&case, certain));
    DiagnosedKey {
        key: members.key.clone(),
        email_type: options.email_type.clone(),
        members: members.shown(types, options),
        certain,
        writes,
        sources,
        cause,
        candidates,
    }
}

fn certain(sources: &[Source], evidence: &Evidence) -> bool {
    let complete = matches!(evidence, Evidence::Journal(journal) if journal.is_complete());
    complete && !sources.contains(&Source::Unknown)
}

/// The profile that the others should be part of (an owner, else an account, else the oldest), and the youngest of those others.
pub(super) fn canonical_and_wrong<'a>(
    members: &Members<'a>,
    options: &PlanOptions,
) -> (&'a Profile, Role, &'a Profile) {
    let mut all: Vec<_> = members.all().collect();
    let account = members.foreign.first().copied().unwrap_or(all[0].1);
    let canonical = members.first_owner(options).unwrap_or(account);
    all.retain(|(_, profile)| !std::ptr::eq(*profile, canonical));
    all.sort_by_key(|(_, profile)| profile.age);
    let (role, wrong) = all[all.len() - 1];
    (canonical, role, wrong)
}

fn writes(members: &Members<'_>, options: &PlanOptions, evidence: &Evidence) -> Vec<Write> {
    let Evidence::Journal(journal) = evidence else {
        return Vec::new();
    };
    let mut writes = Vec::new();
    for (role, profile) in members.all() {
        let wrote = wrote(&members.key, role, profile, journal, options);
        writes.extend(wrote.map(|entry| Write {
            member: profile.shown_number(),
            seq: entry.seq,
            source: entry.source,
            request: entry.request.clone(),
            item: entry.item,
        }));
    }
    writes.sort_by_key(|write| (write.seq, write.member));
    writes
}

/// The commands that wrote the address to a member, where its role says that it sits, in order.
pub(super) fn wrote<'j>(
    key: &str,
    role: Role,
    profile: &Profile,
    journal: &'j Journal,
    options: &PlanOptions,
) -> impl Iterator<Item = &'j JournalEntry> {
    let commands = journal.commands_of(profile.shown_number());
    commands.filter(move |entry| {
        let text = match role {
            Role::Owner => entry.command.id(&options.email_type),
            _ => entry.command.sets(&options.email_property),
        };
        text.and_then(email_key).is_some_and(|found| found == key)
    })
}

fn sources_of(number: u64, writes: &[Write]) -> Vec<Source> {
    let mut sources = Vec::new();
    for write in writes.iter().filter(|write| write.member == number) {
        if !sources.contains(&write.source) {
            sources.push(write.source);
        }
    }
    if sources.is_empty() {
        sources.push(Source::Unknown);
    }
    sources
}

pub(super) fn linked(profile: &Profile, evidence: &Evidence) -> bool {
    let Evidence::Journal(journal) = evidence else {
        return false;
    };
    let mut commands = journal.commands_of(profile.shown_number());
    commands.any(|entry| entry.source == Source::Link)
}

pub(super) fn event_types<'a>(profile: &'a Profile, evidence: &'a Evidence) -> BTreeSet<&'a str> {
    let held = profile
        .events
        .iter()
        .flatten()
        .map(|event| event.kind.as_str());
    let mut types: BTreeSet<&str> = held.collect();
    if let Evidence::Journal(journal) = evidence {
        let commands = journal.commands_of(profile.shown_number());
        types.extend(commands.filter_map(|entry| entry.command.event_type.as_deref()));
    }
    types
}

/// Whether the hard ID that holds e-mails is an address on this profile.
pub(super) fn has_address(profile: &Profile, options: &PlanOptions) -> bool {
    profile.id(&options.email_type).is_some_and(is_address)
}
