//! Random calls to a project of every published strategy: who holds what and whose each event is must be what the bare
//! ledger says, and every promise must hold after every call.

use alloc::{format, string::String, vec::Vec};

use proptest::{collection, option, prelude::*};

use crate::{
    Action, Command, GivenId, IdKind, IdSchema, IdType, InternalId, Json, Outcome, Project,
    PropertiesGiven, Rejection, Rule, Settings, Strategy as Merging, Switches, Timestamp,
    UnknownIdType, Who,
    ledger::{Ledger, LedgerCommand, LedgerId, LedgerSettings, LedgerStrategy, LedgerType},
};

/// Soft before hard, so that the order of the schema is not that of the priorities.
const TYPES: [(&str, IdKind); 4] = [
    ("cookie", IdKind::Soft),
    ("registered", IdKind::Hard),
    ("phone", IdKind::Hard),
    ("device", IdKind::Soft),
];
/// The place of each type in the order of priority.
const RANKS: [u8; 4] = [2, 0, 1, 3];

/// Every preset by which a project can answer, also those that `Strategy::ALL` leaves to its switches.
fn answering() -> impl Iterator<Item = LedgerStrategy> {
    let all = LedgerStrategy::presets().map(|preset| preset.strategy);
    all.filter(|one| Merging::Published(*one).takes(&schema()).is_ok())
}

fn schema() -> IdSchema {
    let types = TYPES.map(|(name, kind)| match kind {
        IdKind::Hard => IdType::hard(name),
        IdKind::Soft => IdType {
            values_max: 3,
            ..IdType::soft(name)
        },
    });
    IdSchema::new(types.to_vec()).unwrap()
}

fn project(strategy: LedgerStrategy) -> Project {
    Project::new(Settings {
        schema: schema(),
        strategy: Merging::Published(strategy),
        ..Settings::default()
    })
}

fn ledger(strategy: LedgerStrategy) -> Ledger {
    let hard = LedgerType {
        is_hard: true,
        limit: 1,
    };
    let soft = LedgerType {
        is_hard: false,
        limit: 3,
    };
    let types = alloc::vec![hard, hard, soft, soft];
    Ledger::new(strategy, LedgerSettings::of_types(types))
}

/// A value for each type of [`TYPES`] that the call names.
type Ids = [Option<u32>; 4];

fn texts(ids: Ids) -> Vec<(usize, String)> {
    let named = ids.iter().enumerate();
    let named = named.filter_map(|(place, value)| Some((place, (*value)?)));
    named
        .map(|(place, value)| (place, format!("{}{value}", &TYPES[place].0[..1])))
        .collect()
}

fn send(project: &mut Project, ids: Ids, at: u32) -> Result<Outcome, Rejection> {
    let texts = texts(ids);
    let given: Vec<_> = texts
        .iter()
        .map(|(place, text)| GivenId::text(TYPES[*place].0, text))
        .collect();
    let properties = format!("{{\"n\":{at}}}");
    project.apply(&Command {
        at: Timestamp::new(f64::from(at)).unwrap(),
        action: Action::TrackEvent {
            ids: &given,
            event_type: Some("seen"),
            timestamp: None,
            properties: PropertiesGiven::Object(Json(&properties)),
        },
    })
}

fn anonymize(project: &mut Project, customer: u32, at: u32) {
    let Some(customer) = InternalId::from_number(customer) else {
        return;
    };
    let fresh = format!("fresh{at}");
    let action = Action::Anonymize {
        who: Who::Internal(customer),
        fresh: &fresh,
    };
    let at = Timestamp::new(f64::from(at)).unwrap();
    // Who is not there cannot be anonymized, which changes nothing.
    let _outcome = project.apply(&Command { at, action });
}

/// On whom the event of each call is.
fn owners(project: &Project, calls: usize) -> Vec<Option<u32>> {
    let mut owners = alloc::vec![None; calls];
    for customer in project.customers() {
        for event in project.profile(customer).unwrap().events {
            let call = event.at.seconds() as usize;
            assert_eq!(
                owners[call], None,
                "the event of call {call} is there twice"
            );
            owners[call] = Some(customer.number() - 1);
        }
    }
    owners
}

fn ids() -> impl Strategy<Value = Ids> {
    let value = || option::of(0_u32..4);
    let any = [
        value().boxed(),
        value().boxed(),
        value().boxed(),
        value().boxed(),
    ];
    any.prop_filter("a call names somebody", |ids| {
        ids.iter().any(Option::is_some)
    })
}

/// A project that answers by the strategy holds what the bare ledger says, and keeps its promises after every call.
fn agree(strategy: LedgerStrategy, calls: &[Ids]) -> Result<(), TestCaseError> {
    let (mut project, mut ledger) = (project(strategy), ledger(strategy));
    // Numbered as they are first seen: which profile a part of a graph keeps depends on that.
    let mut seen = Vec::new();
    for (at, ids) in (0..).zip(calls) {
        let mut number = |place: usize, value: u32| {
            let known = seen.iter().position(|one| *one == (place, value));
            let value = known.unwrap_or_else(|| {
                seen.push((place, value));
                seen.len() - 1
            });
            LedgerId {
                id_type: RANKS[place],
                value: value as u32,
            }
        };
        let told: Vec<_> = (0..4).filter_map(|at| Some(number(at, ids[at]?))).collect();
        let now = Timestamp::new(f64::from(at)).unwrap();
        ledger.apply(&LedgerCommand::call(now, &told, Some(at)));
        let outcome = send(&mut project, *ids, at);
        prop_assert!(outcome.is_ok(), "{strategy:?} {ids:?} {outcome:?}");
        let checked = project.check();
        prop_assert!(checked.is_ok(), "{strategy:?} call {at}: {checked:?}");
    }
    let told: Vec<_> = (0..calls.len() as u32)
        .map(|event| ledger.owner_of_event(event).map(|owner| owner.0))
        .collect();
    prop_assert_eq!(owners(&project, calls.len()), told, "{:?}", strategy);
    Ok(())
}

/// More devices than any graph holds, each used alone before, beside the account, and by somebody else afterwards.
#[test]
fn a_project_is_what_its_ledger_says_beyond_every_cap() {
    let devices = 0..60;
    let alone = devices.clone().map(|one| [Some(one), None, None, None]);
    let beside = devices.clone().map(|one| [Some(one), Some(0), None, None]);
    let elsewhere = devices.map(|one| [Some(one), Some(1), None, None]);
    let calls: Vec<Ids> = alone.chain(beside).chain(elsewhere).collect();
    for strategy in answering() {
        agree(strategy, &calls).unwrap();
    }
}

proptest! {
    #[test]
    fn a_project_is_what_its_ledger_says(calls in collection::vec(ids(), 1..24)) {
        for strategy in answering() {
            agree(strategy, &calls)?;
        }
    }

    /// Whoever was anonymized is forgotten by the strategy too, and a fork does not know of its origin.
    #[test]
    fn promises_hold_where_people_are_anonymized(
        calls in collection::vec((ids(), 0_u32..8), 1..24),
    ) {
        for strategy in answering() {
            let mut project = project(strategy);
            for (at, (ids, whom)) in (0..).zip(&calls) {
                let before = project.clone();
                let _outcome = send(&mut project, *ids, at * 2);
                anonymize(&mut project, *whom, at * 2 + 1);
                prop_assert!(project.check().is_ok(), "{strategy:?}: {:?}", project.check());
                prop_assert!(before.check().is_ok());
            }
            let stored = owners(&project, calls.len() * 2);
            prop_assert_eq!(stored.iter().flatten().count(), calls.len());
        }
    }
}

#[test]
fn a_call_of_which_nothing_is_taken_changes_nothing() {
    let mut project = project(LedgerStrategy::from_name("demote-and-retry").unwrap());
    let given = [GivenId::text("cookie", "00-00")];
    let answer = project.apply(&Command {
        at: Timestamp::default(),
        action: Action::OpenLink { ids: &given },
    });
    let rule = Rule::ValueRefused;
    assert_eq!(answer.map(|_| ()), Err(Rejection::NothingTaken { rule }));
    assert_eq!(project.counts(), Default::default());
    project.check().unwrap();
}

#[test]
fn a_call_that_is_refused_as_a_whole_says_by_which_rule() {
    let names: Vec<String> = (0..21).map(|at| format!("t{at}")).collect();
    let types = names.iter().map(|name| IdType::soft(name.as_str()));
    let strategy = LedgerStrategy::from_name("unique-namespace-replay").unwrap();
    let mut project = Project::new(Settings {
        schema: IdSchema::new(types.collect()).unwrap(),
        strategy: Merging::Published(strategy),
        ..Settings::default()
    });
    let given: Vec<_> = names.iter().map(|name| GivenId::text(name, "a")).collect();
    let answer = project.apply(&Command {
        at: Timestamp::default(),
        action: Action::OpenLink { ids: &given },
    });
    let rule = Rule::UniqueNamespaceReplay;
    assert_eq!(answer.map(|_| ()), Err(Rejection::NothingTaken { rule }));
}

/// A choice of switches that no preset has is a guess, whatever its parts are.
#[test]
fn switches_that_nobody_published_are_assumed() {
    for (name, is_preset) in [
        ("guarded-identify", true),
        ("guarded-identify:guard=off", true),
        ("guarded-identify:guard=off:one_known_guard=on", false),
    ] {
        let mut project = project(LedgerStrategy::from_name(name).unwrap());
        let outcome = send(&mut project, [None, Some(0), None, None], 1).unwrap();
        let is_guess = outcome
            .because
            .iter()
            .any(|rule| rule == Rule::SwitchesUnpublished);
        assert_eq!(is_guess, !is_preset, "{name}");
    }
}

/// A project keeps a value with its time and nothing else, so it cannot weigh values.
#[test]
fn a_project_is_not_asked_what_it_does_not_remember() {
    for (properties, takes) in [
        ("latest", true),
        ("most_frequent", false),
        ("source_order", false),
    ] {
        let name = format!("merge-key-switch:properties={properties}");
        let taken = Merging::from_name(&name).unwrap().takes(&schema());
        assert_eq!(taken.is_ok(), takes, "{taken:?}");
        let told = taken.err().unwrap_or_default();
        assert!(takes || told.contains("does not remember that"), "{told}");
    }
}

/// A type that calls declare has the cap of any soft type, and what exceeds it is left out.
#[test]
fn a_declared_type_has_a_cap() {
    let mut project = Project::new(Settings {
        schema: schema(),
        strategy: Merging::Published(LedgerStrategy::from_name("demote-and-retry").unwrap()),
        switches: Switches {
            unknown_id_type: UnknownIdType::DeclareSoft,
            ..Switches::default()
        },
        ..Settings::default()
    });
    let most = usize::from(IdType::soft("tag").values_max);
    for number in 0..=most {
        let tag = format!("tag {number}");
        let given = [GivenId::text("registered", "a"), GivenId::text("tag", &tag)];
        let action = Action::OpenLink { ids: &given };
        let at = Timestamp::new(number as f64).unwrap();
        project.apply(&Command { at, action }).unwrap();
    }
    let customer = project
        .find(&[GivenId::text("registered", "a")])
        .unwrap()
        .unwrap();
    let held = project.profile(customer).unwrap();
    let tags = held.ids.iter().find(|(id_type, _)| id_type == "tag");
    assert_eq!(tags.unwrap().1.len(), most);
    project.check().unwrap();
}
