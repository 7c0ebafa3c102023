//! What a merge may give up: of two values of a property the older, and soft IDs over the cap.
//! An export has no update times, so both values are named.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Id, IdKind, IdSchema, Profile, identify::hard_ids};

/// One thing that a call may give up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "what")]
pub enum Loss {
    /// The newer value stays, the older goes; which is newer is not in an export.
    Property {
        /// The property's name.
        property: String,
        /// Both values: of the profiles joined so far, and of the joining one.
        values: [Value; 2],
    },
    /// Soft IDs over the cap: the least recently used go.
    SoftIds {
        /// The soft type.
        id_type: String,
        /// How many go.
        over: usize,
        /// How many a customer keeps.
        values_max: usize,
    },
    /// A hard ID that nobody holds any more.
    HardId {
        /// The ID.
        id: Id,
    },
}

impl std::fmt::Display for Loss {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Property {
                property,
                values: [one, other],
            } => {
                write!(f, "one of `{property}` = {one} and {other}")
            }
            Self::HardId { id } => write!(f, "the hard ID `{id}`"),
            Self::SoftIds {
                id_type,
                over,
                values_max,
            } => {
                write!(
                    f,
                    "{over} `{id_type}` values over {values_max}, the least recently used"
                )
            }
        }
    }
}

/// What a growing profile holds so far, as far as losses depend on it.
pub(super) struct Losses<'a> {
    properties: HashMap<&'a str, &'a Value>,
    soft_ids: BTreeMap<&'a str, usize>,
    types: &'a IdSchema,
}

impl<'a> Losses<'a> {
    pub(super) fn new(head: &'a Profile, types: &'a IdSchema) -> Self {
        let mut losses = Self {
            properties: HashMap::new(),
            soft_ids: BTreeMap::new(),
            types,
        };
        losses.joining(head);
        losses
    }

    pub(super) fn hard_ids(&self, profile: &Profile) -> BTreeMap<String, String> {
        hard_ids(profile, self.types)
    }

    /// What may go when this profile joins, which it then has.
    pub(super) fn joining(&mut self, profile: &'a Profile) -> Vec<Loss> {
        let mut losses = Vec::new();
        for (property, value) in &profile.properties {
            let first = *self.properties.entry(property).or_insert(value);
            if first != value {
                losses.push(Loss::Property {
                    property: property.clone(),
                    values: [first.clone(), value.clone()],
                });
            }
        }
        losses.extend(self.soft_ids_over(profile));
        losses
    }

    fn soft_ids_over(&mut self, profile: &Profile) -> Vec<Loss> {
        let mut losses = Vec::new();
        for id_type in self.types.of_kind(IdKind::Soft) {
            let held = self.soft_ids.entry(&id_type.name).or_default();
            *held += profile.values(&id_type.name).len();
            let over = held.saturating_sub(id_type.values_max.into());
            *held -= over;
            if over > 0 {
                losses.push(Loss::SoftIds {
                    id_type: id_type.name.clone(),
                    over,
                    values_max: id_type.values_max.into(),
                });
            }
        }
        losses
    }
}
