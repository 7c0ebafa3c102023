//! The workload as JSON lines, and lines as commands: what an import or a replay from a file takes besides the engine.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;
use twinfold_engine::{Action, Command, GivenId, Json, PropertiesGiven, Timestamp};

use crate::{Kind, Written};

/// One line, read; its texts are the line's. Properties are taken for canonical, as the workload writes them.
#[derive(Deserialize)]
struct Line<'l> {
    at: f64,
    #[serde(borrow)]
    customer_ids: Pairs<'l, &'l str>,
    event_type: Option<&'l str>,
    #[serde(borrow)]
    properties: &'l RawValue,
}

/// The members of an object in their order.
struct Pairs<'l, T>(Vec<(&'l str, T)>);

impl<'de: 'l, 'l, T: Deserialize<'de>> Deserialize<'de> for Pairs<'l, T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Members(PhantomData))
    }
}

struct Members<'l, T>(PhantomData<(&'l str, T)>);

impl<'de: 'l, 'l, T: Deserialize<'de>> Visitor<'de> for Members<'l, T> {
    type Value = Pairs<'l, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut members = Vec::with_capacity(2);
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Pairs(members))
    }
}

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

/// What a line says in the engine's words; borrow it to get the command.
pub struct Told<'l> {
    at: Timestamp,
    ids: Vec<GivenId<'l>>,
    event_type: Option<&'l str>,
    event: Json<'l>,
    properties: Vec<(&'l str, Json<'l>)>,
}

impl<'l> Told<'l> {
    /// Reads a line.
    pub fn read(line: &'l str) -> serde_json::Result<Self> {
        let line: Line<'l> = serde_json::from_str(line)?;
        let ids = line.customer_ids.0.into_iter();
        let event = line.properties.get();
        let properties = match line.event_type {
            Some(_) => Vec::new(),
            None => {
                let read: Pairs<'l, &'l RawValue> = serde_json::from_str(event)?;
                let read = read.0.into_iter();
                read.map(|(name, value)| (name, Json(value.get())))
                    .collect()
            }
        };
        Ok(Self {
            at: Timestamp::new(line.at).unwrap_or_default(),
            ids: ids
                .map(|(name, value)| GivenId::text(name, value))
                .collect(),
            event_type: line.event_type,
            event: Json(event),
            properties,
        })
    }

    /// The command.
    pub fn command(&self) -> Command<'_> {
        let action = match self.event_type {
            Some(_) => Action::TrackEvent {
                ids: &self.ids,
                event_type: self.event_type,
                timestamp: None,
                properties: PropertiesGiven::Object(self.event),
            },
            None => Action::SetProperties {
                ids: &self.ids,
                properties: PropertiesGiven::Object(&self.properties),
                update_timestamp: None,
            },
        };
        Command {
            at: self.at,
            action,
        }
    }
}
