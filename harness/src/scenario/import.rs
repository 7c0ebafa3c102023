//! The block `import`: a mapping of columns and a CSV, sent row by row.
//! A refused row does not stop an import; the report counts it.

use std::ops::Range;

use serde_json::Value;

use super::{
    block::Block,
    body::Body,
    csv_table::{Column, Table},
    sdk::Named,
    world::World,
    write::{Answer, Write},
    yaml::{self, Entry, Kind, Node},
};
use crate::problem::Problem;

const KEYS: [&str; 7] = [
    "ids",
    "properties",
    "update_timestamp",
    "types",
    "skip_empty",
    "name",
    "rejected",
];
const TYPES: [&str; 3] = ["text", "number", "boolean"];

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
    rows: Vec<(Range<usize>, Write)>,
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
    types: Vec<(Column, String)>,
    skip_empty: bool,
    name: String,
    rejected: Option<Expected>,
}

impl Import {
    pub(crate) fn parse(block: &Block) -> Result<Self, Problem> {
        block.only(&[])?;
        let (yaml, csv) = divided(block)?;
        let table = Table::parse(&csv)?;
        let mapping = Mapping::parse(&yaml, &table)?;
        let rows = table.rows.iter().map(|row| {
            let write = mapping.write(&csv, row)?;
            Ok((csv.span(row.range.clone()), write))
        });
        Ok(Self {
            rows: rows.collect::<Result<_, Problem>>()?,
            name: mapping.name,
            rejected: mapping.rejected,
        })
    }

    pub(crate) async fn run(&self, block: &Block, world: &mut World) -> Result<(), Problem> {
        let mut report = ImportReport {
            name: self.name.clone(),
            ..ImportReport::default()
        };
        for (index, (span, write)) in self.rows.iter().enumerate() {
            let line = Body::of(block.body.source(), span.clone());
            let whole = 0..line.text().len();
            match write.send(world, "import", (&line, &whole)).await? {
                Answer::Accepted => report.accepted += 1,
                Answer::Refused(why) => report.rejected.push((index + 1, why)),
            }
        }
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
            .found(report.rejected.len().to_string());
        if report.rejected.is_empty() {
            return Some(problem);
        }
        Some(problem.difference(why.collect::<Vec<_>>().join("\n")))
    }
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

    fn write(&self, csv: &Body, row: &super::csv_table::Row) -> Result<Write, Problem> {
        let ids = self
            .ids
            .iter()
            .map(|(id_type, column)| (id_type, row.cell(*column)));
        let ids = ids.filter(|(_, cell)| !cell.is_empty());
        let ids: Named = ids
            .map(|(id_type, cell)| (id_type.clone(), cell.into()))
            .collect();
        let mut properties = Named::new();
        for (property, column) in &self.properties {
            if self.skip_empty && row.cell(*column).is_empty() {
                continue;
            }
            properties.insert(property.clone(), self.value(csv, row, *column)?);
        }
        let write = Write::customer(&ids, &properties);
        let Some(column) = self
            .update_timestamp
            .filter(|column| !row.cell(*column).is_empty())
        else {
            return Ok(write);
        };
        Ok(write.updated_at(typed(csv, row, column, "number")?))
    }

    fn value(
        &self,
        csv: &Body,
        row: &super::csv_table::Row,
        column: Column,
    ) -> Result<Value, Problem> {
        let of_column = self.types.iter().find(|(typed, _)| *typed == column);
        let kind = of_column.map_or("text", |(_, kind)| kind.as_str());
        if row.cell(column).is_empty() {
            return Ok("".into());
        }
        typed(csv, row, column, kind)
    }
}

fn typed(
    csv: &Body,
    row: &super::csv_table::Row,
    column: Column,
    kind: &str,
) -> Result<Value, Problem> {
    let cell = row.cell(column);
    let value = match kind {
        "number" => cell.trim().parse().ok().map(Value::Number),
        "boolean" => truth(cell.trim()).map(Value::Bool),
        _ => Some(cell.into()),
    };
    value.ok_or_else(|| {
        csv.problem(
            row.range.clone(),
            format!("row {}: `{cell}` is no {kind}", row.number),
        )
    })
}

fn truth(cell: &str) -> Option<bool> {
    match cell.to_lowercase().as_str() {
        "true" | "yes" | "1" => Some(true),
        "false" | "no" | "0" => Some(false),
        _ => None,
    }
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
