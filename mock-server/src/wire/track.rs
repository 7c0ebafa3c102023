//! Bodies of the tracking API (fact 4.2): from JSON to steps.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;
use twinfold_engine::Timestamp;
use utoipa::ToSchema;

use super::{
    given::{self, Members, Text},
    json,
    legacy::happened,
};
use crate::{error::Error, journal::Step, shapes::CustomerIds};

/// How many commands a batch can have (fact 4.3).
const COMMANDS_MAX: usize = 50;

/// Whom, and what to set.
#[derive(Deserialize, ToSchema)]
pub(crate) struct CustomersBody<'a> {
    #[serde(borrow, default)]
    #[schema(value_type = Option<CustomerIds>)]
    customer_ids: Members<'a>,
    #[serde(borrow, default)]
    #[schema(value_type = Option<BTreeMap<String, Value>>)]
    properties: Members<'a>,
    /// Seconds since 1970, or ISO 8601: only properties whose stored time is older are set.
    #[serde(borrow)]
    #[schema(value_type = Option<Value>)]
    update_timestamp: Option<&'a RawValue>,
}

/// Whose event, and which.
#[derive(Deserialize, ToSchema)]
pub(crate) struct EventBody<'a> {
    #[serde(borrow, default)]
    #[schema(value_type = Option<CustomerIds>)]
    customer_ids: Members<'a>,
    #[serde(borrow, default)]
    #[schema(value_type = Option<BTreeMap<String, Value>>)]
    properties: Members<'a>,
    #[serde(borrow)]
    #[schema(value_type = Option<String>)]
    event_type: Option<&'a RawValue>,
    /// Seconds since 1970, or ISO 8601; now if absent.
    #[serde(borrow)]
    #[schema(value_type = Option<Value>)]
    timestamp: Option<&'a RawValue>,
    /// How many seconds before its arrival it happened (quirk 7); a `timestamp` beside it counts instead.
    #[serde(borrow)]
    #[schema(value_type = Option<f64>)]
    age: Option<&'a RawValue>,
}

/// Commands in order.
#[derive(Deserialize, ToSchema)]
pub(crate) struct BatchBody<'a> {
    #[serde(borrow)]
    #[schema(value_type = Option<Vec<CommandBody<'static>>>)]
    commands: Option<Vec<&'a RawValue>>,
}

/// One command: its name, and the body that its own route takes.
#[derive(Deserialize, ToSchema)]
struct CommandBody<'a> {
    /// `customers`, `customers/events` or `system/time`.
    #[serde(borrow)]
    #[schema(value_type = Option<String>)]
    name: Option<&'a RawValue>,
    /// Comes back with the result.
    #[serde(borrow)]
    #[schema(value_type = Option<String>)]
    command_id: Option<&'a RawValue>,
    #[serde(borrow)]
    #[schema(value_type = Option<BTreeMap<String, Value>>)]
    data: Option<&'a RawValue>,
}

/// One command of a batch.
pub(crate) struct BatchCommand<'a> {
    /// To be echoed as it came.
    pub(crate) command_id: Option<&'a RawValue>,
    pub(crate) asks: Result<Asks<'a>, Error>,
}

/// What a command of a batch asks for.
pub(crate) enum Asks<'a> {
    Write(Step<'a>),
    SystemTime,
}

/// Reads the body of `customers`.
pub(crate) fn customers(body: &[u8]) -> Result<Step<'_>, Error> {
    let CustomersBody {
        customer_ids,
        properties,
        update_timestamp,
    } = object(body)?;
    Ok(Step::Customers {
        ids: ids(customer_ids)?,
        properties: given::properties(properties).map_err(Error::Field)?,
        update_timestamp: time("update_timestamp", update_timestamp)?,
    })
}

/// Reads the body of `customers/events`, which arrives now.
pub(crate) fn event(body: &[u8], now: Timestamp) -> Result<Step<'_>, Error> {
    let EventBody {
        customer_ids,
        properties,
        event_type,
        timestamp,
        age,
    } = object(body)?;
    let ids = ids(customer_ids)?;
    let event_type = match event_type.map(RawValue::get) {
        None | Some("null") => None,
        Some(raw) => {
            let Text(text) = serde_json::from_str(raw)
                .map_err(|_| Error::Field("Field 'event_type' must be a string.".into()))?;
            Some(text)
        }
    };
    Ok(Step::Event {
        ids,
        event_type,
        timestamp: happened(timestamp, age, now)?,
        properties: given::properties(properties)
            .map_err(Error::Field)?
            .map(|members| Cow::Owned(json::object(&members))),
    })
}

/// Reads the body of `batch`; a command that is no object makes the whole batch invalid.
pub(crate) fn batch(body: &[u8], now: Timestamp) -> Result<Vec<BatchCommand<'_>>, Error> {
    let BatchBody { commands } = object(body)?;
    let commands = commands.filter(|commands| !commands.is_empty());
    let commands = commands.ok_or(Error::NoCommands)?;
    if commands.len() > COMMANDS_MAX {
        return Err(Error::TooManyCommands(commands.len()));
    }
    commands.into_iter().map(|raw| command(raw, now)).collect()
}

fn command(raw: &RawValue, now: Timestamp) -> Result<BatchCommand<'_>, Error> {
    let CommandBody {
        name,
        command_id,
        data,
    } = object(raw.get().as_bytes())?;
    let name: Cow<'_, str> = match name.map(|raw| serde_json::from_str::<Text<'_>>(raw.get())) {
        Some(Ok(Text(name))) => name,
        _ => Cow::Borrowed(""),
    };
    // It goes back as it came, and what nobody can read makes the reply unreadable.
    if command_id.is_some_and(|id| json::canonical(id).is_err()) {
        return Err(Error::InvalidJson);
    }
    let data = data.map_or("null", RawValue::get);
    let data = if data == "null" { "{}" } else { data };
    Ok(BatchCommand {
        command_id,
        asks: asks(&name, data, now),
    })
}

fn asks<'a>(name: &str, data: &'a str, now: Timestamp) -> Result<Asks<'a>, Error> {
    let data_is_object = |error| match error {
        Error::InvalidJson => Error::Field("Field 'data' must be an object.".into()),
        other => other,
    };
    match name {
        "customers" => customers(data.as_bytes())
            .map(Asks::Write)
            .map_err(data_is_object),
        "customers/events" => event(data.as_bytes(), now)
            .map(Asks::Write)
            .map_err(data_is_object),
        "system/time" => Ok(Asks::SystemTime),
        "" => Err(Error::Field("Field 'name' is required.".into())),
        other => Err(Error::Field(format!(
            "Unknown command '{other}'; known are customers, customers/events, system/time."
        ))),
    }
}

/// A JSON object as a typed body; anything else is invalid.
pub(crate) fn object<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Error> {
    // Structs also read arrays, which would take their elements for fields.
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err(Error::InvalidJson);
    }
    serde_json::from_slice(body).map_err(|_| Error::InvalidJson)
}

fn ids(members: Members<'_>) -> Result<Vec<given::Id<'_>>, Error> {
    let not_an_object = || Error::Field("Field 'customer_ids' must be an object.".into());
    given::ids(members).ok_or_else(not_an_object)
}

fn time(field: &str, raw: Option<&RawValue>) -> Result<Option<f64>, Error> {
    let time = given::timestamp(field, raw).map_err(Error::Field)?;
    Ok(time.map(|time| time.seconds()))
}
