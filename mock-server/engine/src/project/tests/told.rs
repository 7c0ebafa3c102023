//! What a project says beside who is whom: the rules behind an answer, what was ever stored, and a stream's answers.

use alloc::{format, string::String, vec, vec::Vec};

use crate::{
    ContestedSoftId, HardIdConflict, IdSchema, IdType, Json, Project, Rule, Settings, Strategy,
    Switches, Timestamp, UnknownIdType,
    command::{Action, Command, PropertiesGiven},
    ids::GivenId,
    ledger::LedgerStrategy,
};

/// `registered=ada cookie=phone | city`; behind the bar the properties that it sets where they are older.
fn with<R>(row: &'static str, then: impl FnOnce(&Command<'_>) -> R) -> R {
    let (ids, names) = row.split_once('|').unwrap_or((row, ""));
    let ids: Vec<_> = ids
        .split_whitespace()
        .map(|word| word.split_once('=').unwrap())
        .map(|(name, value)| GivenId::text(name, value))
        .collect();
    let properties: Vec<_> = names.split_whitespace().map(|n| (n, Json("1"))).collect();
    let action = Action::SetProperties {
        ids: &ids,
        properties: PropertiesGiven::Object(&properties),
        update_timestamp: (!properties.is_empty()).then(|| Timestamp::new(1.0).unwrap()),
    };
    then(&Command {
        at: Timestamp::new(1.0).unwrap(),
        action,
    })
}

fn project(switches: Switches) -> Project {
    let types = ["registered", "crm"].map(IdType::hard).into_iter();
    let types = types.chain(["cookie", "device"].map(IdType::soft));
    Project::new(Settings {
        schema: IdSchema::new(types.collect()).unwrap(),
        customer_attributes_max: 2,
        switches,
        ..Settings::default()
    })
}

/// The rules behind the answer to the last of these calls.
fn because(switches: Switches, rows: &[&'static str]) -> String {
    let mut project = project(switches);
    let answers = rows
        .iter()
        .map(|row| with(row, |command| project.apply(command).unwrap()));
    let last = answers.last().unwrap();
    assert_eq!(project.counts().commands, rows.len() as u64);
    let mut slugs: Vec<_> = last.because.iter().map(Rule::slug).collect();
    slugs.sort_unstable();
    slugs.join(" ")
}

#[test]
fn an_answer_names_its_rules_and_no_other() {
    let usual = Switches::default();
    let stays = Switches {
        contested_soft_id: ContestedSoftId::NewerCustomer,
        ..usual
    };
    let drops = Switches {
        hard_id_conflict: HardIdConflict::FirstHardTypeWins,
        ..usual
    };
    let cases: [(Switches, &[&'static str], &str); 12] = [
        (usual, &["registered=ada"], "created-by-hard-id"),
        (
            usual,
            &["registered=ada", "registered=ada cookie=1"],
            "found-by-id id-added",
        ),
        (
            usual,
            &["registered=ada", "cookie=1", "registered=ada cookie=1"],
            "found-by-id merge-tracked oldest-survives shared-id-merges",
        ),
        (
            usual,
            &[
                "registered=ada",
                "cookie=1",
                "registered=ada cookie=1 device=2",
            ],
            "found-by-id id-added merge-tracked oldest-survives shared-id-merges",
        ),
        (
            usual,
            &[
                "registered=ada",
                "cookie=1",
                "device=2",
                "registered=ada cookie=1 device=2",
            ],
            "found-by-id merge-tracked oldest-survives several-merge shared-id-merges",
        ),
        (
            usual,
            &["registered=ada cookie=1", "registered=bob cookie=1"],
            "contested-moves created-by-hard-id",
        ),
        (
            usual,
            &[
                "registered=bob",
                "registered=ada cookie=1",
                "registered=bob cookie=1",
            ],
            "contested-moves-to-older found-by-id",
        ),
        (
            stays,
            &[
                "registered=bob",
                "registered=ada cookie=1",
                "registered=bob cookie=1",
            ],
            "contested-stays found-by-id",
        ),
        (
            drops,
            &["registered=ada crm=1", "registered=bob crm=1"],
            "created-by-hard-id first-hard-type-wins",
        ),
        (
            usual,
            &["registered=ada | city", "registered=ada | city"],
            "found-by-id older-update-ignored",
        ),
        (
            usual,
            &["registered=ada | city phone", "registered=ada | zip"],
            "found-by-id new-attribute-discarded",
        ),
        (
            usual,
            &["registered=ada | city phone"],
            "created-by-hard-id",
        ),
    ];
    for (switches, rows, rules) in cases {
        assert_eq!(because(switches, rows), rules, "{rows:?}");
    }
}

#[test]
fn a_project_knows_its_settings_and_the_names_that_were_stored() {
    let mut project = project(Switches::default());
    assert_eq!(project.settings().customer_attributes_max, 2);
    with("registered=ada | city", |command| {
        project.apply(command).unwrap()
    });
    let view = Command {
        at: Timestamp::new(2.0).unwrap(),
        action: Action::TrackEvent {
            ids: &[GivenId::text("registered", "ada")],
            event_type: Some("view"),
            timestamp: None,
            properties: PropertiesGiven::Object(Json("{}")),
        },
    };
    project.apply(&view).unwrap();
    let attributes = ["city", "view"].map(|name| project.has_attribute(name));
    let event_types = ["city", "view"].map(|name| project.has_event_type(name));
    assert_eq!((attributes, event_types), ([true, false], [false, true]));
}

/// Three windows of commands; two of the first declare a type each, so that what was read ahead is stale.
#[test]
fn a_stream_is_answered_as_its_commands_one_by_one() {
    let switches = Switches {
        unknown_id_type: UnknownIdType::DeclareSoft,
        ..Switches::default()
    };
    let values: Vec<_> = (0..140).map(|n| format!("{}", n % 9)).collect();
    let ids: Vec<_> = values
        .iter()
        .enumerate()
        .map(|(n, value)| {
            let name = ["cookie", "registered", "shop", "size"][n % 4];
            [GivenId::text("device", value), GivenId::text(name, value)]
        })
        .collect();
    let commands: Vec<_> = ids
        .iter()
        .map(|ids| Command {
            at: Timestamp::new(1.0).unwrap(),
            action: Action::OpenLink { ids },
        })
        .collect();
    let (mut one_by_one, mut stream) = (project(switches), project(switches));
    let answers = commands.iter().map(|command| one_by_one.apply(command));
    let answers: Vec<_> = answers.enumerate().collect();
    let mut streamed = Vec::new();
    stream.apply_all(&commands, |position, answer| {
        streamed.push((position, answer))
    });
    assert_eq!(streamed, answers);
    assert_eq!(format!("{stream:?}"), format!("{one_by_one:?}"));
}

#[test]
fn every_strategy_has_a_name_by_which_it_is_found() {
    let published = LedgerStrategy::ALL.map(Strategy::Published);
    let all = [&[Strategy::Engagement], published.as_slice()].concat();
    assert_eq!(Strategy::ALL, all);
    for one in Strategy::ALL {
        assert_eq!(Strategy::from_name(&one.name()), Ok(*one));
    }
}

#[test]
fn a_project_answers_by_what_can_answer_each_call_and_tells_its_types_apart() {
    let taken = |name: &str, types: u16| {
        let types = (0..types).map(|n| IdType::soft(format!("type {n}")));
        let schema = IdSchema::new(types.collect()).unwrap();
        Strategy::from_name(name).unwrap().takes(&schema).is_ok()
    };
    for (name, types, answers) in [
        ("engagement", 256, true),
        ("never-merge", 255, true),
        ("never-merge", 256, false),
        ("closure-with-limits", 2, true),
        ("closure-with-limits:run=batch", 2, false),
        ("entity-centric-revision", 2, false),
        ("replay-rebuild", 2, false),
    ] {
        assert_eq!(taken(name, types), answers, "{name} with {types} types");
    }
}

#[test]
fn what_was_done_to_a_value_is_said_and_nothing_else() {
    for (trim, lowercase, value, done) in [
        (true, false, " Ada ", "trimmed"),
        (true, true, " ada ", "trimmed"),
        (true, true, "Ada", "lowercased"),
        (true, true, " Ada ", "lowercased trimmed"),
        (true, true, "ěva", ""),
        (false, false, " Ada ", ""),
        (false, true, " Ada ", "lowercased"),
        // It may change by lower case, does not, and keeps its white space.
        (false, true, " ěva ", ""),
    ] {
        let id_type = IdType {
            trim,
            lowercase,
            ..IdType::hard("registered")
        };
        let mut project = Project::new(Settings {
            schema: IdSchema::new(vec![id_type]).unwrap(),
            ..Settings::default()
        });
        let outcome = project.apply(&Command {
            at: Timestamp::new(1.0).unwrap(),
            action: Action::OpenLink {
                ids: &[GivenId::text("registered", value)],
            },
        });
        let rules = outcome.unwrap().because;
        let said = [Rule::Lowercased, Rule::Trimmed].into_iter();
        let said: Vec<_> = said
            .filter(|rule| rules.contains(*rule))
            .map(Rule::slug)
            .collect();
        assert_eq!(said.join(" "), done, "{value:?}");
    }
}
