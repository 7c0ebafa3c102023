//! The front matter of a scenario: what the file shows, how sure that is, and the project it needs.
//! Every key is known and every choice closed, so that a slip is an error with a suggestion.

use std::{ops::Range, sync::Arc};

use serde_json::{Map, Value};

use super::{
    body::Body,
    yaml::{self, Entry, Node},
};
use twinfold_engine::{IdSchema, Strategy};

use super::evidence::Evidence;
use crate::problem::{Problem, Source};

pub(super) const KEYS: [&str; 15] = [
    "title",
    "evidence",
    "source",
    "ids",
    "cause",
    "effect",
    "remedy",
    "level",
    "switches",
    "strategy",
    "tags",
    "double_opt_in",
    "project",
    "variants",
    "given",
];
pub(super) const EVIDENCE: [&str; 3] = ["documented", "observed", "assumed"];
pub(super) const SWITCHES: [(&str, &[&str]); 4] = [
    ("unknown_id_type", &["reject", "ignore", "declare_soft"]),
    ("hard_id_conflict", &["reject", "first_hard_type_wins"]),
    ("contested_soft_id", &["addressed", "newer_customer"]),
    (
        "property_conflict",
        &["newest", "absorbed_replaces", "survivor_keeps"],
    ),
];

/// What the lines between `---` at the top of a scenario say.
#[derive(Clone, Debug, Default)]
pub struct FrontMatter {
    /// What the scenario shows, as a sentence.
    pub title: String,
    /// How sure that is.
    pub evidence: Evidence,
    /// Where that is known from.
    pub source: String,
    /// The ID types of the project.
    pub ids: IdSchema,
    /// The cause of the duplicates, as a slug; empty if there is none.
    pub cause: String,
    /// What one sees of it; empty if not said.
    pub effect: String,
    /// What mends it; empty if not said.
    pub remedy: String,
    /// How hard the exercise is, 1 to 3; 0 if not said.
    pub level: u8,
    /// Switches of the project that differ from the default.
    pub switches: Vec<(String, String)>,
    /// The merge strategy; empty for the default.
    pub strategy: String,
    /// Free words to select by.
    pub tags: Vec<String>,
    /// The project's double opt-in, passed on; null if it has none.
    pub double_opt_in: Value,
    /// Further settings of the project by the control API's names, passed on.
    pub project: Map<String, Value>,
    /// One list of placeholder values for each run of the file.
    pub variants: Vec<Vec<(String, String)>>,
    /// Files whose steps run first, and where they are named.
    pub(crate) given: Vec<(String, Range<usize>)>,
}

/// The ranges of a file that `---` lines divide.
struct Division {
    yaml: Range<usize>,
    rest: usize,
}

impl FrontMatter {
    /// Reads it from the top of a file. The offset is where the story begins.
    pub(crate) fn parse(source: &Arc<Source>) -> Result<(Self, usize), Vec<Problem>> {
        let division = divide(source).map_err(|problem| vec![problem])?;
        let body = Body::of(source, division.yaml);
        let entries = yaml::mapping(&body).map_err(|problem| vec![problem])?;
        let mut front = Self::default();
        let read = entries.iter().map(|entry| front.read(&body, entry));
        let mut problems: Vec<Problem> = read.filter_map(Result::err).collect();
        problems.extend(missing(source, &entries));
        if problems.is_empty() {
            Ok((front, division.rest))
        } else {
            Err(problems)
        }
    }

    fn read(&mut self, body: &Body, entry: &Entry) -> Result<(), Problem> {
        let value = &entry.value;
        match entry.key.as_str() {
            "title" => self.title = value.text(body)?,
            "evidence" => self.evidence = Evidence::of(&value.choice(body, &EVIDENCE)?),
            "source" => self.source = value.text(body)?,
            "ids" => {
                self.ids = super::schema::parse(body, value.entries(body)?, value.range.clone())?
            }
            "cause" => self.cause = slug(body, value)?,
            "effect" => self.effect = value.text(body)?,
            "remedy" => self.remedy = value.text(body)?,
            "level" => self.level = level(body, value)?,
            "switches" => self.switches = switches(body, value)?,
            "strategy" => {
                self.strategy = value.text(body)?;
                if Strategy::from_name(&self.strategy).is_err() {
                    let known: Vec<_> = Strategy::names().collect();
                    value.choice(body, &known)?;
                }
            }
            "tags" => {
                self.tags = texts(body, value)?
                    .into_iter()
                    .map(|(tag, _)| tag)
                    .collect()
            }
            "double_opt_in" => {
                value.entries(body)?;
                self.double_opt_in = value.json();
            }
            "project" => self.project = project(body, value)?,
            "variants" => self.variants = variants(body, value)?,
            "given" => self.given = texts(body, value)?,
            _ => return Err(entry.unknown(body, "front matter key", &KEYS)),
        }
        Ok(())
    }

    /// The body of the control API's `POST /projects` for this scenario.
    pub(crate) fn project_settings(&self) -> Vec<u8> {
        #[derive(serde::Serialize)]
        struct Settings<'a> {
            id_types: super::schema::InOrder<'a>,
            switches: Value,
            #[serde(skip_serializing_if = "str::is_empty")]
            strategy: &'a str,
            clock: Value,
            #[serde(skip_serializing_if = "Value::is_null")]
            double_opt_in: &'a Value,
            #[serde(flatten)]
            project: &'a Map<String, Value>,
        }
        let switches = self.switches.iter();
        let settings = Settings {
            id_types: super::schema::InOrder(&self.ids),
            switches: switches
                .map(|(name, choice)| (name.clone(), Value::from(choice.as_str())))
                .collect(),
            strategy: &self.strategy,
            clock: serde_json::json!({"start": 1_767_225_600, "step": 1}),
            double_opt_in: &self.double_opt_in,
            project: &self.project,
        };
        serde_json::to_vec(&settings).unwrap_or_default()
    }
}

fn divide(source: &Arc<Source>) -> Result<Division, Problem> {
    let text = source.text();
    let marker = |line: &str| line.trim_end() == "---";
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    let start = first.len();
    if !marker(first.trim_start_matches('\u{feff}')) {
        return Err(Problem::new(
            source,
            0..first.trim_end().len(),
            "a scenario begins with front matter",
        )
        .expected("a line `---`")
        .help("put `---`, `title:`, `evidence:`, `source:` and another `---` at the top"));
    }
    let mut end = start;
    for line in lines {
        if marker(line) {
            let yaml = start..end;
            return Ok(Division {
                yaml,
                rest: end + line.len(),
            });
        }
        end += line.len();
    }
    Err(Problem::new(
        source,
        0..first.trim_end().len(),
        "the front matter is never closed",
    )
    .help("put a line `---` after its last key"))
}

fn missing(source: &Arc<Source>, entries: &[Entry]) -> Vec<Problem> {
    let absent = |key: &&&str| !entries.iter().any(|entry| entry.key == **key);
    let required = ["title", "evidence", "source"];
    let absent = required.iter().filter(absent);
    let problem = |key: &&str| {
        Problem::new(source, 0..3, format!("the front matter lacks `{key}`"))
            .help(format!("add a line `{key}: ...`"))
    };
    absent.map(problem).collect()
}

fn slug(body: &Body, value: &Node) -> Result<String, Problem> {
    let slug = value.text(body)?;
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !slug.is_empty() && slug.chars().all(fits) {
        return Ok(slug);
    }
    Err(value.wrong(body, "a slug such as `update-instead-of-identify`"))
}

fn level(body: &Body, value: &Node) -> Result<u8, Problem> {
    match value.count(body)? {
        1 => Ok(1),
        2 => Ok(2),
        3 => Ok(3),
        _ => Err(value.wrong(body, "1, 2 or 3")),
    }
}

fn switches(body: &Body, value: &Node) -> Result<Vec<(String, String)>, Problem> {
    let names = SWITCHES.map(|(name, _)| name);
    let one = |entry: &Entry| {
        let known = SWITCHES.iter().find(|(name, _)| *name == entry.key);
        let (_, choices) = known.ok_or_else(|| entry.unknown(body, "switch", &names))?;
        Ok((entry.key.clone(), entry.value.choice(body, choices)?))
    };
    value.entries(body)?.iter().map(one).collect()
}

/// Settings that have no key of their own; what the server does not know it refuses by name.
fn project(body: &Body, value: &Node) -> Result<Map<String, Value>, Problem> {
    let one = |entry: &Entry| {
        let own = ["id_types", "switches", "strategy", "clock", "double_opt_in"];
        if own.contains(&entry.key.as_str()) {
            let says = format!("`{}` is no further setting", entry.key);
            return Err(body
                .problem(entry.key_range.clone(), says)
                .help("ID types are `ids`, the clock is the scenario's, the others are keys of the front matter"));
        }
        Ok((entry.key.clone(), entry.value.json()))
    };
    value.entries(body)?.iter().map(one).collect()
}

fn texts(body: &Body, value: &Node) -> Result<Vec<(String, Range<usize>)>, Problem> {
    let one = |item: &Node| Ok((item.text(body)?, body.span(item.range.clone())));
    value.items(body)?.iter().map(one).collect()
}

fn variants(body: &Body, value: &Node) -> Result<Vec<Vec<(String, String)>>, Problem> {
    let rows = value.items(body)?;
    rows.iter().map(|row| variant(body, row)).collect()
}

fn variant(body: &Body, row: &Node) -> Result<Vec<(String, String)>, Problem> {
    let one = |entry: &Entry| {
        if entry.key == "token" {
            return Err(body
                .problem(entry.key_range.clone(), "`token` is the project's token")
                .help("give the placeholder another name"));
        }
        Ok((entry.key.clone(), entry.value.text(body)?))
    };
    row.entries(body)?.iter().map(one).collect()
}
