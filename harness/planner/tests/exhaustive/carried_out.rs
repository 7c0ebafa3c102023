//! A plan carried out on the engine itself, call by call, without a transport between: the thinnest reading of
//! what each step of a plan does. Whatever the plan counts on is asserted.

use twinfold_engine::{Effect, Outcome, Profile as Stored};
use twinfold_planner::{Call, Id, Plan, Step, email_key};

use crate::world::{World, text, values};

/// Makes every call of a plan.
pub(crate) fn carry_out(world: &mut World, plan: &Plan) {
    for (key, call) in plan.calls() {
        match call.step {
            Step::Identify => identify(world, call),
            Step::Realign => realign(world, key, call),
            Step::CopyProperties => copy_properties(world, key, call),
            Step::CopyEvents => copy_events(world, call),
            Step::HandOver => hand_over(world, call),
            Step::ReadBack => assert_eq!(missing(world, call), 0, "reading back: {call:?}"),
            Step::Anonymize => anonymize(world, plan, call),
        }
    }
}

/// Law 4: accepted, nobody created, nothing contested, and joined is who was planned.
fn identify(world: &mut World, call: &Call) {
    let planned = call.joins.iter();
    let mut planned: Vec<u32> = planned.map(|n| world.survivor_of(*n as u32)).collect();
    planned.sort_unstable();
    planned.dedup();
    let outcome = adds(world, &call.own, &call.hard_id);
    let decision = &outcome.decision;
    assert!(!decision.created, "law 4: {call:?}: {outcome:?}");
    let added = |effect: &Effect| matches!(effect, Effect::Added { .. });
    assert!(
        decision.effects.iter().all(added),
        "law 4: {call:?}: {outcome:?}"
    );
    let mut joined: Vec<u32> = decision.absorbed.iter().map(|one| one.number()).collect();
    joined.push(decision.survivor.number());
    joined.sort_unstable();
    assert_eq!(joined, planned, "law 4: {call:?}");
}

fn adds(world: &mut World, own: &Id, hard_id: &Id) -> Outcome {
    let ids = [own, hard_id].map(|id| (id.id_type.as_str(), id.value.as_str()));
    let done = world.set(&ids, &[], None);
    done.unwrap_or_else(|rejection| panic!("law 4: {own} with {hard_id}: {rejection}"))
}

/// Not needed any more if the account joined its own people meanwhile and has their newer address.
fn realign(world: &mut World, key: &str, call: &Call) {
    let found = there(world, &call.own);
    let ids = [(call.own.id_type.as_str(), call.own.value.as_str())];
    if text(&found, "email")
        .as_deref()
        .and_then(email_key)
        .as_deref()
        != Some(key)
    {
        return;
    }
    for (name, value) in &call.sets {
        let done = world.set(&ids, &[(name, &value.to_string())], None);
        done.unwrap_or_else(|rejection| panic!("law 4: {call:?}: {rejection}"));
    }
}

fn there(world: &World, id: &Id) -> Stored {
    let found = world.find(id);
    found.unwrap_or_else(|| panic!("nobody holds {id}"))
}

fn copy_properties(world: &mut World, key: &str, call: &Call) {
    let (from, to) = (there(world, &call.own), there(world, &call.hard_id));
    let has_key = |one: &Stored| {
        let own = values(one, "registered").first().cloned();
        let texts = [own, text(one, "email")].into_iter().flatten();
        texts
            .filter_map(|text| email_key(&text))
            .any(|other| other == key)
    };
    assert!(
        has_key(&from) && has_key(&to),
        "`{key}`: {from:?} to {to:?}"
    );
    let target = [(call.hard_id.id_type.as_str(), call.hard_id.value.as_str())];
    for (name, stored) in &from.properties {
        let done = world.set(&target, &[(name, &stored.value)], Some(stored.at.seconds()));
        done.unwrap_or_else(|rejection| panic!("law 4: {call:?}: {rejection}"));
    }
}

fn copy_events(world: &mut World, call: &Call) {
    let (from, to) = (there(world, &call.own), there(world, &call.hard_id));
    let target = [(call.hard_id.id_type.as_str(), call.hard_id.value.as_str())];
    let held = |event| to.events.contains(event);
    for event in from.events.iter().filter(|event| !held(event)) {
        if event.event_type != "merge" {
            let at = event.at.seconds();
            let done = world.track(&target, &event.event_type, at, &event.properties);
            done.unwrap_or_else(|rejection| panic!("law 4: {call:?}: {rejection}"));
        }
    }
}

/// How much of the source the target lacks.
fn missing(world: &World, call: &Call) -> usize {
    let (from, to) = (there(world, &call.own), there(world, &call.hard_id));
    let events = from
        .events
        .iter()
        .filter(|event| event.event_type != "merge");
    let names = from.properties.keys();
    events.filter(|event| !to.events.contains(event)).count()
        + names
            .filter(|name| !to.properties.contains_key(*name))
            .count()
}

/// The device goes over, or stays with the newer customer where the switch says so.
fn hand_over(world: &mut World, call: &Call) {
    let outcome = adds(world, &call.own, &call.hard_id);
    assert!(
        outcome.decision.absorbed.is_empty(),
        "a device merges nobody: {call:?}"
    );
}

fn anonymize(world: &mut World, plan: &Plan, call: &Call) {
    assert_eq!(missing(world, call), 0, "before it is emptied: {call:?}");
    world
        .anonymize(&call.own)
        .expect("it is there and a soft type too");
    let handed = plan.calls().filter(|(_, other)| {
        other.step == Step::HandOver
            && other.hard_id == call.hard_id
            && other.expects == call.expects
    });
    for (_, handed) in handed {
        if world.find(&handed.own).is_none() {
            adds(world, &handed.own, &handed.hard_id);
        }
    }
}
