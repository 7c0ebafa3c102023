//! `customers/export`: all customers in order of creation, as rows: ID fields first, then properties (quirk 24).

use std::collections::BTreeSet;

use axum::response::Response;
use bytes::Bytes;
use http::{HeaderValue, header};
use serde::Deserialize;
use serde_json::{Value, json};
use twinfold_engine::{Profile, Project};
use utoipa::ToSchema;

use super::Endpoint;
use crate::{
    access::{Action, PrivateCall},
    error::Error,
    shapes::ExportedTable,
    wire::{data, reply, track::object},
};

/// Which customers, and how.
#[derive(Deserialize, ToSchema)]
struct ExportBody {
    attributes: Option<Attributes>,
    format: Option<String>,
}

/// Which columns.
#[derive(Deserialize, ToSchema)]
struct Attributes {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    list: Vec<Value>,
}

/// One column.
enum Field {
    Id(String),
    Property(String),
}

pub(super) fn endpoint() -> Endpoint {
    Endpoint::post(
        "/data/v2/projects/{token}/customers/export",
        export,
        "all customers as rows, in `native_json`, `table_json` or `csv`",
    )
    .body::<ExportBody>()
    .answers::<ExportedTable>()
}

async fn export(PrivateCall(call): PrivateCall) -> Result<Response, Error> {
    call.may(Action::ExportCustomers)?;
    let ExportBody { attributes, format } = object(&call.body)?;
    let world = call.project.world();
    let project = world.project();
    let profiles: Vec<Profile> = project
        .customers()
        .filter_map(|id| project.profile(id))
        .collect();
    let fields = fields(project, &profiles, attributes)?;
    let rows = profiles
        .iter()
        .map(|profile| row(project, profile, &fields));
    match format.as_deref().unwrap_or("native_json") {
        "native_json" => {
            let fields: Vec<_> = fields.iter().map(Field::described).collect();
            let rows: Vec<_> = rows.collect();
            let body = json!({"success": true, "fields": fields, "data": rows});
            Ok(reply::json(200, &body))
        }
        "table_json" => {
            let header: Vec<_> = fields.iter().map(Field::name).collect();
            let rows: Vec<_> = rows.collect();
            let body = json!({"success": true, "header": header, "rows": rows});
            Ok(reply::json(200, &body))
        }
        "csv" => Ok(csv(&fields, rows)),
        other => Err(Error::DataField(
            "format",
            format!("Must be native_json, table_json or csv, not {other}"),
        )),
    }
}

impl Field {
    fn name(&self) -> &str {
        let (Self::Id(name) | Self::Property(name)) = self;
        name
    }

    fn described(&self) -> Value {
        match self {
            Self::Id(id) => json!({"type": "id", "id": id}),
            Self::Property(property) => json!({"type": "property", "property": property}),
        }
    }
}

fn fields(
    project: &Project,
    profiles: &[Profile],
    attributes: Option<Attributes>,
) -> Result<Vec<Field>, Error> {
    let Some(attributes) = attributes.filter(|attributes| attributes.kind != "properties_and_ids")
    else {
        let ids = project
            .schema()
            .types()
            .iter()
            .map(|t| Field::Id(t.name.clone()));
        let names: BTreeSet<&String> = profiles.iter().flat_map(|p| p.properties.keys()).collect();
        let properties = names.into_iter().map(|name| Field::Property(name.clone()));
        return Ok(ids.chain(properties).collect());
    };
    if attributes.kind != "some" {
        let says = format!(
            "Must be some or properties_and_ids, not {}",
            attributes.kind
        );
        return Err(Error::DataField("attributes", says));
    }
    let mut fields = Vec::new();
    for (position, asked) in attributes.list.iter().enumerate() {
        let text = |key: &str| asked.get(key).and_then(Value::as_str).map(str::to_owned);
        let field = match text("type").as_deref() {
            Some("id") => text("id").map(Field::Id),
            Some("property") => text("property").map(Field::Property),
            _ => None,
        };
        let field = field.ok_or_else(|| {
            let says = "Must be {type: id, id} or {type: property, property}".into();
            Error::DataPosition("attributes", position, says)
        })?;
        fields.push(field);
    }
    fields.sort_by_key(|field| matches!(field, Field::Property(_)));
    Ok(fields)
}

fn row(project: &Project, profile: &Profile, fields: &[Field]) -> Vec<Value> {
    let cell = |field: &Field| match field {
        Field::Id(name) => {
            let values = profile.ids.iter().find(|(other, _)| other == name);
            let kind = project.schema().get(name).map(|id_type| id_type.kind);
            match (values, kind) {
                (Some((_, values)), Some(kind)) => data::id_value(kind, values),
                _ => Value::Null,
            }
        }
        Field::Property(name) => {
            let stored = profile.properties.get(name);
            stored.map_or(Value::Null, |stored| data::value(&stored.value))
        }
    };
    fields.iter().map(cell).collect()
}

fn csv(fields: &[Field], rows: impl Iterator<Item = Vec<Value>>) -> Response {
    let line = |cells: Vec<String>| cells.join(",") + "\r\n";
    let mut text = line(fields.iter().map(|field| quoted(field.name())).collect());
    for row in rows {
        let cells = row.iter().map(|cell| match cell {
            Value::Null => String::new(),
            Value::String(text) => quoted(text),
            other => quoted(&other.to_string()),
        });
        text.push_str(&line(cells.collect()));
    }
    let mut response = reply::raw(200, Bytes::from(text));
    let csv = HeaderValue::from_static("text/csv; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, csv);
    response
}

fn quoted(text: &str) -> String {
    if text.contains(['"', ',', '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
