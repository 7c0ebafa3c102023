//! Tracking bodies and the commands of a batch as they come, each read in one pass: batches are long.
//! Of a name written twice the last counts, as JSON readers do.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{
    given::{FromMembers, Given, GivenIds, GivenProperties, Text},
    track::COMMANDS_MAX,
};

/// What `customers` and `customers/events` read of their body; each ignores what is only the other's.
#[derive(Default)]
pub(super) struct Fields<'a> {
    pub(super) customer_ids: GivenIds<'a>,
    pub(super) properties: GivenProperties<'a>,
    pub(super) update_timestamp: Option<&'a RawValue>,
    pub(super) event_type: Option<&'a RawValue>,
    pub(super) timestamp: Option<&'a RawValue>,
    pub(super) age: Option<&'a RawValue>,
}

impl<'de: 'a, 'a> FromMembers<'de> for Fields<'a> {
    fn read<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut fields = Self::default();
        while let Some(Text(name)) = map.next_key()? {
            match &*name {
                "customer_ids" => fields.customer_ids = map.next_value()?,
                "properties" => fields.properties = map.next_value()?,
                "update_timestamp" => fields.update_timestamp = map.next_value()?,
                "event_type" => fields.event_type = map.next_value()?,
                "timestamp" => fields.timestamp = map.next_value()?,
                "age" => fields.age = map.next_value()?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(fields)
    }
}

/// One command of a batch.
#[derive(Default)]
pub(crate) struct BatchCommand<'a> {
    pub(super) name: Option<&'a RawValue>,
    /// To be echoed as it came.
    pub(crate) command_id: Option<&'a RawValue>,
    pub(super) data: Given<Fields<'a>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for BatchCommand<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = BatchCommand<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a command, which is an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut command = BatchCommand::default();
                while let Some(Text(name)) = map.next_key()? {
                    match &*name {
                        "name" => command.name = map.next_value()?,
                        "command_id" => command.command_id = map.next_value()?,
                        "data" => command.data = map.next_value()?,
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(command)
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// The commands of a batch: how many there are, and as many as it may have.
#[derive(Default)]
pub(super) struct Commands<'a> {
    pub(super) first: Vec<BatchCommand<'a>>,
    pub(super) count: usize,
}

impl<'de: 'a, 'a> Deserialize<'de> for Commands<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;
        impl<'de> Visitor<'de> for List {
            type Value = Commands<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of commands")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut commands = Commands {
                    first: Vec::with_capacity(COMMANDS_MAX),
                    count: 0,
                };
                while let Some(command) = list.next_element::<BatchCommand<'de>>()? {
                    commands.count += 1;
                    if commands.count <= COMMANDS_MAX {
                        commands.first.push(command);
                    }
                }
                Ok(commands)
            }
        }
        deserializer.deserialize_seq(List)
    }
}
