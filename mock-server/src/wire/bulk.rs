//! The body of `/bulk`: commands by name, and the browser's cookie that goes with each (facts 4.6, 6).

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::{
    given::{Id, IdValue, Text},
    legacy,
    track::object,
};
use crate::error::Error;

/// How many commands a bulk can have, as a batch (fact 4.3).
const COMMANDS_MAX: usize = 50;

/// Commands in order; the project is named here or in the commands.
#[derive(Deserialize, ToSchema)]
pub(crate) struct BulkBody<'a> {
    #[serde(borrow)]
    #[schema(value_type = Option<Vec<BulkCommandBody<'static>>>)]
    commands: Option<Vec<&'a RawValue>>,
}

/// One command: its name, and the body that its own route takes.
#[derive(Deserialize, ToSchema)]
struct BulkCommandBody<'a> {
    /// `crm/customers`, `crm/events`, `campaigns/clicks`, `system/ids`, `system/time` or `system/tracking`.
    #[serde(borrow)]
    #[schema(value_type = Option<String>)]
    name: Option<&'a RawValue>,
    #[serde(borrow)]
    #[schema(value_type = Option<BTreeMap<String, Value>>)]
    data: Option<&'a RawValue>,
}

/// What `system/ids` brings: the cookie that the browser has already, in one of these places.
#[derive(Deserialize)]
struct IdsBody<'a> {
    #[serde(borrow)]
    cookie: Option<&'a RawValue>,
    #[serde(borrow)]
    ids: Option<&'a RawValue>,
    #[serde(borrow)]
    customer_ids: Option<&'a RawValue>,
}

/// One command of a bulk.
pub(crate) struct BulkCommand<'a> {
    pub(crate) name: Name<'a>,
    /// The body, an object.
    pub(crate) data: &'a [u8],
}

/// The names that clients send.
#[derive(Debug, PartialEq)]
pub(crate) enum Name<'a> {
    Customers,
    Events,
    CampaignClick,
    Ids,
    Time,
    Tracking,
    Unknown(Cow<'a, str>),
}

impl BulkCommand<'_> {
    /// The project that it names.
    pub(crate) fn project(&self) -> Option<Cow<'_, str>> {
        legacy::project_named(self.data)
    }

    /// The cookie that a `system/ids` brings, as an ID of this type.
    pub(crate) fn cookie(&self, id_type: &str) -> Option<String> {
        let body: IdsBody<'_> = object(self.data).ok()?;
        let ids = legacy::customer(body.ids.or(body.customer_ids)).unwrap_or_default();
        let own = body.cookie.and_then(string);
        own.or_else(|| value_of(&ids, id_type))
    }
}

/// Reads the body of `bulk`; a command that is no object makes the whole bulk invalid (quirk 13).
pub(crate) fn bulk(body: &[u8]) -> Result<Vec<BulkCommand<'_>>, Error> {
    let BulkBody { commands } = object(body)?;
    let commands = commands.filter(|commands| !commands.is_empty());
    let commands = commands.ok_or(Error::NoCommands)?;
    if commands.len() > COMMANDS_MAX {
        return Err(Error::TooManyCommands(commands.len()));
    }
    commands.into_iter().map(command).collect()
}

fn command(raw: &RawValue) -> Result<BulkCommand<'_>, Error> {
    let BulkCommandBody { name, data } = object(raw.get().as_bytes())?;
    let data = data.map_or("null", RawValue::get);
    Ok(BulkCommand {
        name: Name::read(name.and_then(Text::of).unwrap_or_default()),
        data: if data == "null" { "{}" } else { data }.as_bytes(),
    })
}

impl<'a> Name<'a> {
    fn read(name: Cow<'a, str>) -> Self {
        match &*name {
            "crm/customers" | "customers" => Self::Customers,
            "crm/events" | "customers/events" => Self::Events,
            "campaigns/clicks" => Self::CampaignClick,
            "system/ids" => Self::Ids,
            "system/time" => Self::Time,
            "system/tracking" => Self::Tracking,
            _ => Self::Unknown(name),
        }
    }
}

/// The value of this type among the IDs.
pub(crate) fn value_of(ids: &[Id<'_>], id_type: &str) -> Option<String> {
    let mut ids = ids.iter().filter(|id| id.id_type == id_type);
    ids.find_map(value)
}

fn value(id: &Id<'_>) -> Option<String> {
    match &id.value {
        IdValue::Text(text) | IdValue::Number(text) => Some(text.to_string()),
        IdValue::Null | IdValue::Other => None,
    }
}

fn string(raw: &RawValue) -> Option<String> {
    Text::of(raw).map(Cow::into_owned)
}
