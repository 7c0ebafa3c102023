//! A definition bound to the header of a file: which field of a row is what, and the step that a row is.

use std::{borrow::Cow, collections::HashMap};

use csv::{ByteRecord, StringRecord};

use super::{
    definition::{Definition, Destination, Property},
    values::time,
};
use crate::{
    journal::Step,
    wire::{
        given::{Id, IdValue},
        json,
    },
};

/// Canonical values by name.
type Values<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

/// A definition whose columns are places.
pub(crate) struct Columns<'d> {
    header: StringRecord,
    ids: Vec<(usize, &'d str)>,
    properties: Vec<(usize, &'d Property)>,
    time: Option<usize>,
    definition: &'d Definition,
}

impl<'d> Columns<'d> {
    /// Finds every mapped column, or says which one is not there.
    pub(crate) fn bind(definition: &'d Definition, header: StringRecord) -> Result<Self, String> {
        let places = places(&header);
        let place = |column: &str| place(&header, &places, column);
        let ids = definition.ids.iter();
        let ids = ids.map(|(column, to_id)| Ok((place(column)?, to_id.as_str())));
        let ids = ids.collect::<Result<_, String>>()?;
        let properties = definition.properties.iter();
        let properties = properties.map(|property| Ok((place(&property.column)?, property)));
        let mut properties: Vec<_> = properties.collect::<Result<_, String>>()?;
        // Stored by name, as every writer of properties gives them.
        properties.sort_by(|(_, one), (_, other)| one.name.cmp(&other.name));
        let time = definition.time.as_deref().map(place).transpose()?;
        Ok(Self {
            ids,
            properties,
            time,
            definition,
            header,
        })
    }

    /// The command that a row is, or why it is none.
    pub(crate) fn step<'r>(&self, row: &'r ByteRecord) -> Result<Step<'r>, String> {
        if row.len() != self.header.len() {
            return Err(format!(
                "the row has {} fields, the header {}",
                row.len(),
                self.header.len()
            ));
        }
        let ids = self.ids(row)?;
        let properties = self.values(row)?;
        Ok(match &self.definition.destination {
            Destination::Customers => Step::Customers {
                ids,
                properties: Some(properties),
                update_timestamp: self.time(row)?,
            },
            Destination::Events { event_type, .. } => Step::Event {
                ids,
                event_type: Some(Cow::Owned(event_type.clone())),
                timestamp: Some(self.time(row)?.ok_or("the timestamp is empty")?),
                properties: Some(Cow::Owned(json::object(&properties))),
            },
        })
    }

    /// An empty cell is as if its column were not there.
    fn ids<'r>(&self, row: &'r ByteRecord) -> Result<Vec<Id<'r>>, String> {
        let mut ids = Vec::with_capacity(self.ids.len());
        for (at, to_id) in &self.ids {
            let cell = self.cell(row, *at)?;
            if !cell.is_empty() {
                ids.push(Id {
                    id_type: Cow::Owned((*to_id).to_owned()),
                    value: IdValue::Text(Cow::Borrowed(cell)),
                });
            }
        }
        Ok(ids)
    }

    fn values<'r>(&self, row: &'r ByteRecord) -> Result<Values<'r>, String> {
        let mut values = Vec::with_capacity(self.properties.len());
        for (at, property) in &self.properties {
            let cell = self.cell(row, *at)?;
            if cell.is_empty() && self.definition.skip_empty {
                continue;
            }
            let value = property.kind.value(cell);
            let value = value.map_err(|says| format!("column `{}`: {says}", property.column))?;
            values.push((Cow::Owned(property.name.clone()), value));
        }
        Ok(values)
    }

    fn time(&self, row: &ByteRecord) -> Result<Option<f64>, String> {
        let Some(at) = self.time else {
            return Ok(None);
        };
        let cell = self.cell(row, at)?;
        if cell.is_empty() {
            return Ok(None);
        }
        let read = time(cell).ok_or_else(|| {
            let column = self.header.get(at).unwrap_or_default();
            format!(
                "column `{column}`: `{cell}` is neither a unix time in seconds nor an ISO 8601 date"
            )
        })?;
        Ok(Some(read))
    }

    fn cell<'r>(&self, row: &'r ByteRecord, at: usize) -> Result<&'r str, String> {
        let bytes = row.get(at).unwrap_or_default();
        std::str::from_utf8(bytes).map_err(|_| {
            let column = self.header.get(at).unwrap_or_default();
            format!("column `{column}` is not UTF-8")
        })
    }
}

/// Where a column is; nothing if there are several of its name.
type Places<'h> = HashMap<&'h str, Option<usize>>;

fn places(header: &StringRecord) -> Places<'_> {
    let mut places = Places::new();
    for (at, name) in header.iter().enumerate() {
        let place = places.entry(name);
        place.and_modify(|several| *several = None).or_insert(Some(at));
    }
    places
}

fn place(header: &StringRecord, places: &Places<'_>, column: &str) -> Result<usize, String> {
    match places.get(column) {
        Some(Some(at)) => Ok(*at),
        Some(None) => Err(format!("the file has two columns `{column}`")),
        None => {
            let names: Vec<&str> = header.iter().collect();
            let hint = match names.as_slice() {
                [only] if only.contains(';') => "; separate the fields with commas",
                _ => "",
            };
            Err(format!(
                "the file has no column `{column}`; it has: {}{hint}",
                names.join(", ")
            ))
        }
    }
}
