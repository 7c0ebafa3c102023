//! The laws of the fix-up on thousands of random projects: no call is rejected, what is not listed
//! ends as one profile, a second plan is empty, and no order of reading matters.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::{
    generator::Generator,
    naive,
    simulated::Simulated,
    worlds::{World, profiles, types},
};
use crate::{
    Plan, PlanOptions, Profile,
    members::{duplicates, keys_of},
    plan,
};

/// Random projects per world unless `TWINFOLD_PROJECTS` says otherwise.
const PROJECTS_DEFAULT: u64 = 3_000;

#[test]
fn the_laws_hold_for_clean_projects() {
    let (seen, enough) = seen_in(World::Clean);
    for what in [
        "join",
        "set",
        "case-variant",
        "another-address",
        "no-address",
        "another-hard-type",
        "ambiguous",
    ] {
        assert!(
            seen.get(what).is_some_and(|count| *count > enough),
            "{what} is tried: {seen:?}"
        );
    }
    assert!(!seen.contains_key("unreachable"), "{seen:?}");
}

#[test]
fn the_laws_hold_for_old_projects_with_ids_that_no_call_can_name() {
    let (seen, enough) = seen_in(World::Old);
    assert!(
        seen.get("unreachable").is_some_and(|count| *count > enough),
        "{seen:?}"
    );
}

/// How often what occurred in all projects of a world, and how often is enough.
fn seen_in(world: World) -> (BTreeMap<&'static str, usize>, usize) {
    let mut seen = BTreeMap::new();
    let projects = std::env::var("TWINFOLD_PROJECTS").ok();
    let projects = projects.map_or(PROJECTS_DEFAULT, |text| text.parse().unwrap());
    for plan in (0..projects).map(|seed| check(seed, world)) {
        for (_, call) in plan.calls() {
            let what = if call.joins.len() == 2 { "join" } else { "set" };
            *seen.entry(what).or_default() += 1;
        }
        for (_, conflict) in plan.conflicts() {
            *seen.entry(conflict.kind.slug()).or_default() += 1;
        }
    }
    (seen, projects as usize / 100)
}

fn check(seed: u64, world: World) -> Plan {
    let mut random = Generator::new(seed);
    let types = types(&mut random, world);
    let profiles = profiles(&mut random, world);
    let options = PlanOptions::default();
    let first = plan(&profiles, &types, &options);

    let mut shuffled = profiles.clone();
    random.shuffle(&mut shuffled);
    assert_eq!(
        json!(first).to_string(),
        json!(plan(&shuffled, &types, &options)).to_string(),
        "seed {seed}"
    );

    let mut project = Simulated::holding(types.clone(), &profiles);
    let mut joined_into = BTreeMap::<u64, u64>::new();
    for (key, call) in first.calls() {
        let body = call.body();
        let ids = body["customer_ids"].as_object().expect("an object");
        assert_eq!(ids.len(), 2, "seed {seed}: a call names two types");
        let done = project.resolve(ids);
        let done = done.unwrap_or_else(|error| {
            assert!(error.is_empty(), "seed {seed}, {key}: {error}");
            unreachable!()
        });
        assert!(
            !done.created && !done.contested,
            "seed {seed}, {key}: {done:?}"
        );
        let joins: BTreeSet<u64> = call
            .joins
            .iter()
            .map(|number| follow(&joined_into, *number))
            .collect();
        assert_eq!(
            done.joined, joins,
            "seed {seed}, {key}: joins who was planned"
        );
        for absorbed in done.joined.iter().skip(1) {
            joined_into.insert(*absorbed, done.survivor);
        }
        for number in &call.joins {
            let member = &profiles[*number as usize - 1];
            let keys = keys_of(member, &options);
            let shares = keys.iter().flatten().any(|(_, other)| other == key);
            assert!(shares, "seed {seed}: #{number} shares `{key}`");
        }
    }

    let after = project.profiles();
    let listed: BTreeSet<&str> = first.conflicts().map(|(key, _)| key).collect();
    for members in duplicates(&after, &options) {
        assert!(
            listed.contains(members.key.as_str()),
            "seed {seed}: `{}` is listed",
            members.key
        );
    }
    let second = plan(&after, &types, &options);
    assert_eq!(
        second.calls().count(),
        0,
        "seed {seed}: a second plan is empty"
    );
    let second_listed: BTreeSet<&str> = second.conflicts().map(|(key, _)| key).collect();
    assert!(
        second_listed.is_subset(&listed),
        "seed {seed}: nothing new is listed"
    );

    if world == World::Clean {
        nobody_is_left_whom_a_call_could_join(&after, &options, seed);
    }
    nothing_is_guessed(&profiles, &first, &options, seed);
    repeating_is_harmless(&first, &mut project, seed);
    first
}

/// By listing pairs: a call joins only within a component in which all pairs are compatible.
fn nothing_is_guessed(profiles: &[Profile], plan: &Plan, options: &PlanOptions, seed: u64) {
    let keys = duplicates(profiles, options);
    for (key, call) in plan.calls() {
        let members = keys
            .iter()
            .find(|members| members.key == key)
            .expect("a key");
        let people: Vec<_> = members.owners.iter().chain(&members.lacking).collect();
        let signatures: Vec<_> = people
            .iter()
            .map(|p| vec![p.id("crm"), p.id("loyalty")])
            .collect();
        let at = |number: &u64| people.iter().position(|p| p.shown_number() == *number);
        let joins: Vec<_> = call.joins.iter().filter_map(at).collect();
        assert_eq!(
            joins.len(),
            call.joins.len(),
            "seed {seed}: only owners and lacking members"
        );
        let components = naive::components(&signatures);
        let one = components.iter().any(|component| {
            component.is_one_person && joins.iter().all(|at| component.members.contains(at))
        });
        assert!(one, "seed {seed}: {call:?} is a guess");
    }
}

fn follow(joined_into: &BTreeMap<u64, u64>, number: u64) -> u64 {
    joined_into
        .get(&number)
        .map_or(number, |next| follow(joined_into, *next))
}

/// By listing pairs: two members of a component without a guess that are compatible in every hard
/// type would be joined by a call that carries one ID of each.
fn nobody_is_left_whom_a_call_could_join(after: &[Profile], options: &PlanOptions, seed: u64) {
    for members in duplicates(after, options) {
        let people: Vec<_> = members.owners.iter().chain(&members.lacking).collect();
        let signatures: Vec<_> = people
            .iter()
            .map(|p| vec![p.id("crm"), p.id("loyalty")])
            .collect();
        for component in naive::components(&signatures) {
            if !component.is_one_person {
                continue;
            }
            for (at, one) in component.members.iter().enumerate() {
                for other in &component.members[at + 1..] {
                    let emails = (
                        people[*one].id("registered"),
                        people[*other].id("registered"),
                    );
                    let apart = matches!(emails, (Some(one), Some(other)) if one != other);
                    assert!(
                        apart,
                        "seed {seed}: `{}` has two left that could be joined",
                        members.key
                    );
                }
            }
        }
    }
}

fn repeating_is_harmless(plan: &Plan, project: &mut Simulated, seed: u64) {
    let once: BTreeSet<u64> = project.customers.keys().copied().collect();
    for (_, call) in plan.calls() {
        let body = call.body();
        let own = project.owner(&call.own.id_type, &call.own.value);
        if own.is_none() {
            // Displaced by the cap: applying looks first and leaves the call out.
            continue;
        }
        let again = project.resolve(body["customer_ids"].as_object().expect("an object"));
        assert!(again.is_ok(), "seed {seed}: a repeated call is accepted");
    }
    let twice: BTreeSet<u64> = project.customers.keys().copied().collect();
    assert_eq!(once, twice, "seed {seed}: a repeated plan changes nothing");
}
