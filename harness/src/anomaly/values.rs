//! Property values that were replaced by older ones: by a late update without a time of its own, or by a merge under
//! a switch that does not ask for the time. Only what is still lost in the end is reported.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use twinfold_engine::{InternalId, PropertyConflict, Timestamp};

use super::{Anomaly, Finding};
use crate::{
    history::{History, Id, Step},
    traffic::{Properties, SentAction},
};

/// A value as it stands, and those that stood before it.
#[derive(Clone, Debug)]
struct Written {
    value: String,
    at: Timestamp,
    by: usize,
    source: String,
    replaced: BTreeSet<String>,
    /// The newer value that gave way to this one, by which step, and why.
    lost: Option<Lost>,
}

#[derive(Clone, Debug)]
struct Lost {
    value: String,
    by: [usize; 2],
    why: &'static str,
}

type Stored = HashMap<InternalId, BTreeMap<String, Written>>;

pub(super) fn find(history: &History<'_>) -> Vec<Finding> {
    let rule = history.traffic.settings.switches.property_conflict;
    let mut stored = Stored::new();
    for (position, step) in history.steps.iter().enumerate() {
        let Some(survivor) = step.survivor() else {
            continue;
        };
        for absorbed in step.absorbed() {
            merge(&mut stored, survivor, *absorbed, rule, position);
        }
        set(&mut stored, survivor, step, position);
    }
    findings(history, &stored)
}

fn merge(
    stored: &mut Stored,
    survivor: InternalId,
    absorbed: InternalId,
    rule: PropertyConflict,
    position: usize,
) {
    let theirs = stored.remove(&absorbed).unwrap_or_default();
    let own = stored.entry(survivor).or_default();
    for (name, their) in theirs {
        let Some(our) = own.remove(&name) else {
            own.insert(name, their);
            continue;
        };
        let their_wins = match rule {
            PropertyConflict::Newest => their.at >= our.at,
            PropertyConflict::AbsorbedReplaces => true,
            PropertyConflict::SurvivorKeeps => false,
        };
        let (mut stays, goes) = if their_wins {
            (their, our)
        } else {
            (our, their)
        };
        if goes.at > stays.at && goes.value != stays.value {
            stays.lost = Some(Lost {
                value: goes.value.clone(),
                by: [goes.by, position],
                why: "the merge did not ask which of the two was newer",
            });
        }
        stays.replaced.extend(goes.replaced);
        stays.replaced.insert(goes.value);
        own.insert(name, stays);
    }
}

fn set(stored: &mut Stored, customer: InternalId, step: &Step<'_>, position: usize) {
    let SentAction::Customers {
        properties: Properties::Object(properties),
        update_timestamp,
        ..
    } = &step.sent.action
    else {
        return;
    };
    let own = stored.entry(customer).or_default();
    for (name, value) in properties {
        let mut written = Written {
            value: value.clone(),
            at: update_timestamp.unwrap_or(step.sent.at),
            by: position,
            source: step.sent.source.clone(),
            replaced: BTreeSet::new(),
            lost: None,
        };
        let Some(before) = own.remove(name) else {
            own.insert(name.clone(), written);
            continue;
        };
        let is_older = before.at >= written.at;
        if is_older && update_timestamp.is_some() {
            own.insert(name.clone(), before);
            continue;
        }
        written.lost = loss(&before, &written, update_timestamp.is_some());
        written.replaced.extend(before.replaced);
        written.replaced.insert(before.value);
        own.insert(name.clone(), written);
    }
}

/// Whether the value before was the newer one.
fn loss(before: &Written, now: &Written, has_own_time: bool) -> Option<Lost> {
    // A repair means what it writes.
    if has_own_time || before.value == now.value || now.source == "repair" {
        return None;
    }
    let why = if before.at > now.at {
        "it came later, but its value is older by the times that they carry"
    } else if before.source != now.source && before.replaced.contains(&now.value) {
        "a value that had been replaced came back from another source, which did not say how old it was"
    } else {
        return None;
    };
    Some(Lost {
        value: before.value.clone(),
        by: [before.by, now.by],
        why,
    })
}

fn findings(history: &History<'_>, stored: &Stored) -> Vec<Finding> {
    let mut found = Vec::new();
    for (customer, properties) in stored {
        for (name, written) in properties {
            let Some(lost) = &written.lost else {
                continue;
            };
            let stands = history.project.property(*customer, name);
            if stands.is_none_or(|stands| stands.value != written.value) {
                continue;
            }
            let shown = |value: &str| Id::new(name.clone(), text(value));
            let (was, is) = (shown(&lost.value), shown(&written.value));
            let number = customer.number();
            let says = format!(
                "{was} of #{number} gave way to the older {is}: {}.",
                lost.why
            );
            let by = lost.by.into_iter().chain([written.by]);
            let finding = Finding::new(Anomaly::ValueLost, history, [number], [was, is], by);
            found.push(finding.says(says));
        }
    }
    found
}

/// A JSON value as it is shown: a string without its quotes.
fn text(value: &str) -> String {
    serde_json::from_str(value).unwrap_or_else(|_| value.to_owned())
}
