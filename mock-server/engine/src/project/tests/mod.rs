//! What no client of the public interface can bring about in a test: the wrap of the use marks, long chains, long values.
//! What it says beside who is whom is in `told`; everything else is compared with the slow model.

mod told;

use alloc::{boxed::Box, vec, vec::Vec};

use super::Project;
use crate::{
    Displaced, Settings, Timestamp,
    command::{Action, Command, Outcome, PropertiesGiven, Rejection},
    decision::Effect,
    ids::GivenId,
    store::Json,
};

fn apply(project: &mut Project, at: f64, ids: &[(&str, &str)]) -> Result<Outcome, Rejection> {
    let ids: Vec<_> = ids.iter().map(|(t, v)| GivenId::text(t, v)).collect();
    let outcome = project.apply(&Command {
        at: Timestamp::new(at).unwrap(),
        action: Action::SetProperties {
            ids: &ids,
            properties: PropertiesGiven::Object(&[]),
            update_timestamp: None,
        },
    });
    project.check().unwrap();
    outcome
}

#[test]
fn uses_are_renumbered_before_they_wrap() {
    let mut project = Project::new(Settings::default());
    for cookie in 0..64 {
        let cookie = alloc::format!("cookie-{cookie}");
        apply(
            &mut project,
            1.0,
            &[("registered", "ada"), ("cookie", &cookie)],
        )
        .unwrap();
    }
    project.store.tick = u32::MAX;
    apply(&mut project, 2.0, &[("cookie", "cookie-0")]).unwrap();
    assert!(project.store.tick < 100);
    let outcome = apply(
        &mut project,
        3.0,
        &[("registered", "ada"), ("cookie", "new")],
    )
    .unwrap();
    let displaced = Effect::Displaced(Box::new(Displaced {
        id_type: "cookie".into(),
        value: "cookie-1".into(),
    }));
    assert!(outcome.decision.effects.contains(&displaced));
}

#[test]
fn properties_of_any_length_and_number_are_read_back() {
    let mut project = Project::new(Settings {
        customer_attributes_max: u16::MAX,
        ..Settings::default()
    });
    let ids = [GivenId::text("registered", "ada")];
    for length in [1, 70_000, 3, 65_535, 65_536, 200_000, 0] {
        for number in 0..40_000_u32.min(if length == 1 { 40_000 } else { 20 }) {
            let name = alloc::format!("property {number}");
            let value = alloc::format!("\"{}\"", "x".repeat(length));
            let properties = [(name.as_str(), Json(value.as_str()))];
            let set = Action::SetProperties {
                ids: &ids,
                properties: PropertiesGiven::Object(&properties),
                update_timestamp: None,
            };
            let at = Timestamp::new(f64::from(number)).unwrap();
            let outcome = project.apply(&Command { at, action: set }).unwrap();
            let stored = project.property(outcome.decision.survivor, &name).unwrap();
            assert_eq!((stored.value, stored.at), (value, at));
        }
    }
}

#[test]
fn long_chains_of_merges_find_their_survivor() {
    let mut project = Project::new(Settings::default());
    let names: Vec<_> = (0..200).map(|n| alloc::format!("cookie-{n}")).collect();
    for name in &names {
        apply(&mut project, 1.0, &[("cookie", name)]).unwrap();
    }
    // From the youngest pair down, so that each survivor is absorbed by the next older one.
    let mut types = vec![];
    for pair in names.windows(2).rev() {
        let ids: Vec<_> = pair.iter().map(|name| ("cookie", name.as_str())).collect();
        types.push(
            apply(&mut project, 2.0, &ids)
                .unwrap()
                .decision
                .survivor
                .number(),
        );
    }
    assert_eq!(project.counts().customers, 1);
    assert_eq!(types.last(), Some(&1));
}
