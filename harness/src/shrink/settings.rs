//! Settings one step nearer to the default: a switch back, an ID type less, a limit as usual.
//! A reader should see only the settings that matter; the strategy always does, for every decision is its.

use twinfold_engine::{IdSchema, IdType, Settings, Switches};

use crate::{fixup::PlanOptions, traffic::Sent};

/// Every one step from these settings towards the default; unused ID types go, but not the one of e-mails.
pub(super) fn nearer_to_the_default(
    settings: &Settings,
    commands: &[Sent],
    options: &PlanOptions,
) -> Vec<Settings> {
    let mut forms: Vec<Settings> = Vec::new();
    let types = settings.schema.types();
    for position in 0..types.len() {
        let name = &types[position].name;
        let ids = || commands.iter().flat_map(|sent| sent.action.ids());
        if *name != options.email_type && ids().all(|id| id.id_type != *name) {
            let fewer = [&types[..position], &types[position + 1..]].concat();
            forms.extend(with_types(settings, fewer));
        }
    }
    for (position, id_type) in types.iter().enumerate() {
        let mut usual = types.to_vec();
        usual[position] = IdType::new(id_type.name.clone(), id_type.kind);
        forms.extend(with_types(settings, usual));
    }
    let (own, usual) = (settings.switches, Switches::default());
    let switches = [
        Switches {
            unknown_id_type: usual.unknown_id_type,
            ..own
        },
        Switches {
            hard_id_conflict: usual.hard_id_conflict,
            ..own
        },
        Switches {
            contested_soft_id: usual.contested_soft_id,
            ..own
        },
        Switches {
            property_conflict: usual.property_conflict,
            ..own
        },
    ];
    forms.extend(switches.map(|switches| Settings {
        switches,
        ..settings.clone()
    }));
    let usual = Settings::default();
    forms.push(Settings {
        private_properties: usual.private_properties,
        ..settings.clone()
    });
    forms.push(Settings {
        customer_attributes_max: usual.customer_attributes_max,
        ..settings.clone()
    });
    forms.retain(|form| form != settings);
    forms
}

fn with_types(settings: &Settings, types: Vec<IdType>) -> Option<Settings> {
    let schema = IdSchema::new(types).ok()?;
    Some(Settings {
        schema,
        ..settings.clone()
    })
}
