//! Items in bulk: bodies and answers are bare lists; the answer is 200 even when every item failed.

use std::borrow::Cow;

use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};
use twinfold_engine::Label;
use utoipa::ToSchema;

use super::{CatalogCall, change, undefined};
use crate::{
    catalogs::{Catalog, CatalogChange},
    error::Error,
    evidence::Evidence,
    routes::Endpoint,
    shapes::BulkResult,
    wire::{
        given::{self, GivenProperties, Text},
        reply,
    },
};

/// One item of a bulk.
#[derive(Deserialize, ToSchema)]
struct BulkItem<'a> {
    #[serde(borrow)]
    #[schema(value_type = String)]
    item_id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    #[schema(value_type = BTreeMap<String, Value>)]
    properties: GivenProperties<'a>,
    /// Of a partial update: whether an item that is not there is created; not if absent.
    #[serde(borrow)]
    #[schema(value_type = Option<bool>)]
    upsert: Option<&'a RawValue>,
}

/// Why an item of a bulk failed: of which field, what, and how well its words are known.
struct Fault {
    field: &'static str,
    says: String,
    label: Label,
}

/// What a bulk does with each item.
#[derive(Clone, Copy)]
enum Does {
    Put,
    Update,
    Delete,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::put(
            "/data/v2/projects/{token}/catalogs/{catalog}/items",
            async |call: CatalogCall| bulk(&call, Does::Put),
            "items with these properties and no others; results by position",
        )
        .body::<Vec<BulkItem<'static>>>()
        .answers::<Vec<BulkResult>>(),
        Endpoint::post(
            "/data/v2/projects/{token}/catalogs/{catalog}/items/partial-update",
            async |call: CatalogCall| bulk(&call, Does::Update),
            "these properties of items; the others stay; results by position",
        )
        .body::<Vec<BulkItem<'static>>>()
        .answers::<Vec<BulkResult>>(),
        Endpoint::delete(
            "/data/v2/projects/{token}/catalogs/{catalog}/items/bulk-delete",
            async |call: CatalogCall| bulk(&call, Does::Delete),
            "these items go, by a list of item IDs; results by position",
        )
        .body::<Vec<String>>()
        .answers::<Vec<BulkResult>>(),
    ]
}

fn bulk(call: &CatalogCall, does: Does) -> Result<Response, Error> {
    let items: Vec<&RawValue> =
        serde_json::from_slice(&call.call.body).map_err(|_| Error::InvalidJson)?;
    let mut world = call.call.project.world();
    let mut evidence = Evidence::default();
    call.find(&world)?;
    let mut results: Vec<Value> = Vec::with_capacity(items.len());
    for item in items {
        let done = call
            .find(&world)
            .map(|catalog| read(call, catalog, does, item))?;
        results.push(match done {
            Ok(what) => {
                change(&mut world, &call.call, what);
                json!({"success": true, "queued": true})
            }
            Err(Fault { field, says, label }) => {
                evidence.add_label(label);
                json!({"success": false, "queued": false, "errors": {field: [says]}})
            }
        });
    }
    Ok(evidence.under(reply::json(200, &json!(results))))
}

fn read<'a>(
    call: &'a CatalogCall,
    catalog: &Catalog,
    does: Does,
    raw: &'a RawValue,
) -> Result<CatalogChange<'a>, Fault> {
    let id = Cow::Borrowed(call.catalog.as_str());
    if let Does::Delete = does {
        let item = item_id(Some(raw))?;
        return Ok(CatalogChange::DeleteItem { id, item });
    }
    let not_an_object = || fault("_global", "Malformed item. Item should be an object");
    // Structs also read arrays.
    let item = Some(raw.get()).filter(|text| text.starts_with('{'));
    let item: BulkItem<'_> = item
        .and_then(|text| serde_json::from_str(text).ok())
        .ok_or_else(not_an_object)?;
    let name = item_id(item.item_id)?;
    let properties = given::properties(item.properties);
    let properties = properties.map_err(|says| Fault {
        field: "properties",
        says,
        label: Label::Assumed,
    })?;
    let properties = properties.ok_or_else(|| fault("properties", "Must be an object"))?;
    let names = catalog.undefined(properties.iter().map(|(name, _)| &**name));
    if !names.is_empty() {
        return Err(Fault {
            field: "properties",
            says: undefined(&names),
            label: Label::Documented,
        });
    }
    let upsert = item.upsert.is_some_and(|raw| raw.get() == "true");
    match does {
        Does::Update if !upsert && !catalog.items.contains_key(&*name) => {
            Err(fault("_global", "Item does not exist"))
        }
        Does::Update => Ok(CatalogChange::UpdateItem {
            id,
            item: name,
            properties,
        }),
        Does::Put | Does::Delete => Ok(CatalogChange::PutItem {
            id,
            item: name,
            properties,
        }),
    }
}

/// The ID of an item; the refusal's words are documented for deletes.
fn item_id(raw: Option<&RawValue>) -> Result<Cow<'_, str>, Fault> {
    let text = raw.map(|raw| serde_json::from_str::<Text<'_>>(raw.get()));
    match text {
        Some(Ok(Text(text))) => Ok(text),
        _ => Err(Fault {
            field: "_global",
            says: "Malformed item id. Item id should be a string".into(),
            label: Label::Documented,
        }),
    }
}

fn fault(field: &'static str, says: &str) -> Fault {
    Fault {
        field,
        says: says.into(),
        label: Label::Assumed,
    }
}
