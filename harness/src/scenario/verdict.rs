//! What came of running a scenario, and the file's text with its statements made right.
//! Only the lines between two fences are ever written.

use std::{
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use super::{
    Scenario, block::Block, evidence::Evidence, fix_up::FixUpSummary, import::ImportReport,
};
use crate::problem::Problem;

/// What came of running one file, with all its variants.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// The file.
    pub path: PathBuf,
    /// What it shows; the file's name if it could not be read.
    pub title: String,
    /// How sure that is.
    pub evidence: Evidence,
    /// Everything that went wrong; empty if the scenario passed.
    pub problems: Vec<Problem>,
    /// A project was made for every run of the file; if not, the target is unreachable or refused it.
    pub has_run: bool,
    /// It was not run, because another had failed before and the run was to end with it.
    pub was_left_out: bool,
    /// Why it was not run, if that is not because another had failed.
    pub why_left_out: String,
    /// How long it took.
    pub elapsed: Duration,
    /// What each import did, in order.
    pub imports: Vec<ImportReport>,
    /// What each repair did, in order.
    pub fix_ups: Vec<FixUpSummary>,
    /// The calls of the runs that failed, each with the line that makes it again, newest last.
    pub calls: Vec<String>,
    /// What is worth saying even if it went well, such as how long a reply was waited for.
    pub notes: Vec<String>,
    /// The journal of each case, if the runner was to record it.
    pub records: Vec<Record>,
    /// The file as it was read, if the runner was to record it.
    pub scenario: Option<Arc<Scenario>>,
    pub(crate) rewrites: Vec<Rewrite>,
}

/// What one case of a file left in the journal of its project.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// The values of the variant, as problems name them; empty without variants.
    pub variant: String,
    /// The entries of the journal, as the control API shows them.
    pub entries: Vec<serde_json::Value>,
}

/// The lines of a block replaced by what was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rewrite {
    path: PathBuf,
    inner: Range<usize>,
    text: String,
}

impl Rewrite {
    pub(crate) fn of(block: &Block, seen: &[String]) -> Self {
        let before = &block.body.source().text()[..block.inner.start];
        let line_end = if before.ends_with("\r\n") {
            "\r\n"
        } else {
            "\n"
        };
        let line = |line: &String| format!("{}{line}{line_end}", block.indent);
        Self {
            path: block.body.source().path().to_owned(),
            inner: block.inner.clone(),
            text: seen.iter().map(line).collect(),
        }
    }
}

impl Rewrite {
    /// The same with what `put_back` makes of its text.
    pub(crate) fn with(&mut self, put_back: impl Fn(&str) -> String) {
        self.text = put_back(&self.text);
    }
}

impl Verdict {
    /// The verdict on a file that could not be read as a scenario.
    pub fn unreadable(path: &Path, problems: Vec<Problem>) -> Self {
        Self {
            path: path.to_owned(),
            title: path.display().to_string(),
            problems,
            ..Self::default()
        }
    }

    /// Whether it was run and nothing went wrong.
    pub fn passed(&self) -> bool {
        self.problems.is_empty() && !self.was_left_out
    }

    /// Whether something went wrong.
    pub fn failed(&self) -> bool {
        !self.problems.is_empty()
    }
}

/// The text of the file with the lines of every failed block that states what is seen, such as `profiles` or
/// `journal`, replaced by what was seen; everything else stays byte for byte, and so does a file with variants.
pub fn rewrite(scenario: &Scenario, verdict: &Verdict) -> String {
    let mut text = scenario.text().to_owned();
    if scenario.has_variants() {
        return text;
    }
    let own = verdict
        .rewrites
        .iter()
        .filter(|rewrite| rewrite.path == scenario.path());
    let mut own: Vec<&Rewrite> = own.collect();
    own.sort_by_key(|rewrite| std::cmp::Reverse(rewrite.inner.start));
    for rewrite in own {
        if text.get(rewrite.inner.clone()).is_some() {
            text.replace_range(rewrite.inner.clone(), &rewrite.text);
        }
    }
    text
}
