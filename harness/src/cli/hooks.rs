//! What scenarios need of the fix-up: the repair for the block `fix-up`, the lines of `diagnosis`, `causes` and `plan`.

use twinfold_engine::IdSchema;

use crate::{
    anomaly,
    fixup::{self, Mode, Outcome, PlanOptions, Policies, RootCause},
    scenario::{FixUpRequest, FixUpSummary, Hooks},
    target::{ProjectClient, Retry},
};

/// The hooks of a run: the fix-up, the diagnosis, the root causes, the plan and the anomalies.
pub fn hooks() -> Hooks {
    Hooks::default()
        .with_fix_up(fix_up)
        .with_diagnosis(diagnosis)
        .with_causes(causes)
        .with_plan(plan)
        .with_anomalies(anomalies)
}

async fn anomalies(client: ProjectClient, ids: IdSchema) -> Result<Vec<String>, String> {
    anomaly::lines(&client, &ids).await
}

async fn fix_up(
    client: ProjectClient,
    ids: IdSchema,
    request: FixUpRequest,
) -> Result<FixUpSummary, String> {
    let policies: Policies = request.policy.parse().map_err(said)?;
    let mode = if request.dry_run {
        Mode::DryRun
    } else {
        Mode::Apply
    };
    let options = PlanOptions {
        policies,
        ..options(&ids)
    };
    // A scenario waits for nothing; how long to wait is shown by the command line.
    let client = client.with_retry(Retry {
        attempts_max: request.retries.saturating_add(1),
        ..Retry::default()
    });
    let report = fixup::repair(&client, &ids, &options, mode).await;
    let report = report.map_err(said)?;
    let conflicts = report.plan.conflicts();
    Ok(FixUpSummary {
        calls: report.plan.calls().count(),
        conflicts: conflicts
            .map(|(_, conflict)| conflict.kind.slug().to_owned())
            .collect(),
        verified: match &report.outcome {
            Outcome::Planned => true,
            Outcome::Applied { verification, .. } => verification.is_proved(),
        },
        text: report.text(),
    })
}

async fn diagnosis(client: ProjectClient, ids: IdSchema) -> Result<Vec<String>, String> {
    let keys = fixup::diagnose(&client, &ids, &options(&ids)).await;
    let keys = keys.map_err(said)?;
    Ok(keys.iter().map(|key| key.line()).collect())
}

async fn causes(client: ProjectClient, ids: IdSchema) -> Result<Vec<String>, String> {
    let found = fixup::diagnose_causes(&client, &ids, &options(&ids)).await;
    let (_, roots) = found.map_err(said)?;
    Ok(roots.iter().flat_map(RootCause::lines).collect())
}

async fn plan(client: ProjectClient, ids: IdSchema) -> Result<Vec<String>, String> {
    let report = fixup::repair(&client, &ids, &options(&ids), Mode::DryRun).await;
    Ok(report.map_err(|error| error.to_string())?.plan.lines())
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// E-mails are in `registered`, else in `email_id`, else in the first hard type.
pub(crate) fn options(ids: &IdSchema) -> PlanOptions {
    let hard = || {
        ids.of_kind(twinfold_engine::IdKind::Hard)
            .map(|id_type| id_type.name.as_str())
    };
    let named = |name: &str| hard().find(|other| *other == name);
    let email_type = named("registered")
        .or_else(|| named("email_id"))
        .or_else(|| hard().next());
    PlanOptions {
        email_type: email_type.unwrap_or("registered").to_owned(),
        ..PlanOptions::default()
    }
}
