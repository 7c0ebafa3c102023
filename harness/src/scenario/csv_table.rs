//! A CSV with a header, where every row has as many fields as the header.
//! A ragged row is an error, because a column shifted by one would go unnoticed.

use std::ops::Range;

use super::{body::Body, yaml::Node};
use crate::problem::Problem;

/// The place of a field in a row, counted from 0.
pub(crate) type Column = usize;

/// A CSV.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    header: Vec<String>,
    pub(crate) rows: Vec<Row>,
}

/// A row behind the header.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Counted from 1.
    pub(crate) number: usize,
    fields: Vec<String>,
    /// Where it stands in the body.
    pub(crate) range: Range<usize>,
}

impl Row {
    /// The field of a column.
    pub(crate) fn cell(&self, column: Column) -> &str {
        self.fields.get(column).map_or("", String::as_str)
    }
}

impl Table {
    pub(crate) fn parse(body: &Body) -> Result<Self, Problem> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(body.text().as_bytes());
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| {
                body.problem(
                    0..body.text().len().min(1),
                    format!("this is not CSV: {error}"),
                )
            })?;
            rows.push(row(body, &record, rows.len()));
        }
        if rows.is_empty() {
            return Err(body
                .problem(0..0, "the import has no CSV")
                .help("write a header line behind `---`"));
        }
        let header = rows.remove(0).fields;
        match rows.iter().find(|row| row.fields.len() != header.len()) {
            None => Ok(Self { header, rows }),
            Some(ragged) => Err(ragged.is_ragged(body, &header)),
        }
    }

    /// A file of which only the columns are known.
    pub(crate) fn without_rows(columns: &[String]) -> Self {
        Self {
            header: columns.to_vec(),
            rows: Vec::new(),
        }
    }

    /// The name of a column.
    pub(crate) fn name(&self, column: Column) -> &str {
        self.header.get(column).map_or("", String::as_str)
    }

    /// The column that a value of the mapping names.
    pub(crate) fn column(&self, body: &Body, node: &Node) -> Result<Column, Problem> {
        self.named(body, &node.text(body)?, node.range.clone())
    }

    /// The column with this name; the range is where the mapping names it.
    pub(crate) fn named(
        &self,
        body: &Body,
        name: &str,
        range: Range<usize>,
    ) -> Result<Column, Problem> {
        let found = self.header.iter().position(|column| column == name);
        found.ok_or_else(|| {
            let header: Vec<&str> = self.header.iter().map(String::as_str).collect();
            let problem = body.problem(range, format!("the CSV has no column `{name}`"));
            let problem = problem.choice(name, &header);
            match header.as_slice() {
                [only] if only.contains(';') => problem.help("separate the fields with commas"),
                _ => problem,
            }
        })
    }
}

fn row(body: &Body, record: &csv::StringRecord, number: usize) -> Row {
    let byte = record.position().map_or(0, csv::Position::byte);
    let start = usize::try_from(byte)
        .unwrap_or_default()
        .min(body.text().len());
    let rest = body.text().get(start..).unwrap_or_default();
    let blank = rest.len() - rest.trim_start_matches(['\n', '\r']).len();
    let line = rest[blank..].lines().next().unwrap_or_default();
    Row {
        number,
        fields: record.iter().map(str::to_owned).collect(),
        range: start + blank..start + blank + line.len(),
    }
}

impl Row {
    fn is_ragged(&self, body: &Body, header: &[String]) -> Problem {
        let message = format!(
            "row {} has another number of fields than the header",
            self.number
        );
        let problem = body
            .problem(self.range.clone(), message)
            .expected(format!("{} fields", header.len()))
            .found(format!("{}", self.fields.len()));
        if self.fields.len() > header.len() {
            problem.help("put a field that contains a comma into double quotes")
        } else {
            problem.help(format!("the header is `{}`", header.join(",")))
        }
    }
}
