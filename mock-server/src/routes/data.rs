//! `/data/v2`: reading one customer. Reads never create a customer.

use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};
use twinfold_engine::{GivenId, InternalId, Profile, Rejection};
use utoipa::ToSchema;

use super::{Endpoint, attributes, export};
use crate::{
    access::{Action, PrivateCall},
    error::Error,
    shapes::{CustomerIds, ExportedCustomer, ExportedEvents},
    wire::{
        data, field,
        given::{self, GivenIds, Id},
        reply,
        track::object,
    },
    world::World,
};

const ORDER: &str = "asc or desc";
const COUNT: &str = "a whole number that is not negative";

/// Whom.
#[derive(Deserialize, ToSchema)]
pub(super) struct CustomerBody<'a> {
    #[serde(borrow, default)]
    #[schema(value_type = Option<CustomerIds>)]
    pub(super) customer_ids: GivenIds<'a>,
}

/// Whose events, and which.
#[derive(Deserialize, ToSchema)]
struct EventsBody<'a> {
    #[serde(borrow, default)]
    #[schema(value_type = Option<CustomerIds>)]
    customer_ids: GivenIds<'a>,
    #[serde(borrow)]
    #[schema(value_type = Vec<String>)]
    event_types: Option<&'a RawValue>,
    /// `asc` or `desc`.
    #[serde(borrow)]
    #[schema(value_type = Option<String>)]
    order: Option<&'a RawValue>,
    /// All if absent.
    #[serde(borrow)]
    #[schema(value_type = Option<u32>)]
    limit: Option<&'a RawValue>,
    /// 0 if absent.
    #[serde(borrow)]
    #[schema(value_type = Option<u32>)]
    skip: Option<&'a RawValue>,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::post(
            "/data/v2/projects/{token}/customers/export-one",
            export_one,
            "one customer: IDs, properties, events",
        )
        .body::<CustomerBody<'static>>()
        .answers::<ExportedCustomer>(),
        attributes::endpoint(),
        Endpoint::post(
            "/data/v2/projects/{token}/customers/events",
            events,
            "events of one customer",
        )
        .body::<EventsBody<'static>>()
        .answers::<ExportedEvents>(),
        export::endpoint(),
    ]
}

async fn export_one(PrivateCall(call): PrivateCall) -> Result<Response, Error> {
    call.may(Action::ExportCustomer)?;
    let CustomerBody { customer_ids } = object(&call.body)?;
    let world = call.project.world();
    let profile = profile(&world, customer_ids)?;
    let exported = json!({
        "success": true,
        "ids": data::ids(world.project(), &profile),
        "properties": data::properties(&profile),
        "events": profile.events.iter().map(data::event).collect::<Vec<_>>(),
    });
    Ok(reply::json(200, &exported))
}

async fn events(PrivateCall(call): PrivateCall) -> Result<Response, Error> {
    let EventsBody {
        customer_ids,
        event_types,
        order,
        limit,
        skip,
    } = object(&call.body)?;
    let event_types = event_types_of(event_types)?;
    let order: Option<String> = field::optional("order", order, ORDER)?;
    let descending = match order.as_deref() {
        None | Some("asc") => false,
        Some("desc") => true,
        Some(_) => return Err(Error::DataField("order", format!("Must be {ORDER}"))),
    };
    let limit: Option<u64> = field::optional("limit", limit, COUNT)?;
    let skip: Option<u64> = field::optional("skip", skip, COUNT)?;
    let refused = event_types.iter().find(|name| !call.grants.get_event(name));
    if let Some(event_type) = refused {
        let says = format!("No permission to get events of type {event_type}");
        return Err(Error::DataGlobal(403, says));
    }
    let world = call.project.world();
    let mut events = profile(&world, customer_ids)?.events;
    events.retain(|event| event_types.contains(&event.event_type));
    if descending {
        events.reverse();
    }
    let count = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    let (skip, limit) = (count(skip.unwrap_or(0)), count(limit.unwrap_or(u64::MAX)));
    let page = events.iter().skip(skip).take(limit);
    let page: Vec<_> = page.map(data::event).collect();
    Ok(reply::json(200, &json!({"success": true, "data": page})))
}

fn event_types_of(raw: Option<&RawValue>) -> Result<Vec<String>, Error> {
    let Some(listed) = field::optional::<Vec<Value>>("event_types", raw, "a list of event types")?
    else {
        let says = "Must specify the event types to export".into();
        return Err(Error::DataField("event_types", says));
    };
    let listed = listed.into_iter().enumerate();
    let texts = listed.map(|(position, event_type)| match event_type {
        Value::String(event_type) => Ok(event_type),
        _ => Err(Error::at(
            "event_types",
            position,
            "Must be a string".into(),
        )),
    });
    texts.collect()
}

/// The customer that these IDs name.
pub(super) fn profile(world: &World, customer_ids: GivenIds<'_>) -> Result<Profile, Error> {
    let ids = read_ids(customer_ids)?;
    let given: Vec<GivenId<'_>> = ids.iter().map(Id::given).collect();
    let found: Option<InternalId> = world.project().find(&given).map_err(|r| refused(&r))?;
    let profile = found.and_then(|customer| world.project().profile(customer));
    profile.ok_or_else(|| refused(&Rejection::CustomerNotFound))
}

/// The IDs of a body, of which there must be one.
pub(super) fn read_ids(given: GivenIds<'_>) -> Result<Vec<Id<'_>>, Error> {
    let not_an_object =
        || Error::DataField("customer_ids", "Must be an object of IDs by type".into());
    let ids = given::ids(given).ok_or_else(not_an_object)?;
    match ids.is_empty() {
        true => Err(no_ids()),
        false => Ok(ids),
    }
}

fn no_ids() -> Error {
    Error::DataField(
        "customer_ids",
        "Must specify at least one customer ID".into(),
    )
}

/// A rejection in the words and the shape of the Data API.
pub(super) fn refused(rejection: &Rejection) -> Error {
    match rejection {
        Rejection::NoId | Rejection::NoValidId => no_ids(),
        Rejection::CustomerNotFound => Error::CustomerDoesNotExist,
        Rejection::UnknownIdType { .. } => Error::DataField("customer_ids", rejection.to_string()),
        other => Error::DataGlobal(400, other.to_string()),
    }
}
