//! `/data/v2/.../catalogs`: catalogs, and their items one by one or in bulk.
//! The vendor queues changes of items; here they are done when the answer comes.

mod bulk;
mod items;
mod query;

use std::borrow::Cow;

use axum::{
    RequestPartsExt,
    extract::{FromRequest, Path, Request},
    response::Response,
};
use http::Method;
use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};
use utoipa::ToSchema;

use super::{Endpoint, body::source};
use crate::{
    access::{Action, Call, PrivateCall},
    catalogs::{Catalog, CatalogChange},
    error::Error,
    journal::{Origin, Route, Step},
    projects::Projects,
    shapes::{CatalogCreated, CatalogList, CatalogShown, Done},
    wire::{field, given::Text, reply, track::object},
    world::World,
};

/// A catalog's name, and the fields that its items may have.
#[derive(Deserialize, ToSchema)]
struct CatalogBody<'a> {
    #[serde(borrow)]
    #[schema(value_type = String)]
    name: Option<&'a RawValue>,
    #[serde(borrow)]
    #[schema(value_type = Option<Vec<CatalogField>>)]
    fields: Option<&'a RawValue>,
}

/// A field of a catalog; other keys, such as `type`, are let through.
#[derive(Deserialize, ToSchema)]
struct CatalogField {
    name: String,
}

/// A call that names a catalog, and perhaps an item of it.
struct CatalogCall {
    call: Call,
    catalog: String,
    item: String,
}

impl FromRequest<Projects> for CatalogCall {
    type Rejection = Error;

    async fn from_request(request: Request, projects: &Projects) -> Result<Self, Error> {
        let (mut parts, body) = request.into_parts();
        let path = parts.extract::<Path<Vec<(String, String)>>>().await;
        let Path(path) = path.map_err(|_| Error::UnknownUrl)?;
        let part = |name: &str| {
            let found = path.iter().find(|(other, _)| other == name);
            found.map_or_else(String::new, |(_, value)| value.clone())
        };
        let request = Request::from_parts(parts, body);
        let reads = request.method() == Method::GET;
        let PrivateCall(call) = PrivateCall::from_request(request, projects).await?;
        call.may(if reads {
            Action::GetCatalogs
        } else {
            Action::SetCatalogs
        })?;
        Ok(Self {
            call,
            catalog: part("catalog"),
            item: part("item"),
        })
    }
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    const CATALOGS: &str = "/data/v2/projects/{token}/catalogs";
    const CATALOG: &str = "/data/v2/projects/{token}/catalogs/{catalog}";
    let of_catalogs = [
        Endpoint::get(CATALOGS, list, "all catalogs").answers::<CatalogList>(),
        Endpoint::post(CATALOGS, create, "a new catalog")
            .body::<CatalogBody<'static>>()
            .answers::<CatalogCreated>(),
        Endpoint::get(CATALOG, show, "one catalog").answers::<CatalogShown>(),
        Endpoint::put(
            CATALOG,
            define,
            "its name, and fields in place of the old ones; items stay",
        )
        .body::<CatalogBody<'static>>()
        .answers::<Done>(),
        Endpoint::delete(CATALOG, remove, "the catalog and its items go").answers::<Done>(),
    ];
    let more = [items::endpoints(), bulk::endpoints()];
    of_catalogs
        .into_iter()
        .chain(more.into_iter().flatten())
        .collect()
}

async fn list(call: CatalogCall) -> Response {
    let world = call.call.project.world();
    let catalogs = world.state().catalogs.all();
    let shown: Vec<Value> = catalogs
        .map(|(id, catalog)| described(id, catalog))
        .collect();
    reply::json(200, &json!({"success": true, "data": shown}))
}

async fn show(call: CatalogCall) -> Result<Response, Error> {
    let world = call.call.project.world();
    let catalog = call.find(&world)?;
    let shown = described(&call.catalog, catalog);
    Ok(reply::json(200, &json!({"success": true, "data": shown})))
}

fn described(id: &str, catalog: &Catalog) -> Value {
    json!({"id": id, "name": catalog.name})
}

async fn create(CatalogCall { call, .. }: CatalogCall) -> Result<Response, Error> {
    let (name, fields) = definition(&call.body)?;
    let mut world = call.project.world();
    let id = world.state().catalogs.next_id();
    let fields = fields.unwrap_or_default();
    change(&mut world, &call, CatalogChange::Create { name, fields });
    Ok(reply::json(200, &json!({"success": true, "id": id})))
}

async fn define(call: CatalogCall) -> Result<Response, Error> {
    let (name, fields) = definition(&call.call.body)?;
    let id = Cow::Borrowed(call.catalog.as_str());
    call.change(CatalogChange::Define { id, name, fields })
}

async fn remove(call: CatalogCall) -> Result<Response, Error> {
    let id = Cow::Borrowed(call.catalog.as_str());
    call.change(CatalogChange::Delete { id })
}

fn definition(body: &[u8]) -> Result<(Cow<'_, str>, Option<Vec<String>>), Error> {
    let CatalogBody { name, fields } = object(body)?;
    let Text(name) = field::required("name", name, "a string")?;
    let must_be = "a list of {name}";
    let fields: Option<Vec<CatalogField>> = field::optional("fields", fields, must_be)?;
    let names = fields.map(|fields| fields.into_iter().map(|field| field.name).collect());
    Ok((name, names))
}

impl CatalogCall {
    fn find<'w>(&self, world: &'w World) -> Result<&'w Catalog, Error> {
        let found = world.state().catalogs.get(&self.catalog);
        found.ok_or_else(|| Error::DataGlobal(404, "Catalog does not exist".into()))
    }

    /// Changes the catalog, which must be there.
    fn change(&self, what: CatalogChange<'_>) -> Result<Response, Error> {
        let mut world = self.call.project.world();
        self.find(&world)?;
        change(&mut world, &self.call, what);
        Ok(reply::json(200, &json!({"success": true})))
    }
}

/// Writes a change; it is never rejected.
fn change(world: &mut World, call: &Call, change: CatalogChange<'_>) {
    let origin = Origin {
        source: source(&call.headers),
        route: Route::Catalogs,
        item: None,
    };
    let _done = world.write(origin, &Step::Catalog(change));
}

/// The words in which properties are refused that are no fields of the catalog (documented for bulks).
fn undefined(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("'{name}'")).collect();
    format!("Fields [{}] are not properly defined.", quoted.join(", "))
}
