//! Why a repair stops: an export that cannot be read, a project that gives no usable reply, or a
//! call that was refused although the plan counted on it.

use super::Applied;
use crate::target::TargetError;

/// What is wrong with an export file, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {problem}; {advice}")]
pub struct ExportError {
    /// The file's name as the user gave it.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What was found and what was expected.
    pub problem: String,
    /// What to do.
    pub advice: String,
}

/// Why a repair stops.
#[derive(Debug, thiserror::Error)]
pub enum FixUpError {
    /// An export file cannot be read.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// The log of the run cannot be written.
    #[error("the file of --log or --resume cannot be read or written: {0}; nothing more was sent")]
    Log(#[from] std::io::Error),
    /// A file is no log of a run that could go on.
    #[error(
        "{file}:{line}: the line {problem}; name the log that `--log` wrote, or make a new plan"
    )]
    NoRunLog {
        /// The file.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// No usable reply came.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// A reply has another shape than the documentation says.
    #[error("the reply of {path} is not a {expected}; look at what answers there")]
    Shape {
        /// The path that was called.
        path: String,
        /// What should have come.
        expected: &'static str,
    },
    /// E-mails are to be looked for in a type that cannot hold them.
    #[error("the project has no hard ID type `{name}`; name one of: {known}")]
    NoSuchHardType {
        /// What was asked for.
        name: String,
        /// The hard types there are.
        known: String,
    },
    /// A plan was made for other ID types than the project has.
    #[error(
        "the plan is for the ID types {planned}, and the project has {found}; export this project and plan again"
    )]
    OtherTypes {
        /// Those of the plan, by kind.
        planned: String,
        /// Those of the project, by kind.
        found: String,
    },
    /// A file is no plan.
    #[error("{file}:{line}:{column}: {problem}; write a plan with `twinfold fix --print json`")]
    NoPlan {
        /// The file.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// The column, counted from 1.
        column: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// A call of the plan was refused, or its reply never came.
    #[error(
        "call {at} of {total} for `{key}` was not accepted ({reason}); calls made in this run: {}; \
         run the repair again: it reads the project anew and goes on where it stopped",
        applied.sent
    )]
    Refused {
        /// The key whose call was refused.
        key: String,
        /// What the project said.
        reason: String,
        /// Its place in the plan, counted from 1.
        at: usize,
        /// How many calls the plan has.
        total: usize,
        /// What was done before.
        applied: Applied,
    },
}
