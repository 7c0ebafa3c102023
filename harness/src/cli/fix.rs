//! `twinfold diagnose` and `twinfold fix`: duplicates in a live project or in an export file.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use twinfold_engine::IdSchema;

use super::{
    Ended, Failure, Print, Threads,
    bar::Bar,
    hooks,
    project::{Key, is_loopback, schema_named, schema_of},
    runtime,
};
use crate::{
    fixup::{
        self, CurlTarget, DiagnosedKey, Evidence, Export, FixUpError, Outcome, Plan, PlanOptions,
        Policies, PolicyError, Preview, Repair, Report, Schema,
    },
    target::{ProjectClient, Retry},
};

/// Say which profiles share an e-mail address, and why
#[derive(Debug, Args)]
pub(super) struct Diagnose {
    #[command(flatten)]
    from: From,
    /// How to print
    #[arg(long, value_enum, default_value_t = Print::Text)]
    print: Print,
}

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
    /// How to print
    #[arg(long, value_enum, default_value_t = Print::Text)]
    print: Print,
}

/// How many losses a refusal names.
const LOSSES_SHOWN: usize = 20;

fn policies(text: &str) -> Result<Policies, PolicyError> {
    text.parse()
}

/// Where profiles come from.
#[derive(Debug, Args)]
struct From {
    /// An export file: JSON lines as export-one gives them, or the reply of customers/export
    #[arg(required_unless_present = "url", conflicts_with = "url")]
    export: Option<PathBuf>,
    /// Base URL of a server with the Engagement API, instead of a file
    #[arg(long)]
    url: Option<String>,
    #[command(flatten)]
    key: Key,
    /// ID types in schema order, such as registered=hard,cookie=soft; asked of our own server,
    /// else told by the values: lists are soft
    #[arg(long, value_delimiter = ',', value_name = "TYPE=KIND")]
    ids: Vec<String>,
    /// Hard ID type that holds e-mail addresses [default: registered, else email_id, else the first]
    #[arg(long)]
    email_type: Option<String>,
    /// Property that holds e-mail addresses
    #[arg(long, default_value = "email")]
    email_property: String,
}

/// Profiles to work on, with their schema.
enum Found {
    File(Export),
    Live(ProjectClient, IdSchema),
}

impl Diagnose {
    pub(super) fn run(self) -> Result<Ended, Failure> {
        runtime(Threads::One)?.block_on(async {
            let found = self.from.find().await?;
            let options = self.from.options(found.schema());
            let keys = match &found {
                Found::File(export) => fixup::diagnose_profiles(
                    &export.profiles,
                    &export.types,
                    &options,
                    &Evidence::ProfilesOnly,
                ),
                Found::Live(client, types) => fixup::diagnose(client, types, &options)
                    .await
                    .map_err(failure)?,
            };
            self.print(&keys);
            Ok(if keys.is_empty() {
                Ended::Well
            } else {
                Ended::WithFindings
            })
        })
    }

    fn print(&self, keys: &[DiagnosedKey]) {
        match self.print {
            Print::Json => println!("{}", json!(keys)),
            Print::Text if keys.is_empty() => println!("no two profiles share an e-mail address"),
            Print::Text => {
                for key in keys {
                    println!("{}", key.line());
                    let about = key.cause.about();
                    let sure = if key.certain { "" } else { "probably: " };
                    let evidence = about.evidence.name();
                    println!(
                        "    {sure}{} (fact {}, {evidence})",
                        about.explanation, about.fact
                    );
                    println!("    remedy: {}", about.remedy);
                }
            }
        }
    }
}

impl Fix {
    pub(super) fn run(self) -> Result<Ended, Failure> {
        runtime(Threads::One)?.block_on(async {
            self.refuse_file()?;
            self.refuse_remote()?;
            let found = self.from.find().await?;
            let options = PlanOptions {
                policies: self.policy.clone(),
                ..self.from.options(found.schema())
            };
            match &found {
                Found::File(export) => {
                    let plan = fixup::plan(&export.profiles, &export.types, &options);
                    self.print_plan(&plan);
                    Ok(ended(&plan, true))
                }
                Found::Live(client, types) => {
                    let client = client
                        .clone()
                        .with_retry(Retry::patient())
                        .without_call_log();
                    if self.preview {
                        let previewed = fixup::preview(&client, types, &options).await;
                        return Ok(self.print_preview(&previewed.map_err(failure)?));
                    }
                    let report = self.live(&client, types, &options).await?;
                    self.print_report(&report);
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

    fn print_preview(&self, preview: &Preview) -> Ended {
        match self.print {
            Print::Json => println!("{}", json!({"preview": preview})),
            Print::Text => println!("{}", preview.text()),
        }
        match preview.keys.is_empty() {
            true => Ended::Well,
            false => Ended::WithFindings,
        }
    }

    fn print_plan(&self, plan: &Plan) {
        match self.print {
            Print::Json => println!("{}", json!({"plan": plan})),
            Print::Text => println!("{}", plan.text(&CurlTarget::default())),
        }
    }

    fn print_report(&self, report: &Report) {
        match self.print {
            Print::Json => {
                println!(
                    "{}",
                    json!({"plan": report.plan, "outcome": report.outcome})
                );
            }
            Print::Text => println!("{}", report.text),
        }
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
        Outcome::Applied { verification, .. } if !verification.is_proved() => Ended::WithFindings,
        Outcome::Applied { .. } => ended(&report.plan, false),
    }
}

impl Found {
    fn schema(&self) -> &IdSchema {
        match self {
            Self::File(export) => &export.types,
            Self::Live(_, types) => types,
        }
    }
}

impl From {
    async fn find(&self) -> Result<Found, Failure> {
        let given = schema_named(&self.ids)?;
        if let Some(path) = &self.export {
            let schema = given.map_or(Schema::Inferred, Schema::Given);
            let export = Export::read(path, schema);
            return Ok(Found::File(
                export.map_err(|error| Failure::Input(error.to_string()))?,
            ));
        }
        let url = self.url.as_deref().unwrap_or_default();
        let client = self.key.client(url)?;
        let schema = match given {
            Some(schema) => schema,
            None => schema_of(&client).await?,
        };
        Ok(Found::Live(client, schema))
    }

    fn options(&self, schema: &IdSchema) -> PlanOptions {
        let mut options = hooks::options(schema);
        if let Some(email_type) = &self.email_type {
            options.email_type.clone_from(email_type);
        }
        options.email_property.clone_from(&self.email_property);
        options
    }
}

fn failure(error: FixUpError) -> Failure {
    match error {
        FixUpError::Export(_)
        | FixUpError::NoSuchHardType { .. }
        | FixUpError::NoRunLog { .. }
        | FixUpError::NoPlan { .. }
        | FixUpError::OtherTypes { .. }
        | FixUpError::Log(_) => Failure::Input(error.to_string()),
        other => Failure::Server(other.to_string()),
    }
}
