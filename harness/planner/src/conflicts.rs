//! What remains of a key after its calls, beyond the one profile that stands for it: each with its
//! kind and the profiles it could belong to.

use super::{
    Conflict, ConflictKind, IdSchema, PlanOptions, Profile,
    diagnosis::has_address,
    identify::{Fate, hard_ids},
    members::Members,
};

/// A conflict and who stays apart in it; the first is the one whom a call would name.
pub(super) struct Left<'a> {
    pub(super) conflict: Conflict,
    pub(super) people: Vec<&'a Profile>,
}

/// Everything that stays apart, in the order of the kinds and then of age.
pub(super) fn remaining<'a>(
    members: &Members<'a>,
    fates: &[Fate<'a>],
    canonical: Option<&'a Profile>,
    types: &IdSchema,
    options: &PlanOptions,
) -> Vec<Left<'a>> {
    let apart = Apart {
        canonical,
        types,
        options,
    };
    let mut conflicts: Vec<_> = fates.iter().flat_map(|fate| apart.of_fate(fate)).collect();
    let foreign = members
        .foreign
        .iter()
        .filter(|profile| !apart.is_canonical(profile));
    conflicts.extend(foreign.map(|profile| apart.of_foreign(profile)));
    conflicts.sort_by(|one, other| order(&one.conflict).cmp(&order(&other.conflict)));
    conflicts
}

fn order(conflict: &Conflict) -> (ConflictKind, &[u64]) {
    (conflict.kind, &conflict.members)
}

/// The profile that stands for the key once the calls are made: the one written exactly as the key,
/// else the oldest owner, else the first that can be named, else an account whose hard ID is no
/// address, else the oldest. Nobody, while all who are left are ambiguous.
pub(super) fn canonical<'a>(
    members: &Members<'a>,
    fates: &[Fate<'a>],
    options: &PlanOptions,
) -> Option<&'a Profile> {
    let exact = |profile: &&Profile| profile.id(&options.email_type) == Some(&members.key);
    let heads = || {
        fates.iter().filter_map(|fate| match fate {
            Fate::OnePerson {
                head,
                joining,
                hard_id,
                ..
            } => {
                let gets = !joining.is_empty() && hard_id.value == members.key;
                Some((*head, gets && hard_id.id_type == options.email_type))
            }
            _ => None,
        })
    };
    let without_owner = members.owners.is_empty() && members.lacking.is_empty();
    let no_address = |profile: &&&Profile| !has_address(profile, options);
    let foreign = members
        .foreign
        .iter()
        .find(no_address)
        .or(members.foreign.first());
    let owner = members.owners.iter().copied().find(exact);
    owner
        .or_else(|| heads().find(|(_, gets)| *gets).map(|(head, _)| head))
        .or(members.owners.first().copied())
        .or_else(|| heads().next().map(|(head, _)| head))
        .or(foreign.copied().filter(|_| without_owner))
}

struct Apart<'a, 'o> {
    canonical: Option<&'a Profile>,
    types: &'o IdSchema,
    options: &'o PlanOptions,
}

impl<'a> Apart<'a, '_> {
    fn of_fate(&self, fate: &Fate<'a>) -> Vec<Left<'a>> {
        match fate {
            Fate::Ambiguous(people) => vec![self.ambiguous(people)],
            Fate::Stuck(people) => vec![self.conflict(ConflictKind::Unreachable, people)],
            Fate::OnePerson {
                head,
                joining,
                other_owners,
                unreachable,
                ..
            } => {
                let mut apart = self.of_head(head, joining.iter().map(|(profile, _)| *profile));
                let owners = other_owners
                    .iter()
                    .filter(|owner| !self.is_canonical(owner));
                apart
                    .extend(owners.map(|owner| self.conflict(ConflictKind::CaseVariant, &[owner])));
                let unreachable = unreachable.iter();
                apart.extend(unreachable.map(|p| self.conflict(ConflictKind::Unreachable, &[p])));
                apart
            }
        }
    }

    /// A person beside the canonical profile: an owner in another spelling, or one who could not
    /// get the address because its holder has another hard ID of another type.
    fn of_head(
        &self,
        head: &'a Profile,
        joining: impl Iterator<Item = &'a Profile>,
    ) -> Vec<Left<'a>> {
        let mut people = vec![head];
        people.extend(joining.filter(|profile| !std::ptr::eq(*profile, head)));
        if people.iter().any(|profile| self.is_canonical(profile)) {
            return Vec::new();
        }
        let kind = match head.id(&self.options.email_type) {
            Some(_) => ConflictKind::CaseVariant,
            None => ConflictKind::AnotherHardType,
        };
        vec![self.conflict(kind, &people)]
    }

    fn of_foreign(&self, profile: &'a Profile) -> Left<'a> {
        let kind = match has_address(profile, self.options) {
            true => ConflictKind::AnotherAddress,
            false => ConflictKind::NoAddress,
        };
        self.conflict(kind, &[profile])
    }

    /// The candidates are those who exclude each other: owners, and holders of other hard IDs.
    fn ambiguous(&self, people: &[&'a Profile]) -> Left<'a> {
        Left {
            conflict: ambiguous(people, self.types),
            people: people.to_vec(),
        }
    }

    fn conflict(&self, kind: ConflictKind, people: &[&'a Profile]) -> Left<'a> {
        let conflict = Conflict {
            kind,
            members: numbers(people.iter().copied()),
            candidates: numbers(self.canonical.into_iter()),
            explanation: kind.question().to_owned(),
        };
        Left {
            conflict,
            people: people.to_vec(),
        }
    }

    fn is_canonical(&self, profile: &Profile) -> bool {
        self.canonical
            .is_some_and(|canonical| std::ptr::eq(canonical, profile))
    }
}

/// The conflict of those whom only a guess could join.
pub(super) fn ambiguous(people: &[&Profile], types: &IdSchema) -> Conflict {
    let kind = ConflictKind::Ambiguous;
    let accounts = people
        .iter()
        .filter(|profile| !hard_ids(profile, types).is_empty());
    Conflict {
        kind,
        members: numbers(people.iter().copied()),
        candidates: numbers(accounts.copied()),
        explanation: kind.question().to_owned(),
    }
}

fn numbers<'p>(people: impl Iterator<Item = &'p Profile>) -> Vec<u64> {
    let mut numbers: Vec<_> = people.map(Profile::shown_number).collect();
    numbers.sort_unstable();
    numbers
}
