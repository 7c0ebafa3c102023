//! `/crm`: customers and events one at a time, and the cookie of an app (fact 4.6).

use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{json, value::RawValue};
use twinfold_engine::Label;
use utoipa::ToSchema;

use super::{
    Access, Endpoint,
    body::source,
    bulk::{device_type, negotiated},
    cookie,
    open::{OpenCall, of_project},
    track::single,
};
use crate::{
    error::Error,
    evidence::Evidence,
    journal::{Origin, Route, Step},
    shapes::{CustomerIds, Tracked, browser::Negotiated},
    wire::{
        bulk,
        given::{Id, IdValue},
        legacy::{self, LegacyCustomersBody, LegacyEventBody},
        reply,
        track::object,
    },
};

/// Whose cookie.
#[derive(Deserialize, ToSchema)]
struct NegotiationBody<'a> {
    #[serde(borrow)]
    #[schema(value_type = Option<CustomerIds>)]
    ids: Option<&'a RawValue>,
    /// The project's token.
    #[serde(borrow)]
    #[schema(value_type = Option<String>)]
    #[expect(dead_code, reason = "read before anything else")]
    project_id: Option<&'a RawValue>,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    let endpoints = [
        Endpoint::post(
            "/crm/customers",
            customers,
            "identifies a customer and sets properties, as older clients do",
        )
        .body::<LegacyCustomersBody<'static>>()
        .answers::<Tracked>(),
        Endpoint::post(
            "/crm/events",
            events,
            "identifies a customer and adds an event, as older clients do",
        )
        .body::<LegacyEventBody<'static>>()
        .answers::<Tracked>(),
        Endpoint::post(
            "/crm/customers/track",
            negotiate,
            "the cookie of an app: the one it brings, or another",
        )
        .body::<NegotiationBody<'static>>()
        .answers::<Negotiated>(),
    ];
    let open = |endpoint: Endpoint| endpoint.label(Label::Observed).access(Access::Open);
    endpoints.into_iter().map(open).collect()
}

async fn customers(OpenCall(call): OpenCall) -> Result<Response, Error> {
    let step = legacy::customers(&call.body);
    let response = single(&call, Route::CrmCustomers, step)?.into_response();
    Ok(of_project(&call.project, response))
}

async fn events(OpenCall(call): OpenCall) -> Result<Response, Error> {
    let now = call.project.world().now();
    let step = legacy::event(&call.body, now);
    let response = single(&call, Route::CrmEvents, step)?.into_response();
    Ok(of_project(&call.project, response))
}

async fn negotiate(OpenCall(call): OpenCall) -> Result<Response, Error> {
    let NegotiationBody { ids, .. } = object(&call.body)?;
    let mut ids = legacy::customer(ids)?;
    let mut world = call.project.world();
    let token = &call.project.token;
    let device = device_type(&world).unwrap_or_else(|| "cookie".into());
    let of_browser = cookie::of_browser(&call.headers, token);
    let given = bulk::value_of(&ids, &device).into_iter().chain(of_browser);
    let cookie = negotiated(&mut world, given);
    ids.retain(|id| id.id_type != device && !matches!(id.value, IdValue::Null));
    ids.push(Id::text(&device, &cookie));
    let origin = Origin {
        source: source(&call.headers),
        route: Route::CrmCustomersTrack,
        item: None,
    };
    let step = Step::Customers {
        ids,
        properties: Some(Vec::new()),
        update_timestamp: None,
    };
    let result = world.write(origin, &step);
    let mut evidence = Evidence::default();
    evidence.add(&result);
    let response = match result {
        Err(rejection) if !rejection.is_answered_as_success() => reply::rejected(&rejection),
        Ok(_) | Err(_) => {
            let data = json!({"ids": {"cookie": cookie}});
            let response = reply::json(200, &json!({"success": true, "data": data}));
            cookie::set(response, token, &cookie)
        }
    };
    Ok(of_project(&call.project, evidence.under(response)))
}
