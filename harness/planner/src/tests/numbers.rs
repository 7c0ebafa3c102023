//! What a plan says about itself: its numbers, the types it is for, what it expects of whom it addresses, and its doubts.
//! One small project with one key of each sort, told in full.

use std::collections::BTreeMap;

use super::laws::{profiles, types};
use crate::{
    Cause, ConflictKind, Place, Plan, PlanOptions, Policies, Role, Summary, plan, profiles_by_key,
};

/// One key each: joined by a call, of two spellings, of a customer number, of two CRM numbers, and one that is whole.
const ROWS: [&str; 10] = [
    "registered=a@x.cz email=a@x.cz",
    "cookie=1 crm=9 email=a@x.cz",
    "registered=b@x.cz",
    "registered=B@x.cz",
    "registered=c@x.cz",
    "registered=77 email=c@x.cz",
    "registered=d@x.cz crm=1",
    "crm=2 email=d@x.cz",
    "cookie=f@x.cz email=a@x.cz",
    "registered=e@x.cz email=e@x.cz",
];

fn planned(policy: &str) -> Plan {
    let options = PlanOptions {
        policies: policy.parse::<Policies>().expect("policies"),
        ..PlanOptions::default()
    };
    plan(&profiles(&ROWS), &types(), &options)
}

fn conflicts() -> BTreeMap<ConflictKind, usize> {
    BTreeMap::from([
        (ConflictKind::CaseVariant, 1),
        (ConflictKind::NoAddress, 1),
        (ConflictKind::AnotherHardType, 1),
    ])
}

#[test]
fn the_summary_counts_what_is_there() {
    let reported = Summary {
        profiles: 10,
        duplicate_keys: 4,
        calls: 2,
        keys_with_conflicts: 3,
        causes: planned("report").summary.causes,
        conflicts: conflicts(),
        resolved: BTreeMap::new(),
    };
    assert_eq!(planned("report").summary, reported);
    assert_eq!(reported.causes.values().sum::<usize>(), 4);
    assert_eq!(reported.causes[&Cause::CaseVariant], 1);
    let resolved = planned("resolve");
    assert_eq!(resolved.summary.calls, resolved.calls().count());
    assert_eq!(
        (
            resolved.summary.keys_with_conflicts,
            resolved.summary.conflicts,
            resolved.summary.resolved
        ),
        (0, BTreeMap::new(), conflicts())
    );
}

#[test]
fn the_types_stand_in_the_order_of_the_schema() {
    let plan = planned("report");
    assert_eq!(plan.hard_types, ["registered", "crm", "loyalty"]);
    assert_eq!(plan.soft_types, ["cookie"]);
}

#[test]
fn a_call_expects_the_hard_ids_of_whom_it_addresses() {
    let plan = planned("report");
    let expected: Vec<_> = plan.calls().map(|(_, call)| call.expects.clone()).collect();
    let nine = BTreeMap::from([("crm".to_owned(), "9".to_owned())]);
    assert_eq!(expected, [nine, BTreeMap::new()]);
}

#[test]
fn an_address_has_each_of_its_profiles_once() {
    let by_key = profiles_by_key(&profiles(&ROWS), &PlanOptions::default());
    let expected = [("a", 3), ("b", 2), ("c", 2), ("d", 2), ("e", 1)];
    let expected = expected.map(|(name, count)| (format!("{name}@x.cz"), count));
    assert_eq!(by_key, BTreeMap::from(expected));
}

#[test]
fn a_member_shows_where_its_address_sits() {
    let rows = [
        "registered=a@x.cz",
        "cookie=1 email=a@x.cz",
        "cookie=a@x.cz email=a@x.cz",
        "crm=a@x.cz email=a@x.cz",
        "registered=77 cookie=A@x.cz email=a@x.cz",
    ];
    let plan = plan(&profiles(&rows), &types(), &PlanOptions::default());
    let members = &plan.keys[0].diagnosis.members;
    let shown: Vec<_> = members
        .iter()
        .map(|member| (member.number, member.role, member.place))
        .collect();
    assert_eq!(
        shown,
        [
            (1, Role::Owner, Place::HardId),
            (2, Role::Lacking, Place::Property),
            (3, Role::Lacking, Place::SoftId),
            (4, Role::Lacking, Place::OtherHardId),
            (5, Role::Foreign, Place::SoftId),
        ]
    );
}

/// More than half of the hard IDs must be something else before a plan doubts that they are addresses.
#[test]
fn a_plan_doubts_a_type_that_holds_few_addresses() {
    for (rows, doubts) in [
        (&["registered=a@x.cz", "registered=1"][..], false),
        (&["registered=a@x.cz", "registered=2", "registered=1"], true),
        (&["cookie=1", "cookie=2"], false),
        (&["registered=7"], true),
        (
            &["registered=a@x.cz", "registered=b@x.cz", "registered=1"],
            false,
        ),
    ] {
        let warnings = plan(&profiles(rows), &types(), &PlanOptions::default()).warnings;
        assert_eq!(!warnings.is_empty(), doubts, "{rows:?}: {warnings:?}");
        let example = rows.iter().find(|row| row.ends_with('1'));
        if let (Some(warning), Some(_)) = (warnings.first(), example) {
            assert!(warning.contains("`registered`"), "{warning}");
            assert!(warning.contains("(such as `1`)"), "{warning}");
        }
    }
}
