//! Items of a catalog: read by query, and one by one.

use std::borrow::Cow;

use axum::{extract::Query, response::Response};
use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};
use utoipa::ToSchema;

use super::{CatalogCall, query::ItemQuery, undefined};
use crate::{
    catalogs::{Catalog, CatalogChange, ItemProperties},
    error::Error,
    routes::Endpoint,
    shapes::{CatalogItemShown, CatalogItems, Done},
    wire::{
        data, field,
        given::{self, GivenProperties, Properties},
        reply,
        track::object,
    },
};

/// An item's properties; each must be a field of the catalog.
#[derive(Deserialize, ToSchema)]
struct ItemBody<'a> {
    #[serde(borrow, default)]
    #[schema(value_type = BTreeMap<String, Value>)]
    properties: GivenProperties<'a>,
    /// Of a partial update: whether an item that is not there is created; not if absent.
    #[serde(borrow)]
    #[schema(value_type = Option<bool>)]
    upsert: Option<&'a RawValue>,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    const ITEMS: &str = "/data/v2/projects/{token}/catalogs/{catalog}/items";
    const ITEM: &str = "/data/v2/projects/{token}/catalogs/{catalog}/items/{item}";
    vec![
        Endpoint::get(ITEMS, list, "items, by query and page")
            .query("query", "part of an item ID or of a property's value")
            .query("field", "looks only at this property")
            .query("count", "how many; 20 if absent")
            .query(
                "skip",
                "how many to leave out; `count` and `skip` are 1001 at most together",
            )
            .query("order", "`field, asc` or `field, desc`, and more of them")
            .answers::<CatalogItems>(),
        Endpoint::delete(ITEMS, remove_all, "all items go, the catalog stays").answers::<Done>(),
        Endpoint::get(ITEM, show, "one item").answers::<CatalogItemShown>(),
        Endpoint::put(ITEM, put, "an item with these properties and no others")
            .body::<ItemBody<'static>>()
            .answers::<Done>(),
        Endpoint::delete(ITEM, remove, "the item goes").answers::<Done>(),
        Endpoint::post(
            "/data/v2/projects/{token}/catalogs/{catalog}/items/{item}/partial-update",
            update,
            "these properties of an item; the others stay",
        )
        .body::<ItemBody<'static>>()
        .answers::<Done>(),
    ]
}

async fn list(
    Query(given): Query<Vec<(String, String)>>,
    call: CatalogCall,
) -> Result<Response, Error> {
    let query = ItemQuery::read(&given)?;
    let world = call.call.project.world();
    let catalog = call.find(&world)?;
    let matched = query.matches(&catalog.items);
    let page = matched.iter().skip(query.skip).take(query.count);
    let page: Vec<Value> = page
        .map(|(id, item)| described(&call.catalog, id, item))
        .collect();
    let body = json!({
        "success": true,
        "data": page,
        "limit": query.count,
        "skip": query.skip,
        "matched": matched.len(),
        "matched_limited": false,
        "total": catalog.items.len(),
    });
    Ok(reply::json(200, &body))
}

async fn show(call: CatalogCall) -> Result<Response, Error> {
    let world = call.call.project.world();
    let item = call.find_item(call.find(&world)?)?;
    let shown = described(&call.catalog, &call.item, item);
    Ok(reply::json(200, &json!({"success": true, "data": shown})))
}

fn described(catalog: &str, item: &str, properties: &ItemProperties) -> Value {
    let properties = properties.iter();
    let properties: serde_json::Map<String, Value> = properties
        .map(|(name, value)| (name.clone(), data::value(value)))
        .collect();
    json!({"catalog_id": catalog, "item_id": item, "properties": properties})
}

async fn put(call: CatalogCall) -> Result<Response, Error> {
    let ItemBody { properties, .. } = object(&call.call.body)?;
    let properties = call.properties(properties)?;
    let (id, item) = call.names();
    call.change(CatalogChange::PutItem {
        id,
        item,
        properties,
    })
}

async fn update(call: CatalogCall) -> Result<Response, Error> {
    let ItemBody { properties, upsert } = object(&call.call.body)?;
    let upsert = field::optional("upsert", upsert, "true or false")?.unwrap_or(false);
    let properties = call.properties(properties)?;
    if !upsert {
        call.item_is_there()?;
    }
    let (id, item) = call.names();
    call.change(CatalogChange::UpdateItem {
        id,
        item,
        properties,
    })
}

async fn remove(call: CatalogCall) -> Result<Response, Error> {
    call.item_is_there()?;
    let (id, item) = call.names();
    call.change(CatalogChange::DeleteItem { id, item })
}

async fn remove_all(call: CatalogCall) -> Result<Response, Error> {
    let (id, _) = call.names();
    call.change(CatalogChange::DeleteItems { id })
}

impl CatalogCall {
    fn names(&self) -> (Cow<'_, str>, Cow<'_, str>) {
        (Cow::Borrowed(&self.catalog), Cow::Borrowed(&self.item))
    }

    fn find_item<'c>(&self, catalog: &'c Catalog) -> Result<&'c ItemProperties, Error> {
        let found = catalog.items.get(&self.item);
        found.ok_or_else(|| Error::DataGlobal(404, "Item does not exist".into()))
    }

    fn item_is_there(&self) -> Result<(), Error> {
        let world = self.call.project.world();
        self.find_item(self.find(&world)?)?;
        Ok(())
    }

    /// Properties that the catalog's fields define.
    fn properties<'p>(&self, given: GivenProperties<'p>) -> Result<Properties<'p>, Error> {
        let refused = |says: String| Error::DataField("properties", says);
        if let GivenProperties::Absent = given {
            return Err(refused("Field 'properties' is required: an object".into()));
        }
        let properties = given::properties(given).map_err(refused)?;
        let properties = properties.ok_or_else(|| refused("Must be an object".into()))?;
        let world = self.call.project.world();
        let catalog = self.find(&world)?;
        let names = catalog.undefined(properties.iter().map(|(name, _)| &**name));
        match names.is_empty() {
            true => Ok(properties),
            false => Err(refused(undefined(&names))),
        }
    }
}
