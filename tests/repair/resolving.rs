//! The laws of section 7 under `resolve`, for all kinds of conflict and for some, on random histories.
//! Judged by the control API: who stands for whom by merges, and by copies that the plan announces.

use std::collections::{BTreeMap, BTreeSet};

use proptest::{
    prelude::{Just, ProptestConfig, Strategy, prop_oneof},
    test_runner::{RngAlgorithm, TestRng, TestRunner},
};
use serde_json::Value;
use twinfold::{
    fixup::{
        self, ConflictKind, IdKind, Mode, Outcome, Plan, PlanOptions, Policies, Policy, Report,
        Step,
    },
    target::ProjectClient,
};
use twinfold_engine::PropertyConflict;

use crate::{
    history::{History, history},
    lived::{self, Customer, Customers},
    naive,
};

const SEED: [u8; 32] = *b"twinfold: resolve every conflict";
/// Histories per run unless `PROPTEST_CASES` says otherwise.
const CASES_DEFAULT: u32 = 600;

/// Policies by the bits of a number; all bits set resolves every kind.
pub(crate) fn policies(bits: u8) -> Policies {
    let kinds = ConflictKind::ALL.into_iter().enumerate();
    let resolved = kinds.filter(|(at, _)| bits & (1 << at) != 0);
    resolved.fold(Policies::default(), |policies, (_, kind)| {
        policies.with(kind, Policy::Resolve)
    })
}

/// Half of the time every kind is resolved, else any selection.
pub(crate) fn bits() -> impl Strategy<Value = u8> {
    prop_oneof![Just(31u8), 0..31u8]
}

pub(crate) fn options(bits: u8) -> PlanOptions {
    PlanOptions {
        policies: policies(bits),
        ..PlanOptions::default()
    }
}

/// The bits for a history. The type that a command may declare is told before it is there, and nobody can be anonymized
/// while it is the only soft one and was never used: then nothing is resolved.
pub(crate) fn bits_for(history: &History, bits: u8) -> u8 {
    let soft = |types: &twinfold::fixup::IdSchema| types.of_kind(IdKind::Soft).next().is_some();
    match soft(&history.told()) && !soft(&history.types) {
        true => 0,
        false => bits,
    }
}

/// A runner that always runs the same histories, and as many as the environment says.
pub(crate) fn runner(cases_default: u32) -> TestRunner {
    let from_environment = ProptestConfig::default();
    let cases = match std::env::var_os("PROPTEST_CASES") {
        Some(_) => from_environment.cases,
        None => cases_default,
    };
    let config = ProptestConfig {
        cases,
        failure_persistence: None,
        max_shrink_iters: 100,
        ..from_environment
    };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &SEED))
}

#[test]
fn resolving_keeps_the_laws() {
    let seen = std::cell::RefCell::new(BTreeMap::<String, usize>::new());
    let proved = runner(CASES_DEFAULT).run(&(history(), bits()), |(history, bits)| {
        let bits = bits_for(&history, bits);
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let plan = runtime.unwrap().block_on(resolve(&history, bits));
        let mut seen = seen.borrow_mut();
        for conflict in plan.keys.iter().flat_map(|key| &key.resolved) {
            *seen
                .entry(format!("{} resolve", conflict.kind.slug()))
                .or_default() += 1;
        }
        for (_, conflict) in plan.conflicts() {
            *seen
                .entry(format!("{} report", conflict.kind.slug()))
                .or_default() += 1;
        }
        for (_, call) in plan.calls() {
            *seen.entry(call.step.slug().to_owned()).or_default() += 1;
        }
        Ok(())
    });
    if let Err(failure) = proved {
        panic!("{failure}");
    }
    let seen = seen.into_inner();
    println!("{seen:#?}");
    for kind in ConflictKind::ALL {
        let policies: &[&str] = match kind {
            ConflictKind::Unreachable => &["report"],
            _ => &["report", "resolve"],
        };
        for policy in policies {
            let what = format!("{} {policy}", kind.slug());
            assert!(
                seen.contains_key(&what),
                "{what} is never reached: {seen:?}"
            );
        }
    }
}

pub(crate) async fn run(client: &ProjectClient, history: &History, bits: u8, mode: Mode) -> Report {
    let report = fixup::repair(client, &history.told(), &options(bits), mode).await;
    report.unwrap_or_else(|error| panic!("law 4, no planned call is rejected: {error}"))
}

async fn resolve(history: &History, bits: u8) -> Plan {
    let client = lived::live(history).await;
    let before = lived::customers(&client).await;
    let seq = lived::journal_after(&client, 0).await.len() as u64;
    let report = run(&client, history, bits, Mode::Apply).await;
    let Outcome::Applied {
        applied,
        verification,
    } = &report.outcome
    else {
        panic!("not applied");
    };
    assert!(applied.skipped.is_empty(), "law 4: {applied:?}");
    assert!(verification.is_proved(), "{}", report.text());
    let after = lived::customers(&client).await;
    let repaired = lived::journal_after(&client, seq).await;
    let proved = Proved {
        stands_for: stands_for(&client, &before, &report.plan).await,
        history,
        plan: &report.plan,
        before: &before,
        after: &after,
    };
    proved.nothing_is_rejected(&repaired);
    proved.one_profile_per_key(&policies(bits));
    proved.nothing_is_lost();
    proved.nobody_is_joined_without_a_key();
    proved.the_emptied_are_anonymous();

    let second = run(&client, history, bits, Mode::Apply).await;
    assert_eq!(
        second.plan.calls().count(),
        0,
        "a second plan is empty: {}",
        second.text()
    );
    assert_eq!(
        lived::customers(&client).await,
        after,
        "a second run changes nothing"
    );
    report.plan
}

/// For everybody who was there: the number of the profile that has their data now.
async fn stands_for(client: &ProjectClient, before: &Customers, plan: &Plan) -> BTreeMap<u64, u64> {
    let mut stands_for = lived::survivors(client, before).await;
    for (from, to) in emptied(plan) {
        let (from, to) = (stands_for[&from], stands_for[&to]);
        let moved = stands_for.values_mut().filter(|number| **number == from);
        moved.for_each(|number| *number = to);
    }
    stands_for
}

/// From whom to whom was copied.
fn emptied(plan: &Plan) -> Vec<(u64, u64)> {
    let calls = plan
        .calls()
        .filter(|(_, call)| call.step == Step::Anonymize);
    calls
        .map(|(_, call)| (call.joins[0], call.joins[1]))
        .collect()
}

struct Proved<'p> {
    history: &'p History,
    plan: &'p Plan,
    before: &'p Customers,
    after: &'p Customers,
    stands_for: BTreeMap<u64, u64>,
}

impl Proved<'_> {
    fn nothing_is_rejected(&self, repaired: &[Value]) {
        // The project's own automation answers to a sign-up form that is copied.
        for entry in repaired
            .iter()
            .filter(|entry| entry["source"] != "double-opt-in")
        {
            assert_eq!(entry["source"], "repair", "{entry}");
            assert!(entry["rejection"].is_null(), "law 4: {entry}");
            assert_ne!(entry["decision"]["created"], true, "law 4: {entry}");
        }
    }

    fn one_profile_per_key(&self, policies: &Policies) {
        let listed: BTreeSet<&str> = self.plan.conflicts().map(|(key, _)| key).collect();
        for (key, members) in naive::members(self.after) {
            let one = members.all.len() == 1 || listed.contains(key.as_str());
            assert!(one, "law 1: `{key}` has {members:?}: {:#?}", self.plan);
        }
        for (key, conflict) in self.plan.conflicts() {
            let may_stay = policies.of(conflict.kind) == Policy::Report;
            assert!(may_stay, "law 1: `{key}` is listed: {conflict:?}");
        }
    }

    fn groups(&self) -> BTreeMap<u64, BTreeSet<u64>> {
        crate::laws::groups(&self.stands_for)
    }

    /// Law 2: each profile has what its people had.
    fn nothing_is_lost(&self) {
        let emptied = emptied(self.plan);
        for (number, group) in self.groups() {
            let people: Vec<&Customer> = group.iter().map(|n| &self.before[n]).collect();
            let after = &self.after[&number];
            let copied = emptied.iter().any(|(from, _)| group.contains(from));
            self.events_are_there(&people, after, copied);
            self.values_are_the_newest(&people, after);
            for (id_type, values) in self.soft_ids(&people) {
                let kept = after.ids.get(&id_type).map_or(0, Vec::len);
                let max = self.history.types.get(&id_type).unwrap().values_max;
                let due = values.len().min(max.into());
                assert!(kept >= due, "law 2: {kept} of {values:?}");
            }
        }
    }

    fn soft_ids(&self, people: &[&Customer]) -> BTreeMap<String, BTreeSet<String>> {
        let mut soft = BTreeMap::<String, BTreeSet<String>>::new();
        for (id_type, values) in people.iter().flat_map(|one| &one.ids) {
            if self.plan.soft_types.contains(id_type) {
                let id_type_told = self.history.types.get(id_type);
                let values = values.iter().cloned();
                let values = values.filter(|value| id_type_told.is_some_and(|t| t.takes(value)));
                soft.entry(id_type.clone()).or_default().extend(values);
            }
        }
        soft.retain(|id_type, _| self.history.types.get(id_type).is_some());
        soft
    }

    fn events_are_there(&self, people: &[&Customer], after: &Customer, copied: bool) {
        let mut due: Vec<_> = people.iter().flat_map(|one| one.events.clone()).collect();
        due.sort();
        if !copied {
            assert_eq!(after.events, due, "law 2: events");
            return;
        }
        let set = |events: &[String]| events.iter().cloned().collect::<BTreeSet<_>>();
        assert_eq!(set(&after.events), set(&due), "law 2: events");
        let count = |events: &[String], event: &String| {
            events.iter().filter(|other| *other == event).count()
        };
        for event in &after.events {
            let most = count(&due, event);
            assert!(
                count(&after.events, event) <= most,
                "law 2: {event} is doubled"
            );
        }
    }

    fn values_are_the_newest(&self, people: &[&Customer], after: &Customer) {
        for (name, left) in &after.properties {
            let held = people.iter().filter_map(|one| one.properties.get(name));
            let held: Vec<_> = held.collect();
            // By its own address; a copy of a realigned one may have it from there.
            let is_realigned = name == "email" && self.realigned().any(|value| *value == left.0);
            assert!(
                held.contains(&left) || is_realigned,
                "law 2: {name} = {left:?} of {held:?}"
            );
            let newest = self.history.switches.property_conflict == PropertyConflict::Newest;
            // Realigning is an update of its own, and gives up that account's address even where the clock stands still.
            let keeps = people
                .iter()
                .filter(|one| name != "email" || !self.is_realigned(one));
            let mut kept = keeps.filter_map(|one| one.properties.get(name));
            let newer = kept.find(|(_, at)| *at > left.1);
            assert!(
                !newest || newer.is_none(),
                "law 2: {name} = {left:?}, not {newer:?}"
            );
        }
        let names = people.iter().flat_map(|one| one.properties.keys());
        for name in names {
            assert!(after.properties.contains_key(name), "law 2: {name} is gone");
        }
    }

    fn is_realigned(&self, one: &Customer) -> bool {
        let mut calls = self.plan.calls().map(|(_, call)| call);
        calls.any(|call| call.step == Step::Realign && call.joins.contains(&one.number))
    }

    fn realigned(&self) -> impl Iterator<Item = &Value> {
        self.plan.calls().flat_map(|(_, call)| call.sets.values())
    }

    /// Law 3: who has become one shares a key, by a chain; by a guess only where the policy says so.
    fn nobody_is_joined_without_a_key(&self) {
        let members = naive::members(self.before);
        for (_, group) in self.groups() {
            assert!(naive::are_linked(&group, &members), "law 3: {group:?}");
        }
    }

    /// The rest of an emptied profile keeps its events, and nothing by which anybody finds it.
    fn the_emptied_are_anonymous(&self) {
        let stand: BTreeSet<u64> = self.stands_for.values().copied().collect();
        let rests: Vec<_> = self
            .after
            .values()
            .filter(|one| !stand.contains(&one.number))
            .collect();
        assert_eq!(rests.len(), emptied(self.plan).len());
        for rest in rests {
            assert_eq!(
                rest.ids.values().map(Vec::len).sum::<usize>(),
                1,
                "{rest:?}"
            );
            assert!(naive::keys_of(rest).is_empty(), "{rest:?}");
        }
    }
}
