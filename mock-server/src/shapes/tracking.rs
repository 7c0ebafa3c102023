//! Shapes of the tracking API's bodies; `wire::fields` reads them.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

use super::CustomerIds;

/// Whom, and what to set.
#[derive(ToSchema)]
pub(crate) struct CustomersBody {
    customer_ids: Option<CustomerIds>,
    properties: Option<BTreeMap<String, Value>>,
    /// Seconds since 1970, or ISO 8601: only properties whose stored time is older are set.
    update_timestamp: Option<Value>,
}

/// Whose event, and which.
#[derive(ToSchema)]
pub(crate) struct EventBody {
    customer_ids: Option<CustomerIds>,
    properties: Option<BTreeMap<String, Value>>,
    event_type: Option<String>,
    /// Seconds since 1970, or ISO 8601; now if absent.
    timestamp: Option<Value>,
    /// How many seconds before its arrival it happened (quirk 7); a `timestamp` beside it counts instead.
    age: Option<f64>,
}

/// One command: its name, and the body that its own route takes.
#[derive(ToSchema)]
pub(crate) struct CommandBody {
    /// `customers`, `customers/events` or `system/time`.
    name: Option<String>,
    /// Comes back with the result.
    command_id: Option<String>,
    data: Option<BTreeMap<String, Value>>,
}
