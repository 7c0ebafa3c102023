//! `twinfold fix`: one profile per e-mail address, in a live project or planned from an export file.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;
use serde_json::json;
use twinfold_engine::IdSchema;

use super::{
    Ended, Failure, Threads,
    bar::Bar,
    output_file,
    plan_view::View,
    profiles::{Found, From, failure},
    project::is_loopback,
    runtime,
};
use crate::{
    fixup::{
        self, CurlTarget, Outcome, Plan, PlanOptions, Policies, PolicyError, Preview, Repair,
        Report,
    },
    target::{ProjectClient, Retry},
};

/// Make one profile per e-mail address: show the plan, and with --apply carry it out and prove it
///
/// A merge cannot be undone, so nothing is sent without --apply. What needs a decision is listed.
#[derive(Debug, Args)]
pub(super) struct Fix {
    #[command(flatten)]
    from: From,
    /// Carry out the plan of this file, as --print json wrote it, instead of a new one
    #[arg(long, conflicts_with_all = ["export", "policy", "preview", "resume", "email_type"], requires = "url", value_name = "FILE")]
    plan: Option<PathBuf>,
    /// Send the calls of the plan, then export again and prove the outcome
    #[arg(long)]
    apply: bool,
    /// Carry out the plan on a copy of the project, show every profile before and after, and delete the copy
    #[arg(long, conflicts_with_all = ["apply", "resume", "export"])]
    preview: bool,
    /// What to do about conflicts: report, resolve, or kind by kind as case-variant=resolve,ambiguous=report
    #[arg(long, default_value = "report", value_parser = policies)]
    policy: Policies,
    /// Allow --apply to give up what the plan names: with a policy that resolves, profiles are emptied for good
    #[arg(long)]
    confirm: bool,
    /// Keep a log of the run, from which it can go on if it breaks off
    #[arg(long, requires = "apply", value_name = "FILE")]
    log: Option<PathBuf>,
    /// Go on with the run of this log, with the plan in it
    #[arg(long, conflicts_with_all = ["apply", "log", "policy", "export"], value_name = "LOG")]
    resume: Option<PathBuf>,
    /// Allow --apply on a server that is not on this machine
    #[arg(long)]
    remote: bool,
    /// How to print: short for a terminal, all of it as Markdown, or as a value
    #[arg(long, value_enum, default_value_t = PrintPlan::Text)]
    print: PrintPlan,
    /// Write it to this file instead of printing it
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// How many addresses the short form shows
    #[arg(long, value_name = "N", default_value_t = 20)]
    keys: usize,
}

/// How a plan is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PrintPlan {
    /// Short, for a terminal
    Text,
    /// The whole document, with a curl line for every call
    Markdown,
    /// The value
    Json,
}

/// How many losses a refusal names.
const LOSSES_SHOWN: usize = 20;

fn policies(text: &str) -> Result<Policies, PolicyError> {
    text.parse()
}

impl Fix {
    pub(super) fn run(self) -> Result<Ended, Failure> {
        runtime(Threads::One)?.block_on(async {
            self.refuse_file()?;
            self.check_files()?;
            self.refuse_remote()?;
            let found = self.from.find().await?;
            let options = PlanOptions {
                policies: self.policy.clone(),
                ..self.from.options(found.schema())
            };
            match &found {
                Found::File(export) => {
                    let plan = fixup::plan(&export.profiles, &export.types, &options);
                    let curl = CurlTarget::default();
                    self.print_plan(&plan, &curl, None)?;
                    Ok(ended(&plan, true))
                }
                Found::Live(client, types) => {
                    let client = client
                        .clone()
                        .with_retry(Retry::patient())
                        .without_call_log();
                    if self.preview {
                        let previewed = fixup::preview(&client, types, &options).await;
                        return self.print_preview(&previewed.map_err(failure)?);
                    }
                    let report = self.live(&client, types, &options).await?;
                    let curl = CurlTarget::new(client.target.base_url(), &client.credentials.token);
                    self.print_plan(&report.plan, &curl, Some(&report))?;
                    Ok(ended_report(&report))
                }
            }
        })
    }

    async fn live(
        &self,
        client: &ProjectClient,
        types: &IdSchema,
        options: &PlanOptions,
    ) -> Result<Report, Failure> {
        let bar = Bar::default();
        let repair = Repair {
            client,
            types,
            progress: &bar,
        };
        if let Some(log) = &self.resume {
            return repair.resume(log).await.map_err(failure);
        }
        let plan = match &self.plan {
            Some(file) => fixup::read_plan(file),
            None => repair.plan(options).await,
        };
        let plan = plan.map_err(failure)?;
        if !self.apply {
            return Ok(repair.only_planned(plan));
        }
        self.refuse_warned(&plan)?;
        self.refuse_unconfirmed(&plan)?;
        warn_of_active(&plan);
        repair
            .apply(plan, self.log.as_deref())
            .await
            .map_err(failure)
    }

    /// What is emptied or guessed is lost for good, so that looking at the plan is not enough.
    fn refuse_unconfirmed(&self, plan: &Plan) -> Result<(), Failure> {
        if self.confirm || !plan.needs_confirmation() {
            return Ok(());
        }
        let losses = plan.calls().flat_map(|(key, call)| {
            let losses = call.loses.iter();
            losses.map(move |loss| format!("  `{key}`: {loss}"))
        });
        let losses: Vec<_> = losses.collect();
        let shown = losses
            .iter()
            .take(LOSSES_SHOWN)
            .cloned()
            .collect::<Vec<_>>();
        let more = match losses.len().saturating_sub(LOSSES_SHOWN) {
            0 => String::new(),
            more => format!("\n  and {more} more; the plan without --apply names them all"),
        };
        Err(Failure::Input(format!(
            "nothing was sent: this policy empties profiles or guesses, which nothing brings back; --confirm says that you mean it. \
             May be given up:\n{}{more}",
            shown.join("\n")
        )))
    }

    /// Nothing is sent on a plan with warnings, unless what they doubt was said in so many words.
    fn refuse_warned(&self, plan: &Plan) -> Result<(), Failure> {
        match plan.warnings.first() {
            Some(warning) if self.from.email_type.is_none() && self.plan.is_none() => {
                Err(Failure::Input(format!(
                    "nothing was sent: {warning}; --email-type says that you mean it"
                )))
            }
            _ => Ok(()),
        }
    }

    fn refuse_file(&self) -> Result<(), Failure> {
        match &self.from.export {
            Some(path) if self.apply => Err(Failure::Input(format!(
                "--apply needs a project to send the calls to: replace `{}` by --url",
                path.display()
            ))),
            _ => Ok(()),
        }
    }

    /// A log is what a broken run goes on from, so that nothing may take its place.
    fn check_files(&self) -> Result<(), Failure> {
        let read = output_file::given(&[
            ("[EXPORT]", &self.from.export),
            ("--plan", &self.plan),
            ("--resume", &self.resume),
        ]);
        let written = output_file::given(&[("--log", &self.log), ("--out", &self.out)]);
        output_file::check_apart(&read, &written)
    }

    fn refuse_remote(&self) -> Result<(), Failure> {
        let Some(url) = self
            .from
            .url
            .as_deref()
            .filter(|_| (self.apply || self.resume.is_some()) && !self.remote)
        else {
            return Ok(());
        };
        if is_loopback(url) {
            return Ok(());
        }
        Err(Failure::Input(format!(
            "`{url}` is not on this machine, and merges cannot be undone; look at the plan without --apply, \
             then add --remote"
        )))
    }

    fn print_preview(&self, preview: &Preview) -> Result<Ended, Failure> {
        self.put(&match self.print {
            PrintPlan::Json => format!("{}\n", json!({"preview": preview})),
            PrintPlan::Markdown => preview.markdown(),
            PrintPlan::Text => View::of_stdout().preview(preview, self.keys),
        })?;
        Ok(match preview.keys.is_empty() {
            true => Ended::Well,
            false => Ended::WithFindings,
        })
    }

    /// The plan, and what came of it if it was made for a project.
    fn print_plan(
        &self,
        plan: &Plan,
        curl: &CurlTarget,
        report: Option<&Report>,
    ) -> Result<(), Failure> {
        let outcome = report.map(Report::outcome_text).unwrap_or_default();
        self.put(&match (self.print, report) {
            (PrintPlan::Json, _) => written(plan, report),
            (PrintPlan::Markdown, _) => plan.markdown(curl) + &outcome,
            (PrintPlan::Text, _) => View::of_stdout().plan(plan, self.keys) + &outcome,
        })
    }

    fn put(&self, text: &str) -> Result<(), Failure> {
        let Some(path) = &self.out else {
            print!("{text}");
            return Ok(());
        };
        output_file::write(path, text)
    }
}

/// What `--print json` writes.
#[derive(Serialize)]
struct Written<'p> {
    plan: &'p Plan,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'p Outcome>,
}

fn written(plan: &Plan, report: Option<&Report>) -> String {
    let outcome = report.map(|report| &report.outcome);
    let written = serde_json::to_string(&Written { plan, outcome });
    // A plan holds texts and numbers only, which are always written.
    written.unwrap_or_default() + "\n"
}

/// What is repaired while its cause goes on comes back, so it is said before anything is sent.
fn warn_of_active(plan: &Plan) {
    for root in plan.active_causes() {
        eprintln!(
            "warning: the cause is still active, so these duplicates will come back: {}; {}; change that call first, \
             as the plan shows",
            root.headline(),
            root.since()
        );
    }
}

fn ended(plan: &Plan, planned_only: bool) -> Ended {
    let calls_left = planned_only && plan.calls().next().is_some();
    if calls_left || plan.conflicts().next().is_some() {
        Ended::WithFindings
    } else {
        Ended::Well
    }
}

fn ended_report(report: &Report) -> Ended {
    match &report.outcome {
        Outcome::Planned => ended(&report.plan, true),
        Outcome::Applied { verification, .. }
            if !verification.is_proved() || verification.leaves_work() =>
        {
            Ended::WithFindings
        }
        Outcome::Applied { .. } if report.plan.active_causes().next().is_some() => {
            Ended::WithFindings
        }
        Outcome::Applied { .. } => ended(&report.plan, false),
    }
}
