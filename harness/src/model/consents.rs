//! The consents that a customer's events add up to.
//! The newest event of a category decides; an invalid one revokes (facts 3.16, 8.2, 8.3).

use std::collections::BTreeMap;

use serde_json::Value;
use twinfold_engine::{Timestamp, profile::StoredEvent};

pub(super) fn of(events_in_order: &[StoredEvent], now: Timestamp) -> BTreeMap<String, bool> {
    let mut consents = BTreeMap::new();
    for event in events_in_order {
        if event.event_type != "consent" {
            continue;
        }
        let properties: Value = serde_json::from_str(&event.properties).unwrap_or_default();
        if let Value::String(category) = &properties["category"] {
            consents.insert(category.clone(), is_accepted(&properties, now));
        }
    }
    consents
}

fn is_accepted(properties: &Value, now: Timestamp) -> bool {
    let until = &properties["valid_until"];
    let unlimited = until == "unlimited";
    let until = match until {
        Value::String(text) => text.parse().ok(),
        other => other.as_f64(),
    };
    let lasts = unlimited || until.is_some_and(|until| until > now.seconds());
    properties["action"] == "accept" && lasts
}
