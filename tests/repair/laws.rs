//! The laws of section 7, judged by the control API alone: customers before and after, who stands for whom,
//! and what the journal says of each call.

use std::collections::{BTreeMap, BTreeSet};

use twinfold::fixup::{ConflictKind, IdKind, Plan};
use twinfold_engine::PropertyConflict;

use crate::{
    givers,
    lived::{Customer, Customers, joined_by},
    naive::{self, EMAIL_TYPE, Members},
    proof::Proof,
};

/// Every law that one repair shows.
pub(crate) fn check(proof: &Proof) {
    let proved = Proved {
        groups: groups(&proof.survivors),
        before: naive::members(&proof.before),
        after: naive::members(&proof.after),
        hard_types: hard_types(proof),
        proof,
    };
    proved.one_profile_per_key();
    proved.nobody_is_left();
    proved.calls_do_what_was_planned();
    for (survivor, group) in &proved.groups {
        proved.nothing_is_lost(*survivor, group);
        if group.len() > 1 {
            proved.nothing_is_joined_by_a_guess(group);
        }
    }
    proved.values_follow_the_switch();
    givers::check(proof, &proved.other_types());
}

/// The keys that a plan lists as conflicts.
pub(crate) fn listed(plan: &Plan) -> BTreeSet<&str> {
    plan.conflicts().map(|(key, _)| key).collect()
}

/// Those who were there before, by who stands for them.
pub(crate) fn groups(survivors: &BTreeMap<u64, u64>) -> BTreeMap<u64, BTreeSet<u64>> {
    let mut groups = BTreeMap::<u64, BTreeSet<u64>>::new();
    for (number, survivor) in survivors {
        groups.entry(*survivor).or_default().insert(*number);
    }
    groups
}

struct Proved<'p> {
    groups: BTreeMap<u64, BTreeSet<u64>>,
    before: BTreeMap<String, Members>,
    after: BTreeMap<String, Members>,
    hard_types: Vec<&'p str>,
    proof: &'p Proof,
}

fn hard_types(proof: &Proof) -> Vec<&str> {
    let hard = proof.history.types.of_kind(IdKind::Hard);
    hard.map(|id_type| id_type.name.as_str()).collect()
}

impl Proved<'_> {
    /// Law 1, and that nothing is listed without need.
    fn one_profile_per_key(&self) {
        let listed = listed(&self.proof.plan);
        for (key, members) in &self.after {
            let one = members.all.len() == 1 || listed.contains(key.as_str());
            assert!(one, "law 1: `{key}` has {members:?} and is not listed");
        }
        for (key, members) in &self.before {
            let planned = &self.proof.plan.keys;
            let planned = planned.iter().any(|planned| planned.diagnosis.key == *key);
            let is_duplicate = members.all.len() > 1;
            assert_eq!(planned, is_duplicate, "law 1: `{key}` had {members:?}");
            let left = self.after.get(key).map_or(0, |members| members.all.len());
            // A foreign member may have got a newer `email` of its own person, and left the key.
            let mut foreign = members.all.difference(&members.people);
            let rewritten = foreign.any(|number| self.is_joined(*number));
            let needed = left > 1 || rewritten;
            assert!(
                !listed.contains(key.as_str()) || needed,
                "law 1: `{key}` is listed and has {left}"
            );
            assert!(
                !is_duplicate || left > 0 || rewritten,
                "law 1: `{key}` is gone"
            );
        }
        for (key, conflict) in self.proof.plan.conflicts() {
            let mut apart = conflict.members.iter();
            let joined = conflict.kind == ConflictKind::Ambiguous
                && apart.any(|number| self.is_joined(*number));
            assert!(!joined, "law 3: `{key}` was a guess: {conflict:?}");
        }
    }

    fn is_joined(&self, number: u64) -> bool {
        self.groups[&self.proof.survivors[&number]].len() > 1
    }

    /// No two members are left that some call could merge without a guess.
    fn nobody_is_left(&self) {
        let customers = &self.proof.after;
        let conflicts = self.proof.plan.conflicts();
        let unreachable = conflicts.filter(|(_, c)| c.kind == ConflictKind::Unreachable);
        let unreachable: BTreeSet<u64> = unreachable
            .flat_map(|(_, conflict)| &conflict.members)
            .map(|number| self.proof.survivors[number])
            .collect();
        for (key, members) in &self.after {
            let reachable = |group: &BTreeSet<u64>| group.is_disjoint(&unreachable);
            for (group, _) in self
                .components(&members.people, customers)
                .into_iter()
                .filter(|(group, whole)| *whole && reachable(group))
            {
                let apart = |one: &u64, other: &u64| {
                    let (one, other) = (&customers[one], &customers[other]);
                    one.number == other.number || !naive::compatible(one, other, &self.hard_types)
                };
                let all = group
                    .iter()
                    .all(|one| group.iter().all(|other| apart(one, other)));
                assert!(all, "`{key}`: a call could still join some of {group:?}");
            }
        }
    }

    fn components(&self, people: &BTreeSet<u64>, of: &Customers) -> Vec<(BTreeSet<u64>, bool)> {
        naive::components(people, of, &self.other_types())
    }

    fn other_types(&self) -> Vec<&str> {
        let hard = self.hard_types.iter().copied();
        hard.filter(|name| *name != EMAIL_TYPE).collect()
    }

    /// Law 4: accepted, nobody created, nothing contested, and joined is who was planned.
    fn calls_do_what_was_planned(&self) {
        let calls: Vec<_> = self.proof.plan.calls().collect();
        assert_eq!(
            calls.len(),
            self.proof.repaired.len(),
            "law 4: one entry a call"
        );
        let mut now: BTreeMap<u64, u64> = self.proof.before.keys().map(|n| (*n, *n)).collect();
        for ((key, call), entry) in calls.into_iter().zip(&self.proof.repaired) {
            assert_eq!(entry["source"], "repair", "law 4: {entry}");
            assert!(entry["rejection"].is_null(), "law 4: `{key}`: {entry}");
            assert_eq!(
                entry["decision"]["created"], false,
                "law 4: `{key}`: {entry}"
            );
            for effect in entry["decision"]["effects"].as_array().unwrap() {
                let id_type = effect["id_type"].as_str().unwrap();
                let fine = match effect["effect"].as_str().unwrap() {
                    "added" => id_type == call.hard_id.id_type,
                    "displaced" => !self.hard_types.contains(&id_type),
                    _ => false,
                };
                assert!(fine, "law 4: `{key}`: {entry}");
            }
            let (survivor, absorbed) = joined_by(entry);
            let planned: BTreeSet<u64> = call.joins.iter().map(|number| now[number]).collect();
            let joined = absorbed.iter().copied().chain([survivor]);
            assert_eq!(
                joined.collect::<BTreeSet<_>>(),
                planned,
                "law 4: `{key}`: {entry}"
            );
            now.values_mut()
                .filter(|stands_for| absorbed.contains(stands_for))
                .for_each(|stands_for| *stands_for = survivor);
        }
        assert_eq!(
            now, self.proof.survivors,
            "law 4: the journal tells who joined whom"
        );
    }

    /// Law 2 for one profile, joined or not: its IDs, events and properties are those of its people.
    fn nothing_is_lost(&self, survivor: u64, group: &BTreeSet<u64>) {
        let people: Vec<&Customer> = group.iter().map(|n| &self.proof.before[n]).collect();
        let after = &self.proof.after[&survivor];
        let mut events: Vec<_> = people.iter().flat_map(|one| one.events.clone()).collect();
        events.sort();
        assert_eq!(after.events, events, "law 2: events of {group:?}");
        assert_eq!(
            ids(&[after]),
            self.ids_due(survivor, &people),
            "IDs of {group:?}"
        );
        let names = |one: &Customer| one.properties.keys().cloned().collect::<BTreeSet<_>>();
        let due = people.iter().flat_map(|one| names(one)).collect();
        assert_eq!(names(after), due, "law 2: property names of {group:?}");
        for (name, left) in &after.properties {
            let held = people.iter().filter_map(|one| one.properties.get(name));
            let held: Vec<_> = held.collect();
            assert!(held.contains(&left), "law 2: {name} = {left:?} of {held:?}");
            let newer = held.iter().find(|(_, at)| *at > left.1);
            let newest = self.property_conflict() == PropertyConflict::Newest;
            assert!(
                !newest || newer.is_none(),
                "law 2: {name} = {left:?}, not {newer:?}"
            );
        }
    }

    fn ids_due(&self, survivor: u64, people: &[&Customer]) -> BTreeSet<(String, String)> {
        let mut due = ids(people);
        for ((_, call), entry) in self.proof.plan.calls().zip(&self.proof.repaired) {
            if self.proof.survivors[&call.joins[0]] == survivor {
                due.insert((call.hard_id.id_type.clone(), call.hard_id.value.clone()));
            }
            let effects = entry["decision"]["effects"].as_array().unwrap().iter();
            for gone in effects.filter(|effect| effect["effect"] == "displaced") {
                let text = |name: &str| gone[name].as_str().unwrap().to_owned();
                if self.proof.survivors[&joined_by(entry).0] == survivor {
                    due.remove(&(text("id_type"), text("value")));
                }
            }
        }
        due
    }

    /// Law 3: a key in common, one person in it, and no two values of any hard type.
    fn nothing_is_joined_by_a_guess(&self, group: &BTreeSet<u64>) {
        let customers = &self.proof.before;
        assert!(
            naive::are_linked(group, &self.before),
            "law 3: {group:?} share no key"
        );
        let one_person = self.before.values().any(|members| {
            let components = self.components(&members.people, customers);
            components
                .iter()
                .any(|(people, whole)| *whole && group.is_subset(people))
        });
        assert!(one_person, "law 3: {group:?} were joined by a guess");
        for one in group {
            for other in group {
                let (one, other) = (&customers[one], &customers[other]);
                let fit = naive::compatible(one, other, &self.hard_types);
                assert!(fit, "law 3: {one:?} and {other:?} were joined");
            }
        }
    }

    /// Under every switch: the joins of the journal, made again, leave the same values.
    fn values_follow_the_switch(&self) {
        let mut customers = self.proof.before.clone();
        for entry in &self.proof.repaired {
            let (survivor, absorbed) = joined_by(entry);
            for number in absorbed {
                let absorbed = customers.remove(&number).unwrap();
                let kept = &mut customers.get_mut(&survivor).unwrap().properties;
                for (name, (value, at)) in absorbed.properties {
                    let wins =
                        kept.get(&name)
                            .is_none_or(|(_, own)| match self.property_conflict() {
                                PropertyConflict::Newest => at >= *own,
                                PropertyConflict::AbsorbedReplaces => true,
                                PropertyConflict::SurvivorKeeps => false,
                            });
                    if wins {
                        kept.insert(name, (value, at));
                    }
                }
            }
        }
        let of = |customers: &Customers| -> BTreeMap<_, _> {
            let all = customers.iter();
            all.map(|(number, one)| (*number, one.properties.clone()))
                .collect()
        };
        assert_eq!(of(&self.proof.after), of(&customers), "law 2: values");
    }

    fn property_conflict(&self) -> PropertyConflict {
        self.proof.history.switches.property_conflict
    }
}

fn ids(of: &[&Customer]) -> BTreeSet<(String, String)> {
    let types = of.iter().flat_map(|one| &one.ids);
    let pairs = types
        .flat_map(|(id_type, values)| values.iter().map(|value| (id_type.clone(), value.clone())));
    pairs.collect()
}
