//! `customers/anonymize` and `anonymize_bulk`: every ID and the private properties go, a fresh cookie comes.
//! The vendor does a bulk later; here it is done when the answer comes, which says nothing of the outcome either way.

use std::{borrow::Cow, collections::BTreeMap};

use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};
use twinfold_engine::InternalId;
use utoipa::ToSchema;

use super::{
    Endpoint,
    body::source,
    data::{CustomerBody, read_ids, refused},
};
use crate::{
    access::{Action, PrivateCall},
    error::Error,
    evidence::Evidence,
    journal::{Origin, Route, Step},
    shapes::{BulkStarted, CustomerIds, Done},
    wire::{
        field,
        given::{GivenIds, Id, Text},
        reply,
        track::object,
    },
};

/// How many customers one bulk may name (facts, section 5).
const CUSTOMERS_MAX: usize = 1_000;

/// Whom.
#[derive(Deserialize, ToSchema)]
struct BulkBody<'a> {
    /// At most 1000.
    #[serde(borrow)]
    #[schema(value_type = Option<Vec<BulkCustomer<'static>>>)]
    customers: Option<&'a RawValue>,
}

/// One customer, by its IDs or by its internal ID.
#[derive(Deserialize, ToSchema)]
struct BulkCustomer<'a> {
    #[serde(borrow, default)]
    #[schema(value_type = Option<CustomerIds>)]
    customer_ids: GivenIds<'a>,
    #[serde(borrow)]
    #[schema(value_type = Option<String>)]
    internal_id: Option<&'a RawValue>,
}

/// How a bulk names a customer.
enum Named<'a> {
    ByIds(Vec<Id<'a>>),
    /// By a number; nobody has 0.
    Internal(u32),
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::post(
            "/data/v2/projects/{token}/customers/anonymize",
            anonymize,
            "removes every ID and the private properties",
        )
        .body::<CustomerBody<'static>>()
        .answers::<Done>(),
        Endpoint::post(
            "/data/v2/projects/{token}/customers/anonymize_bulk",
            anonymize_bulk,
            "the same for up to 1000 customers; done when the answer comes, which does not say for whom",
        )
        .body::<BulkBody<'static>>()
        .answers::<BulkStarted>(),
    ]
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
    let fresh = Cow::Owned(world.fresh_id());
    let result = world.write(origin, &Step::Anonymize { ids, fresh });
    let mut evidence = Evidence::default();
    evidence.add(&result);
    match result {
        Ok(_) => Ok(evidence.under(reply::json(200, &json!({"success": true})))),
        Err(rejection) => Err(refused(&rejection)),
    }
}

async fn anonymize_bulk(PrivateCall(call): PrivateCall) -> Result<Response, Error> {
    call.may(Action::Anonymize)?;
    let BulkBody { customers } = object(&call.body)?;
    let must_be = "a list of customers";
    let customers: Vec<&RawValue> = field::required("customers", customers, must_be)?;
    if customers.is_empty() || customers.len() > CUSTOMERS_MAX {
        let says = format!(
            "Must name 1 to {CUSTOMERS_MAX} customers, not {}",
            customers.len()
        );
        return Err(Error::DataField("customers", says));
    }
    let customers = read(&customers)?;
    let mut world = call.project.world();
    let bulk_id = world.fresh_id();
    for (position, customer) in customers.into_iter().enumerate() {
        let fresh = Cow::Owned(world.fresh_id());
        let step = match customer {
            Named::ByIds(ids) => Step::Anonymize { ids, fresh },
            Named::Internal(customer) => Step::AnonymizeInternal { customer, fresh },
        };
        let origin = Origin {
            source: source(&call.headers),
            route: Route::AnonymizeBulk,
            item: Some(position as u32),
        };
        // The answer says nothing of the outcome; the journal does.
        let _outcome = world.write(origin, &step);
    }
    let started: Value = json!({"success": true, "bulk_id": bulk_id});
    Ok(reply::json(200, &started))
}

/// Customers by position; every faulty one is named.
fn read<'a>(customers: &[&'a RawValue]) -> Result<Vec<Named<'a>>, Error> {
    let mut faults = BTreeMap::new();
    let mut named = Vec::with_capacity(customers.len());
    for (position, customer) in customers.iter().enumerate() {
        match read_one(customer) {
            Ok(customer) => named.push(customer),
            Err(says) => {
                faults.insert(position, says);
            }
        }
    }
    match faults.is_empty() {
        true => Ok(named),
        false => Err(Error::DataPositions("customers", faults)),
    }
}

fn read_one(customer: &RawValue) -> Result<Named<'_>, String> {
    let body = object::<BulkCustomer<'_>>(customer.get().as_bytes());
    let body = body.map_err(|_| "Must be an object with customer_ids or internal_id")?;
    match body.internal_id.map(RawValue::get) {
        None | Some("null") => {
            let ids = read_ids(body.customer_ids).map_err(|error| error.to_string())?;
            Ok(Named::ByIds(ids))
        }
        Some(written) => {
            let text = serde_json::from_str::<Text<'_>>(written);
            let Text(text) = text.map_err(|_| "Field 'internal_id' must be a string.")?;
            // One of another shape is nobody's.
            let known = InternalId::from_hex(&text);
            Ok(Named::Internal(known.map_or(0, InternalId::number)))
        }
    }
}
