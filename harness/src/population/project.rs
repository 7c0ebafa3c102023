//! The project that a traffic is made for.

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::START_SECONDS;

/// A project for a traffic; written, it is the body of the control API's `POST /projects`.
#[derive(Clone, Debug, Serialize)]
pub struct TrafficProject {
    #[serde(serialize_with = "in_order")]
    id_types: Vec<(String, Value)>,
    clock: Clock,
    /// How much of the traffic its journal keeps, in bytes, if not as much as the server keeps by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journal_bytes_max: Option<u64>,
}

/// Begins with the first call and moves only when it is told.
#[derive(Clone, Debug, Serialize)]
struct Clock {
    start: u64,
    step: u64,
}

impl TrafficProject {
    /// A project with these ID types, the strongest first, each as the control API takes it.
    pub(super) fn of_types(id_types: impl IntoIterator<Item = (String, Value)>) -> Self {
        Self {
            id_types: id_types.into_iter().collect(),
            clock: Clock {
                start: START_SECONDS,
                step: 0,
            },
            journal_bytes_max: None,
        }
    }

    /// When its clock begins, in seconds since 1970.
    pub fn starts_at(&self) -> u64 {
        self.clock.start
    }
}

/// The order in which the types are written is their precedence, and a JSON value would sort them.
fn in_order<S: Serializer>(types: &[(String, Value)], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(types.iter().map(|(name, kind)| (name, kind)))
}
