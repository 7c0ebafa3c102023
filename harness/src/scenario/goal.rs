//! The block `goal`: when an exercise is solved, said in predicates and never as one fixed answer.
//! It is checked at the end of the file, and must not hold yet where it stands.

use std::{collections::BTreeMap, ops::Range};

use serde_json::Value;

use super::{block::Block, customer::Customer, world::World};
use crate::problem::Problem;

const EXAMPLES: &str = "`profiles with email a@example.com: 1`, `profiles: 1`, `events lost: 0`, \
    `properties lost: 0`, `calls: at most 2` or `conflicts: 0`";
const SUBJECTS: [&str; 6] = [
    "profiles",
    "events lost",
    "properties lost",
    "calls",
    "conflicts",
    "profiles with email",
];

/// When an exercise is solved.
#[derive(Clone, Debug)]
pub(crate) struct Goal {
    predicates: Vec<(Range<usize>, Predicate)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Predicate {
    subject: Subject,
    bound: Bound,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Subject {
    ProfilesWithEmail(String),
    Profiles,
    EventsLost,
    PropertiesLost,
    Calls,
    Conflicts,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bound {
    Exactly(usize),
    AtMost(usize),
}

/// A goal and how the project stood when it was set.
#[derive(Clone, Debug)]
pub(crate) struct Pursuit {
    goal: Goal,
    block: Block,
    customers: Vec<Customer>,
    writes: usize,
}

impl Goal {
    pub(crate) fn parse(block: &Block) -> Result<Self, Problem> {
        block.only(&[])?;
        let rows = block.body.rows().map(|(at, line)| {
            let range = at..at + line.len();
            Ok((range.clone(), predicate(block, range, line)?))
        });
        let predicates = rows.collect::<Result<Vec<_>, Problem>>()?;
        if predicates.is_empty() {
            return Err(block.problem("the goal says nothing").expected(EXAMPLES));
        }
        Ok(Self { predicates })
    }

    /// Sets the goal; it is an error if it is reached already.
    pub(crate) async fn run(&self, block: &Block, world: &mut World) -> Result<(), Problem> {
        let pursuit = Pursuit {
            goal: self.clone(),
            block: block.clone(),
            customers: world.customers(block).await?,
            writes: world.writes,
        };
        if pursuit.missed(&pursuit.customers, world).next().is_none() {
            world.failures.push(
                block
                    .problem("the goal is reached before anything is done")
                    .help("an exercise needs something to mend; add a line that does not hold yet"),
            );
        }
        world.pursuits.push(pursuit);
        Ok(())
    }
}

/// Checks every goal of the file at its end.
pub(crate) async fn check(world: &mut World) -> Result<(), Problem> {
    for pursuit in std::mem::take(&mut world.pursuits) {
        let customers = world.customers(&pursuit.block).await?;
        let missed: Vec<Problem> = pursuit.missed(&customers, world).collect();
        world.failures.extend(missed);
    }
    Ok(())
}

fn predicate(block: &Block, range: Range<usize>, line: &str) -> Result<Predicate, Problem> {
    let wrong = || {
        block
            .body
            .problem(range.clone(), "this is no goal")
            .expected(EXAMPLES)
    };
    let (subject, bound) = line.rsplit_once(':').ok_or_else(wrong)?;
    let bound = bound.trim();
    let (count, is_most) = match bound.strip_prefix("at most") {
        Some(count) => (count.trim(), true),
        None => (bound, false),
    };
    let count = count.parse().map_err(|_| {
        let start = range.end - bound.len();
        let problem = block
            .body
            .problem(start..range.end, "a goal ends with a number");
        problem
            .expected("a count such as `1` or `at most 1`")
            .found(format!("`{bound}`"))
    })?;
    let subject = subject.trim();
    Ok(Predicate {
        subject: Subject::of(subject).ok_or_else(|| {
            let at = range.start..range.start + subject.len();
            let problem = block
                .body
                .problem(at, format!("`{subject}` is nothing that a goal can say"));
            problem.choice(subject, &SUBJECTS)
        })?,
        bound: if is_most {
            Bound::AtMost(count)
        } else {
            Bound::Exactly(count)
        },
    })
}

impl Subject {
    fn of(text: &str) -> Option<Self> {
        let normal = super::body::normal(text);
        Some(match normal.as_str() {
            "profiles" => Self::Profiles,
            "events lost" => Self::EventsLost,
            "properties lost" => Self::PropertiesLost,
            "calls" => Self::Calls,
            "conflicts" => Self::Conflicts,
            other => {
                let address = other.strip_prefix("profiles with email ")?;
                Self::ProfilesWithEmail(address.to_owned())
            }
        })
    }
}

impl Bound {
    fn holds(self, count: usize) -> bool {
        match self {
            Self::Exactly(exactly) => count == exactly,
            Self::AtMost(most) => count <= most,
        }
    }

    fn text(self) -> String {
        match self {
            Self::Exactly(count) => count.to_string(),
            Self::AtMost(count) => format!("at most {count}"),
        }
    }
}

impl Pursuit {
    /// A problem for each predicate that does not hold for these customers.
    fn missed<'a>(
        &'a self,
        now: &'a [Customer],
        world: &'a World,
    ) -> impl Iterator<Item = Problem> + 'a {
        self.goal
            .predicates
            .iter()
            .filter_map(move |(range, predicate)| {
                let count = self.count(&predicate.subject, now, world);
                if predicate.bound.holds(count) {
                    return None;
                }
                let problem = self
                    .block
                    .body
                    .problem(range.clone(), "the goal is not reached");
                Some(
                    problem
                        .expected(predicate.bound.text())
                        .found(count.to_string())
                        .help("mend the steps that should lead there, or the line"),
                )
            })
    }

    fn count(&self, subject: &Subject, now: &[Customer], world: &World) -> usize {
        match subject {
            Subject::ProfilesWithEmail(address) => now
                .iter()
                .filter(|one| one.has_email(address, &world.schema))
                .count(),
            Subject::Profiles => now.len(),
            Subject::EventsLost => lost(&events(&self.customers), &events(now)),
            Subject::PropertiesLost => {
                let (before, after) = (properties(&self.customers), properties(now));
                before
                    .keys()
                    .filter(|key| !after.contains_key(*key))
                    .count()
            }
            Subject::Calls => world.writes - self.writes,
            Subject::Conflicts => world.fix_ups.last().map_or(0, |last| last.conflicts.len()),
        }
    }
}

type Counted = BTreeMap<String, usize>;

fn lost(before: &Counted, after: &Counted) -> usize {
    let left = |key: &String| after.get(key).copied().unwrap_or_default();
    before
        .iter()
        .map(|(key, count)| count.saturating_sub(left(key)))
        .sum()
}

/// Every event but merges, by what it says.
fn events(customers: &[Customer]) -> Counted {
    let events = customers.iter().flat_map(|one| &one.events);
    let told = events.filter(|event| event.event_type != "merge");
    counted(told.map(|event| {
        format!(
            "{:?} {} {}",
            event.event_type,
            event.timestamp,
            canonical(&event.properties)
        )
    }))
}

/// Every property of a profile, by name and value.
fn properties(customers: &[Customer]) -> Counted {
    let properties = customers.iter().flat_map(|one| &one.properties);
    counted(properties.map(|(name, set)| format!("{name:?} {}", canonical(&set.value))))
}

fn counted(keys: impl Iterator<Item = String>) -> Counted {
    let mut counted = Counted::new();
    for key in keys {
        *counted.entry(key).or_default() += 1;
    }
    counted
}

/// JSON with its keys sorted, so that equal values have equal text.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(pairs) => {
            let sorted: BTreeMap<&String, String> = pairs
                .iter()
                .map(|(key, value)| (key, canonical(value)))
                .collect();
            format!("{sorted:?}")
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        other => other.to_string(),
    }
}
