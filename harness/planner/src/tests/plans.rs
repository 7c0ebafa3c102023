//! What a plan says beside its calls: how much of what, which types, what each call expects, and its warning.

use std::collections::BTreeMap;

use super::laws::{profiles, types};
use crate::{Cause, ConflictKind, Plan, PlanOptions, Policies, Summary, plan};

fn planned(rows: &[&str], policies: &str) -> Plan {
    let options = PlanOptions {
        policies: policies.parse::<Policies>().unwrap(),
        ..PlanOptions::default()
    };
    plan(&profiles(rows), &types(), &options)
}

#[test]
fn a_summary_counts_calls_causes_and_conflicts() {
    let rows = [
        "registered=a@x.cz",
        "registered=7 email=a@x.cz",
        "registered=8 email=a@x.cz",
        "cookie=1 email=a@x.cz",
        "registered=b@x.cz",
        "cookie=2 email=b@x.cz",
        "registered=c@x.cz",
        "registered=C@x.cz",
        "registered=d@x.cz",
    ];
    let found = planned(&rows, "case-variant=resolve").summary;
    let expected = Summary {
        profiles: 9,
        duplicate_keys: 3,
        // Two cookies, and five steps of a rehoming less the devices that it has not.
        calls: 2 + 4,
        keys_with_conflicts: 1,
        causes: BTreeMap::from([(Cause::UpdateInsteadOfIdentify, 2), (Cause::CaseVariant, 1)]),
        conflicts: BTreeMap::from([(ConflictKind::NoAddress, 2)]),
        resolved: BTreeMap::from([(ConflictKind::CaseVariant, 1)]),
    };
    assert_eq!(found, expected);
}

#[test]
fn a_plan_names_the_types_it_was_made_for() {
    let plan = planned(&["registered=a@x.cz"], "report");
    assert_eq!(plan.hard_types, ["registered", "crm", "loyalty"]);
    assert_eq!(plan.soft_types, ["cookie"]);
    assert_eq!(plan.options(), PlanOptions::default());
}

#[test]
fn a_call_expects_the_hard_ids_of_the_profile_it_addresses() {
    let rows = [
        "registered=a@x.cz crm=5",
        "loyalty=7 cookie=1 email=a@x.cz",
        "cookie=2 email=a@x.cz",
    ];
    let plan = planned(&rows, "report");
    let expects = plan.calls().map(|(_, call)| call.expects.clone());
    let loyalty = BTreeMap::from([("loyalty".to_owned(), "7".to_owned())]);
    assert_eq!(expects.collect::<Vec<_>>(), [loyalty, BTreeMap::new()]);
}

#[test]
fn a_type_that_mostly_holds_no_addresses_is_warned_of() {
    let warned = |rows: &[&str]| planned(rows, "report").warnings;
    assert_eq!(warned(&["registered=a@x.cz", "registered=8"]), [""; 0]);
    assert_eq!(
        warned(&["registered=a@x.cz", "cookie=1", "cookie=2"]),
        [""; 0]
    );
    let warning = warned(&["registered=a@x.cz", "registered=9", "registered=8"]);
    assert_eq!(warning.len(), 1);
    assert!(
        warning[0].contains("`registered` are no addresses (such as `8`)"),
        "{warning:?}"
    );
}

#[test]
fn only_what_no_merge_would_give_up_asks_for_confirmation() {
    for (rows, policies, confirm) in [
        (
            ["registered=a@x.cz", "cookie=1 email=a@x.cz"],
            "resolve",
            false,
        ),
        (["registered=a@x.cz", "registered=A@x.cz"], "report", false),
        (["registered=a@x.cz", "registered=A@x.cz"], "resolve", true),
        (
            ["registered=a@x.cz", "registered=b@x.cz email=a@x.cz"],
            "resolve",
            true,
        ),
    ] {
        let plan = planned(&rows, policies);
        assert_eq!(plan.needs_confirmation(), confirm, "{rows:?} {policies}");
    }
}
