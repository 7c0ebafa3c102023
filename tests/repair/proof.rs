//! One proof: live a history, plan, apply, apply once more and in another order, and check every law.
//! The property test runs it on random histories; the statistics count what it reaches.

use std::collections::BTreeMap;

use proptest::{
    prelude::ProptestConfig,
    test_runner::{FileFailurePersistence, TestRunner},
};
use serde_json::Value;
use twinfold::{
    fixup::{self, Applied, Mode, Outcome, Plan, PlanOptions, Report},
    target::ProjectClient,
};

use crate::{
    history::{History, history},
    laws,
    lived::{self, Customers},
};

/// Where seeds of failures are kept: beside the test, to be committed with the fix.
const REGRESSIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/repair/regressions.txt");

/// Histories per run unless `PROPTEST_CASES` says otherwise.
const CASES_DEFAULT: u32 = 2_000;

/// A repair and the project around it.
pub(crate) struct Proof {
    pub(crate) history: History,
    pub(crate) plan: Plan,
    pub(crate) before: Customers,
    pub(crate) after: Customers,
    /// The survivor of everybody who was there before.
    pub(crate) survivors: BTreeMap<u64, u64>,
    /// The journal of the history.
    pub(crate) lived: Vec<Value>,
    /// The journal of the repair.
    pub(crate) repaired: Vec<Value>,
}

#[test]
fn a_repair_keeps_the_laws() {
    let from_environment = ProptestConfig::default();
    let cases = match std::env::var_os("PROPTEST_CASES") {
        Some(_) => from_environment.cases,
        None => CASES_DEFAULT,
    };
    let mut runner = TestRunner::new(ProptestConfig {
        cases,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(REGRESSIONS))),
        source_file: Some(file!()),
        test_name: Some("a_repair_keeps_the_laws"),
        max_shrink_iters: 5_000,
        ..from_environment
    });
    let proved = runner.run(&history(), |history| {
        prove(history);
        Ok(())
    });
    if let Err(failure) = proved {
        panic!("{failure}");
    }
}

/// Lives a history, repairs the project and checks every law.
pub(crate) fn prove(history: History) -> Proof {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(repair(history))
}

async fn repair(history: History) -> Proof {
    let client = lived::live(&history).await;
    let before = lived::customers(&client).await;
    let lived = lived::journal_after(&client, 0).await;
    let seq = lived.len() as u64;
    let fork = client.fork().await.unwrap();

    let dry = run(&client, &history, Mode::DryRun).await;
    assert_eq!(dry.outcome, Outcome::Planned, "a dry run only plans");
    assert_eq!(
        lived::customers(&client).await,
        before,
        "a dry run changes nothing"
    );
    assert_eq!(
        lived::journal_after(&client, 0).await,
        lived,
        "a dry run sends nothing"
    );

    let report = run(&client, &history, Mode::Apply).await;
    assert_eq!(report.plan, dry.plan, "what is applied is what was planned");
    let Outcome::Applied {
        applied,
        verification,
    } = &report.outcome
    else {
        panic!("not applied: {:?}", report.outcome);
    };
    all_sent(applied, &report.plan);
    assert!(verification.is_proved(), "{}", report.text());

    let proof = Proof {
        after: lived::customers(&client).await,
        survivors: lived::survivors(&client, &before).await,
        lived,
        repaired: lived::journal_after(&client, seq).await,
        plan: report.plan,
        before,
        history,
    };
    laws::check(&proof);
    once_more(&client, &proof).await;
    in_another_order(&fork, &proof).await;
    proof
}

async fn run(client: &ProjectClient, history: &History, mode: Mode) -> Report {
    let options = PlanOptions::default();
    let report = fixup::repair(client, &history.told(), &options, mode).await;
    report.unwrap_or_else(|error| panic!("law 4, no planned call is rejected: {error}"))
}

fn all_sent(applied: &Applied, plan: &Plan) {
    let calls = plan.calls().count();
    assert_eq!(plan.summary.calls, calls, "the summary counts the calls");
    assert_eq!(applied.sent, calls, "every call is made: {applied:?}");
    assert_eq!(applied.reached(), calls, "none is left out: {applied:?}");
}

/// Law 1: a second plan contains no call, and lists nothing new.
async fn once_more(client: &ProjectClient, proof: &Proof) {
    let second = run(client, &proof.history, Mode::Apply).await;
    assert_eq!(second.plan.calls().count(), 0, "law 1: {}", second.text());
    assert_eq!(
        lived::customers(client).await,
        proof.after,
        "law 1: nothing is sent"
    );
    let listed = laws::listed(&proof.plan);
    for (key, conflict) in second.plan.conflicts() {
        assert!(listed.contains(key), "law 1: `{key}` is new: {conflict:?}");
    }
}

/// Law 4: the order of independent keys does not matter.
async fn in_another_order(fork: &ProjectClient, proof: &Proof) {
    let mut reversed = proof.plan.clone();
    reversed.keys.reverse();
    let applied = fixup::apply(&reversed, fork).await;
    all_sent(&applied.unwrap(), &reversed);
    let survivors = lived::survivors(fork, &proof.before).await;
    assert_eq!(survivors, proof.survivors, "law 4: keys reversed");
    assert_eq!(
        lived::customers(fork).await,
        proof.after,
        "law 4: keys reversed"
    );
}
