//! The two entry points: explain the duplicates of a project, and repair them. Both read the project
//! by the emulated API and take numbers and proofs from the control API where there is one.

use std::{collections::BTreeSet, path::Path};

use super::{
    Before, CurlTarget, DiagnosedKey, Evidence, FixUpError, Found, Id, IdKind, IdSchema, Outcome,
    Plan, PlanOptions, Profile, Progress, Report, RootCause, RunLog, Stage, Unseen, Watch,
    applied::Nobody,
    apply::apply_watched,
    diagnose_profiles,
    live::{number, read_evidence, read_profile, read_profiles},
    plan_with,
    progress::all_of,
    root_causes_of,
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

/// A project that is repaired, and who is shown how far it has come.
#[derive(Clone, Copy)]
pub struct Repair<'a> {
    /// The project.
    pub client: &'a ProjectClient,
    /// Its ID types.
    pub types: &'a IdSchema,
    /// Who is shown how far it has come.
    pub progress: &'a dyn Progress,
}

/// Reads the project, plans its repair, and in [`Mode::Apply`] carries it out and proves it.
pub async fn repair(
    client: &ProjectClient,
    types: &IdSchema,
    options: &PlanOptions,
    mode: Mode,
) -> Result<Report, FixUpError> {
    let repair = Repair::unseen(client, types);
    let plan = repair.plan(options).await?;
    match mode {
        Mode::DryRun => Ok(repair.only_planned(plan)),
        Mode::Apply => repair.apply(plan, None).await,
    }
}

/// The same as [`repair`] in [`Mode::Apply`], with a log from which a run that broke off goes on.
pub async fn repair_logged(
    client: &ProjectClient,
    types: &IdSchema,
    options: &PlanOptions,
    log: &Path,
) -> Result<Report, FixUpError> {
    let repair = Repair::unseen(client, types);
    let plan = repair.plan(options).await?;
    repair.apply(plan, Some(log)).await
}

/// Goes on with the run of a log and ends as it would have ended undisturbed.
pub async fn resume(
    client: &ProjectClient,
    types: &IdSchema,
    log: &Path,
) -> Result<Report, FixUpError> {
    Repair::unseen(client, types).resume(log).await
}

/// The same as [`diagnose`], with the root causes that the journal shows.
pub async fn diagnose_causes(
    client: &ProjectClient,
    types: &IdSchema,
    options: &PlanOptions,
) -> Result<(Vec<DiagnosedKey>, Vec<RootCause>), FixUpError> {
    let (profiles, evidence) = Repair::unseen(client, types).read(options).await?;
    let keys = diagnose_profiles(&profiles, types, options, &evidence);
    Ok((keys, root_causes_of(&profiles, types, options, &evidence)))
}

/// Reads the project and explains every key with more than one profile.
pub async fn diagnose(
    client: &ProjectClient,
    types: &IdSchema,
    options: &PlanOptions,
) -> Result<Vec<DiagnosedKey>, FixUpError> {
    let (profiles, evidence) = Repair::unseen(client, types).read(options).await?;
    Ok(diagnose_profiles(&profiles, types, options, &evidence))
}

impl<'a> Repair<'a> {
    fn unseen(client: &'a ProjectClient, types: &'a IdSchema) -> Self {
        Self {
            client,
            types,
            progress: &Unseen,
        }
    }

    /// Reads the project and plans; sends nothing.
    pub async fn plan(&self, options: &PlanOptions) -> Result<Plan, FixUpError> {
        let (profiles, evidence) = self.read(options).await?;
        Ok(plan_with(&profiles, self.types, options, &evidence))
    }

    /// The report of a plan that is not carried out.
    pub fn only_planned(&self, plan: Plan) -> Report {
        Report {
            plan,
            outcome: Outcome::Planned,
            curl: self.curl(),
        }
    }

    /// Carries a plan out and proves it, wherever the plan comes from: a profile that is not as it was planned is left alone.
    pub async fn apply(&self, plan: Plan, log: Option<&Path>) -> Result<Report, FixUpError> {
        check_types(self.types, &plan)?;
        let before = Before::read(self.client, &plan, self.progress).await?;
        match log {
            None => self.carry_out(plan, &before, &mut Nobody).await,
            Some(log) => {
                let mut log = RunLog::create(log, &plan, &before)?;
                self.carry_out(plan, &before, &mut log).await
            }
        }
    }

    /// Goes on with the run of a log and ends as it would have ended undisturbed.
    pub async fn resume(&self, log: &Path) -> Result<Report, FixUpError> {
        let (mut log, run) = RunLog::resume(log)?;
        check_types(self.types, &run.plan)?;
        self.carry_out(run.plan, &run.before, &mut log).await
    }

    async fn carry_out(
        &self,
        plan: Plan,
        before: &Before,
        watch: &mut dyn Watch,
    ) -> Result<Report, FixUpError> {
        let applied = apply_watched(&plan, self.client, watch, self.progress).await?;
        let proved = verify(
            self.client,
            before,
            &plan,
            &applied,
            self.types,
            self.progress,
        );
        let verification = proved.await?;
        let outcome = Outcome::Applied {
            applied,
            verification,
        };
        Ok(Report {
            plan,
            outcome,
            curl: self.curl(),
        })
    }

    fn curl(&self) -> CurlTarget {
        let token = &self.client.credentials.token;
        CurlTarget::new(self.client.target.base_url(), token)
    }

    async fn read(&self, options: &PlanOptions) -> Result<(Vec<Profile>, Evidence), FixUpError> {
        check_email_type(self.types, options)?;
        // First, so that what comes in before the profiles are read counts as traffic, not as known.
        let evidence = read_evidence(self.client).await?;
        let mut profiles = read_profiles(self.client).await?;
        number(self.client, &mut profiles).await?;
        if matches!(evidence, Evidence::ProfilesOnly) {
            self.read_events(&mut profiles, options).await?;
        }
        Ok((profiles, evidence))
    }

    /// Without a journal the events of the youngest wrongly placed member of each key are evidence.
    async fn read_events(
        &self,
        profiles: &mut [Profile],
        options: &PlanOptions,
    ) -> Result<(), FixUpError> {
        let named: Vec<(usize, Id)> = youngest_wrong(profiles, options)
            .into_iter()
            .filter_map(|at| Some((at, first_id(&profiles[at], self.types)?)))
            .collect();
        let found = named.iter().map(|(_, id)| read_profile(self.client, id));
        let found = all_of(Stage::Evidence, found.collect(), self.progress).await?;
        for ((at, _), found) in named.iter().zip(found) {
            if let Found::Profile(found) = found {
                profiles[*at].events = found.events;
            }
        }
        Ok(())
    }
}

/// A plan for other ID types would name IDs that the project does not read as they were meant.
fn check_types(types: &IdSchema, plan: &Plan) -> Result<(), FixUpError> {
    // An export does not tell the order.
    let has = |kind: IdKind, planned: &[String]| {
        let known = types.of_kind(kind).map(|id_type| &id_type.name);
        known.collect::<BTreeSet<_>>() == planned.iter().collect()
    };
    if has(IdKind::Hard, &plan.hard_types) && has(IdKind::Soft, &plan.soft_types) {
        return Ok(());
    }
    let named = |kind: IdKind| {
        let names = types.of_kind(kind).map(|id_type| id_type.name.as_str());
        names.collect::<Vec<_>>().join(", ")
    };
    Err(FixUpError::OtherTypes {
        planned: format!(
            "hard {}; soft {}",
            plan.hard_types.join(", "),
            plan.soft_types.join(", ")
        ),
        found: format!("hard {}; soft {}", named(IdKind::Hard), named(IdKind::Soft)),
    })
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

fn first_id(profile: &Profile, types: &IdSchema) -> Option<Id> {
    types.types().iter().find_map(|id_type| {
        let mut values = profile.values(&id_type.name).iter();
        let value = values.find(|value| id_type.takes(value))?;
        Some(Id::new(&id_type.name, value))
    })
}
