//! The block `import`: a mapping of columns and a CSV, sent by the imports API.
//! A refused row does not stop an import; the report counts it.

use std::{ops::Range, path::Path};

use super::{
    block::Block,
    body::Body,
    csv_table::{Column, Row, Table},
    failing::Failing,
    world::World,
    yaml::{self, Entry, Kind, Node},
};
use crate::{
    import::{self, Events, File, PropertyColumn},
    problem::{Problem, Source},
};

const KEYS: [&str; 9] = [
    "ids",
    "properties",
    "update_timestamp",
    "events",
    "timestamp",
    "types",
    "skip_empty",
    "name",
    "rejected",
];
const TYPES: [&str; 6] = ["text", "number", "boolean", "list", "date", "datetime"];

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// The name that the mapping gives it; empty if it gives none.
    pub name: String,
    /// How many rows were taken.
    pub accepted: usize,
    /// The number of each refused row, counted from 1 behind the header, and why.
    pub rejected: Vec<(usize, String)>,
}

/// An import, ready to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Import {
    name: String,
    rejected: Option<Expected>,
    mapping: import::Mapping,
    csv: String,
    failing: Failing,
}

#[derive(Clone, Debug)]
struct Expected {
    count: usize,
    range: Range<usize>,
}

#[derive(Default)]
struct Mapping {
    ids: Vec<(String, Column)>,
    properties: Vec<(String, Column)>,
    update_timestamp: Option<Column>,
    events: Option<String>,
    timestamp: Option<Column>,
    types: Vec<(Column, String)>,
    skip_empty: bool,
    name: String,
    rejected: Option<Expected>,
}

impl Import {
    pub(crate) fn parse(block: &Block) -> Result<Self, Problem> {
        block.only(&["fails"])?;
        let (yaml, csv) = divided(block)?;
        let table = Table::parse(&csv)?;
        let mapping = Mapping::parse(&yaml, &table)?;
        for row in &table.rows {
            mapping.check(&csv, row)?;
        }
        Ok(Self {
            csv: csv.text().to_owned(),
            mapping: mapping.named(&yaml, &table)?,
            name: mapping.name,
            rejected: mapping.rejected,
            failing: Failing::of(block)?,
        })
    }

    pub(crate) async fn run(&self, block: &Block, world: &mut World) -> Result<(), Problem> {
        let unusable = |says: String| block.problem(says);
        let file = File::read(self.csv.clone()).map_err(unusable)?;
        let sent = import::send(&world.client, &self.mapping, &file).await;
        let mut failing = self.failing;
        let sent = match sent {
            Ok(sent) => sent,
            Err(error) => return failing.take(unusable(error.to_string())),
        };
        failing.check(block, world);
        world.writes += sent.rows;
        let refused = sent.rejections.into_iter();
        let report = ImportReport {
            name: self.name.clone(),
            accepted: sent.accepted,
            rejected: refused.map(|one| (one.row, one.reason)).collect(),
        };
        world.failures.extend(self.failure(block, &report));
        world.imports.push(report);
        Ok(())
    }

    fn failure(&self, block: &Block, report: &ImportReport) -> Option<Problem> {
        let expected = self.rejected.as_ref()?;
        if expected.count == report.rejected.len() {
            return None;
        }
        let why = report
            .rejected
            .iter()
            .map(|(row, why)| format!("row {row}: {why}"));
        let problem = block
            .body
            .problem(expected.range.clone(), "another number of rows is refused")
            .expected(expected.count.to_string())
            .found(report.rejected.len().to_string())
            .help("mend the rows, or the number if that is meant");
        if report.rejected.is_empty() {
            return Some(problem);
        }
        Some(problem.difference(why.collect::<Vec<_>>().join("\n")))
    }
}

/// Reads a mapping that stands in a YAML file, for a file with these columns.
pub fn import_mapping(
    path: &Path,
    yaml: String,
    columns: &[String],
) -> Result<import::Mapping, Problem> {
    let source = Source::new(path, yaml);
    let body = Body::of(&source, 0..source.text().len());
    let table = Table::without_rows(columns);
    Mapping::parse(&body, &table)?.named(&body, &table)
}

/// The mapping and the CSV, which a line `---` divides.
fn divided(block: &Block) -> Result<(Body, Body), Problem> {
    let body = &block.body;
    let divider = body.lines().find(|(_, line)| line.trim() == "---");
    let (at, line) = divider.ok_or_else(|| {
        block
            .problem("the import has no line `---` between its mapping and its CSV")
            .help("write the mapping, a line `---`, then the CSV with its header")
    })?;
    let rest = at + line.len();
    let newline = body.text()[rest..]
        .find('\n')
        .map_or(0, |newline| newline + 1);
    Ok((
        body.slice(0..at),
        body.slice(rest + newline..body.text().len()),
    ))
}

impl Mapping {
    fn parse(body: &Body, table: &Table) -> Result<Self, Problem> {
        let mut mapping = Self::default();
        let mut has_ids = false;
        for entry in yaml::mapping(body)? {
            has_ids |= entry.key == "ids";
            mapping.read(body, table, &entry)?;
        }
        if !has_ids {
            return Err(body
                .problem(0..body.text().trim_end().len(), "the mapping lacks `ids`")
                .help("say which column holds which ID, such as `ids: {registered: email}`"));
        }
        Ok(mapping)
    }

    fn read(&mut self, body: &Body, table: &Table, entry: &Entry) -> Result<(), Problem> {
        let value = &entry.value;
        match entry.key.as_str() {
            "ids" => self.ids = named_columns(body, table, value)?,
            "properties" => self.properties = properties(body, table, value)?,
            "update_timestamp" => self.update_timestamp = Some(table.column(body, value)?),
            "events" => self.events = Some(value.text(body)?),
            "timestamp" => self.timestamp = Some(table.column(body, value)?),
            "types" => self.types = types(body, table, value)?,
            "skip_empty" => self.skip_empty = value.flag(body)?,
            "name" => self.name = value.text(body)?,
            "rejected" => {
                let count = value.count(body)?;
                let range = value.range.clone();
                self.rejected = Some(Expected { count, range });
            }
            _ => return Err(entry.unknown(body, "mapping key", &KEYS)),
        }
        Ok(())
    }

    /// The same with the columns by name.
    fn named(&self, body: &Body, table: &Table) -> Result<import::Mapping, Problem> {
        let name = |column: Column| table.name(column).to_owned();
        let ids = self.ids.iter();
        let properties = self
            .properties
            .iter()
            .map(|(property, column)| PropertyColumn {
                name: property.clone(),
                column: name(*column),
                kind: self.kind(*column).to_owned(),
            });
        Ok(import::Mapping {
            name: self.name.clone(),
            ids: ids
                .map(|(id_type, column)| (id_type.clone(), name(*column)))
                .collect(),
            properties: properties.collect(),
            update_timestamp: self.update_timestamp.map(name),
            events: self.events(body, table)?,
            skip_empty: self.skip_empty,
        })
    }

    fn events(&self, body: &Body, table: &Table) -> Result<Option<Events>, Problem> {
        match (&self.events, self.timestamp) {
            (None, None) => Ok(None),
            (Some(event_type), Some(column)) => Ok(Some(Events {
                event_type: event_type.clone(),
                timestamp: table.name(column).to_owned(),
            })),
            _ => Err(body
                .problem(
                    0..body.text().trim_end().len(),
                    "an import of events needs both `events` and `timestamp`",
                )
                .help("write their type and the column with their time")),
        }
    }

    /// A cell that is not of its type is a slip of the file, not a part of the story.
    fn check(&self, csv: &Body, row: &Row) -> Result<(), Problem> {
        for (_, column) in &self.properties {
            typed(csv, row, *column, self.kind(*column))?;
        }
        Ok(())
    }

    fn kind(&self, column: Column) -> &str {
        let of_column = self.types.iter().find(|(typed, _)| *typed == column);
        of_column.map_or("text", |(_, kind)| kind.as_str())
    }
}

fn typed(csv: &Body, row: &Row, column: Column, kind: &str) -> Result<(), Problem> {
    let cell = row.cell(column);
    let fits = match kind {
        _ if cell.is_empty() => true,
        "number" => cell.trim().parse::<serde_json::Number>().is_ok(),
        "boolean" => is_truth(cell.trim()),
        _ => true,
    };
    if fits {
        return Ok(());
    }
    let says = format!("row {}: `{cell}` is no {kind}", row.number);
    Err(csv.problem(row.range.clone(), says))
}

fn is_truth(cell: &str) -> bool {
    let cell = cell.to_lowercase();
    ["true", "yes", "1", "false", "no", "0"].contains(&cell.as_str())
}

fn named_columns(
    body: &Body,
    table: &Table,
    node: &Node,
) -> Result<Vec<(String, Column)>, Problem> {
    let one = |entry: &Entry| Ok((entry.key.clone(), table.column(body, &entry.value)?));
    node.entries(body)?.iter().map(one).collect()
}

/// A list of columns that give their names to the properties, or columns by property.
fn properties(body: &Body, table: &Table, node: &Node) -> Result<Vec<(String, Column)>, Problem> {
    if matches!(node.kind, Kind::Map(_)) {
        return named_columns(body, table, node);
    }
    let one = |item: &Node| Ok((item.text(body)?, table.column(body, item)?));
    node.items(body)?.iter().map(one).collect()
}

fn types(body: &Body, table: &Table, node: &Node) -> Result<Vec<(Column, String)>, Problem> {
    let one = |entry: &Entry| {
        let column = table.named(body, &entry.key, entry.key_range.clone())?;
        Ok((column, entry.value.choice(body, &TYPES)?))
    };
    node.entries(body)?.iter().map(one).collect()
}
