//! The body that defines an import, as the clients send it (facts, end of section 7), and its checked form.
//! What is wrong with it is said before anything is written.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::Value;
use twinfold_engine::{IdSchema, UnknownIdType};
use utoipa::ToSchema;

use super::{
    source::{Source, SourceBody},
    values::Kind,
};

/// What is imported from where, and which column is what.
#[derive(Deserialize, ToSchema)]
pub(crate) struct ImportBody {
    name: Option<String>,
    trigger: Option<Trigger>,
    active: Option<bool>,
    source: Option<SourceBody>,
    destination: Option<DestinationBody>,
    mapping: Option<Mapping>,
    /// Of events: the column with their time; also read within `column_mapping`.
    timestamp_column: Option<String>,
    /// Ours: an empty cell writes nothing, instead of an empty value.
    skip_empty: Option<bool>,
}

#[derive(Deserialize, ToSchema)]
struct Trigger {
    /// `now` runs at once; `scheduled` waits for `run` or `start`.
    trigger_type: Option<String>,
}

#[derive(Deserialize, ToSchema)]
struct DestinationBody {
    customer_destination: Option<Value>,
    event_destination: Option<EventDestination>,
    catalog_destination: Option<Value>,
}

#[derive(Deserialize, ToSchema)]
struct EventDestination {
    event_type: Option<String>,
    /// Whether the project's automations answer to the events; off by default.
    event_triggers: Option<bool>,
}

#[derive(Deserialize, ToSchema)]
struct Mapping {
    /// `UTC`.
    tz_info: Option<String>,
    column_mapping: Option<ColumnMapping>,
}

#[derive(Deserialize, ToSchema)]
struct ColumnMapping {
    id_mappings: Option<Vec<IdMapping>>,
    property_mappings: Option<Vec<PropertyMapping>>,
    timestamp_column: Option<String>,
}

#[derive(Deserialize, ToSchema)]
struct IdMapping {
    from_column: String,
    to_id: String,
}

#[derive(Deserialize, ToSchema)]
struct PropertyMapping {
    from_column: String,
    /// `update_timestamp` is the time of the row, and of events `timestamp`.
    to_column: Option<String>,
    /// `string`, `number`, `boolean`, `list`, `date`, `datetime`; `string` by default.
    r#type: Option<String>,
    /// The same as `type`, under another client's name.
    target_type: Option<String>,
}

/// A definition that makes sense.
#[derive(Clone)]
pub(crate) struct Definition {
    pub(crate) runs_now: bool,
    pub(crate) source: Source,
    /// Of an inline source, when the definition comes in.
    pub(crate) content: Option<String>,
    pub(crate) destination: Destination,
    /// Column and ID type.
    pub(crate) ids: Vec<(String, String)>,
    pub(crate) properties: Vec<Property>,
    /// The column with the time of the event, or of the update.
    pub(crate) time: Option<String>,
    pub(crate) skip_empty: bool,
}

/// What a row becomes.
#[derive(Clone, PartialEq)]
pub(crate) enum Destination {
    Customers,
    Events {
        event_type: String,
        event_triggers: bool,
    },
}

/// A column that is a property.
#[derive(Clone)]
pub(crate) struct Property {
    pub(crate) column: String,
    pub(crate) name: String,
    pub(crate) kind: Kind,
}

impl Definition {
    /// Reads a definition; `unknown` says whether ID types that the schema lacks are let through.
    pub(crate) fn read(
        body: &str,
        schema: &IdSchema,
        unknown: UnknownIdType,
    ) -> Result<Self, String> {
        let body: ImportBody = serde_json::from_str(body).map_err(|error| error.to_string())?;
        if body.name.as_deref().is_none_or(str::is_empty) {
            return Err("`name` is missing".into());
        }
        let mapping = body.mapping.ok_or("`mapping` is missing")?;
        only_utc(mapping.tz_info.as_deref())?;
        let columns = mapping.column_mapping;
        let columns = columns.ok_or("`mapping.column_mapping` is missing")?;
        let ids = ids(columns.id_mappings.unwrap_or_default(), schema, unknown)?;
        let destination = body.destination.ok_or("`destination` is missing")?.read()?;
        let mut properties = properties(columns.property_mappings.unwrap_or_default())?;
        let named = columns.timestamp_column.or(body.timestamp_column);
        let time = destination.time(named, &mut properties)?;
        let active = body.active.unwrap_or(true);
        let (source, content) = body.source.ok_or("`source` is missing")?.read()?;
        Ok(Self {
            runs_now: runs_now(body.trigger)? && active,
            source,
            content,
            destination,
            ids,
            properties,
            time,
            skip_empty: body.skip_empty.unwrap_or(false),
        })
    }
}

fn only_utc(tz_info: Option<&str>) -> Result<(), String> {
    match tz_info {
        None | Some("UTC" | "Etc/UTC" | "GMT" | "") => Ok(()),
        Some(other) => Err(format!(
            "`mapping.tz_info`: `{other}` is not emulated; use `UTC`, or write times with their offset"
        )),
    }
}

fn runs_now(trigger: Option<Trigger>) -> Result<bool, String> {
    match trigger.and_then(|trigger| trigger.trigger_type).as_deref() {
        Some("now") => Ok(true),
        Some("scheduled") | None => Ok(false),
        Some(other) => Err(format!(
            "`trigger.trigger_type`: `{other}` is neither `now` nor `scheduled`"
        )),
    }
}

/// At least one column is an identifier (fact 7.3).
fn ids(
    mappings: Vec<IdMapping>,
    schema: &IdSchema,
    unknown: UnknownIdType,
) -> Result<Vec<(String, String)>, String> {
    if mappings.is_empty() {
        return Err(
            "`mapping.column_mapping.id_mappings` is empty: at least one column must be paired with an identifier"
                .into(),
        );
    }
    let mut ids: Vec<(String, String)> = Vec::new();
    let mut paired = HashSet::new();
    for IdMapping { from_column, to_id } in mappings {
        if schema.get(&to_id).is_none() && unknown == UnknownIdType::Reject {
            let known: Vec<&str> = schema.types().iter().map(|t| t.name.as_str()).collect();
            return Err(format!(
                "`mapping.column_mapping.id_mappings`: the project has no ID type `{to_id}`; it has: {}",
                known.join(", ")
            ));
        }
        if !paired.insert(to_id.clone()) {
            return Err(format!(
                "`mapping.column_mapping.id_mappings`: two columns are paired with `{to_id}`"
            ));
        }
        ids.push((from_column, to_id));
    }
    Ok(ids)
}

fn properties(mappings: Vec<PropertyMapping>) -> Result<Vec<Property>, String> {
    let mut properties: Vec<Property> = Vec::new();
    let mut mapped = HashSet::new();
    for mapping in mappings {
        let name = mapping.to_column.filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| mapping.from_column.clone());
        let kind = mapping.r#type.or(mapping.target_type);
        let kind = kind.as_deref().map_or(Ok(Kind::Text), Kind::named);
        let kind = kind.map_err(|says| {
            format!("`mapping.column_mapping.property_mappings`, `{name}`: {says}")
        })?;
        if !mapped.insert(name.clone()) {
            return Err(format!(
                "`mapping.column_mapping.property_mappings`: two columns are mapped to `{name}`"
            ));
        }
        let column = mapping.from_column;
        properties.push(Property { column, name, kind });
    }
    Ok(properties)
}

impl DestinationBody {
    fn read(self) -> Result<Destination, String> {
        if self.catalog_destination.is_some() {
            return Err(
                "`destination.catalog_destination` is not emulated; use the catalog routes".into(),
            );
        }
        match (self.customer_destination, self.event_destination) {
            (Some(_), None) => Ok(Destination::Customers),
            (None, Some(events)) => Ok(Destination::Events {
                event_type: events
                    .event_type
                    .filter(|event_type| !event_type.is_empty())
                    .ok_or("`destination.event_destination.event_type` is missing")?,
                event_triggers: events.event_triggers.unwrap_or(false),
            }),
            _ => Err(
                "`destination` must be either `customer_destination` or `event_destination`".into(),
            ),
        }
    }
}

impl Destination {
    /// The column with the time of a row, which is then no property.
    fn time(
        &self,
        named: Option<String>,
        properties: &mut Vec<Property>,
    ) -> Result<Option<String>, String> {
        let property = match self {
            Self::Customers => "update_timestamp",
            Self::Events { .. } => "timestamp",
        };
        let mapped = properties.iter().position(|other| other.name == property);
        let mapped = mapped.map(|at| properties.remove(at).column);
        match self {
            Self::Customers => Ok(mapped),
            // Fact 7.8.
            Self::Events { .. } => named.or(mapped).map(Some).ok_or_else(|| {
                "`timestamp_column` is missing: an import of events needs an ID column and a timestamp column"
                    .into()
            }),
        }
    }
}
