//! The comparison after every step: what the engine says and holds is what the model says and holds.
//! The historical invariants are checked beside it.

use twinfold::model::{Model, ModelOutcome};
use twinfold_engine::{Decision, Effect, Outcome, Profile, Project, Rejection};

use crate::{
    invariants,
    step::{Step, internal, time},
};

/// Applies a step to the engine and compares everything with the model, which has applied it before.
pub(crate) fn step(
    project: &mut Project,
    step: &Step,
    model: &Model,
    expected: &Result<ModelOutcome, Rejection>,
) -> Result<Outcome, Rejection> {
    let before = project.clone();
    let found = step.with(|command| project.apply(command));

    outcomes_agree(&found, expected, model, step);
    let profiles = profiles(project);
    assert_eq!(profiles, model.profiles(), "profiles: engine, model");
    derived_agree(project, &profiles, model, step);

    if let Err(violation) = project.check() {
        assert!(violation.found.is_empty(), "{violation}");
    }
    invariants::of_state(project, &profiles);
    invariants::of_history(&before, project, step, &found);
    found
}

/// A step as [`step`] takes it, compared in outcome and profiles only: for histories by the hundred thousand.
pub(crate) fn quick_step(
    project: &mut Project,
    step: &Step,
    model: &Model,
    expected: &Result<ModelOutcome, Rejection>,
) {
    let found = step.with(|command| project.apply(command));
    outcomes_agree(&found, expected, model, step);
    assert_eq!(
        profiles(project),
        model.profiles(),
        "profiles: engine, model"
    );
}

/// All profiles, in order of creation.
pub(crate) fn profiles(project: &Project) -> Vec<Profile> {
    let customers = project.customers();
    customers
        .filter_map(|customer| project.profile(customer))
        .collect()
}

fn outcomes_agree(
    found: &Result<Outcome, Rejection>,
    expected: &Result<ModelOutcome, Rejection>,
    model: &Model,
    step: &Step,
) {
    match (found, expected) {
        (Ok(found), Ok(expected)) => {
            decisions_agree(&found.decision, expected);
            assert_eq!(found.happened, expected.happened, "happened: engine, model");
        }
        // Which of several clashes is named is left open.
        (Err(clash), Err(expected)) if clash.slug() == "hard-id-conflict" => {
            assert_eq!(clash.slug(), expected.slug(), "rejections: engine, model");
            let conflicts = model.conflicts(step.ids());
            assert!(
                conflicts.contains(clash),
                "{clash:?} is none of {conflicts:?}"
            );
        }
        _ => {
            let found = found.as_ref().err();
            assert_eq!(found, expected.as_ref().err(), "rejections: engine, model");
        }
    }
}

fn decisions_agree(found: &Decision, expected: &ModelOutcome) {
    assert_eq!(found.survivor, expected.survivor, "survivor: engine, model");
    assert_eq!(found.created, expected.created, "created: engine, model");
    assert_eq!(
        found.absorbed.as_slice(),
        expected.absorbed,
        "absorbed: engine, model"
    );
    let all = [
        &expected.added,
        &expected.moved,
        &expected.kept,
        &expected.dropped,
        &expected.displaced,
    ];
    let expected = as_set(all.into_iter().flatten());
    assert_eq!(as_set(&found.effects), expected, "effects: engine, model");
}

fn as_set<'e>(effects: impl IntoIterator<Item = &'e Effect>) -> Vec<String> {
    let mut effects: Vec<_> = effects.into_iter().map(|e| format!("{e:?}")).collect();
    effects.sort();
    effects
}

/// What is derived from the profiles: consents, whither the absorbed went, reads, counts.
fn derived_agree(project: &Project, profiles: &[Profile], model: &Model, step: &Step) {
    for profile in profiles {
        for now in [time(2.0), time(3.5)] {
            let expected = model.consents(profile.internal_id, now);
            assert_eq!(profile.consents(now), expected, "consents: engine, model");
        }
    }
    let created = (project.counts().customers + project.counts().absorbed) as u32;
    for customer in (1..=created + 1).map(internal) {
        assert_eq!(
            project.survivor_of(customer),
            model.survivor_of(customer),
            "where {customer} went: engine, model"
        );
    }
    assert_eq!(
        project.find(step.ids()),
        model.find(step.ids()),
        "found by a read: engine, model"
    );
    let types: Vec<_> = profiles
        .iter()
        .flat_map(|p| &p.ids)
        .map(|(name, _)| name)
        .collect();
    let known = |name: &&String| project.schema().get(name).is_some();
    assert!(types.iter().all(known), "a profile has an undeclared type");
}
