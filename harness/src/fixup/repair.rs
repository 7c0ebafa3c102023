//! The two entry points: explain the duplicates of a project, and repair them. Both read the project
//! by the emulated API and take numbers and proofs from the control API where there is one.

use std::path::Path;

use serde::Serialize;

use super::{
    Applied, Before, CurlTarget, DiagnosedKey, Evidence, FixUpError, Found, Id, IdKind, IdSchema,
    Plan, PlanOptions, Profile, RootCause, RunLog, Verification, Watch,
    apply::{Nobody, apply_watched},
    counted, diagnose_profiles,
    live::{number, read_evidence, read_profile, read_profiles},
    plan_with, root_causes_of,
    verify::verify,
    youngest_wrong,
};
use crate::target::ProjectClient;

/// Whether anything is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Only the plan is made.
    #[default]
    DryRun,
    /// The plan is made, applied and proved.
    Apply,
}

/// What a repair did.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The plan.
    pub plan: Plan,
    /// What came of it.
    pub outcome: Outcome,
    /// Both in words, with a curl line for every call.
    pub text: String,
}

/// What came of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Nothing was sent.
    Planned,
    /// The calls were made.
    Applied {
        /// What was done.
        applied: Applied,
        /// What was proved.
        verification: Verification,
    },
}

/// Reads the project, plans its repair, and in [`Mode::Apply`] carries it out and proves it.
pub async fn repair(
    client: &ProjectClient,
    types: &IdSchema,
    options: &PlanOptions,
    mode: Mode,
) -> Result<Report, FixUpError> {
    let (profiles, evidence) = read(client, types, options).await?;
    let plan = plan_with(&profiles, types, options, &evidence);
    if mode == Mode::DryRun {
        let curl = CurlTarget::new(client.target.base_url(), &client.credentials.token);
        let mut text = plan.markdown(&curl);
        text.push_str(&Outcome::Planned.text());
        return Ok(Report {
            plan,
            outcome: Outcome::Planned,
            text,
        });
    }
    let before = Before::read(client, &profiles, &plan).await?;
    carry_out(client, types, plan, &before, &mut Nobody).await
}

/// The same as [`repair`] in [`Mode::Apply`], with a log from which a run that broke off goes on.
pub async fn repair_logged(
    client: &ProjectClient,
    types: &IdSchema,
    options: &PlanOptions,
    log: &Path,
) -> Result<Report, FixUpError> {
    let (profiles, evidence) = read(client, types, options).await?;
    let plan = plan_with(&profiles, types, options, &evidence);
    let before = Before::read(client, &profiles, &plan).await?;
    let mut log = RunLog::create(log, &plan, &before)?;
    carry_out(client, types, plan, &before, &mut log).await
}

/// Goes on with the run of a log and ends as it would have ended undisturbed.
pub async fn resume(
    client: &ProjectClient,
    types: &IdSchema,
    log: &Path,
) -> Result<Report, FixUpError> {
    let (mut log, run) = RunLog::resume(log)?;
    carry_out(client, types, run.plan, &run.before, &mut log).await
}

async fn carry_out(
    client: &ProjectClient,
    types: &IdSchema,
    plan: Plan,
    before: &Before,
    watch: &mut dyn Watch,
) -> Result<Report, FixUpError> {
    let options = plan.options();
    let curl = CurlTarget::new(client.target.base_url(), &client.credentials.token);
    let mut text = plan.markdown(&curl);
    let applied = apply_watched(&plan, client, watch).await?;
    let verification = verify(client, before, &plan, &applied, types, &options).await?;
    let outcome = Outcome::Applied {
        applied,
        verification,
    };
    text.push_str(&outcome.text());
    Ok(Report {
        plan,
        outcome,
        text,
    })
}

impl Report {
    /// What came of the plan, in words.
    pub fn outcome_text(&self) -> String {
        self.outcome.text()
    }
}

impl Outcome {
    fn text(&self) -> String {
        match self {
            Self::Planned => "\nDry run: nothing was sent.\n".to_owned(),
            Self::Applied {
                applied,
                verification,
            } => applied_text(applied) + &verification.text(),
        }
    }
}

/// The same as [`diagnose`], with the root causes that the journal shows.
pub async fn diagnose_causes(
    client: &ProjectClient,
    types: &IdSchema,
    options: &PlanOptions,
) -> Result<(Vec<DiagnosedKey>, Vec<RootCause>), FixUpError> {
    let (profiles, evidence) = read(client, types, options).await?;
    let keys = diagnose_profiles(&profiles, types, options, &evidence);
    Ok((keys, root_causes_of(&profiles, types, options, &evidence)))
}

/// Reads the project and explains every key with more than one profile.
pub async fn diagnose(
    client: &ProjectClient,
    types: &IdSchema,
    options: &PlanOptions,
) -> Result<Vec<DiagnosedKey>, FixUpError> {
    let (profiles, evidence) = read(client, types, options).await?;
    Ok(diagnose_profiles(&profiles, types, options, &evidence))
}

async fn read(
    client: &ProjectClient,
    types: &IdSchema,
    options: &PlanOptions,
) -> Result<(Vec<Profile>, Evidence), FixUpError> {
    check_email_type(types, options)?;
    let mut profiles = read_profiles(client).await?;
    number(client, &mut profiles).await?;
    let evidence = read_evidence(client).await?;
    if matches!(evidence, Evidence::ProfilesOnly) {
        read_events(client, &mut profiles, types, options).await?;
    }
    Ok((profiles, evidence))
}

fn check_email_type(types: &IdSchema, options: &PlanOptions) -> Result<(), FixUpError> {
    let hard: Vec<_> = types
        .of_kind(IdKind::Hard)
        .map(|id_type| id_type.name.as_str())
        .collect();
    if hard.contains(&options.email_type.as_str()) {
        return Ok(());
    }
    Err(FixUpError::NoSuchHardType {
        name: options.email_type.clone(),
        known: hard.join(", "),
    })
}

/// Without a journal the events of the youngest wrongly placed member of each key are evidence.
async fn read_events(
    client: &ProjectClient,
    profiles: &mut [Profile],
    types: &IdSchema,
    options: &PlanOptions,
) -> Result<(), FixUpError> {
    for at in youngest_wrong(profiles, options) {
        let Some(id) = first_id(&profiles[at], types) else {
            continue;
        };
        if let Found::Profile(found) = read_profile(client, &id).await? {
            profiles[at].events = found.events;
        }
    }
    Ok(())
}

fn first_id(profile: &Profile, types: &IdSchema) -> Option<Id> {
    types.types().iter().find_map(|id_type| {
        let mut values = profile.values(&id_type.name).iter();
        let value = values.find(|value| id_type.takes(value))?;
        Some(Id::new(&id_type.name, value))
    })
}

fn applied_text(applied: &Applied) -> String {
    let mut text = format!(
        "\n{} made, {} not needed any more\n",
        counted(applied.sent, "call"),
        applied.already
    );
    for skipped in &applied.skipped {
        text.push_str(&format!(
            "  left out {} for `{}`: {}\n",
            skipped.own, skipped.key, skipped.note
        ));
    }
    text
}
