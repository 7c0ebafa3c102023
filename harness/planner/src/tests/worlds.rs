//! Random projects: a schema and profiles that no two IDs are shared by.

use std::collections::BTreeSet;

use serde_json::json;

use super::generator::Generator;
use crate::{IdKind, IdSchema, IdType, Profile};

/// Schemas and IDs as they should be, or also such as an old project may still hold.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum World {
    Clean,
    Old,
}

pub(super) fn types(random: &mut Generator, world: World) -> IdSchema {
    let names = ["registered", "crm", "loyalty", "cookie", "ga"];
    let kinds = [
        IdKind::Hard,
        IdKind::Hard,
        IdKind::Hard,
        IdKind::Soft,
        IdKind::Soft,
    ];
    let all = names.into_iter().zip(kinds).map(|(name, kind)| IdType {
        lowercase: world == World::Old && random.one_in(4),
        trim: world == World::Clean || random.one_in(2),
        values_max: 3,
        ..IdType::new(name, kind)
    });
    IdSchema::new(all.collect()).unwrap()
}

pub(super) fn profiles(random: &mut Generator, world: World) -> Vec<Profile> {
    let emails = [
        "a@x.cz", "b@x.cz", "A@x.cz", "c@x.cz", "B@X.cz", " a@x.cz", "-@-", "7", "8",
    ];
    let strange = [" s", "--", "S", "undefined"];
    let mut taken = BTreeSet::new();
    let len = 1 + random.below(9);
    let mut profiles = Vec::new();
    for age in 0..len {
        let mut profile = Profile {
            age,
            number: Some(age as u64 + 1),
            ..Profile::default()
        };
        let mut id = |profile: &mut Profile, name: &str, value: String| {
            if taken.insert((name.to_owned(), value.clone())) {
                profile.ids.entry(name.to_owned()).or_default().push(value);
            }
        };
        let pool = if world == World::Clean {
            [0, 1, 2, 3, 4, 7, 8]
        } else {
            [0, 1, 2, 5, 4, 6, 7]
        };
        if random.one_in(3) {
            id(
                &mut profile,
                "registered",
                emails[random.pick(&pool)].to_owned(),
            );
        }
        for name in ["crm", "loyalty"] {
            if random.one_in(3) {
                id(&mut profile, name, random.below(4).to_string());
            }
        }
        for name in ["cookie", "ga"] {
            for _ in 0..random.below(3) {
                id(&mut profile, name, format!("{name}-{}", random.below(1000)));
            }
        }
        if world == World::Old && random.one_in(3) {
            let name = random.pick(&["crm", "cookie"]);
            if !profile.ids.contains_key(name) {
                id(&mut profile, name, random.pick(&strange).to_owned());
            }
        }
        if profile.ids.is_empty() {
            id(&mut profile, "cookie", format!("only-{age}"));
        }
        if !random.one_in(4) {
            profile
                .properties
                .insert("email".into(), json!(emails[random.pick(&pool)]));
        }
        profile
            .properties
            .insert("name".into(), json!(random.below(3)));
        profiles.push(profile);
    }
    profiles
}
