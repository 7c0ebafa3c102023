//! What a repair reads: exports, plans and run logs.
//! What was read is printed, and read again after it was written; nothing is sent to a project that it does not fit.

use std::{fs, io::Write as _, path::Path};

use serde_json::json;
use tempfile::NamedTempFile;
use twinfold::{
    fixup::{
        self, Before, CurlTarget, Evidence, Export, IdKind, IdSchema, Plan, PlanOptions, Policies,
        Repair, RunLog, Schema, Unseen, diagnose_profiles, plan_with, read_plan,
    },
    target::ProjectClient,
};

use super::{
    Read,
    api::{forget, is_sound, project},
    run,
};

/// A file with these bytes; it goes with the value.
fn file(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

/// An export: read, diagnosed, planned under both policies, and each plan read back.
pub fn export(bytes: &[u8]) -> Read {
    let export = match Export::parse("export.jsonl", bytes, Schema::Inferred) {
        Ok(export) => export,
        Err(error) => {
            let lines = 1 + bytes.iter().filter(|byte| **byte == b'\n').count();
            assert!((1..=lines).contains(&error.line), "{error}");
            assert!(!error.to_string().is_empty() && !error.advice.is_empty());
            return Read::Refused;
        }
    };
    for policies in [Policies::default(), Policies::resolve_all()] {
        let options = options(&export.types, policies);
        let plan = || {
            plan_with(
                &export.profiles,
                &export.types,
                &options,
                &Evidence::ProfilesOnly,
            )
        };
        let (first, second) = (plan(), plan());
        assert_eq!(first, second, "the same profiles, another plan");
        is_printed(&first);
        assert_eq!(first.summary.profiles, export.profiles.len());
        let keys = diagnose_profiles(
            &export.profiles,
            &export.types,
            &options,
            &Evidence::ProfilesOnly,
        );
        assert_eq!(keys.len(), first.keys.len());
    }
    Read::Taken
}

pub(super) fn options(types: &IdSchema, policies: Policies) -> PlanOptions {
    let hard = types
        .of_kind(IdKind::Hard)
        .map(|id_type| id_type.name.as_str());
    let mut hard: Vec<_> = hard.collect();
    hard.sort_by_key(|name| *name != "registered");
    PlanOptions {
        email_type: hard.first().unwrap_or(&"registered").to_string(),
        policies,
        ..PlanOptions::default()
    }
}

/// A plan prints in every form, and its JSON is read back as the same plan.
fn is_printed(plan: &Plan) {
    let curl = CurlTarget::new("http://127.0.0.1:8080", "token");
    assert!(plan.markdown(&curl).starts_with("# Repair plan\n"));
    assert!(!plan.counts().is_empty());
    let _said = (plan.lines(), plan.cautions(), plan.needs_confirmation());
    let written = json!({"plan": plan}).to_string();
    let again = read_plan(file(written.as_bytes()).path());
    assert_eq!(again.as_ref().ok(), Some(plan), "{again:?}");
}

/// A plan file. One that is read prints, and is carried out on a project that it may not fit at all.
pub fn plan(bytes: &[u8]) -> Read {
    let plan = match read_plan(file(bytes).path()) {
        Ok(plan) => plan,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return Read::Refused;
        }
    };
    is_printed(&plan);
    run(async {
        let (client, types) = (project().await, IdSchema::default());
        let repair = Repair {
            client: &client,
            types: &types,
            progress: &Unseen,
        };
        let fits = is_of_these_types(&plan, &types);
        let applied = repair.apply(plan, None).await;
        assert!(
            fits || applied.is_err(),
            "a plan of other types was applied"
        );
        assert!(fits || client.calls.seen().is_empty(), "something was sent");
        is_sound(&client).await;
        forget(&client).await;
    });
    Read::Taken
}

fn is_of_these_types(plan: &Plan, types: &IdSchema) -> bool {
    let is = |kind, names: &[String]| types.of_kind(kind).map(|t| &t.name).eq(names);
    is(IdKind::Hard, &plan.hard_types) && is(IdKind::Soft, &plan.soft_types)
}

/// A run log. If its first line is a plan, a real log is begun for it and the other lines follow; else it is taken as
/// it is. One that is read says the same when it is read again, and the run is taken up.
pub fn run_log(bytes: &[u8]) -> Read {
    run(async {
        let (client, types) = (project().await, IdSchema::default());
        let log = begun(bytes, &client).await.unwrap_or_else(|| file(bytes));
        let is_taken = taken_up(log.path(), &client, &types).await;
        is_sound(&client).await;
        forget(&client).await;
        Read::taken_if(is_taken)
    })
}

async fn begun(bytes: &[u8], client: &ProjectClient) -> Option<NamedTempFile> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let plan = read_plan(file(&bytes[..end]).path()).ok()?;
    let before = Before::read(client, &plan, &Unseen).await.ok()?;
    let log = NamedTempFile::new().unwrap();
    fs::remove_file(log.path()).unwrap();
    drop(RunLog::create(log.path(), &plan, &before).unwrap());
    let (_, run) = RunLog::resume(log.path()).expect("what was begun is taken up");
    assert_eq!(run.plan, plan);
    let mut whole = fs::read(log.path()).unwrap();
    whole.extend_from_slice(&bytes[end + 1..]);
    fs::write(log.path(), whole).unwrap();
    Some(log)
}

/// Whether the log could be read.
async fn taken_up(log: &Path, client: &ProjectClient, types: &IdSchema) -> bool {
    client.calls.taken();
    let run = match RunLog::resume(log) {
        Ok((_, run)) => run,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            assert!(fixup::resume(client, types, log).await.is_err());
            assert!(client.calls.seen().is_empty(), "something was sent");
            return false;
        }
    };
    let (_, again) = RunLog::resume(log).expect("reading changes nothing");
    assert_eq!(again.plan, run.plan);
    let resumed = fixup::resume(client, types, log).await;
    if !is_of_these_types(&run.plan, types) {
        assert!(resumed.is_err(), "a run of other types was taken up");
        assert!(client.calls.seen().is_empty(), "something was sent");
    }
    true
}
