//! Settings by the name of what would answer: a strategy, or Engagement with other switches.
//! A name is what `--strategy` takes: `demote-and-retry`, `guarded-identify:guard=off`,
//! `engagement:contested_soft_id=newer_customer`.

use alloc::{format, string::String, vec::Vec};

use crate::{
    settings::{
        ContestedSoftId, HardIdConflict, PropertyConflict, Settings, Switches, UnknownIdType,
    },
    strategy::Strategy,
};

/// The same project answering by this name; switches that the name leaves out stay as they are.
pub fn by_name(settings: &Settings, name: &str) -> Result<Settings, String> {
    let mut switches = settings.switches;
    let strategy = match name.strip_prefix("engagement:") {
        None => Strategy::from_name(name)?,
        Some(parts) => {
            for part in parts.split(':') {
                switches = switched(switches, part)?;
            }
            Strategy::Engagement
        }
    };
    strategy.takes(&settings.schema)?;
    Ok(Settings {
        strategy,
        switches,
        ..settings.clone()
    })
}

/// Every other way in which the project could answer, by name: the strategies, and Engagement with one switch changed.
pub fn others(settings: &Settings) -> Vec<(String, Settings)> {
    let names = Strategy::answering().map(Strategy::name);
    let switched = SWITCHES.iter().flat_map(|(switch, choices)| {
        let names = choices.iter();
        names.map(move |choice| format!("engagement:{switch}={choice}"))
    });
    let all = names.chain(switched);
    let with_settings = all.filter_map(|name| {
        let other = by_name(settings, &name).ok()?;
        let is_another = other != *settings;
        // Where another strategy answers, Engagement with a switch as it is would be there twice.
        let is_usual = name.contains(':') && other.switches == settings.switches;
        (is_another && !is_usual).then_some((name, other))
    });
    with_settings.collect()
}

/// The switches that are about who is who.
const SWITCHES: [(&str, [&str; 2]); 2] = [
    ("hard_id_conflict", ["reject", "first_hard_type_wins"]),
    ("contested_soft_id", ["addressed", "newer_customer"]),
];

fn switched(mut switches: Switches, part: &str) -> Result<Switches, String> {
    let (name, choice) = part.split_once('=').unwrap_or((part, ""));
    let none = |known: Vec<&str>| format!("{name}: `{choice}` is none of {}", known.join(", "));
    macro_rules! choose {
        ($field:ident, $of:ident) => {{
            let found = $of::from_slug(choice);
            let known = || $of::ALL.iter().map(|one| one.slug()).collect();
            switches.$field = found.ok_or_else(|| none(known()))?;
        }};
    }
    match name {
        "unknown_id_type" => choose!(unknown_id_type, UnknownIdType),
        "hard_id_conflict" => choose!(hard_id_conflict, HardIdConflict),
        "contested_soft_id" => choose!(contested_soft_id, ContestedSoftId),
        "property_conflict" => choose!(property_conflict, PropertyConflict),
        _ => {
            return Err(format!(
                "`{name}` is no switch; there are unknown_id_type, hard_id_conflict, contested_soft_id and \
                 property_conflict"
            ));
        }
    }
    Ok(switches)
}
