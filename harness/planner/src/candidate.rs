//! What may have caused a duplicate where nothing proves it: every cause that fits, in order, with what speaks for
//! it and what would settle it. From an export alone that is all that can be said.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    Cause, IdKind, Profile, Role, Source,
    key::is_address,
    rules::{Case, PLACEHOLDER_NAMES, cause_of},
};

/// A cause that fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The cause.
    pub cause: Cause,
    /// What speaks for it.
    pub signs: Vec<Sign>,
    /// What would settle whether it is this one.
    pub settled_by: Vec<Settling>,
}

/// What speaks for a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sign {
    /// The journal says which command wrote the address.
    Journal,
    /// The name before the `@` is one that forms are filled with.
    PlaceholderName,
    /// The hard IDs differ in white space only.
    DiffersInWhiteSpace,
    /// The hard IDs differ in case only.
    DiffersInCase,
    /// The first names differ.
    NamesDiffer,
    /// The first names agree.
    NamesAgree,
    /// They hold different hard IDs of one type.
    HardIdsClash,
    /// The address is the value of a soft type.
    AddressIsSoftId,
    /// Its hard ID is no address where another's is.
    IdIsNoAddress,
    /// It holds a hard ID of another type.
    OtherHardId,
    /// It tracked a double opt-in.
    OptInEvent,
    /// It tracked a sign-up.
    SignUpEvent,
    /// It has a soft ID, as browsers and apps do.
    HasDevice,
    /// It has no soft ID, so that neither a browser nor an app is behind it.
    HasNoDevice,
    /// It tracked events.
    HasEvents,
    /// It has no event at all.
    HasNoEvents,
    /// All its events have one time, as rows of a file do.
    EventsAtOneTime,
}

/// What would settle a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Settling {
    /// Knowing which source wrote the address: the vendor's customer history, or the journal of our own server.
    SourceOfWrite,
    /// Reading the events of the younger profile.
    Events,
    /// Asking whether it is one person.
    Person,
    /// Looking at who uses the address.
    Profiles,
}

impl Sign {
    /// It in words.
    pub fn says(self) -> &'static str {
        match self {
            Self::Journal => "the journal says which command wrote the address",
            Self::PlaceholderName => "the name before the `@` is one that forms are filled with",
            Self::DiffersInWhiteSpace => "the hard IDs differ in white space only",
            Self::DiffersInCase => "the hard IDs differ in case only",
            Self::NamesDiffer => "the first names differ",
            Self::NamesAgree => "the first names agree",
            Self::HardIdsClash => "they hold different hard IDs of one type",
            Self::AddressIsSoftId => "the address is the value of a soft ID",
            Self::IdIsNoAddress => "its hard ID is no address where another's is",
            Self::OtherHardId => "it holds a hard ID of another type",
            Self::OptInEvent => "it tracked a double opt-in",
            Self::SignUpEvent => "it tracked a sign-up",
            Self::HasDevice => "it has a soft ID, as browsers and apps do",
            Self::HasNoDevice => "it has no soft ID of a browser or an app",
            Self::HasEvents => "it tracked events",
            Self::HasNoEvents => "it has no event",
            Self::EventsAtOneTime => "all its events have one time, as rows of a file do",
        }
    }

    fn holds(self, case: &Case<'_>) -> bool {
        let wrong = case.wrong;
        match self {
            Self::Journal => false,
            Self::PlaceholderName => {
                let name = case.members.key.split('@').next().unwrap_or_default();
                PLACEHOLDER_NAMES.contains(&name)
            }
            Self::DiffersInWhiteSpace => case.is_owner() && case.differs_in_white_space(),
            Self::DiffersInCase => case.is_owner() && !case.differs_in_white_space(),
            Self::NamesDiffer => case.names_differ(),
            Self::NamesAgree => case.names_agree(),
            Self::HardIdsClash => case.hard_ids_clash(),
            Self::AddressIsSoftId => case.address_is_a_soft_id(),
            Self::IdIsNoAddress => {
                let own = wrong.id(&case.options.email_type);
                own.is_some_and(|own| !is_address(own)) && !case.members.owners.is_empty()
            }
            Self::OtherHardId => case.has_other_hard_id(),
            Self::OptInEvent => case.has_opted_in(),
            Self::SignUpEvent => case.has_signed_up(),
            Self::HasDevice => has_device(case),
            Self::HasNoDevice => !has_device(case),
            Self::HasEvents => !case.event_types.is_empty(),
            Self::HasNoEvents => events_of(wrong).is_some_and(|times| times.is_empty()),
            Self::EventsAtOneTime => events_of(wrong).is_some_and(|times| {
                let all: BTreeSet<u64> = times.iter().map(|at| at.to_bits()).collect();
                times.len() > 1 && all.len() == 1
            }),
        }
    }
}

fn has_device(case: &Case<'_>) -> bool {
    let mut soft = case.types.of_kind(IdKind::Soft);
    soft.any(|id_type| !case.wrong.values(&id_type.name).is_empty())
}

fn events_of(profile: &Profile) -> Option<Vec<f64>> {
    let events = profile.events.as_ref()?;
    Some(events.iter().map(|event| event.timestamp).collect())
}

impl Settling {
    /// It in words.
    pub fn says(self) -> &'static str {
        match self {
            Self::SourceOfWrite => "which source wrote the address, by its log or the journal",
            Self::Events => "the events of the younger profile, which were not read",
            Self::Person => "whether it is one person, by asking",
            Self::Profiles => "a look at who uses the address",
        }
    }
}

/// The causes that fit; the first is the one that is named.
pub(super) fn candidates(case: &Case<'_>, is_certain: bool) -> Vec<Candidate> {
    let named = cause_of(case);
    if is_certain {
        return vec![Candidate {
            cause: named,
            signs: [vec![Sign::Journal], signs_of(named, case)].concat(),
            settled_by: Vec::new(),
        }];
    }
    let mut others: Vec<Candidate> = others(named, case)
        .into_iter()
        .map(|cause| candidate(cause, case))
        .collect();
    // What nothing speaks for stays possible, and comes last.
    others.sort_by_key(|other| std::cmp::Reverse(other.signs.len()));
    [vec![candidate(named, case)], others].concat()
}

fn candidate(cause: Cause, case: &Case<'_>) -> Candidate {
    Candidate {
        cause,
        signs: signs_of(cause, case),
        settled_by: settling(cause, case),
    }
}

/// What the rules would say if another source had written it, and what profiles alone cannot tell apart.
fn others(named: Cause, case: &Case<'_>) -> Vec<Cause> {
    let mut causes = vec![named];
    let mut add = |cause| {
        if cause != Cause::Unknown && !causes.contains(&cause) {
            causes.push(cause);
        }
    };
    if case.first_source == Source::Unknown {
        for first_source in [Source::JsSdk, Source::Import, Source::Api] {
            add(cause_of(&Case {
                first_source,
                event_types: case.event_types.clone(),
                ..*case
            }));
        }
    }
    match named {
        Cause::SharedAddress => add(Cause::TwoAccounts),
        Cause::TwoAccounts if !case.names_agree() => add(Cause::SharedAddress),
        _ => {}
    }
    // Sign-ups are told by their events.
    let may_have_signed_up = case.role == Role::Lacking && case.wrong.events.is_none();
    if case.first_source == Source::Unknown && may_have_signed_up && has_device(case) {
        add(Cause::AnonymousSignUp);
        add(Cause::DoubleOptIn);
    }
    causes.remove(0);
    causes
}

fn signs_of(cause: Cause, case: &Case<'_>) -> Vec<Sign> {
    let all: &[Sign] = match cause {
        Cause::Placeholder => &[Sign::PlaceholderName],
        Cause::WhiteSpace => &[Sign::DiffersInWhiteSpace],
        Cause::CaseVariant => &[Sign::DiffersInCase],
        Cause::SharedAddress => &[Sign::HardIdsClash, Sign::NamesDiffer],
        Cause::TwoAccounts => &[Sign::HardIdsClash, Sign::NamesAgree],
        Cause::ImportMapping => &[
            Sign::IdIsNoAddress,
            Sign::HasNoDevice,
            Sign::HasNoEvents,
            Sign::EventsAtOneTime,
        ],
        Cause::ApiWrongId => &[
            Sign::IdIsNoAddress,
            Sign::AddressIsSoftId,
            Sign::HasNoDevice,
        ],
        Cause::DoubleOptIn => &[Sign::OptInEvent, Sign::HasDevice],
        Cause::HardTypePerChannel => &[Sign::OtherHardId],
        Cause::AnonymousSignUp => &[Sign::SignUpEvent, Sign::HasDevice],
        Cause::UpdateInsteadOfIdentify => &[Sign::HasDevice, Sign::HasEvents],
        Cause::Unknown => &[],
    };
    let holding = all.iter().filter(|sign| sign.holds(case));
    holding.copied().collect()
}

fn settling(cause: Cause, case: &Case<'_>) -> Vec<Settling> {
    let mut settled_by = match cause {
        Cause::Placeholder => vec![Settling::Profiles],
        // The values themselves show it; only who wrote them is open.
        Cause::SharedAddress | Cause::TwoAccounts => vec![Settling::Person],
        _ => vec![Settling::SourceOfWrite],
    };
    let is_told_by_events = matches!(cause, Cause::DoubleOptIn | Cause::AnonymousSignUp);
    if is_told_by_events && case.wrong.events.is_none() {
        settled_by.push(Settling::Events);
    }
    settled_by
}
