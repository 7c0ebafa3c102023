//! What a plan says beside its calls: how much of what, which types, who the members are, what each call expects of
//! whom it addresses, and its doubts.

use std::collections::BTreeMap;

use super::laws::{profiles, types};
use crate::{
    Cause, ConflictKind, Place, Plan, PlanOptions, Policies, Role, Summary, plan, profiles_by_key,
};

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
}

#[test]
fn a_plan_remembers_the_options_it_was_made_with() {
    let options = PlanOptions {
        email_type: "crm".to_owned(),
        email_property: "mail".to_owned(),
        policies: Policies::resolve_all(),
    };
    let rows = profiles(&["crm=a@x.cz", "cookie=1 mail=a@x.cz"]);
    let plan = plan(&rows, &types(), &options);
    assert_eq!(plan.options(), options);
    assert_eq!(plan.calls().count(), 1);
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

/// More than half of the hard IDs must be something else before a plan doubts that they are addresses.
#[test]
fn a_type_that_mostly_holds_no_addresses_is_warned_of_with_an_example() {
    for (rows, example) in [
        (&["cookie=1", "cookie=2"][..], None),
        (&["registered=a@x.cz", "cookie=1", "cookie=2"], None),
        (&["registered=a@x.cz", "registered=8"], None),
        (
            &["registered=a@x.cz", "registered=b@x.cz", "registered=8"],
            None,
        ),
        (
            &["registered=a@x.cz", "registered=9", "registered=8"],
            Some("8"),
        ),
        (&["registered=7"], Some("7")),
    ] {
        let warnings = planned(rows, "report").warnings;
        assert_eq!(warnings.len(), usize::from(example.is_some()), "{rows:?}");
        if let (Some(warning), Some(example)) = (warnings.first(), example) {
            let says = format!("`registered` are no addresses (such as `{example}`)");
            assert!(warning.contains(&says), "{warning}");
        }
    }
}

#[test]
fn a_member_shows_where_its_address_sits() {
    let rows = [
        "registered=a@x.cz",
        "cookie=1 email=a@x.cz",
        "cookie=a@x.cz email=a@x.cz",
        "crm=a@x.cz email=A@x.cz",
        "registered=77 cookie=A@x.cz email=a@x.cz",
        "registered=b@x.cz",
    ];
    let plan = planned(&rows, "report");
    let members = plan.keys[0].diagnosis.members.iter();
    assert_eq!(
        members
            .map(|member| (member.number, member.role, member.place))
            .collect::<Vec<_>>(),
        [
            (1, Role::Owner, Place::HardId),
            (2, Role::Lacking, Place::Property),
            (3, Role::Lacking, Place::SoftId),
            (4, Role::Lacking, Place::OtherHardId),
            (5, Role::Foreign, Place::SoftId),
        ]
    );
}

#[test]
fn an_address_has_each_of_its_profiles_once() {
    let rows = [
        "registered=a@x.cz email=A@x.cz",
        "cookie=1 email=a@x.cz",
        "registered=b@x.cz email=a@x.cz",
        "cookie=2",
    ];
    let by_key = profiles_by_key(&profiles(&rows), &PlanOptions::default());
    let of = |key: &str, count| (key.to_owned(), count);
    assert_eq!(Vec::from_iter(by_key), [of("a@x.cz", 3), of("b@x.cz", 1)]);
}

#[test]
fn only_what_no_merge_would_give_up_asks_for_confirmation() {
    let guest = [
        "registered=a@x.cz crm=1",
        "crm=2 email=a@x.cz",
        "cookie=1 email=a@x.cz",
    ];
    for (rows, policies, confirm) in [
        (
            &["registered=a@x.cz", "cookie=1 email=a@x.cz"][..],
            "resolve",
            false,
        ),
        (&["registered=a@x.cz", "registered=A@x.cz"], "report", false),
        (&["registered=a@x.cz", "registered=A@x.cz"], "resolve", true),
        (
            &["registered=a@x.cz", "registered=b@x.cz email=a@x.cz"],
            "resolve",
            true,
        ),
        // The only call is of step `identify`, and it rests on a guess.
        (&guest, "ambiguous=resolve", true),
        (&guest, "report", false),
    ] {
        let plan = planned(rows, policies);
        assert_eq!(plan.needs_confirmation(), confirm, "{rows:?} {policies}");
    }
}
