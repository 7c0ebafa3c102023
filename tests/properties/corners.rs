//! Chosen histories: what small alphabets cannot reach, and what engine and model once disputed.
//! One test shows where the law contradicts itself.

use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use twinfold::model::Model;
use twinfold_engine::{
    ContestedSoftId, Displaced, Effect, GivenId, HardIdConflict, IdSchema, IdType, Project,
    Rejection, Settings, Switches, UnknownIdType,
};

use crate::{
    checks,
    machine::{Engine, Expected, Histories},
    step::{Asks, Step},
};

type Ids = &'static [(&'static str, &'static str)];

/// Runs a history on both and compares after every step; returns the last result of the engine.
fn agree(settings: Settings, steps: Vec<Step>) -> Engine {
    let mut expected = Expected {
        model: Model::new(settings.clone()),
        settings,
        last: None,
    };
    let mut engine = Engine::init_test(&expected);
    for step in steps {
        expected = Histories::apply(expected, &step);
        engine = Engine::apply(engine, &expected, step);
    }
    engine.is_deterministic();
    engine
}

fn link(ids: Ids) -> Step {
    let ids = ids
        .iter()
        .map(|(name, value)| GivenId::text(name, value))
        .collect();
    Step {
        at: 1.0,
        asks: Asks::Open { ids },
    }
}

fn track(event_type: &'static str, properties: &'static str, ids: Ids) -> Step {
    let ids = ids
        .iter()
        .map(|(name, value)| GivenId::text(name, value))
        .collect();
    let asks = Asks::Track {
        ids,
        event_type: Some(event_type),
        timestamp: None,
        properties: Some(properties),
    };
    Step { at: 1.0, asks }
}

fn project(types: Vec<IdType>, switches: Switches) -> Settings {
    Settings {
        schema: IdSchema::new(types).expect("types differ"),
        switches,
        ..Settings::default()
    }
}

fn two_hard_types(switches: Switches) -> Settings {
    let hard = ["registered", "email_id"].map(IdType::hard);
    let soft = ["cookie", "device"].map(IdType::soft);
    project(hard.into_iter().chain(soft).collect(), switches)
}

#[test]
fn an_id_of_a_mebibyte_is_too_long() {
    let long: &'static str = "x".repeat((1 << 20) - 1).leak();
    let longer: &'static str = format!(" {long}y ").leak();
    for (value, too_long) in [(long, false), (longer, true)] {
        let given = [("shoe_size", value), ("registered", value)];
        let engine = agree(
            Settings::default(),
            vec![
                link(given[1..].to_vec().leak()),
                link(given.to_vec().leak()),
            ],
        );
        let slugs: Vec<_> = engine
            .outcomes
            .iter()
            .map(|outcome| outcome.as_ref().map_or_else(Rejection::slug, |_| "fine"))
            .collect();
        let expected = match too_long {
            true => ["id-too-long", "id-too-long"],
            false => ["fine", "unknown-id-type"],
        };
        assert_eq!(slugs, expected);
    }
}

#[test]
fn the_65th_cookie_displaces_the_longest_unused() {
    let cookies: Vec<&'static str> = (0..65).map(|n| &*format!("cookie {n}").leak()).collect();
    let mut steps: Vec<_> = cookies[..64]
        .iter()
        .map(|cookie| link(vec![("registered", "ada"), ("cookie", *cookie)].leak()))
        .collect();
    steps.push(link(&[("cookie", "cookie 0")]));
    steps.push(link(
        vec![("registered", "ada"), ("cookie", cookies[64])].leak(),
    ));
    let engine = agree(Settings::default(), steps);
    let last = engine
        .outcomes
        .last()
        .and_then(|outcome| outcome.as_ref().ok());
    let displaced = Effect::Displaced(Box::new(Displaced {
        id_type: "cookie".into(),
        value: "cookie 1".into(),
    }));
    assert!(last.is_some_and(|outcome| outcome.decision.effects.contains(&displaced)));
}

#[test]
fn a_merge_event_is_stored_even_if_it_equals_one_that_a_client_sent() {
    let twin = r#"{"destination_internal_id":"000000000000000000000001","ids":{"cookie":"laptop","registered":"ada"},"rule":"shared-id-merges","source_internal_ids":["000000000000000000000002"]}"#;
    agree(
        Settings::default(),
        vec![
            track("merge", twin, &[("registered", "ada")]),
            link(&[("cookie", "laptop")]),
            link(&[("registered", "ada"), ("cookie", "laptop")]),
            track("merge", twin, &[("registered", "ada")]),
        ],
    );
}

#[test]
fn letters_beyond_ascii_are_trimmed_and_lowered_alike() {
    let registered = IdType {
        lowercase: true,
        ..IdType::hard("registered")
    };
    let cookie = IdType {
        trim: false,
        ..IdType::soft("cookie")
    };
    agree(
        project(vec![registered, cookie], Switches::default()),
        vec![
            link(&[("registered", "\u{a0}ÉVA\u{2003}")]),
            link(&[("registered", "éva"), ("cookie", "null ")]),
            link(&[("registered", "İzmir ΣΑΣ ẞ")]),
            link(&[
                ("registered", "i\u{307}zmir σας ß"),
                ("cookie", " \"quoted\\ "),
            ]),
            link(&[("cookie", " \"quoted\\ "), ("registered", "٣")]),
            link(&[("registered", "—…"), ("cookie", "undefined\t")]),
            link(&[("registered", "NULL"), ("cookie", "NULL")]),
            link(&[("cookie", "a \"quoted\" \u{1} value")]),
            link(&[
                ("registered", "éva"),
                ("cookie", "a \"quoted\" \u{1} value"),
            ]),
        ],
    );
}

#[test]
fn a_type_without_a_name_is_not_declared() {
    let switches = Switches {
        unknown_id_type: UnknownIdType::DeclareSoft,
        ..Switches::default()
    };
    agree(
        project(vec![IdType::hard("registered")], switches),
        vec![
            link(&[("", "ada")]),
            link(&[("registered", "ada"), ("", "ada")]),
        ],
    );
}

#[test]
fn a_soft_id_given_twice_is_one() {
    let cookie = IdType {
        values_max: 1,
        ..IdType::soft("cookie")
    };
    agree(
        project(vec![cookie], Switches::default()),
        vec![link(&[("cookie", "laptop"), ("cookie", " laptop ")])],
    );
}

#[test]
fn a_recipient_who_clicks_on_its_own_device_is_one() {
    agree(
        Settings::default(),
        vec![link(&[("cookie", "laptop"), ("cookie", "laptop")])],
    );
}

#[test]
fn a_declared_type_keeps_its_cap_at_once() {
    let switches = Switches {
        unknown_id_type: UnknownIdType::DeclareSoft,
        ..Switches::default()
    };
    let shops: Vec<(&str, &str)> = (0..65)
        .map(|n| ("shop", &*format!("shop {n}").leak()))
        .collect();
    agree(
        project(vec![IdType::hard("registered")], switches),
        vec![link(shops.leak())],
    );
}

#[test]
fn a_hard_id_given_twice_is_one() {
    agree(
        Settings::default(),
        vec![link(&[("registered", "ada"), ("registered", "ada")])],
    );
}

#[test]
fn an_undeclared_type_is_declared_once() {
    let switches = Switches {
        unknown_id_type: UnknownIdType::DeclareSoft,
        ..Switches::default()
    };
    agree(
        project(vec![IdType::hard("registered")], switches),
        vec![
            link(&[("shop", "a"), ("shop", "b")]),
            link(&[("registered", "ada"), ("shop", "b")]),
        ],
    );
}

#[test]
fn the_merge_event_lists_only_ids_that_linked() {
    let switches = Switches {
        hard_id_conflict: HardIdConflict::FirstHardTypeWins,
        ..Switches::default()
    };
    agree(
        two_hard_types(switches),
        vec![
            link(&[("registered", "cyd"), ("email_id", "ada")]),
            link(&[("email_id", "cyd")]),
            link(&[("cookie", "tablet")]),
            link(&[
                ("registered", "cyd"),
                ("email_id", "cyd"),
                ("cookie", "tablet"),
            ]),
        ],
    );
}

/// With soft IDs only, the literal reading and "redelivery is harmless" cannot both hold: the first call makes the
/// newest owner part of an older survivor, so the second call addresses somebody else. Both follow the reading.
#[test]
fn redelivery_under_newer_customer_is_not_always_harmless() {
    let switches = Switches {
        contested_soft_id: ContestedSoftId::NewerCustomer,
        ..Switches::default()
    };
    let mut types = vec![IdType::hard("registered")];
    types.extend(["cookie", "device", "browser"].map(IdType::soft));
    let mut project = Project::new(project(types, switches));
    let call = link(&[("cookie", "c"), ("device", "d"), ("browser", "b")]);
    let history = [
        link(&[("cookie", "c")]),
        link(&[("registered", "ada"), ("device", "d")]),
        link(&[("registered", "bob"), ("browser", "b")]),
        call.clone(),
    ];
    for step in &history {
        let outcome = step.with(|command| project.apply(command));
        assert!(outcome.is_ok(), "{outcome:?}");
    }
    let once = checks::profiles(&project);
    let again = call.with(|command| project.apply(command));
    assert_ne!(once, checks::profiles(&project), "once, twice: {again:?}");
}
