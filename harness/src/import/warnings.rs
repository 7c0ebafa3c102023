//! What a file and its mapping look like, before anything is sent: the slips that make duplicate profiles (facts 9).

use std::collections::{BTreeMap, BTreeSet};

use twinfold_engine::{IdSchema, IdType};

use super::{File, Mapping};
use crate::fixup::is_address;

/// Values that stand for "nobody".
pub(crate) const PLACEHOLDERS: [&str; 16] = [
    "0",
    "-1",
    "1234",
    "n/a",
    "na",
    "#n/a",
    "nan",
    "nil",
    "none",
    "null",
    "undefined",
    "unknown",
    "anonymous",
    "guest",
    "test",
    "test@test.cz",
];

/// On how many rows of customers one ID is more than a person who stands there twice.
const SAME_VALUE_ROWS: usize = 3;

/// Everything that looks wrong; each says which column, and what to do.
pub fn warnings(file: &File, mapping: &Mapping, schema: &IdSchema) -> Vec<String> {
    let mut warnings = Vec::new();
    for property in &mapping.properties {
        warnings.extend(property_only(file, mapping, &property.column));
    }
    for (id_type, column) in &mapping.ids {
        let cells: Vec<&str> = file.cells(column).collect();
        let place = format!("column `{column}` (identifier `{id_type}`)");
        let known = schema.get(id_type);
        warnings.extend(case_variants(&cells, &place, known));
        warnings.extend(space_variants(&cells, &place, known));
        warnings.extend(floats(&cells, &place));
        warnings.extend(placeholders(&cells, &place));
        // Of events, many rows of one customer are what is expected.
        if mapping.events.is_none() {
            warnings.extend(same_value(&cells, &place));
        }
    }
    warnings
}

/// Fact 9.2: an address that is no identifier makes a second profile for everybody who has one.
fn property_only(file: &File, mapping: &Mapping, column: &str) -> Option<String> {
    let is_identifier = mapping.ids.iter().any(|(_, other)| other == column);
    if is_identifier || !looks_like_addresses(file, column) {
        return None;
    }
    Some(format!(
        "column `{column}` looks like e-mail addresses and is mapped to a property only: rows will not find the \
         profiles that are known by their address; pair it with the identifier as well, such as --id registered={column}"
    ))
}

/// By its name, or because most of its cells are addresses.
fn looks_like_addresses(file: &File, column: &str) -> bool {
    let name: String = column.chars().filter(|c| c.is_alphanumeric()).collect();
    if name.to_lowercase().contains("email") {
        return true;
    }
    let (mut cells, mut addresses) = (0, 0);
    for cell in file.cells(column) {
        cells += 1;
        addresses += usize::from(is_address(cell));
    }
    addresses * 2 > cells
}

fn case_variants(cells: &[&str], place: &str, id_type: Option<&IdType>) -> Option<String> {
    if id_type.is_some_and(|id_type| id_type.lowercase) {
        return None;
    }
    let mut written = BTreeMap::<String, BTreeSet<&str>>::new();
    for cell in cells.iter().map(|cell| cell.trim()) {
        written.entry(cell.to_lowercase()).or_default().insert(cell);
    }
    let several = written.values().filter(|forms| forms.len() > 1);
    let examples: Vec<String> = several.map(|forms| listed(forms.iter())).collect();
    found(&examples, |first, count| {
        format!(
            "{place} has {count} written in several cases, such as {first}: each form is a customer of its own; \
             lower-case the file, or switch on `lowercase` for the ID type"
        )
    })
}

fn space_variants(cells: &[&str], place: &str, id_type: Option<&IdType>) -> Option<String> {
    if id_type.is_none_or(|id_type| id_type.trim) {
        return None;
    }
    let padded = cells.iter().filter(|cell| **cell != cell.trim());
    let padded: Vec<String> = padded.map(|cell| format!("`{cell}`")).collect();
    found(&padded, |first, count| {
        format!(
            "{place} has {count} with white space around it, such as {first}, and the ID type does not trim; \
             trim the file"
        )
    })
}

/// Fact 1.43: a spreadsheet that takes a number for a float writes an ID that nobody has.
fn floats(cells: &[&str], place: &str) -> Option<String> {
    let is_float = |cell: &str| {
        let number = cell.trim();
        let digits = number
            .trim_start_matches('-')
            .starts_with(|c: char| c.is_ascii_digit());
        digits && number.contains(['.', 'e', 'E']) && number.parse::<f64>().is_ok()
    };
    let floats = cells.iter().filter(|cell| is_float(cell));
    let floats: Vec<String> = floats.map(|cell| format!("`{cell}`")).collect();
    found(&floats, |first, count| {
        format!(
            "{place} has {count} written as a float, such as {first}: `77.0` is not `77`; export the column as text"
        )
    })
}

fn placeholders(cells: &[&str], place: &str) -> Option<String> {
    let placeholders = cells
        .iter()
        .filter(|cell| PLACEHOLDERS.contains(&cell.trim().to_lowercase().as_str()));
    let placeholders: Vec<String> = placeholders.map(|cell| format!("`{cell}`")).collect();
    found(&placeholders, |first, count| {
        format!(
            "{place} has {count} that stands for nobody, such as {first}: it is a valid ID, and all its rows become \
             one customer; leave the cell empty"
        )
    })
}

fn same_value(cells: &[&str], place: &str) -> Option<String> {
    let mut rows = BTreeMap::<&str, usize>::new();
    for cell in cells {
        *rows.entry(cell.trim()).or_default() += 1;
    }
    let (value, count) = rows.into_iter().max_by_key(|(_, count)| *count)?;
    (count >= SAME_VALUE_ROWS).then(|| {
        format!(
            "{place} has the value `{value}` on {count} rows, which become one customer; \
             a value that belongs to several people must not identify them"
        )
    })
}

/// A warning about what was found, if anything was.
fn found(examples: &[String], says: impl Fn(&str, String) -> String) -> Option<String> {
    let first = examples.first()?;
    let count = match examples.len() {
        1 => "1 value".to_owned(),
        count => format!("{count} values"),
    };
    Some(says(first, count))
}

fn listed<'a>(values: impl Iterator<Item = &'a &'a str>) -> String {
    let quoted = values.map(|value| format!("`{value}`"));
    quoted.collect::<Vec<_>>().join(" and ")
}
