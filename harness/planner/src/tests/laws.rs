//! The sentences of the law, one hand-written project each: rows of profiles in, calls and
//! conflicts out.

use serde_json::json;

use crate::{ConflictKind, IdKind, IdSchema, IdType, PlanOptions, Profile, plan};

pub(super) fn types() -> IdSchema {
    IdSchema::new(vec![
        IdType::new("registered", IdKind::Hard),
        IdType::new("crm", IdKind::Hard),
        IdType::new("loyalty", IdKind::Hard),
        IdType::new("cookie", IdKind::Soft),
    ])
    .unwrap()
}

/// `registered=a@x.cz cookie=1 email=a@x.cz`; the row's position is its age.
pub(super) fn profiles(rows: &[&str]) -> Vec<Profile> {
    let read = rows.iter().enumerate().map(|(age, row)| {
        let mut profile = Profile {
            age,
            ..Profile::default()
        };
        for word in row.split_whitespace() {
            let (name, value) = word.split_once('=').expect("name=value");
            if types().get(name).is_some() {
                profile
                    .ids
                    .entry(name.into())
                    .or_default()
                    .push(value.replace('_', " "));
            } else {
                profile.properties.insert(name.into(), json!(value));
            }
        }
        profile
    });
    read.collect()
}

/// Calls as `own -> hard ID`, conflicts as `kind members beside candidates`.
fn check(rows: &[&str], calls: &[&str], conflicts: &[&str]) {
    let plan = plan(&profiles(rows), &types(), &PlanOptions::default());
    let found: Vec<_> = plan
        .calls()
        .map(|(_, call)| format!("{} -> {}", call.own, call.hard_id))
        .collect();
    assert_eq!(found, calls, "calls for {rows:?}");
    let found: Vec<_> = plan
        .conflicts()
        .map(|(_, c)| {
            format!(
                "{} {:?} beside {:?}",
                c.kind.slug(),
                c.members,
                c.candidates
            )
        })
        .collect();
    assert_eq!(found, conflicts, "conflicts for {rows:?}");
}

#[test]
fn one_profile_or_no_address_is_no_duplicate() {
    check(
        &[
            "registered=a@x.cz email=a@x.cz",
            "cookie=1 email=nonsense",
            "cookie=2",
        ],
        &[],
        &[],
    );
}

#[test]
fn a_lacking_member_gets_the_hard_id_of_the_owner() {
    check(
        &["registered=a@x.cz", "cookie=1 email=A@X.cz"],
        &["cookie=1 -> registered=a@x.cz"],
        &[],
    );
    check(
        &["cookie=1 email=a@x.cz", "registered=A@x.cz"],
        &["cookie=1 -> registered=A@x.cz"],
        &[],
    );
}

#[test]
fn another_hard_id_is_preferred_to_a_cookie_that_can_move() {
    check(
        &["registered=a@x.cz", "cookie=1 crm=7 email=a@x.cz"],
        &["crm=7 -> registered=a@x.cz"],
        &[],
    );
    check(
        &["registered=a@x.cz", "cookie=2 cookie=1 email=a@x.cz"],
        &["cookie=1 -> registered=a@x.cz"],
        &[],
    );
}

#[test]
fn the_owner_written_as_the_key_comes_before_the_oldest() {
    check(
        &[
            "registered=A@x.cz",
            "registered=a@x.cz",
            "cookie=1 email=a@x.cz",
        ],
        &["cookie=1 -> registered=a@x.cz"],
        &["case-variant [1] beside [2]"],
    );
    check(
        &[
            "registered=A@x.cz",
            "registered=a@X.cz",
            "cookie=1 email=a@x.cz",
        ],
        &["cookie=1 -> registered=A@x.cz"],
        &["case-variant [2] beside [1]"],
    );
}

#[test]
fn without_an_owner_the_oldest_gets_the_key_and_the_rest_follow() {
    check(
        &[
            "cookie=1 email=a@x.cz",
            "cookie=2 email=A@x.cz",
            "crm=7 email=a@x.cz",
        ],
        &[
            "cookie=1 -> registered=a@x.cz",
            "cookie=2 -> registered=a@x.cz",
            "crm=7 -> registered=a@x.cz",
        ],
        &[],
    );
}

#[test]
fn who_differs_in_another_hard_type_stays_apart() {
    check(
        &["registered=a@x.cz crm=1", "crm=2 email=a@x.cz"],
        &[],
        &["another-hard-type [2] beside [1]"],
    );
    check(
        &["crm=1 email=a@x.cz", "crm=2 email=a@x.cz"],
        &["crm=1 -> registered=a@x.cz"],
        &["another-hard-type [2] beside [1]"],
    );
}

#[test]
fn two_who_fit_each_other_but_not_the_owner_are_one_beside_it() {
    check(
        &[
            "registered=a@x.cz crm=1 loyalty=1",
            "crm=2 email=a@x.cz",
            "loyalty=3 email=a@x.cz",
        ],
        &["loyalty=3 -> crm=2"],
        &["another-hard-type [2, 3] beside [1]"],
    );
}

#[test]
fn nobody_is_joined_where_it_needs_a_guess() {
    check(
        &[
            "registered=a@x.cz crm=1",
            "crm=2 email=a@x.cz",
            "cookie=1 email=a@x.cz",
        ],
        &[],
        &["ambiguous [1, 2, 3] beside [1, 2]"],
    );
}

#[test]
fn an_account_under_something_else_is_listed() {
    check(
        &[
            "registered=a@x.cz",
            "registered=b@x.cz email=a@x.cz",
            "registered=77 email=a@x.cz",
            "cookie=1 email=a@x.cz",
        ],
        &["cookie=1 -> registered=a@x.cz"],
        &[
            "another-address [2] beside [1]",
            "no-address [3] beside [1]",
        ],
    );
    check(
        &["registered=77 email=a@x.cz", "registered=78 email=a@x.cz"],
        &[],
        &["no-address [2] beside [1]"],
    );
}

#[test]
fn an_account_under_something_else_does_not_keep_the_key_from_the_rest() {
    check(
        &["registered=77 email=a@x.cz", "cookie=1 email=a@x.cz"],
        &["cookie=1 -> registered=a@x.cz"],
        &["no-address [1] beside [2]"],
    );
}

#[test]
fn an_id_that_the_project_would_change_is_never_sent() {
    check(
        &["registered=_a@x.cz", "cookie=1 email=a@x.cz"],
        &["cookie=1 -> registered=a@x.cz"],
        &["case-variant [1] beside [2]"],
    );
    check(
        &["registered=_a@x.cz cookie=1", "cookie=2 email=a@x.cz"],
        &["cookie=2 -> registered=a@x.cz"],
        &["case-variant [1] beside [2]"],
    );
    check(
        &["registered=_a@x.cz crm=5", "cookie=1 email=a@x.cz"],
        &["cookie=1 -> crm=5"],
        &[],
    );
    check(
        &["registered=a@x.cz", "cookie=_1 email=a@x.cz"],
        &[],
        &["unreachable [2] beside [1]"],
    );
}

#[test]
fn who_can_follow_nobody_stays_apart_without_a_call() {
    check(
        &["registered=_a@x.cz", "registered=a@x.cz_"],
        &[],
        &["case-variant [2] beside [1]"],
    );
    check(
        &["registered=a@x.cz crm=1", "crm=_2 cookie=1 email=a@x.cz"],
        &[],
        &["another-hard-type [2] beside [1]"],
    );
}

#[test]
fn who_gets_the_key_stands_for_it_before_an_older_one_that_cannot() {
    check(
        &["crm=_1 email=a@x.cz", "crm=2 email=a@x.cz"],
        &["crm=2 -> registered=a@x.cz"],
        &["another-hard-type [1] beside [2]"],
    );
}

#[test]
fn the_oldest_owner_stands_for_a_key_that_nobody_has_as_written() {
    check(
        &[
            "registered=A@x.cz crm=1 loyalty=1",
            "registered=a@X.cz crm=2",
            "loyalty=5 email=a@x.cz",
        ],
        &["loyalty=5 -> registered=a@X.cz"],
        &["case-variant [2, 3] beside [1]"],
    );
}

#[test]
fn among_accounts_under_something_else_one_that_is_no_address_stands_for_the_key() {
    check(
        &[
            "registered=b@x.cz email=a@x.cz",
            "registered=7 email=a@x.cz",
            "registered=8 email=a@x.cz",
        ],
        &[],
        &[
            "another-address [1] beside [2]",
            "no-address [3] beside [2]",
        ],
    );
}

#[test]
fn where_all_others_are_ambiguous_an_account_under_something_else_is_listed_too() {
    check(
        &[
            "crm=1 email=a@x.cz",
            "crm=2 email=a@x.cz",
            "cookie=1 email=a@x.cz",
            "registered=7 email=a@x.cz",
        ],
        &[],
        &[
            "no-address [4] beside []",
            "ambiguous [1, 2, 3] beside [1, 2]",
        ],
    );
}

#[test]
fn an_address_that_is_no_valid_id_is_never_set() {
    check(
        &["cookie=1 email=-@-", "cookie=2 email=-@-"],
        &[],
        &["unreachable [1, 2] beside []"],
    );
}

#[test]
fn soft_ids_over_the_cap_and_clashing_values_are_announced() {
    let cookies: Vec<String> = (0..63).map(|n| format!("cookie=c{n}")).collect();
    let owner = format!("registered=a@x.cz city=Brno {}", cookies.join(" "));
    let rows = [
        owner.as_str(),
        "cookie=x cookie=y cookie=z email=a@x.cz city=Zlin",
        "cookie=w email=a@x.cz",
    ];
    let plan = plan(&profiles(&rows), &types(), &PlanOptions::default());
    let losses: Vec<_> = plan
        .calls()
        .flat_map(|(_, call)| &call.loses)
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        losses,
        [
            "one of `city` = \"Brno\" and \"Zlin\"",
            "2 `cookie` values over 64, the least recently used",
            "1 `cookie` values over 64, the least recently used",
        ]
    );
}

#[test]
fn a_plan_survives_json() {
    let rows = [
        "registered=a@x.cz city=a",
        "crm=2 email=a@x.cz city=b",
        "registered=7 email=a@x.cz",
    ];
    let plan = plan(&profiles(&rows), &types(), &PlanOptions::default());
    let text = serde_json::to_string_pretty(&plan).expect("JSON");
    assert_eq!(
        serde_json::from_str::<crate::Plan>(&text).expect("a plan"),
        plan
    );
    for kind in ConflictKind::ALL {
        assert_eq!(json!(kind), kind.slug());
    }
}
