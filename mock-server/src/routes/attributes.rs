//! `customers/attributes`: values of one customer, by position.

use std::collections::BTreeMap;

use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};
use twinfold_engine::Label;
use utoipa::ToSchema;

use super::{Access, Endpoint, data::profile};
use crate::{
    access::{AccessKind, Action, AnyCall, Permissions},
    attribute::{Attribute, Subject},
    error::Error,
    evidence::Evidence,
    settings::UnknownDefinition,
    shapes::{AttributeResults, CustomerIds},
    wire::{field, given::GivenIds, reply, track::object},
};

/// Whose values, and which.
#[derive(Deserialize, ToSchema)]
struct AttributesBody<'a> {
    #[serde(borrow, default)]
    #[schema(value_type = Option<CustomerIds>)]
    customer_ids: GivenIds<'a>,
    /// `{"type": "property", "property"}`, `{"type": "id", "id"}`, `{"type": "consent", "category", "mode"}`, or a type
    /// of definition with its `id`.
    #[serde(borrow)]
    #[schema(value_type = Option<Vec<BTreeMap<String, Value>>>)]
    attributes: Option<&'a RawValue>,
}

pub(super) fn endpoint() -> Endpoint {
    Endpoint::post(
        "/data/v2/projects/{token}/customers/attributes",
        attributes,
        "values of one customer, by position; also with a public key",
    )
    .access(Access::Any)
    .body::<AttributesBody<'static>>()
    .answers::<AttributeResults>()
}

async fn attributes(AnyCall(call): AnyCall) -> Result<Response, Error> {
    let AttributesBody {
        customer_ids,
        attributes,
    } = object(&call.body)?;
    let asked: Vec<Value> = field::required("attributes", attributes, "a list of attributes")?;
    let attributes = read("attributes", &asked)?;
    let mut world = call.project.world();
    let at = world.now();
    let world = &*world;
    let profile = &profile(world, customer_ids)?;
    let subject = Subject { world, profile, at };
    let modes = asked.iter().any(|asked| !asked["mode"].is_null());
    let mut evidence = Evidence::default();
    if call.kind == AccessKind::Public {
        // The documentation speaks of private access; mobile SDKs ask with a public key.
        evidence.add_label(Label::Observed);
    }
    if modes {
        // What the modes of a consent mean is unknown; they change nothing here.
        evidence.add_label(Label::Assumed);
    }
    let mut results = Vec::with_capacity(attributes.len());
    for attribute in &attributes {
        results.push(match permitted(attribute, &call.grants) {
            true => result(attribute, &subject, &mut evidence)?,
            false => {
                evidence.add_label(Label::Observed);
                json!({"success": false, "error": "No permission"})
            }
        });
    }
    let body = json!({"success": true, "results": results});
    Ok(evidence.under(reply::json(200, &body)))
}

/// Attributes by position; every faulty one is named.
pub(super) fn read(field: &'static str, asked: &[Value]) -> Result<Vec<Attribute>, Error> {
    let mut faults = BTreeMap::new();
    let mut attributes = Vec::with_capacity(asked.len());
    for (position, asked) in asked.iter().enumerate() {
        match Attribute::read(asked) {
            Ok(attribute) => attributes.push(attribute),
            Err(says) => {
                faults.insert(position, says);
            }
        }
    }
    match faults.is_empty() {
        true => Ok(attributes),
        false => Err(Error::DataPositions(field, faults)),
    }
}

fn permitted(attribute: &Attribute, grants: &Permissions) -> bool {
    match attribute {
        Attribute::Property(name) => grants.get_property(name),
        Attribute::Id(_) => true,
        Attribute::Definition(..) => grants.may(Action::GetDefinitions),
        Attribute::Consent(_) => grants.may(Action::GetConsents),
    }
}

fn result(
    attribute: &Attribute,
    subject: &Subject<'_>,
    evidence: &mut Evidence,
) -> Result<Value, Error> {
    let Some(says) = attribute.missing(subject.world) else {
        let value = attribute.value(subject);
        evidence.add_label(attribute.label(&value));
        return Ok(json!({"success": true, "value": value}));
    };
    let for_the_call = subject.world.unknown_definition() == UnknownDefinition::Call;
    if for_the_call && matches!(attribute, Attribute::Definition(..)) {
        return Err(Error::DataGlobal(404, says));
    }
    evidence.add_label(Label::Assumed);
    Ok(json!({"success": false, "error": says}))
}
