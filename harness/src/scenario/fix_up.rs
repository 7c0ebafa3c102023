//! The block `fix-up`: the repair is run, and what it reports may be stated.
//! The repair itself is a hook, because it talks to a project like any other client.

use std::ops::Range;

use super::{
    block::Block,
    body::Body,
    failing::Failing,
    world::World,
    yaml::{self, Entry, Kind, Node},
};
use crate::problem::Problem;

const KEYS: [&str; 6] = ["policy", "key", "dry-run", "retries", "calls", "conflicts"];
const POLICIES: [&str; 2] = ["report", "resolve"];
const RESOLVABLE: [&str; 5] = [
    "case-variant",
    "another-address",
    "no-address",
    "another-hard-type",
    "ambiguous",
];
const CONFLICTS: [&str; 6] = [
    "case-variant",
    "another-address",
    "no-address",
    "another-hard-type",
    "ambiguous",
    "unreachable",
];

/// What a `fix-up` block asks the repair to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixUpRequest {
    /// What happens to conflicts: `report`, `resolve`, or kind by kind as `case-variant=resolve,ambiguous=report`.
    pub policy: String,
    /// What makes two profiles one person: `email`.
    pub key: String,
    /// Nothing is sent; the plan is only made.
    pub dry_run: bool,
    /// How often a call is sent again after 429, 5xx or a broken connection.
    pub retries: u32,
}

/// What the repair did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FixUpSummary {
    /// API calls that change something: sent, or planned in a dry run.
    pub calls: usize,
    /// The kind of every conflict that is left, such as `case-variant`.
    pub conflicts: Vec<String>,
    /// The outcome was read back and is right.
    pub verified: bool,
    /// The report for people.
    pub text: String,
}

/// A `fix-up` block: the request, and what must come of it.
#[derive(Clone, Debug)]
pub(crate) struct FixUp {
    request: FixUpRequest,
    calls: Option<Stated<usize>>,
    conflicts: Option<Stated<Vec<String>>>,
    failing: Failing,
}

/// What a block states of the repair, and where.
#[derive(Clone, Debug)]
struct Stated<T> {
    value: T,
    range: Range<usize>,
}

impl FixUp {
    pub(crate) fn parse(block: &Block) -> Result<Self, Problem> {
        block.only(&["fails"])?;
        let mut fix_up = Self {
            request: FixUpRequest {
                policy: "report".into(),
                key: "email".into(),
                dry_run: false,
                retries: 0,
            },
            calls: None,
            conflicts: None,
            failing: Failing::of(block)?,
        };
        for entry in yaml::mapping(&block.body)? {
            fix_up.read(block, &entry)?;
        }
        Ok(fix_up)
    }

    fn read(&mut self, block: &Block, entry: &Entry) -> Result<(), Problem> {
        let (body, value) = (&block.body, &entry.value);
        match entry.key.as_str() {
            "policy" => self.request.policy = policy(body, value)?,
            "key" => self.request.key = value.choice(body, &["email"])?,
            "dry-run" => self.request.dry_run = value.flag(body)?,
            "retries" => self.request.retries = value.count(body)? as u32,
            "calls" => {
                let (value, range) = (value.count(body)?, value.range.clone());
                self.calls = Some(Stated { value, range });
            }
            "conflicts" => {
                let (value, range) = (conflicts(block, entry)?, value.range.clone());
                self.conflicts = Some(Stated { value, range });
            }
            _ => return Err(entry.unknown(body, "key", &KEYS)),
        }
        Ok(())
    }

    pub(crate) async fn run(&self, block: &Block, world: &mut World) -> Result<(), Problem> {
        let (client, ids) = (world.client.clone(), world.schema.clone());
        let pending = world.hooks.fix_up(client, ids, self.request.clone());
        let mut failing = self.failing;
        let summary = match pending.await {
            Ok(summary) => summary,
            Err(error) => {
                return failing.take(block.problem(format!("the repair failed: {error}")));
            }
        };
        failing.check(block, world);
        if !self.request.dry_run {
            world.writes += summary.calls;
        }
        world.failures.extend(self.failures(block, &summary));
        world.fix_ups.push(summary);
        Ok(())
    }

    fn failures(&self, block: &Block, summary: &FixUpSummary) -> Vec<Problem> {
        let mut failures = Vec::new();
        let mut differs = |range: &Range<usize>, says: &str, expected: String, found: String| {
            let problem = block.body.problem(range.clone(), says);
            let problem = problem.expected(expected).found(found);
            failures
                .push(problem.help("mend the steps before the repair, or what is stated of it"));
        };
        if let Some(Stated { value, range }) = &self.calls
            && *value != summary.calls
        {
            let says = "the repair needs another number of calls";
            differs(range, says, value.to_string(), summary.calls.to_string());
        }
        let found = sorted(&summary.conflicts);
        if let Some(Stated { value, range }) = &self.conflicts
            && sorted(value) != found
        {
            let says = "the repair leaves other conflicts";
            differs(range, says, listed(&sorted(value)), listed(&found));
        }
        if !summary.verified && !self.request.dry_run {
            failures.push(block.problem("the repair could not prove its outcome"));
        }
        // Once is enough: the report is long.
        let first = failures.first_mut();
        if let Some(problem) = first {
            *problem = problem.clone().difference(summary.text.clone());
        }
        failures
    }
}

/// One word for all kinds, or a mapping of kinds to words.
fn policy(body: &Body, value: &Node) -> Result<String, Problem> {
    let Kind::Map(entries) = &value.kind else {
        return value.choice(body, &POLICIES);
    };
    let parts = entries.iter().map(|entry| {
        if !RESOLVABLE.contains(&entry.key.as_str()) {
            return Err(entry.unknown(body, "kind of conflict", &RESOLVABLE));
        }
        let policy = entry.value.choice(body, &POLICIES)?;
        Ok(format!("{}={policy}", entry.key))
    });
    let parts: Vec<_> = parts.collect::<Result<_, _>>()?;
    if parts.is_empty() {
        return Ok("report".into());
    }
    Ok(parts.join(","))
}

fn conflicts(block: &Block, entry: &Entry) -> Result<Vec<String>, Problem> {
    let body = &block.body;
    if entry.value.json() == "none" {
        return Ok(Vec::new());
    }
    let items = entry.value.items(body)?;
    items
        .iter()
        .map(|item| item.choice(body, &CONFLICTS))
        .collect()
}

fn sorted(conflicts: &[String]) -> Vec<String> {
    let mut sorted = conflicts.to_vec();
    sorted.sort();
    sorted
}

fn listed(conflicts: &[String]) -> String {
    if conflicts.is_empty() {
        return "none".into();
    }
    conflicts.join(", ")
}
