//! The command line: what can be asked, and what the exit code says.

mod anomalies;
mod bar;
mod compare;
mod convert;
mod diagnose;
mod documents;
mod explain;
mod export;
mod fix;
mod generate;
mod grid;
mod histories;
mod hooks;
mod import;
mod journal;
mod new;
mod order;
mod outlet;
mod output_file;
mod pipe;
mod place;
mod plan_view;
mod profiles;
mod project;
mod reports;
mod run;
mod sending;
mod serve;
mod shadow;
mod shop;
mod shrink;
mod source_order;
mod traffic_files;
mod watch;

use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

pub use hooks::hooks;

const EXIT_CODES: &str = "Exit codes:
  0  everything is as it should be
  1  a scenario failed, or something was found: duplicates, conflicts, anomalies, an outcome that
     depends on the order, rows that an import refuses, an ID that nobody holds, a divergence
  2  the command line or a file is wrong; the message says where and what to do
  3  the server could not be started or reached, or refused";

/// A stand-in for the Engagement customer-data API that is faithful in identity: run it, replay
/// scenarios against it, find and repair duplicate profiles.
#[derive(Debug, Parser)]
#[command(name = "twinfold", version, after_help = EXIT_CODES, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Run(run::Run),
    Check(run::Check),
    Index(run::Index),
    Diagnose(diagnose::Diagnose),
    Fix(fix::Fix),
    Import(import::Import),
    #[command(name = "openapi")]
    OpenApi(documents::OpenApi),
    Coverage(documents::Coverage),
    Completions(documents::Completions),
    Man(documents::Man),
    Export(export::Export),
    Journal(journal::Journal),
    Anomalies(anomalies::Anomalies),
    Explain(explain::Explain),
    Shadow(shadow::Shadow),
    Schema(documents::Schema),
    New(new::New),
    Generate(generate::Generate),
    Convert(convert::Convert),
    Compare(compare::Compare),
    Order(order::Order),
    Shrink(shrink::Shrink),
}

/// How a command prints.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Print {
    Text,
    Json,
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// All is well.
    Well,
    /// Scenarios failed, or duplicates were found.
    WithFindings,
    /// Files are wrong, and it has been said where.
    Misread,
}

/// Why a command could not do its work.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line or a file is wrong.
    Input(String),
    /// The server could not be started or reached.
    Server(String),
}

/// Reads the command line and does what it asks for.
pub fn main() -> ExitCode {
    pipe::end_plainly();
    let done = match Arguments::try_parse() {
        Ok(arguments) => done(arguments.command),
        Err(said) => match said.print() {
            // Help that nobody gets is no help; an error has its exit code also if nobody reads it.
            Err(error) if !said.use_stderr() => Err(pipe::unprinted(&error)),
            _ => return ExitCode::from(u8::try_from(said.exit_code()).unwrap_or(2)),
        },
    };
    let (code, says) = match done {
        Ok(Ended::Well) => (0, None),
        Ok(Ended::WithFindings) => (1, None),
        Ok(Ended::Misread) => (2, None),
        Err(Failure::Input(says)) if pipe::is_closed(&says) => (pipe::CLOSED, None),
        Err(Failure::Input(says)) => (2, Some(says)),
        Err(Failure::Server(says)) => (3, Some(says)),
    };
    if let Some(says) = says {
        eprintln!("error: {says}");
    }
    ExitCode::from(code)
}

/// What came of the command, and all of it printed.
fn done(command: Command) -> Result<Ended, Failure> {
    let ended = match command {
        Command::Serve(serve) => serve.run(),
        Command::Run(run) => run.run(),
        Command::Check(check) => check.run(),
        Command::Index(index) => index.run(),
        Command::Diagnose(diagnose) => diagnose.run(),
        Command::Fix(fix) => fix.run(),
        Command::Import(import) => import.run(),
        Command::OpenApi(openapi) => Ok(openapi.run()),
        Command::Coverage(coverage) => Ok(coverage.run()),
        Command::Completions(completions) => Ok(completions.run()),
        Command::Man(man) => man.run(),
        Command::Export(export) => export.run(),
        Command::Journal(journal) => journal.run(),
        Command::Anomalies(anomalies) => anomalies.run(),
        Command::Explain(explain) => explain.run(),
        Command::Shadow(shadow) => shadow.run(),
        Command::Schema(schema) => Ok(schema.run()),
        Command::New(new) => new.run(),
        Command::Generate(generate) => generate.run(),
        Command::Convert(convert) => convert.run(),
        Command::Compare(compare) => compare.run(),
        Command::Order(order) => order.run(),
        Command::Shrink(shrink) => shrink.run(),
    }?;
    pipe::flush()?;
    Ok(ended)
}

/// A runtime for one command.
pub(crate) fn runtime(threads: Threads) -> Result<tokio::runtime::Runtime, Failure> {
    let mut builder = match threads {
        Threads::One => tokio::runtime::Builder::new_current_thread(),
        Threads::Several => tokio::runtime::Builder::new_multi_thread(),
    };
    let built = builder.enable_all().build();
    built.map_err(|error| Failure::Server(format!("cannot start: {error}")))
}

/// On how many threads a command runs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Threads {
    /// One; enough for a server that shares the machine with its clients.
    One,
    /// One per core.
    Several,
}
