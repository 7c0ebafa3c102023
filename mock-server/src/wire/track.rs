//! Bodies of the tracking API (fact 4.2): from JSON to steps.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;
use twinfold_engine::Timestamp;
use utoipa::ToSchema;

use super::{
    fields::{BatchCommand, Commands, Fields},
    given::{self, Given, GivenIds, Text},
    json,
    legacy::happened,
    moment,
};
use crate::{error::Error, journal::Step, shapes::tracking::CommandBody};

/// How many commands a batch can have (fact 4.3).
pub(super) const COMMANDS_MAX: usize = 50;

/// Commands in order.
#[derive(Deserialize, ToSchema)]
pub(crate) struct BatchBody<'a> {
    #[serde(borrow)]
    #[schema(value_type = Option<Vec<CommandBody>>)]
    commands: Option<Commands<'a>>,
}

/// What a command of a batch asks for.
pub(crate) enum Asks<'a> {
    Write(Step<'a>),
    SystemTime,
}

/// Reads the body of `customers`.
pub(crate) fn customers(body: &[u8]) -> Result<Step<'_>, Error> {
    set_properties(fields(body)?)
}

/// Reads the body of `customers/events`, which arrives now.
pub(crate) fn event(body: &[u8], now: Timestamp) -> Result<Step<'_>, Error> {
    add_event(fields(body)?, now)
}

fn fields(body: &[u8]) -> Result<Fields<'_>, Error> {
    match parsed(body)? {
        Given::Object(fields) => Ok(fields),
        Given::Absent | Given::NotAnObject => Err(Error::InvalidJson),
    }
}

fn set_properties(fields: Fields<'_>) -> Result<Step<'_>, Error> {
    Ok(Step::Customers {
        ids: ids(fields.customer_ids)?,
        properties: given::properties(fields.properties).map_err(Error::Field)?,
        update_timestamp: time("update_timestamp", fields.update_timestamp)?,
    })
}

fn add_event(fields: Fields<'_>, now: Timestamp) -> Result<Step<'_>, Error> {
    let ids = ids(fields.customer_ids)?;
    let event_type = match fields.event_type {
        None => None,
        Some(raw) => {
            let not_a_string = || Error::Field("Field 'event_type' must be a string.".into());
            Some(Text::of(raw).ok_or_else(not_a_string)?)
        }
    };
    Ok(Step::Event {
        ids,
        event_type,
        timestamp: happened(fields.timestamp, fields.age, now)?,
        properties: given::properties(fields.properties)
            .map_err(Error::Field)?
            .map(|members| Cow::Owned(json::object(&members))),
    })
}

/// Reads the body of `batch`; a command that is no object makes the whole batch invalid.
pub(crate) fn batch(body: &[u8]) -> Result<Vec<BatchCommand<'_>>, Error> {
    let BatchBody { commands } = object(body)?;
    let Commands { first, count } = commands.unwrap_or_default();
    match count {
        0 => Err(Error::NoCommands),
        // An ID goes back as it came, and what nobody can read makes the reply unreadable.
        1..=COMMANDS_MAX if !first.iter().all(BatchCommand::can_be_echoed) => {
            Err(Error::InvalidJson)
        }
        1..=COMMANDS_MAX => Ok(first),
        _ => Err(Error::TooManyCommands(count)),
    }
}

impl<'a> BatchCommand<'a> {
    fn can_be_echoed(&self) -> bool {
        self.command_id
            .is_none_or(|id| json::canonical(id.get()).is_ok())
    }

    /// What it asks for, if it arrives now.
    pub(crate) fn asks(self, now: Timestamp) -> Result<Asks<'a>, Error> {
        let fields = || match self.data {
            Given::Absent => Ok(Fields::default()),
            Given::Object(fields) => Ok(fields),
            Given::NotAnObject => Err(Error::Field("Field 'data' must be an object.".into())),
        };
        let name = self.name.and_then(Text::of).unwrap_or_default();
        match &*name {
            "customers" => set_properties(fields()?).map(Asks::Write),
            "customers/events" => add_event(fields()?, now).map(Asks::Write),
            "system/time" => Ok(Asks::SystemTime),
            "" => Err(Error::Field("Field 'name' is required.".into())),
            other => Err(Error::Field(format!(
                "Unknown command '{other}'; known are customers, customers/events, system/time."
            ))),
        }
    }
}

/// A JSON object as a typed body; anything else is invalid.
pub(crate) fn object<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Error> {
    // Structs also read arrays, which would take their elements for fields.
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err(Error::InvalidJson);
    }
    parsed(body)
}

fn parsed<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Error> {
    // The whole text is checked at once, which is faster than each string by itself.
    let text = str::from_utf8(body).map_err(|_| Error::InvalidJson)?;
    serde_json::from_str(text).map_err(|_| Error::InvalidJson)
}

fn ids(given: GivenIds<'_>) -> Result<Vec<given::Id<'_>>, Error> {
    let not_an_object = || Error::Field("Field 'customer_ids' must be an object.".into());
    given::ids(given).ok_or_else(not_an_object)
}

fn time(field: &str, raw: Option<&RawValue>) -> Result<Option<f64>, Error> {
    let time = moment::timestamp(field, raw).map_err(Error::Field)?;
    Ok(time.map(|time| time.seconds()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A batch is read in one pass; what each of its commands brings is as if it came alone.
    #[test]
    fn a_command_of_a_batch_asks_for_the_same_alone() {
        let many: String = (0..40).map(|n| format!(r#""p{n}": {n}, "#)).collect();
        let many = format!(
            r#"{{"customer_ids": {{"registered": "5"}}, "properties": {{{many}"p3": "last"}}}}"#
        );
        let mut data = vec![
            r#"{"customer_ids": {"registered": "1", "cookie": "c"}, "properties": {"a": 1, "b": "x"}}"#,
            r#"{"customer_ids": {}, "properties": {}}"#,
            r#"{"customer_ids": {"registered": "2"}}"#,
            r#"{"properties": {"a": "A", "a": 2.50}, "customer_ids": {"cookie": null, "cookie": 7}}"#,
            r#"{"customer_ids": {"registered": "3"}, "customer_ids": {"registered": "4"}}"#,
            r#"{"customer_ids": null, "properties": null}"#,
            &many,
        ];
        let alone = |data: &str| format!("{:?}", customers(data.as_bytes()).unwrap());
        for _ in 0..data.len() {
            data.rotate_left(1);
            for count in 1..=data.len() {
                let commands = data[..count].iter();
                let commands =
                    commands.map(|data| format!(r#"{{"name": "customers", "data": {data}}}"#));
                let body = format!(
                    r#"{{"commands": [{}]}}"#,
                    Vec::from_iter(commands).join(",")
                );
                let commands = batch(body.as_bytes()).unwrap();
                for (command, data) in commands.into_iter().zip(&data) {
                    let asks = command.asks(Timestamp::default());
                    let Ok(Asks::Write(step)) = asks else {
                        panic!("{data} asks for nothing");
                    };
                    assert_eq!(format!("{step:?}"), alone(data), "{body}");
                }
            }
        }
    }
}
