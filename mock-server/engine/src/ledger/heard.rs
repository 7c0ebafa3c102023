//! How often each value of a property was given, for the rule by which the most frequent one stays.

use alloc::{string::String, vec::Vec};

use super::property::{Empty, PropertyPolicy, Tie, ValueAt};
use crate::time::Timestamp;

/// A value that was given for a property, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The value, as canonical JSON.
    pub json: String,
    /// How often it was given.
    pub times: u32,
    /// When it was set last.
    pub last: Timestamp,
}

impl Heard {
    pub(super) fn once(value: ValueAt<'_>) -> Self {
        Self {
            json: value.json.into(),
            times: 1,
            last: value.at,
        }
    }
}

/// Adds what was heard elsewhere.
pub(super) fn hear(own: &mut Vec<Heard>, others: &[Heard]) {
    for other in others {
        match own.iter_mut().find(|one| one.json == other.json) {
            Some(one) => {
                one.times = one.times.saturating_add(other.times);
                one.last = one.last.max(other.last);
            }
            None => own.push(other.clone()),
        }
    }
}

impl PropertyPolicy {
    /// The value that was given most often; one that is no value only if there is none else.
    pub(super) fn most_frequent<'h>(&self, heard: &'h [Heard]) -> Option<&'h Heard> {
        let is_blank = |json: &str| match self.empty {
            Empty::Missing => false,
            Empty::Null => json == "null",
            Empty::EmptyText | Empty::UnlessNewer => matches!(json, "null" | "\"\""),
        };
        let weight = |one: &Heard| (!is_blank(&one.json), one.times, one.last);
        let first = heard.iter().map(weight).max()?;
        let mut first = heard.iter().filter(|one| weight(one) == first);
        match self.tie {
            Tie::Survivor => first.next(),
            Tie::Absorbed => first.next_back(),
        }
    }
}
