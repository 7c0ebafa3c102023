//! Shapes of replies, as the OpenAPI document shows them; the routes build the replies themselves.

#![expect(
    dead_code,
    reason = "these types are only described, never built: a reply is written as JSON where it is answered"
)]

pub(crate) mod browser;
pub(crate) mod tracking;

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

use crate::imports::Run;

/// A refusal. Four body shapes of the vendor are kept apart: `errors` as a list (tracking), `errors` as an object (Data
/// API), `error` (access), `message` (batch envelope).
#[derive(ToSchema)]
pub(crate) struct Refusal {
    /// False.
    success: bool,
    errors: Option<Value>,
    error: Option<String>,
    message: Option<String>,
}

/// A tracking command was carried out, or rejected with status 200.
#[derive(ToSchema)]
pub(crate) struct Tracked {
    success: bool,
    /// Empty after success.
    errors: Vec<String>,
}

/// The server's time.
#[derive(ToSchema)]
pub(crate) struct SystemTime {
    success: bool,
    errors: Vec<String>,
    /// Seconds since 1970.
    time: f64,
}

/// The results of a batch, by position.
#[derive(ToSchema)]
pub(crate) struct BatchResults {
    success: bool,
    results: Vec<CommandResult>,
    /// Seconds since 1970.
    start_time: f64,
    /// Seconds since 1970.
    end_time: f64,
}

/// The result of one command.
#[derive(ToSchema)]
pub(crate) struct CommandResult {
    success: bool,
    /// Only after a failure, and then not empty.
    errors: Option<Vec<String>>,
    /// As it came.
    command_id: Option<Value>,
    /// Only of `system/time`: seconds since 1970.
    time: Option<f64>,
}

/// It was done.
#[derive(ToSchema)]
pub(crate) struct Done {
    success: bool,
}

/// A bulk was taken; nothing is said of its outcome.
#[derive(ToSchema)]
pub(crate) struct BulkStarted {
    success: bool,
    bulk_id: String,
}

/// A catalog was created.
#[derive(ToSchema)]
pub(crate) struct CatalogCreated {
    success: bool,
    id: String,
}

/// All catalogs.
#[derive(ToSchema)]
pub(crate) struct CatalogList {
    success: bool,
    data: Vec<CatalogName>,
}

/// One catalog.
#[derive(ToSchema)]
pub(crate) struct CatalogShown {
    success: bool,
    data: CatalogName,
}

/// A catalog's ID and name.
#[derive(ToSchema)]
pub(crate) struct CatalogName {
    id: String,
    name: String,
}

/// A page of items.
#[derive(ToSchema)]
pub(crate) struct CatalogItems {
    success: bool,
    data: Vec<CatalogItem>,
    limit: u64,
    skip: u64,
    /// How many match the query.
    matched: u64,
    matched_limited: bool,
    /// How many items the catalog has.
    total: u64,
}

/// One item.
#[derive(ToSchema)]
pub(crate) struct CatalogItemShown {
    success: bool,
    data: CatalogItem,
}

/// An item and the catalog that it is in.
#[derive(ToSchema)]
pub(crate) struct CatalogItem {
    catalog_id: String,
    item_id: String,
    properties: BTreeMap<String, Value>,
}

/// What became of one item of a bulk.
#[derive(ToSchema)]
pub(crate) struct BulkResult {
    success: bool,
    queued: bool,
    /// Only after a failure: by field, or `_global`.
    errors: Option<BTreeMap<String, Vec<String>>>,
}

/// The consent categories.
#[derive(ToSchema)]
pub(crate) struct ConsentCategories {
    success: bool,
    results: Vec<ConsentCategoryShown>,
}

/// One category, as apps read it.
#[derive(ToSchema)]
pub(crate) struct ConsentCategoryShown {
    id: String,
    legitimate_interest: bool,
    /// Where its consents may come from.
    sources: BTreeMap<String, bool>,
    /// By language: `name`, `description`.
    translations: BTreeMap<String, BTreeMap<String, String>>,
}

/// A segment that has the customer.
#[derive(ToSchema)]
pub(crate) struct SegmentMember {
    id: String,
    segmentation_id: String,
}

/// IDs by type: a hard type's scalar, a soft type's list.
#[derive(ToSchema)]
pub(crate) struct ExportedCustomer {
    success: bool,
    ids: BTreeMap<String, Value>,
    properties: BTreeMap<String, Value>,
    events: Vec<ExportedEvent>,
}

/// An event as it is exported.
#[derive(ToSchema)]
pub(crate) struct ExportedEvent {
    /// Its type.
    r#type: String,
    /// Seconds since 1970.
    timestamp: f64,
    properties: BTreeMap<String, Value>,
}

/// Events of one customer.
#[derive(ToSchema)]
pub(crate) struct ExportedEvents {
    success: bool,
    data: Vec<ExportedEvent>,
}

/// Values by position.
#[derive(ToSchema)]
pub(crate) struct AttributeResults {
    success: bool,
    results: Vec<AttributeResult>,
}

/// The value of one attribute, or why there is none.
#[derive(ToSchema)]
pub(crate) struct AttributeResult {
    success: bool,
    value: Option<Value>,
    error: Option<String>,
}

/// Customers as rows: `fields` and `data` (`native_json`), or `header` and `rows` (`table_json`).
#[derive(ToSchema)]
pub(crate) struct ExportedTable {
    success: bool,
    fields: Option<Vec<BTreeMap<String, Value>>>,
    data: Option<Vec<Vec<Value>>>,
    header: Option<Vec<String>>,
    rows: Option<Vec<Vec<Value>>>,
}

/// A mail is in the outbox.
#[derive(ToSchema)]
pub(crate) struct Sent {
    success: bool,
    message: String,
    message_id: String,
}

/// IDs of a customer by type; numbers are taken as text, `null` as absent.
#[derive(ToSchema)]
pub(crate) struct CustomerIds {
    registered: Option<Value>,
    cookie: Option<Value>,
}

/// An import is defined, and was run if it was to run now.
#[derive(ToSchema)]
pub(crate) struct ImportDefined {
    import_id: String,
    run: Option<Run>,
}

/// Every import with its definition.
#[derive(ToSchema)]
pub(crate) struct ImportsListed(Vec<ListedImport>);

/// An import with its definition as it was sent.
#[derive(ToSchema)]
pub(crate) struct ListedImport {
    import_id: String,
    import_definition: BTreeMap<String, Value>,
}

/// An import with its definition and the report of its runs.
#[derive(ToSchema)]
pub(crate) struct ImportShown {
    import_id: String,
    import_definition: BTreeMap<String, Value>,
    runs: Vec<Run>,
}

/// An import has run.
#[derive(ToSchema)]
pub(crate) struct ImportRan {
    success: bool,
    run: Run,
}
