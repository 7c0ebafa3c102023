//! What a run of an import did, row by row as far as rows were refused.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How many refused rows a report lists; all are counted.
const REJECTIONS_MAX: usize = 1_000;

/// A finished run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Run {
    /// Seconds since 1970, by the project's clock.
    pub(crate) started: f64,
    /// Seconds since 1970, by the project's clock.
    pub(crate) finished: f64,
    /// Rows behind the header.
    pub(crate) rows: u32,
    /// Rows that were taken.
    pub(crate) accepted: u32,
    /// Profiles that did not exist before.
    pub(crate) created: u32,
    /// Profiles that were absorbed by another.
    pub(crate) merged: u32,
    /// Rows that were refused.
    pub(crate) rejected: u32,
    /// Events that were dropped because they equal a stored one; their rows are accepted.
    pub(crate) duplicate_events: u32,
    /// The first 1000 refused rows.
    pub(crate) rejections: Vec<RejectedRow>,
    /// Why no row was read, if that is so.
    pub(crate) failed: Option<String>,
}

/// A row that was refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct RejectedRow {
    /// Counted from 1 behind the header.
    pub(crate) row: u32,
    pub(crate) reason: String,
}

impl Run {
    pub(crate) fn reject(&mut self, row: u32, reason: String) {
        self.rejected += 1;
        if self.rejections.len() < REJECTIONS_MAX {
            self.rejections.push(RejectedRow { row, reason });
        }
    }
}
