//! Stories of divergences, and random commands to random pairs of strategies beside the obvious comparison of all IDs.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};

use proptest::{collection, option, prelude::*, sample};

use super::{Divergence, Kind, Part, Report, Shadow, by_name, others};
use crate::{
    Action, Command, Displaced, GivenId, IdSchema, IdType, InternalId, Profile, Project,
    PropertiesGiven, Settings, Timestamp, Who,
};

fn settings(name: &str) -> Settings {
    let types = vec![
        IdType::hard("registered"),
        IdType::hard("phone"),
        IdType {
            values_max: 3,
            ..IdType::soft("cookie")
        },
    ];
    let usual = Settings {
        schema: IdSchema::new(types).unwrap(),
        ..Settings::default()
    };
    by_name(&usual, name).unwrap()
}

/// `registered=ada cookie=k`, or `forget registered=ada`.
fn send(number: u64, words: &str, mut apply: impl FnMut(&Command<'_>)) {
    let (forgets, ids) = match words.strip_prefix("forget ") {
        Some(ids) => (true, ids),
        None => (false, words),
    };
    let ids = ids.split(' ').filter_map(|id| id.split_once('='));
    let given: Vec<_> = ids
        .map(|(id_type, id)| GivenId::text(id_type, id))
        .collect();
    let fresh = format!("fresh{number}");
    let action = if forgets {
        let who = Who::Ids(&given);
        Action::Anonymize { who, fresh: &fresh }
    } else {
        Action::SetProperties {
            ids: &given,
            properties: PropertiesGiven::Object(&[]),
            update_timestamp: None,
        }
    };
    let at = Timestamp::new(number as f64).unwrap();
    apply(&Command { at, action });
}

fn run(here: &str, there: &str, calls: &[&str]) -> Shadow {
    let mut shadow = Shadow::new(settings(here), settings(there));
    for (number, call) in (1..).zip(calls) {
        send(number, call, |command| shadow.apply(number, command));
    }
    shadow
}

fn told(report: &Report) -> Vec<String> {
    let part = |part: &Part| {
        let ids: Vec<_> = part.ids.iter().map(|id| &*id.value).collect();
        let customer = part
            .customer
            .map_or("nobody".into(), |number| format!("#{number}"));
        format!("{customer} {}", ids.join(" "))
    };
    let one = |one: &Divergence| {
        let kind = match one.kind {
            Kind::TogetherHere => "together",
            Kind::ApartHere => "apart",
        };
        let healed = one
            .healed
            .map_or(String::new(), |at| format!(", healed by {at}"));
        let [a, b] = [part(&one.apart[0]), part(&one.apart[1])];
        format!("{} {kind} here: {a} | {b}{healed}", one.since)
    };
    report.divergences.iter().map(one).collect()
}

#[test]
fn stories() {
    let rows: &[(&str, &str, &[&str], &[&str])] = &[
        (
            "engagement",
            "guarded-identify",
            &["registered=mira cookie=k", "registered=odd cookie=k"],
            &["2 apart here: #1 mira | #2 k odd"],
        ),
        (
            "engagement",
            "engagement",
            &["registered=mira cookie=k", "registered=odd cookie=k"],
            &[],
        ),
        // The cookie moves here, and stays there.
        (
            "engagement",
            "demote-and-retry",
            &["registered=ada cookie=k", "registered=bob cookie=k"],
            &[
                "2 together here: #1 k | #2 bob",
                "2 apart here: #1 ada | #2 k",
            ],
        ),
        // It comes back, and both agree again.
        (
            "engagement",
            "demote-and-retry",
            &[
                "registered=ada cookie=k",
                "registered=bob cookie=k",
                "registered=ada cookie=k",
            ],
            &[
                "2 together here: #1 k | #2 bob, healed by 3",
                "2 apart here: #1 ada | #2 k, healed by 3",
            ],
        ),
        // Whoever was anonymized is the same on both sides.
        (
            "engagement",
            "never-merge",
            &["registered=ada cookie=k", "forget registered=ada"],
            &["1 together here: #1 fresh2 | nobody k, healed by 2"],
        ),
    ];
    for (here, there, calls, expected) in rows {
        let seen = told(&run(here, there, calls).report());
        assert_eq!(seen, *expected, "{here} {there} {calls:?}");
    }
}

#[test]
fn a_cause_names_both_decisions() {
    let calls = ["registered=mira cookie=k", "registered=odd cookie=k"];
    let report = run("engagement", "guarded-identify", &calls).report();
    let cause = &report.causes[&2];
    assert_eq!(cause.ids[1].value, "k");
    assert!(cause.here.as_ref().unwrap().decision.created);
    let there = cause.there.as_ref().unwrap();
    assert!(there.because.contains(crate::Rule::TargetJoinsSource));
}

#[test]
fn names_are_read_and_wrong_ones_are_told() {
    let usual = settings("engagement");
    let newer = by_name(&usual, "engagement:contested_soft_id=newer_customer").unwrap();
    assert_eq!(newer.switches.contested_soft_id.slug(), "newer_customer");
    for (name, says) in [
        ("guess", "`guess` is none of engagement, never-merge"),
        (
            "engagement:contested_soft_id=x",
            "contested_soft_id: `x` is none of addressed",
        ),
        ("engagement:x=y", "`x` is no switch"),
        (
            "guess:guard=off",
            "`guess` is none of engagement, never-merge",
        ),
        (
            "guarded-identify:gaurd=off",
            "`guarded-identify` has no switch `gaurd`; its switches are guard, one_known_guard, ",
        ),
        (
            "guarded-identify:guard=maybe",
            "the switch `guard` has no choice `maybe`; its choices are on, off",
        ),
        (
            "guarded-identify:guard",
            "`guard` chooses nothing; write `guarded-identify:SWITCH=CHOICE`",
        ),
        (
            "guarded-identify:guard=off:guard=on",
            "the switch `guard` is set twice",
        ),
        (
            "never-merge:a=b",
            "`never-merge` has no switch `a`; it has none",
        ),
    ] {
        let told = by_name(&usual, name).unwrap_err();
        assert!(told.starts_with(says), "{told}");
    }
    let names: Vec<String> = others(&usual).into_iter().map(|(name, _)| name).collect();
    assert!(names.contains(&"engagement:hard_id_conflict=first_hard_type_wins".to_string()));
    assert!(!names.contains(&"engagement".to_string()));
}

#[test]
fn an_internal_id_means_the_same_person_in_the_shadow() {
    // The shadow has two customers where the project has one, so its numbers differ.
    let calls = ["registered=ada cookie=k", "cookie=k", "registered=bob"];
    let mut shadow = run("engagement", "never-merge", &calls);
    let action = Action::Anonymize {
        who: Who::Internal(InternalId::from_number(2).unwrap()),
        fresh: "f",
    };
    let at = Timestamp::default();
    shadow.apply(9, &Command { at, action });
    let is_there = |project: &Project, name| {
        let found = project.find(&[GivenId::text("registered", name)]);
        found.unwrap().is_some()
    };
    assert!(is_there(shadow.there(), "ada"));
    assert!(!is_there(shadow.there(), "bob"));
}

/// A value for each type that the call names, and whether it anonymizes.
type Call = ([Option<u32>; 3], bool);

fn words(([one, two, three], forgets): &Call) -> String {
    let types = ["registered", "phone", "cookie"];
    let ids = types.into_iter().zip([one, two, three]);
    let ids = ids.filter_map(|(name, value)| Some(format!("{name}={}{}", &name[..1], (*value)?)));
    let ids: Vec<String> = ids.collect();
    let verb = if *forgets { "forget " } else { "" };
    format!("{verb}{}", ids.join(" "))
}

fn calls() -> impl Strategy<Value = Vec<Call>> {
    let value = || option::of(0_u32..4);
    let ids = [value().boxed(), value().boxed(), value().boxed()];
    let call = (ids, prop::bool::weighted(0.1));
    let names_somebody = |(ids, _): &Call| ids.iter().any(Option::is_some);
    collection::vec(call.prop_filter("nobody is named", names_somebody), 1..20)
}

fn names() -> Vec<String> {
    let usual = settings("engagement");
    let others = others(&usual).into_iter().map(|(name, _)| name);
    others.chain(["engagement".into()]).collect()
}

type Owners = BTreeMap<Displaced, [Option<u32>; 2]>;

/// Everybody who holds anything, on both sides.
fn owners(shadow: &Shadow) -> Owners {
    let mut owners = Owners::new();
    for (place, project) in [shadow.here(), shadow.there()].into_iter().enumerate() {
        for index in project.store.customers.existing() {
            for id in super::ids_held(project, crate::store::internal(index)) {
                owners.entry(id).or_default()[place] = Some(index + 1);
            }
        }
    }
    owners
}

/// For each side and customer, in how many parts its IDs are on the other side, if in more than one.
fn parts(owners: &Owners) -> BTreeMap<(Kind, u32), usize> {
    let mut parts = BTreeMap::<(Kind, u32), BTreeSet<Result<u32, &Displaced>>>::new();
    for (id, [here, there]) in owners {
        let of = |other: &Option<u32>| other.ok_or(id);
        for (kind, own, other) in [
            (Kind::TogetherHere, here, there),
            (Kind::ApartHere, there, here),
        ] {
            let Some(own) = own else { continue };
            parts.entry((kind, *own)).or_default().insert(of(other));
        }
    }
    let counted = parts
        .into_iter()
        .map(|(center, parts)| (center, parts.len()));
    counted.filter(|(_, count)| *count > 1).collect()
}

proptest! {
    #[test]
    fn what_is_reported_is_what_differs(
        (calls, here, there) in (calls(), sample::select(names()), sample::select(names())),
    ) {
        let mut shadow = Shadow::new(settings(&here), settings(&there));
        let mut first = None;
        for (number, call) in (1..).zip(&calls) {
            send(number, &words(call), |command| shadow.apply(number, command));
            let owners = owners(&shadow);
            let differ = parts(&owners);
            if !differ.is_empty() {
                first = first.or(Some(number));
            }
            let report = shadow.report();
            let mut seen = BTreeMap::new();
            for one in report.divergences.iter().filter(|one| one.healed.is_none()) {
                *seen.entry((one.kind, one.together.unwrap())).or_insert(1) += 1;
                let (own, other) = match one.kind {
                    Kind::TogetherHere => (0, 1),
                    Kind::ApartHere => (1, 0),
                };
                for part in &one.apart {
                    prop_assert!(!part.ids.is_empty());
                    for id in &part.ids {
                        prop_assert_eq!(owners[id][own], one.together);
                        prop_assert_eq!(owners[id][other], part.customer);
                    }
                }
                prop_assert!(one.apart[0] != one.apart[1]);
                prop_assert!(report.causes.contains_key(&one.since));
            }
            prop_assert_eq!(seen, differ, "{} {} call {}: {:?}", here, there, number, told(&report));
            let since = report.divergences.iter().map(|one| one.since).min();
            prop_assert_eq!(since, first);
        }
    }

    #[test]
    fn a_shadow_of_the_strategy_that_answers_never_diverges(
        (calls, name) in (calls(), sample::select(names())),
    ) {
        let mut shadow = Shadow::new(settings(&name), settings(&name));
        for (number, call) in (1..).zip(&calls) {
            send(number, &words(call), |command| shadow.apply(number, command));
        }
        prop_assert_eq!(told(&shadow.report()), Vec::<String>::new());
    }

    #[test]
    fn a_shadow_is_the_project_that_the_strategy_would_have_made(
        (calls, name) in (calls(), sample::select(names())),
    ) {
        let mut shadow = Shadow::new(settings("engagement"), settings(&name));
        let mut direct = Project::new(settings(&name));
        for (number, call) in (1..).zip(&calls) {
            send(number, &words(call), |command| shadow.apply(number, command));
            send(number, &words(call), |command| {
                let _outcome = direct.apply(command);
            });
        }
        let people = |project: &Project| -> Vec<Option<Profile>> {
            project.customers().map(|one| project.profile(one)).collect()
        };
        prop_assert_eq!(people(shadow.there()), people(&direct));
    }
}
