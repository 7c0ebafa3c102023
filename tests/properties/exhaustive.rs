//! Every history of three commands over few types and two values each, engine against model.
//! Of histories that differ only in the names of the values, one is enough: a type's first value comes first.

use twinfold::model::Model;
use twinfold_engine::{
    ContestedSoftId, GivenId, HardIdConflict, IdSchema, IdType, Project, PropertyConflict,
    Settings, Switches,
};

use crate::{
    checks,
    step::{Asks, Step, Whom},
};

const COMMANDS: usize = 3;
const VALUES: [&str; 2] = ["first", "second"];

/// The kinds of command; the last one is enough where only identities matter.
const KINDS: [Kind; 5] = [
    Kind::Track,
    Kind::Open,
    Kind::Anonymize,
    Kind::SetWhereOlder,
    Kind::Set,
];

#[derive(Clone, Copy)]
enum Kind {
    Set,
    SetWhereOlder,
    Track,
    Open,
    Anonymize,
}

/// One walk through all histories of one project.
struct Walk<'w> {
    types: &'w [&'static str],
    kinds: &'w [Kind],
    steps: u64,
}

#[test]
fn two_types_and_every_kind_of_command() {
    let types = vec![IdType::hard("registered"), small(IdType::soft("cookie"))];
    let mut steps = 0;
    for contested in ContestedSoftId::ALL {
        for property in PropertyConflict::ALL {
            let switches = Switches {
                contested_soft_id: *contested,
                property_conflict: *property,
                ..Switches::default()
            };
            steps += walk(&types, switches, &KINDS);
        }
    }
    assert!(steps > 100_000, "only {steps} steps");
}

#[test]
fn two_hard_and_two_soft_types() {
    let types = vec![
        IdType::hard("registered"),
        IdType::soft("device"),
        IdType::hard("email_id"),
        small(IdType::soft("cookie")),
    ];
    let mut steps = 0;
    for contested in ContestedSoftId::ALL {
        for hard in HardIdConflict::ALL {
            let switches = Switches {
                contested_soft_id: *contested,
                hard_id_conflict: *hard,
                ..Switches::default()
            };
            steps += walk(&types, switches, &[Kind::Set]);
        }
    }
    assert!(steps > 100_000, "only {steps} steps");
}

fn small(id_type: IdType) -> IdType {
    IdType {
        values_max: 1,
        ..id_type
    }
}

fn walk(types: &[IdType], switches: Switches, kinds: &[Kind]) -> u64 {
    let settings = Settings {
        schema: IdSchema::new(types.to_vec()).expect("types differ"),
        switches,
        ..Settings::default()
    };
    let names: Vec<_> = types.iter().map(|t| name_of(&t.name)).collect();
    let mut walk = Walk {
        types: &names,
        kinds,
        steps: 0,
    };
    let start = (Project::new(settings.clone()), Model::new(settings));
    walk.from(&start, 0, &vec![0; names.len()]);
    println!(
        "{:>8} steps under {}, {}, {}",
        walk.steps,
        switches.hard_id_conflict.slug(),
        switches.contested_soft_id.slug(),
        switches.property_conflict.slug(),
    );
    walk.steps
}

fn name_of(name: &str) -> &'static str {
    let names = ["registered", "email_id", "cookie", "device"];
    names
        .into_iter()
        .find(|known| *known == name)
        .expect("a type of these walks")
}

impl Walk<'_> {
    /// All continuations of a history; `seen` says of each type how many of its values have been used.
    fn from(&mut self, (project, model): &(Project, Model), depth: usize, seen: &[usize]) {
        if depth == COMMANDS {
            return;
        }
        for choice in choices(seen) {
            let ids: Vec<_> = self
                .types
                .iter()
                .zip(&choice)
                .filter_map(|(name, value)| Some(GivenId::text(name, VALUES[(*value)?])))
                .collect();
            let seen: Vec<_> = seen
                .iter()
                .zip(&choice)
                .map(|(seen, value)| value.map_or(*seen, |value| (*seen).max(value + 1)))
                .collect();
            for kind in self.kinds {
                let step = step(*kind, depth, ids.clone());
                let (mut project, mut model) = (project.clone(), model.clone());
                let expected = step.with(|command| model.apply(command));
                checks::quick_step(&mut project, &step, &model, &expected);
                self.steps += 1;
                self.from(&(project, model), depth + 1, &seen);
            }
        }
    }
}

/// Every way to give each type no value, one that was used, or the next one.
fn choices(seen: &[usize]) -> Vec<Vec<Option<usize>>> {
    let Some((first, rest)) = seen.split_first() else {
        return vec![Vec::new()];
    };
    let last = (*first).min(VALUES.len() - 1);
    let values: Vec<_> = std::iter::once(None).chain((0..=last).map(Some)).collect();
    let rest = choices(rest);
    let with = |value: &Option<usize>| -> Vec<Vec<Option<usize>>> {
        let each = rest
            .iter()
            .map(|rest| [&[*value], rest.as_slice()].concat());
        each.collect()
    };
    values.iter().flat_map(with).collect()
}

fn step(kind: Kind, depth: usize, ids: Vec<GivenId<'static>>) -> Step {
    let properties = ["\"one\"", "\"two\"", "\"three\""];
    let at = depth as f64;
    let properties = Some(vec![
        ("email", properties[depth]),
        ("city", properties[depth]),
    ]);
    let asks = match kind {
        Kind::Set => Asks::Set {
            ids,
            properties,
            update_timestamp: None,
        },
        Kind::SetWhereOlder => Asks::Set {
            ids,
            properties,
            update_timestamp: Some(1.0),
        },
        Kind::Track => Asks::Track {
            ids,
            event_type: Some("view"),
            timestamp: Some(1.0),
            properties: Some("{}"),
        },
        Kind::Open => Asks::Open { ids },
        Kind::Anonymize => Asks::Anonymize {
            whom: Whom::Ids(ids),
            fresh: ["fresh 1", "fresh 1", "fresh 2"][depth],
        },
    };
    Step { at, asks }
}
