//! The sentences of the law where conflicts are resolved: what is realigned, what is rehomed with whom, what stays and
//! what is given up.

use super::laws::{profiles, types};
use crate::{Conflict, PlanOptions, Policies, plan};

/// Under `resolve` for every kind: steps as `step own -> target`, conflicts that are left, and those that are not.
fn check_resolved(rows: &[&str], calls: &[&str], left: &[&str], resolved: &[&str]) {
    let options = PlanOptions {
        policies: Policies::resolve_all(),
        ..PlanOptions::default()
    };
    let plan = plan(&profiles(rows), &types(), &options);
    let found: Vec<_> = plan
        .calls()
        .map(|(_, call)| format!("{} {} -> {}", call.step.slug(), call.own, call.hard_id))
        .collect();
    assert_eq!(found, calls, "calls for {rows:?}");
    let shown = |conflict: &Conflict| format!("{} {:?}", conflict.kind.slug(), conflict.members);
    let found: Vec<_> = plan.conflicts().map(|(_, c)| shown(c)).collect();
    assert_eq!(found, left, "left for {rows:?}");
    let found = plan.keys.iter().flat_map(|key| &key.resolved);
    assert_eq!(
        found.map(shown).collect::<Vec<_>>(),
        resolved,
        "resolved for {rows:?}"
    );
}

#[test]
fn a_case_variant_is_rehomed_with_its_devices() {
    check_resolved(
        &["registered=A@x.cz cookie=1", "registered=a@x.cz"],
        &[
            "copy-properties registered=A@x.cz -> registered=a@x.cz",
            "copy-events registered=A@x.cz -> registered=a@x.cz",
            "hand-over cookie=1 -> registered=a@x.cz",
            "read-back registered=A@x.cz -> registered=a@x.cz",
            "anonymize registered=A@x.cz -> registered=a@x.cz",
        ],
        &[],
        &["case-variant [1]"],
    );
}

#[test]
fn another_address_is_realigned_and_a_number_rehomed() {
    check_resolved(
        &[
            "registered=a@x.cz",
            "registered=b@x.cz email=a@x.cz",
            "registered=77 email=a@x.cz",
        ],
        &[
            "realign registered=b@x.cz -> registered=b@x.cz",
            "copy-properties registered=77 -> registered=a@x.cz",
            "copy-events registered=77 -> registered=a@x.cz",
            "read-back registered=77 -> registered=a@x.cz",
            "anonymize registered=77 -> registered=a@x.cz",
        ],
        &[],
        &["another-address [2]", "no-address [3]"],
    );
}

#[test]
fn the_oldest_candidate_takes_the_guest_and_the_other_is_rehomed() {
    check_resolved(
        &[
            "registered=a@x.cz crm=1",
            "crm=2 email=a@x.cz",
            "cookie=1 email=a@x.cz",
        ],
        &[
            "identify cookie=1 -> registered=a@x.cz",
            "copy-properties crm=2 -> registered=a@x.cz",
            "copy-events crm=2 -> registered=a@x.cz",
            "read-back crm=2 -> registered=a@x.cz",
            "anonymize crm=2 -> registered=a@x.cz",
        ],
        &[],
        &["ambiguous [1, 2, 3]", "another-hard-type [2]"],
    );
}

#[test]
fn who_cannot_be_named_stays_listed() {
    check_resolved(
        &["registered=_a@x.cz", "registered=a@x.cz"],
        &[],
        &["unreachable [1]"],
        &[],
    );
}

/// Who follows a case variant is rehomed with it: the older of both gives the number, and both give their devices.
#[test]
fn each_step_of_a_rehoming_says_what_it_does_and_between_whom() {
    let options = PlanOptions {
        policies: Policies::resolve_all(),
        ..PlanOptions::default()
    };
    let rows = [
        "crm=9 email=z@x.cz",
        "loyalty=5 cookie=1 email=a@x.cz",
        "registered=A@x.cz crm=2 cookie=2",
        "registered=a@x.cz crm=1 loyalty=1",
    ];
    let plan = plan(&profiles(&rows), &types(), &options);
    let rehoming = plan.calls().skip(1).map(|(_, call)| call);
    let told: Vec<_> = rehoming
        .map(|call| format!("{} {:?} {}", call.own, call.joins, call.reason))
        .collect();
    assert_eq!(
        told,
        [
            "registered=A@x.cz [2, 4] properties of #2 go to #4 with their update times; a newer value there stays",
            "registered=A@x.cz [2, 4] events of #2 go to #4 with their times; `merge` events stay behind",
            "cookie=2 [2, 4] a device of #2 belongs to #4 from now on",
            "cookie=1 [2, 4] a device of #2 belongs to #4 from now on",
            "registered=A@x.cz [2, 4] #4 must hold every event and every property of #2 by now",
            "registered=A@x.cz [2, 4] #2 is emptied: #4 stands for it",
        ]
    );
    let emptied = plan.calls().last().map(|(_, call)| call.expects.clone());
    let hard = ["crm=2", "loyalty=5", "registered=A@x.cz"].map(|id| id.split_once('=').unwrap());
    let hard = hard.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(emptied, Some(hard.into()));
}

#[test]
fn what_no_call_can_end_says_why() {
    let options = PlanOptions {
        policies: Policies::resolve_all(),
        ..PlanOptions::default()
    };
    let rows = ["registered=_a@x.cz", "registered=a@x.cz"];
    let plan = plan(&profiles(&rows), &types(), &options);
    let why: Vec<_> = plan.conflicts().map(|(_, c)| &c.explanation).collect();
    assert_eq!(
        why,
        [
            "The project changes or refuses every hard ID by which a call would name it or its target. Mend the stored ID with the vendor, or leave it."
        ]
    );
}

#[test]
fn what_is_given_up_is_named_and_asks_for_confirmation() {
    let options = PlanOptions {
        policies: Policies::resolve_all(),
        ..PlanOptions::default()
    };
    let rows = [
        "registered=a@x.cz city=Brno",
        "registered=77 crm=5 city=Zlin email=a@x.cz",
    ];
    let plan = plan(&profiles(&rows), &types(), &options);
    let losses = plan.calls().flat_map(|(_, call)| &call.loses);
    assert_eq!(
        losses.map(ToString::to_string).collect::<Vec<_>>(),
        [
            "the hard ID `crm=5`",
            "the hard ID `registered=77`",
            "one of `city` = \"Brno\" and \"Zlin\"",
        ]
    );
    assert!(plan.needs_confirmation());
    let text = serde_json::to_string(&plan).expect("JSON");
    assert_eq!(
        serde_json::from_str::<crate::Plan>(&text).expect("a plan"),
        plan
    );
}
