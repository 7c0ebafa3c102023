//! What random histories reach, counted over a batch with a fixed seed.
//! A generator that no longer reaches a conflict, a kind of call or a switch fails here.

use std::collections::BTreeMap;

use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::Value;
use twinfold::fixup::ConflictKind;

use crate::{
    history::history,
    laws, lived, naive,
    proof::{Proof, prove},
};

const SEED: [u8; 32] = *b"twinfold: twins become one again";
const HISTORIES: usize = 400;

/// What a batch must show beside every kind of conflict.
const WANTED: [&str; 19] = [
    "call that joins two",
    "call that only sets the key",
    "call by another hard type",
    "call with a hard ID of its own profile",
    "join of 3 or more",
    "join that displaces a soft ID",
    "join with two values of a property",
    "plan without calls, without conflicts",
    "plan without calls, with conflicts",
    "plan with calls, without conflicts",
    "plan with calls and conflicts",
    "plan of several keys with calls",
    "key with calls and conflicts",
    "profile with several keys",
    "foreign member that joined its own person",
    "history with a rejected command",
    "history with a merge",
    "history with a contested soft ID",
    "history in which all times are equal",
];

#[derive(Default)]
struct Counts(BTreeMap<String, u64>);

#[test]
fn random_histories_reach_everything() {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &SEED);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let histories = history();
    let mut counts = Counts::default();
    for _ in 0..HISTORIES {
        let tree = histories.new_tree(&mut runner).unwrap();
        let proof = prove(tree.current());
        counts.of_calls(&proof);
        counts.of_plan(&proof);
        counts.of_history(&proof);
    }
    counts.print();
    counts.miss_nothing();
}

impl Counts {
    fn of_calls(&mut self, proof: &Proof) {
        for ((_, call), entry) in proof.plan.calls().zip(&proof.repaired) {
            let joins = call.joins.len() == 2;
            self.add_if(joins, "call that joins two");
            self.add_if(!joins, "call that only sets the key");
            let by_another = call.hard_id.id_type != naive::EMAIL_TYPE;
            self.add_if(by_another, "call by another hard type");
            let own_hard = proof.plan.hard_types.contains(&call.own.id_type);
            self.add_if(own_hard, "call with a hard ID of its own profile");
            self.add_if(
                has_effect(entry, "displaced"),
                "join that displaces a soft ID",
            );
        }
        for group in laws::groups(&proof.survivors).values() {
            self.add_if(group.len() > 2, "join of 3 or more");
            let people: Vec<_> = group.iter().map(|n| &proof.before[n].properties).collect();
            let differ = people
                .iter()
                .flat_map(|one| one.iter())
                .any(|(name, (value, _))| {
                    let mut others = people.iter().filter_map(|other| other.get(name));
                    others.any(|(other, _)| other != value)
                });
            self.add_if(differ, "join with two values of a property");
        }
    }

    fn of_plan(&mut self, proof: &Proof) {
        let plan = &proof.plan;
        for (_, conflict) in plan.conflicts() {
            self.add(&format!("conflict {}", conflict.kind.slug()));
        }
        let calls = plan.calls().next().is_some();
        let conflicts = plan.conflicts().next().is_some();
        self.add(match (calls, conflicts) {
            (false, false) => "plan without calls, without conflicts",
            (false, true) => "plan without calls, with conflicts",
            (true, false) => "plan with calls, without conflicts",
            (true, true) => "plan with calls and conflicts",
        });
        let with_calls = plan.keys.iter().filter(|key| !key.calls.is_empty());
        self.add_if(with_calls.count() > 1, "plan of several keys with calls");
        for key in &plan.keys {
            let both = !key.calls.is_empty() && !key.conflicts.is_empty();
            self.add_if(both, "key with calls and conflicts");
        }
        let groups = laws::groups(&proof.survivors);
        for (number, customer) in &proof.before {
            let several = naive::keys_of(customer).len() > 1;
            let joined = groups[&proof.survivors[number]].len() > 1;
            self.add_if(several, "profile with several keys");
            self.add_if(
                several && joined,
                "foreign member that joined its own person",
            );
        }
    }

    fn of_history(&mut self, proof: &Proof) {
        let journal = || proof.lived.iter();
        self.add("history");
        let rejected = journal().any(|entry| !entry["rejection"].is_null());
        self.add_if(rejected, "history with a rejected command");
        let decided = || journal().filter(|entry| entry["decision"].is_object());
        let merged = decided().any(|entry| !lived::joined_by(entry).1.is_empty());
        self.add_if(merged, "history with a merge");
        let moves = |entry: &Value| has_effect(entry, "moved") || has_effect(entry, "kept");
        self.add_if(decided().any(moves), "history with a contested soft ID");
        let equal = proof.history.clock_step == 0;
        self.add_if(equal, "history in which all times are equal");
        if !proof.repaired.is_empty() {
            let switches = proof.history.switches;
            for slug in [
                switches.unknown_id_type.slug(),
                switches.hard_id_conflict.slug(),
                switches.contested_soft_id.slug(),
                switches.property_conflict.slug(),
            ] {
                self.add(&format!("calls under {slug}"));
            }
        }
    }

    fn add(&mut self, what: &str) {
        *self.0.entry(what.to_owned()).or_default() += 1;
    }

    fn add_if(&mut self, holds: bool, what: &str) {
        if holds {
            self.add(what);
        }
    }

    fn print(&self) {
        for (what, count) in &self.0 {
            println!("{count:>8} {what}");
        }
    }

    fn miss_nothing(&self) {
        let kinds = ConflictKind::ALL.iter().map(|kind| kind.slug());
        let wanted = kinds.map(|slug| format!("conflict {slug}"));
        let wanted = wanted.chain(WANTED.map(str::to_owned));
        let switches = "reject ignore declare_soft first_hard_type_wins addressed newer_customer newest absorbed_replaces survivor_keeps";
        let switches = switches
            .split(' ')
            .map(|slug| format!("calls under {slug}"));
        let wanted = wanted.chain(switches);
        let missed: Vec<_> = wanted.filter(|what| !self.0.contains_key(what)).collect();
        assert!(missed.is_empty(), "never reached: {missed:#?}");
    }
}

fn has_effect(entry: &Value, name: &str) -> bool {
    let effects = entry["decision"]["effects"].as_array();
    effects.is_some_and(|effects| effects.iter().any(|effect| effect["effect"] == name))
}
