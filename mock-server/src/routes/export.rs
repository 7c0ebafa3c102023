//! `customers/export`: customers in order of creation, as rows: ID fields first, then properties (quirk 24).

use std::collections::BTreeSet;

use axum::response::Response;
use http::{HeaderValue, header};
use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};
use twinfold_engine::{Label, Profile, Timestamp};
use utoipa::ToSchema;

use super::{Endpoint, attributes};
use crate::{
    access::{Action, PrivateCall},
    attribute::{Attribute, Subject},
    definitions::{Kind, Reading},
    error::Error,
    evidence::Evidence,
    shapes::ExportedTable,
    wire::{field, moment, reply, track::object},
    world::World,
};

/// Which customers, which columns, as of when, and how.
#[derive(Deserialize, ToSchema)]
struct ExportBody<'a> {
    #[serde(borrow)]
    #[schema(value_type = Option<Columns>)]
    attributes: Option<&'a RawValue>,
    #[serde(borrow)]
    #[schema(value_type = Option<SegmentFilter>)]
    filter: Option<&'a RawValue>,
    /// Seconds since 1970: events after it do not count, for consents, aggregates and what is made of them.
    #[serde(borrow)]
    #[schema(value_type = Option<f64>)]
    execution_time: Option<&'a RawValue>,
    /// A name of the time zone database; nothing that can be defined here depends on it.
    #[serde(borrow)]
    #[schema(value_type = Option<String>)]
    timezone: Option<&'a RawValue>,
    /// `native_json`, `table_json` or `csv`.
    #[serde(borrow)]
    #[schema(value_type = Option<String>)]
    format: Option<&'a RawValue>,
}

/// Which columns.
#[derive(Deserialize, ToSchema)]
struct Columns {
    /// `some` or `properties_and_ids`.
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    list: Vec<Value>,
}

/// The customers of one segment.
#[derive(Deserialize, ToSchema)]
struct SegmentFilter {
    /// `segment`.
    #[serde(rename = "type")]
    kind: String,
    segmentation_id: String,
    /// Its position; -1 for those in none.
    segment_index: i64,
}

#[derive(Clone, Copy, PartialEq)]
enum Format {
    NativeJson,
    TableJson,
    Csv,
}

pub(super) fn endpoint() -> Endpoint {
    Endpoint::post(
        "/data/v2/projects/{token}/customers/export",
        export,
        "customers as rows, all or those of a segment, in `native_json`, `table_json` or `csv`",
    )
    .body::<ExportBody<'static>>()
    .answers::<ExportedTable>()
    .answer(200, "text/csv", None)
}

async fn export(PrivateCall(call): PrivateCall) -> Result<Response, Error> {
    call.may(Action::ExportCustomers)?;
    let body: ExportBody<'_> = object(&call.body)?;
    let format = format(body.format)?;
    let columns = field::optional::<Columns>("attributes", body.attributes, "{type, list}")?;
    let must_be = "{type: segment, segmentation_id, segment_index}";
    let filter = field::optional::<SegmentFilter>("filter", body.filter, must_be)?;
    let execution_time = moment::timestamp("execution_time", body.execution_time)
        .map_err(|says| Error::DataField("execution_time", says))?;
    check_timezone(body.timezone)?;
    let mut world = call.project.world();
    let at = execution_time.unwrap_or_else(|| world.now());
    let world = &*world;
    let mut profiles = profiles(world, execution_time);
    if let Some(filter) = filter {
        keep_segment(world, &filter, &mut profiles)?;
    }
    let fields = fields(world, &profiles, columns, format)?;
    let mut evidence = Evidence::default();
    if execution_time.is_some() {
        // Properties are those of now, because only their last values are kept.
        evidence.add_label(Label::Assumed);
    }
    let mut rows = Vec::with_capacity(profiles.len());
    for profile in &profiles {
        let subject = Subject { world, profile, at };
        rows.push(row(&subject, &fields, &mut evidence));
    }
    Ok(evidence.under(reply_in(format, &fields, &rows)))
}

fn format(raw: Option<&RawValue>) -> Result<Format, Error> {
    const KNOWN: &str = "native_json, table_json or csv";
    let format: Option<String> = field::optional("format", raw, KNOWN)?;
    match format.as_deref().unwrap_or("native_json") {
        "native_json" => Ok(Format::NativeJson),
        "table_json" => Ok(Format::TableJson),
        "csv" => Ok(Format::Csv),
        other => {
            let says = format!("Must be {KNOWN}, not {other}");
            Err(Error::DataField("format", says))
        }
    }
}

fn check_timezone(raw: Option<&RawValue>) -> Result<(), Error> {
    const MUST_BE: &str = "a name of the time zone database, such as Africa/Lagos";
    let timezone: Option<String> = field::optional("timezone", raw, MUST_BE)?;
    match timezone.map(|name| jiff::tz::TimeZone::get(&name)) {
        None | Some(Ok(_)) => Ok(()),
        Some(Err(_)) => Err(Error::DataField("timezone", format!("Must be {MUST_BE}"))),
    }
}

/// All customers; as of a moment, without the events that came later.
fn profiles(world: &World, as_of: Option<Timestamp>) -> Vec<Profile> {
    let project = world.project();
    let profiles = project.customers().filter_map(|id| project.profile(id));
    let mut profiles: Vec<Profile> = profiles.collect();
    if let Some(as_of) = as_of {
        for profile in &mut profiles {
            profile.events.retain(|event| event.at <= as_of);
        }
    }
    profiles
}

fn keep_segment(
    world: &World,
    filter: &SegmentFilter,
    profiles: &mut Vec<Profile>,
) -> Result<(), Error> {
    let refused = |says: String| Err(Error::DataField("filter", says));
    if filter.kind != "segment" {
        return refused(format!("Must be of type segment, not {}", filter.kind));
    }
    let definitions = world.definitions();
    let Some(segmentation) = definitions.segmentations.get(&filter.segmentation_id) else {
        return refused(Kind::Segmentation.unknown(&filter.segmentation_id));
    };
    let index = filter.segment_index;
    let segments = segmentation.segments.len();
    let wanted = usize::try_from(index).ok();
    if index != -1 && wanted.is_none_or(|wanted| wanted >= segments) {
        return refused(format!(
            "segment_index must be -1 or a position below {segments}, not {index}"
        ));
    }
    profiles.retain(|profile| {
        let reading = Reading {
            definitions,
            profile,
        };
        let found = reading.segment(segmentation).map(|(position, _)| position);
        found == wanted
    });
    Ok(())
}

fn fields(
    world: &World,
    profiles: &[Profile],
    columns: Option<Columns>,
    format: Format,
) -> Result<Vec<Attribute>, Error> {
    let Some(columns) = columns.filter(|columns| columns.kind != "properties_and_ids") else {
        let types = world.project().schema().types().iter();
        let ids = types.map(|id_type| Attribute::Id(id_type.name.clone()));
        let names: BTreeSet<&String> = profiles.iter().flat_map(|p| p.properties.keys()).collect();
        let properties = names.into_iter().cloned().map(Attribute::Property);
        return Ok(ids.chain(properties).collect());
    };
    if columns.kind != "some" {
        let says = format!("Must be some or properties_and_ids, not {}", columns.kind);
        return Err(Error::DataField("attributes", says));
    }
    let mut fields = attributes::read("attributes", &columns.list)?;
    let faults = fields.iter().enumerate();
    let faults = faults.filter_map(|(at, field)| Some((at, field.missing(world)?)));
    let faults = faults.collect::<std::collections::BTreeMap<_, _>>();
    if !faults.is_empty() {
        return Err(Error::DataPositions("attributes", faults));
    }
    // A CSV keeps the order of the list (documented).
    if format != Format::Csv {
        fields.sort_by_key(|field| match field {
            Attribute::Id(_) => 0,
            Attribute::Property(_) => 1,
            Attribute::Definition(..) | Attribute::Consent(_) => 2,
        });
    }
    Ok(fields)
}

fn row(subject: &Subject<'_>, fields: &[Attribute], evidence: &mut Evidence) -> Vec<Value> {
    let cells = fields.iter().map(|field| {
        let value = field.value(subject);
        evidence.add_label(field.label(&value));
        value
    });
    cells.collect()
}

fn reply_in(format: Format, fields: &[Attribute], rows: &[Vec<Value>]) -> Response {
    match format {
        Format::NativeJson => {
            let fields: Vec<_> = fields.iter().map(Attribute::described).collect();
            let body = json!({"success": true, "fields": fields, "data": rows});
            reply::json(200, &body)
        }
        Format::TableJson => {
            let header: Vec<_> = fields.iter().map(Attribute::name).collect();
            let body = json!({"success": true, "header": header, "rows": rows});
            reply::json(200, &body)
        }
        Format::Csv => csv_reply(fields, rows),
    }
}

fn csv_reply(fields: &[Attribute], rows: &[Vec<Value>]) -> Response {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let header = fields.iter().map(|field| field.name().to_owned()).collect();
    let rows = rows.iter().map(|row| row.iter().map(cell).collect());
    for record in std::iter::once(header).chain(rows) {
        let record: Vec<String> = record;
        // Writing to memory cannot fail, and all records are equally long.
        let _written = writer.write_record(&record);
    }
    let mut response = reply::raw(200, writer.into_inner().unwrap_or_default().into());
    let csv = HeaderValue::from_static("text/csv; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, csv);
    response
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
