//! One step of a plan as a value: what is called, whom it names, why, and what may be given up.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{ConflictKind, Id, Loss};

/// The step of the procedure that a call belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// The documented remedy: one of the profile's own IDs plus a hard ID.
    Identify,
    /// An account gets its own address as its e-mail.
    Realign,
    /// The properties that the target lacks, with their update times.
    CopyProperties,
    /// The events that the target lacks, with their times.
    CopyEvents,
    /// A device goes over to the target, which carries no other ID in common.
    HandOver,
    /// The target is compared with the source; nothing is written.
    ReadBack,
    /// The source loses its IDs and its private properties.
    Anonymize,
}

/// What must be over, for all keys, before the next begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Identify,
    Realign,
    Rehome,
}

impl Phase {
    pub(super) const ALL: [Self; 3] = [Self::Identify, Self::Realign, Self::Rehome];
}

impl Step {
    /// Its name in files and reports.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Identify => "identify",
            Self::Realign => "realign",
            Self::CopyProperties => "copy-properties",
            Self::CopyEvents => "copy-events",
            Self::HandOver => "hand-over",
            Self::ReadBack => "read-back",
            Self::Anonymize => "anonymize",
        }
    }

    pub(super) fn phase(self) -> Phase {
        match self {
            Self::Identify => Phase::Identify,
            Self::Realign => Phase::Realign,
            _ => Phase::Rehome,
        }
    }
}

/// One step with everything that it needs to be carried out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// What it is for.
    pub step: Step,
    /// One ID that the addressed profile has alone.
    pub own: Id,
    /// The hard ID that is set, or by which the target of a copy is named.
    pub hard_id: Id,
    /// The numbers of those who are one profile after it; one number if nobody is joined.
    pub joins: Vec<u64>,
    /// Why, in words.
    pub reason: String,
    /// The hard IDs that the addressed profile has while the plan holds.
    pub expects: BTreeMap<String, String>,
    /// What may be given up.
    pub loses: Vec<Loss>,
    /// The properties that it sets.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sets: BTreeMap<String, Value>,
    /// The kind of conflict that it resolves, if it is for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ConflictKind>,
}

impl Call {
    /// Whether nothing can bring back what was there before.
    pub fn is_irreversible(&self) -> bool {
        match self.step {
            Step::Identify => self.joins.len() > 1,
            Step::Anonymize => true,
            _ => false,
        }
    }

    /// The path under the base URL; of a copy and of reading back, the call that reads the source.
    pub fn path(&self, token: &str) -> String {
        match self.step {
            Step::Identify | Step::Realign | Step::HandOver => {
                format!("/track/v2/projects/{token}/customers")
            }
            Step::Anonymize => format!("/data/v2/projects/{token}/customers/anonymize"),
            Step::CopyProperties | Step::CopyEvents | Step::ReadBack => {
                format!("/data/v2/projects/{token}/customers/export-one")
            }
        }
    }

    /// The body of that call.
    pub fn body(&self) -> Value {
        match self.step {
            Step::Identify | Step::HandOver => {
                json!({"customer_ids": ids(&[&self.own, &self.hard_id]), "properties": {}})
            }
            Step::Realign => json!({"customer_ids": ids(&[&self.own]), "properties": self.sets}),
            _ => json!({"customer_ids": ids(&[&self.own])}),
        }
    }
}

fn ids(ids: &[&Id]) -> BTreeMap<String, String> {
    let pairs = ids.iter();
    pairs
        .map(|id| (id.id_type.clone(), id.value.clone()))
        .collect()
}
