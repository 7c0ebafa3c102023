//! The workload as JSON lines, and lines as commands: what an import or a replay from a file takes besides the engine.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};
use serde_json::value::RawValue;
use smallvec::SmallVec;
use twinfold_engine::{Action, Command, GivenId, Json, PropertiesGiven, Timestamp};

use crate::{Kind, Written};

impl Written {
    /// The command as a line of JSON.
    pub fn line(&self) -> String {
        let at = self.at;
        let cookie = &self.cookie;
        let hard = self.hard.iter();
        let hard: String = hard
            .map(|hard| format!("\"registered\":\"{hard}\","))
            .collect();
        let rest = match &self.kind {
            Kind::Update([city, visits]) => {
                format!("\"properties\":{{\"city\":{city},\"visits\":{visits}}}")
            }
            Kind::Event(object) => format!("\"event_type\":\"purchase\",\"properties\":{object}"),
        };
        format!("{{\"at\":{at},\"customer_ids\":{{{hard}\"cookie\":\"{cookie}\"}},{rest}}}")
    }
}

/// What a line says in the engine's words; borrow it to get the command. Its texts are the line's, and its properties are
/// taken for canonical, as the workload writes them.
#[derive(Default)]
pub struct Told<'l> {
    at: Timestamp,
    ids: SmallVec<[GivenId<'l>; 2]>,
    then: Then<'l>,
}

enum Then<'l> {
    Set(SmallVec<[(&'l str, Json<'l>); 2]>),
    Track(&'l str, Json<'l>),
}

impl Default for Then<'_> {
    fn default() -> Self {
        Self::Set(SmallVec::new())
    }
}

impl<'l> Told<'l> {
    /// Reads a line; the type of an event stands before its properties.
    pub fn read(line: &'l str) -> serde_json::Result<Self> {
        serde_json::from_str(line)
    }

    /// The command.
    pub fn command(&self) -> Command<'_> {
        let ids = &self.ids;
        let action = match &self.then {
            Then::Set(properties) => Action::SetProperties {
                ids,
                properties: PropertiesGiven::Object(properties),
                update_timestamp: None,
            },
            Then::Track(event_type, properties) => Action::TrackEvent {
                ids,
                event_type: Some(event_type),
                timestamp: None,
                properties: PropertiesGiven::Object(*properties),
            },
        };
        Command {
            at: self.at,
            action,
        }
    }
}

impl<'de> Deserialize<'de> for Told<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Line)
    }
}

struct Line;

impl<'de> Visitor<'de> for Line {
    type Value = Told<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a command")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut told = Told::default();
        while let Some(name) = map.next_key::<&str>()? {
            match (name, &mut told.then) {
                ("at", _) => told.at = Timestamp::new(map.next_value()?).unwrap_or_default(),
                ("customer_ids", _) => {
                    let Members(ids) = map.next_value::<Members<'_, &str>>()?;
                    let ids = ids.into_iter();
                    told.ids = ids
                        .map(|(name, value)| GivenId::text(name, value))
                        .collect();
                }
                ("event_type", _) => told.then = Then::Track(map.next_value()?, Json("{}")),
                ("properties", Then::Track(_, object)) => {
                    *object = Json(map.next_value::<&RawValue>()?.get());
                }
                ("properties", Then::Set(properties)) => {
                    let Members(read) = map.next_value::<Members<'_, &RawValue>>()?;
                    let read = read.into_iter();
                    *properties = read
                        .map(|(name, value)| (name, Json(value.get())))
                        .collect();
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(told)
    }
}

/// The members of an object in their order.
struct Members<'l, T>(SmallVec<[(&'l str, T); 2]>);

impl<'de: 'l, 'l, T: Deserialize<'de>> Deserialize<'de> for Members<'l, T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Object(PhantomData))
    }
}

struct Object<'l, T>(PhantomData<(&'l str, T)>);

impl<'de: 'l, 'l, T: Deserialize<'de>> Visitor<'de> for Object<'l, T> {
    type Value = Members<'l, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut members = SmallVec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}
