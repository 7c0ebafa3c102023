//! Step `identify`, the documented remedy: what becomes of the owners and the lacking members of a
//! key, decided first as a fate per component and then written out as calls.

use std::collections::BTreeMap;

use super::{
    Call, ConflictKind, Id, IdKind, IdSchema, PlanOptions, Policy, Profile, Step,
    compat::{Component, Signature, components},
    guess,
    losses::Losses,
    members::Members,
};

/// What becomes of one component of compatible members.
pub(super) enum Fate<'a> {
    /// It is one person: `joining` follow `head` by a hard ID of it.
    OnePerson {
        /// Who has the hard ID, or gets it first.
        head: &'a Profile,
        /// Whom a call addresses, each by an ID of its own; the head itself if it gets the ID.
        joining: Vec<(&'a Profile, Id)>,
        /// The hard ID that the calls set; of no meaning without calls.
        hard_id: Id,
        /// Owners of another spelling.
        other_owners: Vec<&'a Profile>,
        /// Members that no call can name.
        unreachable: Vec<&'a Profile>,
    },
    /// A pair in it is incompatible: joining needs a guess.
    Ambiguous(Vec<&'a Profile>),
    /// No call can join it.
    Stuck(Vec<&'a Profile>),
}

/// What becomes of a key.
pub(super) struct Decided<'a> {
    /// The fates of all components, in the order of their oldest members.
    pub(super) fates: Vec<Fate<'a>>,
    /// The people of each component that was parted by a guess, because the policy says so.
    pub(super) guessed: Vec<Vec<&'a Profile>>,
}

/// What becomes of the owners and the lacking members of a key.
pub(super) fn decide<'a>(
    members: &Members<'a>,
    types: &IdSchema,
    options: &PlanOptions,
) -> Decided<'a> {
    let mut people: Vec<_> = members
        .owners
        .iter()
        .chain(&members.lacking)
        .copied()
        .collect();
    people.sort_by(|one, other| (one.age, &one.ids).cmp(&(other.age, &other.ids)));
    let other_types: Vec<&str> = types
        .of_kind(IdKind::Hard)
        .map(|id_type| id_type.name.as_str())
        .filter(|name| *name != options.email_type)
        .collect();
    let signatures: Vec<Signature<'_>> = people
        .iter()
        .map(|profile| other_types.iter().map(|name| profile.id(name)).collect())
        .collect();
    let mut decider = Decider {
        key: &members.key,
        email_type: &options.email_type,
        key_is_free: key_is_free(members, types, options),
        other_types,
        types,
    };
    let (mut fates, mut guessed) = (Vec::new(), Vec::new());
    let guess = options.policies.of(ConflictKind::Ambiguous) == Policy::Resolve;
    // Two owners never merge, so that what one of them has says nothing about who fits the other.
    let with_email = |at: usize| -> Signature<'_> {
        let email = std::iter::once(people[at].id(&options.email_type));
        email.chain(signatures[at].iter().copied()).collect()
    };
    let whole: Vec<_> = (0..people.len()).map(with_email).collect();
    for component in components(&signatures) {
        if component.is_one_person || !guess {
            fates.push(decider.fate(&component, &people));
            continue;
        }
        guessed.push(component.members.iter().map(|&at| people[at]).collect());
        for part in guess::parted(&component.members, &whole) {
            fates.push(decider.fate(&part, &people));
        }
    }
    Decided { fates, guessed }
}

/// Nobody holds the key's own value, and the project would take it. Who holds it, has this key.
fn key_is_free(members: &Members<'_>, types: &IdSchema, options: &PlanOptions) -> bool {
    let mut owners = members.owners.iter();
    takes_hard(types, &options.email_type, &members.key)
        && !owners.any(|owner| owner.id(&options.email_type) == Some(&members.key))
}

/// Whether a call can set or name this value of a hard type.
pub(super) fn takes_hard(types: &IdSchema, name: &str, value: &str) -> bool {
    let hard = types
        .get(name)
        .filter(|id_type| id_type.kind == IdKind::Hard);
    hard.is_some_and(|id_type| id_type.takes(value))
}

struct Decider<'s> {
    key: &'s str,
    email_type: &'s str,
    key_is_free: bool,
    other_types: Vec<&'s str>,
    types: &'s IdSchema,
}

impl Decider<'_> {
    fn fate<'a>(&mut self, component: &Component, people: &[&'a Profile]) -> Fate<'a> {
        let people: Vec<_> = component.members.iter().map(|&at| people[at]).collect();
        if !component.is_one_person {
            return Fate::Ambiguous(people);
        }
        if let Some((head, hard_id)) = self.holder_among_owners(&people) {
            return self.follow(head, hard_id, &people);
        }
        if self.key_is_free
            && let Some(head) = people.iter().find(|p| self.can_join(p))
        {
            // The next component without an owner finds the key taken.
            self.key_is_free = false;
            return self.follow(head, Id::new(self.email_type, self.key), &people);
        }
        match people
            .iter()
            .find_map(|profile| self.other_hard_id(profile))
        {
            Some((head, hard_id)) => self.follow(head, hard_id, &people),
            None if people.iter().skip(1).all(|p| self.is_owner(p)) => self.apart(&people),
            None => Fate::Stuck(people),
        }
    }

    /// An owner by whose hard ID the others can be joined: the one written exactly as the key,
    /// then the oldest whose address a call can name, then the oldest with another hard ID.
    fn holder_among_owners<'a>(&self, people: &[&'a Profile]) -> Option<(&'a Profile, Id)> {
        let owners = || {
            people
                .iter()
                .copied()
                .filter(|profile| self.is_owner(profile))
        };
        let named = |profile: &'a Profile| {
            let value = profile.id(self.email_type)?;
            let taken = takes_hard(self.types, self.email_type, value);
            taken.then(|| (profile, Id::new(self.email_type, value)))
        };
        let exact = owners().find(|owner| owner.id(self.email_type) == Some(self.key));
        exact
            .and_then(named)
            .or_else(|| owners().find_map(named))
            .or_else(|| owners().find_map(|owner| self.other_hard_id(owner)))
    }

    fn follow<'a>(&self, head: &'a Profile, hard_id: Id, people: &[&'a Profile]) -> Fate<'a> {
        let gives = head.id(&hard_id.id_type) == Some(&hard_id.value);
        let (mut joining, mut other_owners, mut unreachable) = (vec![], vec![], vec![]);
        for &profile in people {
            let is_head = std::ptr::eq(profile, head);
            match self.own_id(profile, &hard_id) {
                _ if is_head && gives => {}
                _ if self.is_owner(profile) => {
                    if !is_head {
                        other_owners.push(profile);
                    }
                }
                Some(own) => joining.push((profile, own)),
                None => unreachable.push(profile),
            }
        }
        Fate::OnePerson {
            head,
            joining,
            hard_id,
            other_owners,
            unreachable,
        }
    }

    /// Nobody here can follow anybody: owners of several spellings, or one profile alone.
    fn apart<'a>(&self, people: &[&'a Profile]) -> Fate<'a> {
        Fate::OnePerson {
            head: people[0],
            joining: Vec::new(),
            hard_id: Id::new(self.email_type, self.key),
            other_owners: people[1..].to_vec(),
            unreachable: Vec::new(),
        }
    }

    fn is_owner(&self, profile: &Profile) -> bool {
        profile.id(self.email_type).is_some()
    }

    fn can_join(&self, profile: &Profile) -> bool {
        let hard_id = Id::new(self.email_type, self.key);
        !self.is_owner(profile) && self.own_id(profile, &hard_id).is_some()
    }

    fn other_hard_id<'a>(&self, profile: &'a Profile) -> Option<(&'a Profile, Id)> {
        let mut ids = self.other_types.iter().filter_map(|name| {
            let value = profile.id(name)?;
            let taken = takes_hard(self.types, name, value);
            taken.then(|| (profile, Id::new(name, value)))
        });
        ids.next()
    }

    /// Another hard ID in schema order, else the first value of a soft type.
    fn own_id(&self, profile: &Profile, hard_id: &Id) -> Option<Id> {
        let hard = self
            .other_types
            .iter()
            .filter(|name| **name != hard_id.id_type);
        let hard = hard.filter_map(|name| self.types.get(name));
        let soft = self.types.of_kind(IdKind::Soft);
        let mut ids = hard.chain(soft).filter_map(|id_type| {
            let values = profile.values(&id_type.name).iter();
            let value = values.filter(|value| id_type.takes(value)).min()?;
            Some(Id::new(&id_type.name, value))
        });
        ids.next()
    }
}

/// The calls of all fates, component by component.
pub(super) fn calls(key: &str, fates: &[Fate<'_>], types: &IdSchema) -> Vec<Call> {
    let mut calls = Vec::new();
    for fate in fates {
        let Fate::OnePerson {
            head,
            joining,
            hard_id,
            ..
        } = fate
        else {
            continue;
        };
        let mut losses = Losses::new(head, types);
        for (profile, own) in joining {
            calls.push(call(key, head, profile, own, hard_id, &mut losses));
        }
    }
    calls
}

fn call<'a>(
    key: &str,
    head: &'a Profile,
    profile: &'a Profile,
    own: &Id,
    hard_id: &Id,
    losses: &mut Losses<'a>,
) -> Call {
    let is_head = std::ptr::eq(profile, head);
    let (number, head_number) = (profile.shown_number(), head.shown_number());
    let reason = if is_head {
        format!(
            "#{number} has the address `{key}` as a property only, and nobody has it as `{}`",
            hard_id.id_type
        )
    } else {
        format!(
            "#{number} has the address `{key}` as a property only; #{head_number} is the same person and is found by `{hard_id}`"
        )
    };
    let mut joins = vec![number, head_number];
    joins.sort_unstable();
    joins.dedup();
    Call {
        step: Step::Identify,
        own: own.clone(),
        hard_id: hard_id.clone(),
        joins,
        reason,
        expects: losses.hard_ids(profile),
        loses: if is_head {
            Vec::new()
        } else {
            losses.joining(profile)
        },
        sets: BTreeMap::new(),
        kind: None,
    }
}

/// The hard IDs of a profile by type.
pub(super) fn hard_ids(profile: &Profile, types: &IdSchema) -> BTreeMap<String, String> {
    let hard = types.of_kind(IdKind::Hard).filter_map(|id_type| {
        let value = profile.id(&id_type.name)?;
        Some((id_type.name.clone(), value.to_owned()))
    });
    hard.collect()
}
