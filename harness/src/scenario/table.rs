//! The table of all customers: read from a scenario, made from a project, and written with aligned columns.
//! White space and the order of IDs and properties mean nothing; the order of events does.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    body::Body,
    cell::{self, Cell, Line},
    customer::Customer,
};
use crate::problem::Problem;

const PROPERTIES: &str = "properties.";
const EVENTS: &str = "events:";

/// One customer as a table shows it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    pub(crate) number: u64,
    ids: BTreeMap<String, Vec<String>>,
    properties: BTreeMap<String, Value>,
    events: Vec<String>,
    /// Where the line stands in the body; 0 for a customer that was seen.
    pub(crate) at: usize,
}

/// The rows that the body states. Names in `id_types` are IDs.
pub(crate) fn stated(body: &Body, id_types: &[String]) -> Result<Vec<Row>, Problem> {
    let mut rows: Vec<Row> = Vec::new();
    for (at, line) in body.rows() {
        let row = row(Line::new(body, at, line), id_types)?;
        if rows.iter().any(|other| other.number == row.number) {
            let range = at..at + line.len();
            return Err(body.problem(range, format!("customer #{} is stated twice", row.number)));
        }
        rows.push(Row { at, ..row });
    }
    Ok(rows)
}

fn row(mut line: Line<'_>, id_types: &[String]) -> Result<Row, Problem> {
    let mut row = Row {
        number: line.number()?,
        ..Row::default()
    };
    while !line.is_done() {
        if line.peek() == EVENTS {
            line.word();
            while !line.is_done() {
                row.events.push(line.name()?);
            }
        } else {
            row.add(line.cell()?, id_types);
        }
    }
    Ok(row)
}

impl Row {
    /// A customer as a row.
    pub(crate) fn seen(customer: &Customer) -> Self {
        let ids = customer.ids.iter();
        let ids = ids.filter(|(_, values)| !values.texts().is_empty());
        let properties = customer.properties.iter();
        Self {
            number: customer.number,
            ids: ids
                .map(|(name, values)| (name.clone(), values.texts().to_vec()))
                .collect(),
            properties: properties
                .map(|(name, set)| (name.clone(), set.value.clone()))
                .collect(),
            events: customer
                .events
                .iter()
                .map(|event| event.event_type.clone())
                .collect(),
            at: 0,
        }
    }

    fn add(&mut self, cell: Cell, id_types: &[String]) {
        if id_types.contains(&cell.name) {
            let text = cell.text();
            self.ids.entry(cell.name).or_default().push(text);
            return;
        }
        let name = cell.name.strip_prefix(PROPERTIES).unwrap_or(&cell.name);
        self.properties.insert(name.to_owned(), cell.value);
    }

    /// Whether both rows say the same, in whatever order.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        let (one, two) = (sorted(&self.ids), sorted(&other.ids));
        let (mine, its) = (&self.properties, &other.properties);
        let held = |(name, value): (&String, &Value)| {
            its.get(name).is_some_and(|it| cell::same(value, it))
        };
        self.number == other.number
            && one == two
            && mine.len() == its.len()
            && mine.iter().all(held)
            && self.events == other.events
    }

    fn id_cell(&self, id_type: &str) -> String {
        let values = self.ids.get(id_type).map_or(&[][..], Vec::as_slice);
        let cells = values
            .iter()
            .map(|value| format!("{}={}", name(id_type), cell::id(value)));
        cells.collect::<Vec<_>>().join(" ")
    }

    fn property_cell(&self, property: &str, id_types: &[String]) -> String {
        let Some(value) = self.properties.get(property) else {
            return String::new();
        };
        let is_also_an_id = id_types.iter().any(|id_type| id_type == property);
        let prefix = if is_also_an_id { PROPERTIES } else { "" };
        name(&format!("{prefix}{property}")) + "=" + &cell::property(value)
    }

    fn events_cell(&self) -> String {
        if self.events.is_empty() {
            return String::new();
        }
        let types = self.events.iter().map(|event_type| name(event_type));
        format!("{EVENTS} {}", types.collect::<Vec<_>>().join(" "))
    }
}

fn sorted(ids: &BTreeMap<String, Vec<String>>) -> BTreeMap<&String, Vec<&String>> {
    let each = ids.iter().map(|(name, values)| {
        let mut values: Vec<&String> = values.iter().collect();
        values.sort();
        (name, values)
    });
    each.collect()
}

fn name(name: &str) -> String {
    if name.contains('=') {
        return Value::from(name).to_string();
    }
    cell::id(name)
}

/// The lines of the rows, with columns that run through all `tables`, so that they can be laid side by side.
pub(crate) fn aligned(tables: [&[Row]; 2], id_types: &[String]) -> [Vec<String>; 2] {
    let all = || tables.into_iter().flatten();
    let mut properties: Vec<&String> = all().flat_map(|row| row.properties.keys()).collect();
    properties.sort();
    properties.dedup();
    let cells = |row: &Row| {
        let mut cells = vec![format!("#{}", row.number)];
        cells.extend(id_types.iter().map(|id_type| row.id_cell(id_type)));
        cells.extend(
            properties
                .iter()
                .map(|property| row.property_cell(property, id_types)),
        );
        cells.push(row.events_cell());
        cells
    };
    let grid: Vec<Vec<String>> = all().map(cells).collect();
    let lines = columns(&grid);
    let (first, second) = lines.split_at(tables[0].len());
    [first.to_vec(), second.to_vec()]
}

/// Lines of cells, each column as wide as its widest cell; an empty column vanishes.
pub(crate) fn columns(grid: &[Vec<String>]) -> Vec<String> {
    let count = grid.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        let cells = grid.iter().filter_map(|cells| cells.get(column));
        cells
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..count).map(width).collect();
    let line = |cells: &Vec<String>| {
        let shown = cells.iter().zip(&widths).filter(|(_, width)| **width > 0);
        let padded: Vec<String> = shown
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        padded.join("  ").trim_end().to_owned()
    };
    grid.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Source;

    fn read(text: &str) -> Result<Vec<Row>, String> {
        let source = Source::new("a.md", text);
        let id_types = ["registered".to_owned(), "cookie".to_owned()];
        stated(&Body::of(&source, 0..text.len()), &id_types)
            .map_err(|problem| format!("{problem} {}", problem.details().replace('\n', ", ")))
    }

    fn rewritten(text: &str) -> String {
        let id_types = ["registered".to_owned(), "cookie".to_owned()];
        let rows = read(text).unwrap();
        let [lines, _] = aligned([&rows, &[]], &id_types);
        lines.join("\n")
    }

    #[test]
    fn a_table_is_read_and_written_aligned() {
        let text = r##"
#1 cookie=laptop cookie=phone registered=ada email=a@b.cz age=36 note="two words" events: purchase merge
#2 cookie=x age="36" properties.cookie=y  list=[1, 2] flag=true empty="" none=null events: "my event"
#10 registered=77 registered="a b"
"##;
        let written = rewritten(text);
        insta::assert_snapshot!(written);
        assert_eq!(rewritten(&written), written);
    }

    #[test]
    fn order_does_not_matter_except_for_events() {
        let same = |one: &str, other: &str| {
            let (one, other) = (read(one).unwrap(), read(other).unwrap());
            one[0].says_the_same(&other[0])
        };
        assert!(same(
            "#1 cookie=a cookie=b x=1 y=2",
            "#1  y=2.0 x=1 cookie=b cookie=a"
        ));
        assert!(!same("#1 events: a b", "#1 events: b a"));
        assert!(!same("#1 age=36", "#1 age=\"36\""));
        assert!(!same("#1 cookie=a", "#1 cookie=a cookie=a"));
        assert!(same("#1 registered=77", "#1 registered=\"77\""));
    }

    #[test]
    fn bad_lines_are_named() {
        let cases = [
            "1 registered=x",
            "#1 registered",
            "#1 note=\"two",
            "#1 a=1\n#1 a=2",
            "#1 =3 x",
        ];
        let said = cases.map(|text| match read(text) {
            Ok(_) => format!("{text} -> fine"),
            Err(said) => format!("{text} -> {said}"),
        });
        insta::assert_snapshot!(said.join("\n"));
    }
}
