//! The two shapes in which an export shows a profile: an object as `export-one` gives it, and a
//! row of cells under a list of fields.

use std::collections::HashMap;

use serde_json::Value;

use super::{Event, Profile};

/// What is wrong with a row, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RowError(pub(super) String);

/// What the cells of a row are.
#[derive(Clone, Debug)]
pub(super) struct Fields(Vec<Field>);

#[derive(Clone, Debug)]
enum Field {
    Id(String),
    Property(String),
}

impl Fields {
    /// Reads `[{"type":"id","id":"registered"},{"type":"property","property":"email"}]`.
    pub(super) fn read(fields: &Value) -> Result<Self, RowError> {
        let error = || {
            RowError(format!(
                "`fields` holds something else than `{{\"type\":\"id\",\"id\":...}}` and `{{\"type\":\"property\",\"property\":...}}`: {}",
                beginning(fields)
            ))
        };
        let fields = fields.as_array().ok_or_else(error)?;
        let read = fields.iter().map(|field| {
            let name = |key: &str| field.get(key).and_then(Value::as_str).map(str::to_owned);
            match field.get("type").and_then(Value::as_str) {
                Some("id") => name("id").map(Field::Id),
                Some("property") => name("property").map(Field::Property),
                _ => None,
            }
        });
        read.collect::<Option<_>>().map(Self).ok_or_else(error)
    }
}

/// The profile of a row; `lists` learns which ID types come as lists.
pub(super) fn profile_of_row(
    fields: &Fields,
    row: &Value,
    lists: &mut HashMap<String, bool>,
) -> Result<Profile, RowError> {
    let cells = row.as_array().filter(|cells| cells.len() == fields.0.len());
    let cells = cells.ok_or_else(|| {
        let expected = fields.0.len();
        RowError(format!(
            "a row must be a list of {expected} cells, found: {}",
            beginning(row)
        ))
    })?;
    let mut profile = Profile::default();
    for (field, cell) in fields.0.iter().zip(cells) {
        match field {
            Field::Id(name) => add_id(&mut profile, name, cell, lists)?,
            Field::Property(name) if !cell.is_null() => {
                profile.properties.insert(name.clone(), cell.clone());
            }
            Field::Property(_) => {}
        }
    }
    Ok(profile)
}

/// The profile of an object `{"ids": {...}, "properties": {...}, "events": [...]}`.
pub(super) fn profile_of_object(
    object: &Value,
    lists: &mut HashMap<String, bool>,
) -> Result<Profile, RowError> {
    let ids = object
        .get("ids")
        .and_then(Value::as_object)
        .ok_or_else(|| {
            RowError(format!(
                "a profile must be an object with `ids`, found: {}",
                beginning(object)
            ))
        })?;
    let mut profile = Profile::default();
    for (name, value) in ids {
        add_id(&mut profile, name, value, lists)?;
    }
    if let Some(properties) = object.get("properties").and_then(Value::as_object) {
        let set = properties.iter().filter(|(_, value)| !value.is_null());
        profile.properties = set
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
    }
    profile.events = object.get("events").map(events).transpose()?;
    Ok(profile)
}

fn events(events: &Value) -> Result<Vec<Event>, RowError> {
    serde_json::from_value(events.clone()).map_err(|_| {
        RowError(format!(
            "`events` must be a list of `{{\"type\", \"timestamp\", \"properties\"}}`, found: {}",
            beginning(events)
        ))
    })
}

fn add_id(
    profile: &mut Profile,
    name: &str,
    value: &Value,
    lists: &mut HashMap<String, bool>,
) -> Result<(), RowError> {
    let is_list = lists.entry(name.to_owned()).or_insert(false);
    let values = match value {
        Value::Null => return Ok(()),
        Value::Array(values) => {
            *is_list = true;
            values
                .iter()
                .map(|value| id_text(name, value))
                .collect::<Result<Vec<_>, _>>()?
        }
        value => vec![id_text(name, value)?],
    };
    if !values.is_empty() {
        profile.ids.insert(name.to_owned(), values);
    }
    Ok(())
}

fn id_text(name: &str, value: &Value) -> Result<String, RowError> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(RowError(format!(
            "a value of the ID type `{name}` must be a text, found: {}",
            beginning(value)
        ))),
    }
}

fn beginning(value: &Value) -> String {
    format!(
        "`{}`",
        value.to_string().chars().take(80).collect::<String>()
    )
}
