//! Shapes of replies to the browser SDK, the apps and older clients.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

/// The results of a bulk, by position.
#[derive(ToSchema)]
pub(crate) struct BulkResults {
    success: bool,
    results: Vec<BulkResult>,
    /// Seconds since 1970.
    start_time: f64,
    /// Seconds since 1970.
    end_time: f64,
}

/// The result of one command of a bulk.
#[derive(ToSchema)]
pub(crate) struct BulkResult {
    /// `ok` or `error`.
    status: String,
    /// Only after a failure, and then not empty.
    errors: Option<Vec<String>>,
    /// `{"cookie"}` of `system/ids`, `{"time"}` of `system/time`, a list of `system/tracking`.
    data: Option<Value>,
}

/// The cookie of an app.
#[derive(ToSchema)]
pub(crate) struct Negotiated {
    success: bool,
    data: NegotiatedIds,
}

/// The cookie, where the app looks for it.
#[derive(ToSchema)]
pub(crate) struct NegotiatedIds {
    /// `cookie`, which the app takes over.
    ids: BTreeMap<String, String>,
}

/// Nothing to show: `data` is empty.
#[derive(ToSchema)]
pub(crate) struct NothingToShow {
    success: bool,
    data: Vec<Value>,
}

/// No content blocks, under the names that both apps read.
#[derive(ToSchema)]
pub(crate) struct NoContentBlocks {
    success: bool,
    data: Vec<Value>,
    in_app_content_blocks: Vec<Value>,
}

/// An app inbox without messages.
#[derive(ToSchema)]
pub(crate) struct EmptyInbox {
    success: bool,
    messages: Vec<Value>,
    sync_token: Option<String>,
}

/// No managed tags.
#[derive(ToSchema)]
#[expect(non_snake_case, reason = "the wire's name")]
pub(crate) struct EmptyBundle {
    success: bool,
    constantManagedTags: Vec<Value>,
}

/// A campaign without HTML.
#[derive(ToSchema)]
pub(crate) struct NoHtml {
    success: bool,
    data: String,
}

/// No segment.
#[derive(ToSchema)]
pub(crate) struct NoSegment {
    success: bool,
    segment: Option<String>,
}
