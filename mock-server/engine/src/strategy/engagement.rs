//! Bloomreach Engagement as documented: `semantics.md`, section 3, in its order.

use alloc::boxed::Box;
use smallvec::SmallVec;

use super::{View, person::Person};
use crate::{
    command::Rejection,
    decision::{Decision, Displaced, Effect},
    ids::{IdKind, IdType, ReadId, ReadIds},
    rule::{Rule, Rules},
    settings::{ContestedSoftId, HardIdConflict},
    store::{IdAt, internal},
};

pub(crate) fn decide(view: View<'_>, read: &ReadIds<'_>) -> Result<Decision, Rejection> {
    if let Some(owner) = read.only_owner() {
        return Ok(found(owner));
    }
    let mut person = Person::default();
    let dropped = join_hard(view, read, &mut person)?;
    join_soft(view, read, &mut person);
    let mut decision = survivor(view, read, &person);
    place_ids(view, read, &person, &dropped, &mut decision);
    displace(view, read, &person, &mut decision);
    Ok(decision)
}

/// All IDs lead to one customer: nothing changes.
fn found(owner: u32) -> Decision {
    Decision {
        survivor: internal(owner),
        created: false,
        absorbed: SmallVec::new(),
        effects: SmallVec::new(),
        because: Rule::FoundById.into(),
    }
}

/// Steps 1 and 2: the hard IDs of the call and their owners. Positions of those that were not set.
///
/// Adding them one by one in schema order finds a clash exactly if the whole has one.
fn join_hard(
    view: View<'_>,
    read: &ReadIds<'_>,
    person: &mut Person,
) -> Result<SmallVec<[usize; 2]>, Rejection> {
    let mut dropped = SmallVec::new();
    for (position, id) in read.ids.iter().enumerate() {
        if id.kind == IdKind::Soft {
            continue;
        }
        let joined = match id.owner() {
            Some(owner) => person.join(view, owner),
            None => person.take_on(id.id_type, position),
        };
        let Err(clash) = joined else { continue };
        match view.switches.hard_id_conflict {
            HardIdConflict::Reject => return Err(clash.rejection(view, read)),
            HardIdConflict::FirstHardTypeWins => dropped.push(position),
        }
    }
    Ok(dropped)
}

/// Step 3: the owners of the soft IDs, newest first, as far as they are compatible.
fn join_soft(view: View<'_>, read: &ReadIds<'_>, person: &mut Person) {
    let mut owners: SmallVec<[u32; 4]> = read
        .ids
        .iter()
        .filter(|id| id.kind == IdKind::Soft)
        .filter_map(ReadId::owner)
        .collect();
    owners.sort_unstable_by(|a, b| b.cmp(a));
    for owner in owners {
        // Whoever does not fit stays outside, and its soft IDs are contested.
        let _contested = person.join(view, owner);
    }
}

/// Step 4: the oldest of those who joined; a new customer if nobody did.
fn survivor(view: View<'_>, read: &ReadIds<'_>, person: &Person) -> Decision {
    let mut members = person.members.clone();
    members.sort_unstable();
    let Some((survivor, absorbed)) = members.split_first() else {
        let by = if read.has_hard() {
            Rule::CreatedByHardId
        } else {
            Rule::CreatedBySoftId
        };
        return Decision {
            survivor: internal(view.store.customers.created()),
            created: true,
            absorbed: SmallVec::new(),
            effects: SmallVec::new(),
            because: by.into(),
        };
    };
    let mut because = Rules::from(Rule::FoundById);
    if !absorbed.is_empty() {
        because.add(Rule::SharedIdMerges);
        because.add(Rule::OldestSurvives);
        because.add(Rule::MergeTracked);
    }
    if absorbed.len() > 1 {
        because.add(Rule::SeveralMerge);
    }
    Decision {
        survivor: internal(*survivor),
        created: false,
        absorbed: absorbed.iter().copied().map(internal).collect(),
        effects: SmallVec::new(),
        because,
    }
}

/// Steps 5 and 6: contested soft IDs, and IDs that nobody holds.
fn place_ids(
    view: View<'_>,
    read: &ReadIds<'_>,
    person: &Person,
    dropped: &[usize],
    decision: &mut Decision,
) {
    for (position, id) in read.ids.iter().enumerate() {
        let given = id.given;
        let effect = match id.owner() {
            _ if dropped.contains(&position) => Effect::Dropped {
                given,
                rule: Rule::FirstHardTypeWins,
            },
            None => Effect::Added { given },
            Some(owner) if person.members.contains(&owner) => continue,
            Some(owner) => contested(view, read, decision, given, owner),
        };
        match effect {
            Effect::Added { .. } if !decision.created => decision.because.add(Rule::IdAdded),
            Effect::Moved { rule, .. } | Effect::Dropped { rule, .. } => decision.because.add(rule),
            Effect::Kept { .. } => decision.because.add(Rule::ContestedStays),
            _ => {}
        }
        decision.effects.push(effect);
    }
}

fn contested(
    view: View<'_>,
    read: &ReadIds<'_>,
    decision: &Decision,
    given: u16,
    owner: u32,
) -> Effect {
    let from = internal(owner);
    let survivor_is_newer = decision.survivor > from;
    let moved = |rule| Effect::Moved { given, from, rule };
    match view.switches.contested_soft_id {
        ContestedSoftId::NewerCustomer if !survivor_is_newer => Effect::Kept { given, by: from },
        _ if !read.has_hard() => moved(Rule::ContestedMovesToNewest),
        ContestedSoftId::Addressed if !survivor_is_newer => moved(Rule::ContestedMovesToOlder),
        _ => moved(Rule::ContestedMoves),
    }
}

/// Step 6, second half: soft types that would hold too many values forget those unused for longest.
fn displace(view: View<'_>, read: &ReadIds<'_>, person: &Person, decision: &mut Decision) {
    let customers = &view.store.customers;
    let held: u32 = person
        .members
        .iter()
        .map(|member| customers.soft_count(*member))
        .sum();
    let smallest = view
        .schema
        .soft_values_max_smallest()
        .min(IdType::VALUES_MAX_DEFAULT);
    if held + read.ids.len() as u32 <= u32::from(smallest) {
        return;
    }
    let declared: alloc::vec::Vec<IdType> = read
        .declared
        .iter()
        .map(|name| IdType::soft(*name))
        .collect();
    for (id_type, settings) in (0..).zip(view.schema.types().iter().chain(&declared)) {
        if settings.kind == IdKind::Soft {
            displace_type(view, read, person, id_type, settings, decision);
        }
    }
}

fn displace_type(
    view: View<'_>,
    read: &ReadIds<'_>,
    person: &Person,
    id_type: u16,
    settings: &IdType,
    decision: &mut Decision,
) {
    let carried: SmallVec<[usize; 2]> = read
        .ids
        .iter()
        .enumerate()
        .filter(|(position, id)| {
            id.id_type == id_type && ends_at_survivor(decision, read, *position)
        })
        .map(|(position, _)| position)
        .collect();
    let in_call = |at: IdAt| read.held().any(|held| held.at == at);
    let mut idle: alloc::vec::Vec<(u32, alloc::string::String)> = person
        .members
        .iter()
        .flat_map(|member| view.store.soft_ids(*member))
        .filter(|(of_type, at)| *of_type == id_type && !in_call(*at))
        .map(|(_, at)| (view.store.ids.used(at), view.store.ids.text(at)))
        .collect();
    let excess = (idle.len() + carried.len()).saturating_sub(usize::from(settings.values_max));
    if excess == 0 {
        return;
    }
    idle.sort_unstable();
    // Values that the call carries are used now, so they give way last.
    let carried = carried
        .iter()
        .map(|position| read.ids[*position].key.text.as_ref().into());
    let values = idle.into_iter().map(|(_, text)| text).chain(carried);
    for value in values.take(excess) {
        decision.because.add(Rule::SoftIdDisplaced);
        decision.effects.push(Effect::Displaced(Box::new(Displaced {
            id_type: settings.name.clone(),
            value,
        })));
    }
}

fn ends_at_survivor(decision: &Decision, read: &ReadIds<'_>, position: usize) -> bool {
    let given = read.ids[position].given;
    let stays_elsewhere =
        |effect: &Effect| matches!(effect, Effect::Kept { given: kept, .. } if *kept == given);
    !decision.effects.iter().any(stays_elsewhere)
}
