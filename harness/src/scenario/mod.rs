//! Scenarios: Markdown files that are a story, a test and a lesson at once.
//! They are parsed, run in a project of their own, compared, and rewritten with what was seen.

mod abroad;
mod app;
mod block;
mod body;
mod calls;
mod cell;
mod clock;
mod csv_table;
mod customer;
mod decisions;
mod difference;
mod discover;
mod evidence;
mod failing;
mod fault;
mod fix_up;
mod front_matter;
mod given;
mod goal;
mod headers;
mod hooks;
mod http;
mod import;
mod index;
mod journal;
mod js;
mod json_schema;
mod keep;
mod keys;
mod mail;
mod profiles;
mod project;
mod recorded;
mod replayed;
mod reply;
mod report;
mod runner;
mod said;
mod schema;
mod sdk;
mod skeleton;
mod step;
mod table;
#[cfg(test)]
mod tests;
mod verdict;
mod wait;
mod words;
mod world;
mod write;
mod yaml;
mod yaml_input;

use std::{path::Path, sync::Arc};

use crate::problem::{Problem, Source};
use block::Block;
use given::Above;
use keep::Names;
use step::Step;

pub use abroad::{Footprint, ForeignProject};
pub(crate) use cell::id as shown_id;
pub(crate) use decisions::told as decision_told;
pub use discover::{DiscoverError, discover};
pub use evidence::Evidence;
pub use fix_up::{FixUpRequest, FixUpSummary};
pub use front_matter::FrontMatter;
pub use hooks::{Hooks, Pending};
pub use import::{ImportReport, import_mapping};
pub use index::index;
pub use json_schema::json_schema;
pub use recorded::{RecordError, Recorded, record};
pub use replayed::profile_lines;
pub use report::{Format, Report, summary};
pub(crate) use report::{graph, head as page_head};
pub use runner::{Runner, footprint, run_abroad, run_scenario};
pub use skeleton::skeleton;
pub use twinfold_engine::{IdKind, IdSchema, IdType};
pub use verdict::{Record, Verdict, rewrite};

/// A scenario file that has been understood.
#[derive(Clone, Debug)]
pub struct Scenario {
    source: Arc<Source>,
    front: FrontMatter,
    given: Vec<Step>,
    cases: Vec<Case>,
}

/// One run of the file: the values of a variant and the steps that come of them.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    values: Vec<(String, String)>,
    steps: Vec<Step>,
}

impl Case {
    /// What the file does with these values.
    pub(crate) fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// How a problem says in which variant it came up.
    fn suffix(&self) -> String {
        let values = self
            .values
            .iter()
            .map(|(name, value)| format!("{name}: {value}"));
        values.collect::<Vec<_>>().join(", ")
    }
}

impl Scenario {
    /// Reads a scenario from the text of the file at `path`; files that it names as `given` are read from the disk,
    /// relative to `path`. All problems that can be found at once are.
    pub fn parse(path: impl AsRef<Path>, text: impl Into<String>) -> Result<Self, Vec<Problem>> {
        Self::read(&Source::new(path.as_ref(), text), &Above::none())
    }

    /// `above` are the files for which this one is given.
    fn read(source: &Arc<Source>, above: &Above) -> Result<Self, Vec<Problem>> {
        let (front, story) = FrontMatter::parse(source)?;
        let (blocks, mut problems) = block::blocks(source, story);
        let given = given::steps(source, &front, above).unwrap_or_else(|found| {
            problems.extend(found);
            Vec::new()
        });
        let kept: Vec<String> = given.iter().flat_map(Step::keeps).collect();
        let mut cases = Vec::new();
        let mut filled_bytes = 0_usize;
        for values in runs(&front) {
            filled_bytes = filled_bytes.saturating_add(filled_len(&values, &blocks));
            if filled_bytes > FILLED_BYTES_MAX {
                problems.push(too_much(source));
                break;
            }
            let (case, found) = case(values, &blocks, &front, &kept);
            cases.push(case);
            problems.extend(
                found
                    .into_iter()
                    .filter(|one| !problems.contains(one))
                    .collect::<Vec<_>>(),
            );
        }
        if !problems.is_empty() {
            problems.sort_by_key(|problem| problem.span().start);
            return Err(problems);
        }
        Ok(Self {
            source: Arc::clone(source),
            front,
            given,
            cases,
        })
    }

    /// The file, as the user named it.
    pub fn path(&self) -> &Path {
        self.source.path()
    }

    /// The text of the file.
    pub fn text(&self) -> &str {
        self.source.text()
    }

    /// What its front matter says.
    pub fn front(&self) -> &FrontMatter {
        &self.front
    }

    /// Whether the file runs once for each of several variants.
    pub fn has_variants(&self) -> bool {
        !self.front.variants.is_empty()
    }

    fn source(&self) -> &Arc<Source> {
        &self.source
    }

    fn given(&self) -> &[Step] {
        &self.given
    }

    fn cases(&self) -> &[Case] {
        &self.cases
    }
}

/// The variants of a file may fill in so many bytes together, so that a small file does not take all memory.
const FILLED_BYTES_MAX: usize = 32 << 20;

/// What a block takes besides its text.
const BLOCK_BYTES: usize = 512;

fn filled_len(values: &[(String, String)], blocks: &[Block]) -> usize {
    let each = blocks.iter().map(|block| {
        let arguments = block.arguments.iter().map(|argument| argument.value.len());
        BLOCK_BYTES + arguments.sum::<usize>() + block.body.filled_len(values)
    });
    each.fold(0, usize::saturating_add)
}

fn too_much(source: &Arc<Source>) -> Problem {
    let says = format!(
        "with its variants filled in, the file has more than {} MiB",
        FILLED_BYTES_MAX >> 20
    );
    let problem = Problem::new(source, 0..3, says);
    problem.help("take variants out, or divide the file into several")
}

/// The values of each run; a file without variants runs once, without values.
fn runs(front: &FrontMatter) -> Vec<Vec<(String, String)>> {
    if front.variants.is_empty() {
        return vec![Vec::new()];
    }
    front.variants.clone()
}

/// `kept` are the names under which the files that run first keep values.
fn case(
    values: Vec<(String, String)>,
    blocks: &[Block],
    front: &FrontMatter,
    kept: &[String],
) -> (Case, Vec<Problem>) {
    let (mut steps, mut problems) = (Vec::new(), Vec::new());
    let of_variants = values.iter().map(|(name, _)| name.as_str()).collect();
    let mut names = Names::new(of_variants, kept.to_vec(), blocks);
    for block in blocks {
        let (used, slips) = (names.used(block), names.read(block));
        let is_well = slips.is_empty();
        problems.extend(slips);
        match Step::parse(block.filled_in(&values), &front.ids, used) {
            Ok(step) => steps.push(step),
            // A placeholder that is not filled in is no value, and one problem is enough.
            Err(problem) if is_well => problems.push(problem),
            Err(_) => {}
        }
    }
    (Case { values, steps }, problems)
}
