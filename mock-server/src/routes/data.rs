//! `/data/v2`: reading one customer, and anonymizing it. Reads never create a customer.

use std::{borrow::Cow, collections::BTreeMap};

use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};
use twinfold_engine::{GivenId, InternalId, Label, Profile, Rejection};
use utoipa::ToSchema;

use super::{Access, Endpoint, body::source, export};
use crate::{
    access::{AccessKind, Action, AnyCall, Permissions, PrivateCall},
    error::Error,
    evidence::Evidence,
    journal::{Origin, Route, Step},
    shapes::{AttributeResults, CustomerIds, Done, ExportedCustomer, ExportedEvents},
    wire::{
        data,
        given::{self, Id, Members},
        reply,
        track::object,
    },
    world::World,
};

/// Whom.
#[derive(Deserialize, ToSchema)]
struct CustomerBody<'a> {
    #[serde(borrow, default)]
    #[schema(value_type = Option<CustomerIds>)]
    customer_ids: Members<'a>,
}

/// Whose values, and which.
#[derive(Deserialize, ToSchema)]
struct AttributesBody<'a> {
    #[serde(borrow, default)]
    #[schema(value_type = Option<CustomerIds>)]
    customer_ids: Members<'a>,
    /// `{"type": "property", "property"}`, `{"type": "id", "id"}`, `{"type": "consent", "category"}`, ...
    #[serde(borrow)]
    #[schema(value_type = Option<Vec<BTreeMap<String, Value>>>)]
    attributes: Option<&'a RawValue>,
}

/// Whose events, and which.
#[derive(Deserialize, ToSchema)]
struct EventsBody<'a> {
    #[serde(borrow, default)]
    #[schema(value_type = Option<CustomerIds>)]
    customer_ids: Members<'a>,
    event_types: Option<Vec<String>>,
    order: Option<String>,
    limit: Option<usize>,
    skip: Option<usize>,
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
        Endpoint::post(
            "/data/v2/projects/{token}/customers/attributes",
            attributes,
            "values of one customer, by position; also with a public key",
        )
        .access(Access::Any)
        .body::<AttributesBody<'static>>()
        .answers::<AttributeResults>(),
        Endpoint::post(
            "/data/v2/projects/{token}/customers/events",
            events,
            "events of one customer",
        )
        .body::<EventsBody<'static>>()
        .answers::<ExportedEvents>(),
        export::endpoint(),
        Endpoint::post(
            "/data/v2/projects/{token}/customers/anonymize",
            anonymize,
            "removes every ID and the private properties",
        )
        .body::<CustomerBody<'static>>()
        .answers::<Done>(),
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
    let Some(event_types) = event_types else {
        let says = "Must specify the event types to export".into();
        return Err(Error::DataField("event_types", says));
    };
    let descending = match order.as_deref() {
        None | Some("asc") => false,
        Some("desc") => true,
        Some(other) => {
            let says = format!("Must be asc or desc, not {other}");
            return Err(Error::DataField("order", says));
        }
    };
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
    let limit = limit.unwrap_or(usize::MAX);
    let page = events.iter().skip(skip.unwrap_or(0)).take(limit);
    let page: Vec<_> = page.map(data::event).collect();
    Ok(reply::json(200, &json!({"success": true, "data": page})))
}

async fn attributes(AnyCall(call): AnyCall) -> Result<Response, Error> {
    let AttributesBody {
        customer_ids,
        attributes,
    } = object(&call.body)?;
    let attributes = data::any(attributes);
    let Value::Array(attributes) = attributes else {
        let says = "Must be a list of attributes".into();
        return Err(Error::DataField("attributes", says));
    };
    let mut world = call.project.world();
    let now = world.now();
    let profile = profile(&world, customer_ids)?;
    let consents = profile.consents(now);
    let results = attributes.iter().enumerate().map(|(position, asked)| {
        attribute(&world, &call.grants, &profile, &consents, asked)
            .map_err(|says| Error::DataPosition("attributes", position, says))
    });
    let results = results.collect::<Result<Vec<_>, _>>()?;
    let mut evidence = Evidence::default();
    // The documentation speaks of private access; mobile SDKs ask with a public key.
    if call.kind == AccessKind::Public || results.contains(&no_permission()) {
        evidence.add_label(Label::Observed);
    }
    let body = json!({"success": true, "results": results});
    Ok(evidence.under(reply::json(200, &body)))
}

/// An attribute that the caller may not read.
fn no_permission() -> Value {
    json!({"success": false, "error": "No permission"})
}

/// The value of one attribute, or what is wrong with the question.
fn attribute(
    world: &World,
    grants: &Permissions,
    profile: &Profile,
    consents: &BTreeMap<String, bool>,
    asked: &Value,
) -> Result<Value, String> {
    let text = |key: &str| {
        let value = asked.get(key).and_then(Value::as_str);
        value.ok_or_else(|| format!("Field '{key}' is required."))
    };
    let found = |value: Value| Ok(json!({"success": true, "value": value}));
    match text("type")? {
        "property" => {
            let name = text("property")?;
            if !grants.get_property(name) {
                return Ok(no_permission());
            }
            let stored = profile.properties.get(name);
            found(stored.map_or(Value::Null, |stored| data::value(&stored.value)))
        }
        "id" => {
            let name = text("id")?;
            let id_type = world.project().schema().get(name);
            let Some(id_type) = id_type else {
                let says = format!("Unknown customer id type {name}");
                return Ok(json!({"success": false, "error": says}));
            };
            let values = profile.ids.iter().find(|(other, _)| other == name);
            found(values.map_or(Value::Null, |(_, values)| {
                data::id_value(id_type.kind, values)
            }))
        }
        "consent" => {
            let category = text("category")?;
            if !grants.may(Action::GetConsents) {
                return Ok(no_permission());
            }
            found(json!(consents.get(category).copied().unwrap_or(false)))
        }
        "segmentation" | "expression" | "aggregate" | "prediction" | "recommendation" => {
            let id = text("id")?;
            if !grants.may(Action::GetDefinitions) {
                return Ok(no_permission());
            }
            let says = format!("Definition with id {id} does not exist");
            Ok(json!({"success": false, "error": says}))
        }
        other => Err(format!("Unknown attribute type {other}")),
    }
}

async fn anonymize(PrivateCall(call): PrivateCall) -> Result<Response, Error> {
    call.may(Action::Anonymize)?;
    let CustomerBody { customer_ids } = object(&call.body)?;
    let ids = read_ids(customer_ids)?;
    let mut world = call.project.world();
    let origin = Origin {
        source: source(&call.headers),
        route: Route::Anonymize,
        item: None,
    };
    let step = Step::Anonymize {
        ids,
        fresh: Cow::Owned(world.fresh_id()),
    };
    match world.write(origin, &step) {
        Ok(_) => Ok(reply::json(200, &json!({"success": true}))),
        Err(rejection) => Err(refused(&rejection)),
    }
}

fn profile(world: &World, customer_ids: Members<'_>) -> Result<Profile, Error> {
    let ids = read_ids(customer_ids)?;
    let given: Vec<GivenId<'_>> = ids.iter().map(Id::given).collect();
    let found: Option<InternalId> = world.project().find(&given).map_err(|r| refused(&r))?;
    let profile = found.and_then(|customer| world.project().profile(customer));
    profile.ok_or_else(|| refused(&Rejection::CustomerNotFound))
}

fn read_ids(members: Members<'_>) -> Result<Vec<Id<'_>>, Error> {
    let ids = given::ids(members);
    ids.filter(|ids| !ids.is_empty()).ok_or_else(no_ids)
}

fn no_ids() -> Error {
    Error::DataField(
        "customer_ids",
        "Must specify at least one customer ID".into(),
    )
}

fn refused(rejection: &Rejection) -> Error {
    match rejection {
        Rejection::NoId | Rejection::NoValidId => no_ids(),
        Rejection::CustomerNotFound => Error::DataGlobal(404, rejection.to_string()),
        Rejection::UnknownIdType { .. } => Error::DataField("customer_ids", rejection.to_string()),
        other => Error::DataGlobal(400, other.to_string()),
    }
}
