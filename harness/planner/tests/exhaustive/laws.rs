//! The laws of section 7 on one small project, read from its words by listing pairs: nothing here is the planner's.
//! Judged by what was there before, what is there after, and who stands for whom.

use std::collections::{BTreeMap, BTreeSet};

use twinfold_engine::{Profile as Stored, PropertyConflict};
use twinfold_planner::{ConflictKind, Plan, Policy, Step};

use crate::world::{World, json, text, values};

type Everybody = BTreeMap<u32, Stored>;
type Group = BTreeSet<u32>;

/// The numbers of all members of a key, and of those who own the address or lack that type.
#[derive(Default, Debug)]
struct Members {
    all: Group,
    people: Group,
}

/// Checks the laws of one repair.
pub(crate) struct Judged<'j> {
    pub(crate) plan: &'j Plan,
    pub(crate) before: &'j Everybody,
    pub(crate) world: &'j World,
    pub(crate) property_conflict: PropertyConflict,
}

impl Judged<'_> {
    pub(crate) fn check(&self) {
        let after = self.world.stored();
        let groups = self.groups();
        let (keys_before, keys_after) = (members(self.before), members(&after));
        self.one_profile_per_key(&keys_after);
        self.nobody_is_left(&keys_after, &after);
        for (number, group) in &groups {
            self.nothing_is_lost(group, &after[number]);
            if group.len() > 1 {
                assert!(are_linked(group, &keys_before), "law 3: {group:?}");
            }
            if group.len() > 1 && !self.plan.resolve.resolve_any() {
                self.nothing_is_guessed(group, &keys_before);
            }
        }
        let rests = after.keys().filter(|number| !groups.contains_key(number));
        for rest in rests {
            assert!(keys_of(&after[rest]).is_empty(), "the emptied are nobody's");
        }
    }

    fn policy(&self, kind: ConflictKind) -> Policy {
        self.plan.resolve.of(kind)
    }

    /// Everybody who was there, by who has their data now: by merges, and by copies that the plan announces.
    fn groups(&self) -> BTreeMap<u32, Group> {
        let calls = self.plan.calls().map(|(_, call)| call);
        let emptied = calls.filter(|call| call.step == Step::Anonymize);
        let moved = emptied.map(|call| [0, 1].map(|at| self.stands(call.joins[at] as u32)));
        let moved: Vec<_> = moved.collect();
        let mut groups = BTreeMap::<u32, Group>::new();
        for number in self.before.keys() {
            let now = self.stands(*number);
            let copied = moved.iter().find(|[from, _]| *from == now);
            groups
                .entry(copied.map_or(now, |[_, to]| *to))
                .or_default()
                .insert(*number);
        }
        groups
    }

    fn stands(&self, number: u32) -> u32 {
        self.world.survivor_of(number)
    }

    /// Law 1.
    fn one_profile_per_key(&self, after: &BTreeMap<String, Members>) {
        let listed: BTreeSet<&str> = self.plan.conflicts().map(|(key, _)| key).collect();
        for (key, members) in after {
            let one = members.all.len() == 1 || listed.contains(key.as_str());
            assert!(one, "law 1: `{key}` has {members:?} and is not listed");
        }
        // Every ID of these worlds can be named in a call; what needs a guess may leave nobody to stand for the key.
        let guesses = self.policy(ConflictKind::Ambiguous) == Policy::Report;
        for (key, conflict) in self.plan.conflicts() {
            let reported = self.policy(conflict.kind) == Policy::Report;
            let unreachable = conflict.kind == ConflictKind::Unreachable;
            let may_stay = reported && (guesses || !unreachable);
            assert!(may_stay, "law 1: `{key}` is listed: {conflict:?}");
        }
    }

    /// No two members are left that some call could merge without a guess.
    fn nobody_is_left(&self, after: &BTreeMap<String, Members>, everybody: &Everybody) {
        for (key, members) in after {
            for (component, whole) in components(&members.people, everybody) {
                let left = |one: &u32, other: &u32| {
                    one < other && compatible(everybody, *one, *other, &["registered", "crm"])
                };
                let some = component
                    .iter()
                    .any(|one| component.iter().any(|other| left(one, other)));
                assert!(
                    !whole || !some,
                    "`{key}`: a call could still join some of {component:?}"
                );
            }
        }
    }

    /// Law 2: each profile has what its people had.
    fn nothing_is_lost(&self, group: &Group, after: &Stored) {
        let people: Vec<&Stored> = group.iter().map(|number| &self.before[number]).collect();
        let mut due: Vec<_> = people.iter().flat_map(|one| events(one)).collect();
        let mut held = events(after);
        due.sort_unstable();
        held.sort_unstable();
        if people.iter().any(|one| self.is_copied(one)) {
            // A copy of an event that the target has too is dropped by the project.
            let most = |event: &String| {
                let of = |list: &[String]| list.iter().filter(|other| *other == event).count();
                of(&held) <= of(&due)
            };
            assert!(
                held.iter().all(most),
                "law 2: an event of {group:?} is doubled"
            );
            due.dedup();
            held.dedup();
        }
        assert_eq!(held, due, "law 2: events of {group:?}");
        for id in ["registered", "crm", "cookie"] {
            let resolves = self.plan.resolve.resolve_any();
            let given_up = id != "cookie" && group.len() > 1 && resolves;
            let due = people.iter().flat_map(|one| values(one, id));
            let kept = |value: &String| values(after, id).contains(value);
            assert!(
                given_up || due.clone().all(kept),
                "law 2: {id} of {group:?}"
            );
            assert!(given_up || id != "cookie" || due.count() <= values(after, id).len());
        }
        self.values_are_the_newest(&people, after);
    }

    fn is_copied(&self, one: &Stored) -> bool {
        let now = u64::from(self.stands(one.internal_id.number()));
        let mut calls = self.plan.calls().map(|(_, call)| call);
        calls.any(|call| {
            call.step == Step::Anonymize && u64::from(self.stands(call.joins[0] as u32)) == now
        })
    }

    fn values_are_the_newest(&self, people: &[&Stored], after: &Stored) {
        let names: BTreeSet<_> = people
            .iter()
            .flat_map(|one| one.properties.keys())
            .collect();
        for name in names {
            let held = people.iter().filter_map(|one| one.properties.get(name));
            let held: Vec<_> = held.collect();
            let left = after.properties.get(name);
            let left = left.unwrap_or_else(|| panic!("law 2: {name} is gone"));
            let mut sets = self.plan.calls().flat_map(|(_, call)| &call.sets);
            // By its own address; a copy of a realigned one has it from there.
            if name == "email" && sets.any(|(_, value)| *value == json(&left.value)) {
                continue;
            }
            assert!(held.contains(&left), "law 2: {name} = {left:?} of {held:?}");
            let newer = held.iter().any(|other| other.at > left.at);
            let newest = self.property_conflict == PropertyConflict::Newest;
            assert!(!newest || !newer, "law 2: {name} = {left:?} of {held:?}");
        }
    }

    /// Law 3 under `report`: one person of one key, and no two values of any hard type.
    fn nothing_is_guessed(&self, group: &Group, keys: &BTreeMap<String, Members>) {
        let mut found = keys
            .values()
            .flat_map(|key| components(&key.people, self.before));
        let one = found.any(|(component, whole)| whole && group.is_subset(&component));
        assert!(one, "law 3: {group:?} were joined by a guess");
        let fit =
            |one: &u32, other: &u32| compatible(self.before, *one, *other, &["registered", "crm"]);
        let all = group
            .iter()
            .all(|one| group.iter().all(|other| fit(one, other)));
        assert!(all, "law 3: {group:?} have two values of a hard type");
    }
}

fn key(text: &str) -> Option<String> {
    text.contains('@').then(|| text.trim().to_lowercase())
}

fn keys_of(one: &Stored) -> BTreeSet<String> {
    let own = values(one, "registered").first().cloned();
    let texts = [own, text(one, "email")].into_iter().flatten();
    texts.filter_map(|text| key(&text)).collect()
}

fn members(everybody: &Everybody) -> BTreeMap<String, Members> {
    let mut found = BTreeMap::<String, Members>::new();
    for (number, one) in everybody {
        let own = values(one, "registered").first();
        for shared in keys_of(one) {
            let is_foreign = own.is_some_and(|value| key(value).as_ref() != Some(&shared));
            let members = found.entry(shared).or_default();
            members.all.insert(*number);
            if !is_foreign {
                members.people.insert(*number);
            }
        }
    }
    found
}

fn compatible(everybody: &Everybody, one: u32, other: u32, types: &[&str]) -> bool {
    types.iter().all(|name| {
        let of = |number: u32| values(&everybody[&number], name).first();
        !matches!((of(one), of(other)), (Some(one), Some(other)) if one != other)
    })
}

/// Connected components of "compatible" in the other hard type, and whether all pairs of each are.
fn components(people: &Group, everybody: &Everybody) -> Vec<(Group, bool)> {
    let fits = |one: &u32, other: &u32| compatible(everybody, *one, *other, &["crm"]);
    let mut left = people.clone();
    let mut components = Vec::new();
    while let Some(first) = left.pop_first() {
        let mut component = Group::from([first]);
        let near = |left: &Group, component: &Group| {
            let mut near = left
                .iter()
                .filter(|one| component.iter().any(|other| fits(one, other)));
            near.next().copied()
        };
        while let Some(next) = near(&left, &component) {
            left.remove(&next);
            component.insert(next);
        }
        let whole = component
            .iter()
            .all(|one| component.iter().all(|other| fits(one, other)));
        components.push((component, whole));
    }
    components
}

/// Whether a chain of shared keys leads from the first to all the others.
fn are_linked(group: &Group, keys: &BTreeMap<String, Members>) -> bool {
    let mut linked: Group = group.first().copied().into_iter().collect();
    for _ in 0..group.len() {
        let touched = keys.values().filter(|key| !key.all.is_disjoint(&linked));
        let next: Group = touched.flat_map(|key| key.all.clone()).collect();
        linked.extend(next);
    }
    group.is_subset(&linked)
}

fn events(one: &Stored) -> Vec<String> {
    let own = one
        .events
        .iter()
        .filter(|event| event.event_type != "merge");
    own.map(|event| {
        format!(
            "{} {} {}",
            event.event_type,
            event.at.seconds(),
            event.properties
        )
    })
    .collect()
}
