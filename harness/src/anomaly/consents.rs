//! Consents that were given and are gone although nobody withdrew them there: by a merge that brought a newer event,
//! or by an event that is no valid consent. Only what is still gone in the end is reported.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;
use twinfold_engine::{Happened, InternalId, Label, Timestamp};

use super::{Anomaly, Finding};
use crate::{
    history::{History, Id, Step},
    traffic::{Properties, SentAction},
};

/// What a consent event says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    Accepted,
    Rejected,
    /// Nothing that counts, so it revokes.
    Invalid,
}

/// The newest event of a category, and how an acceptance gave way to it.
#[derive(Clone, Copy, Debug)]
struct Newest {
    says: Says,
    at: Timestamp,
    by: usize,
    /// The step that gave the consent and the one by which it is gone.
    revoked: Option<[usize; 2]>,
}

type Consents = HashMap<InternalId, BTreeMap<String, Newest>>;

pub(super) fn find(history: &History<'_>) -> Vec<Finding> {
    let mut consents = Consents::new();
    for (position, step) in history.steps.iter().enumerate() {
        let Some(survivor) = step.survivor() else {
            continue;
        };
        for absorbed in step.absorbed() {
            merge(&mut consents, survivor, *absorbed, position);
        }
        if let Some((category, newest)) = event(step, position) {
            let own = consents.entry(survivor).or_default();
            track(own, category, newest);
        }
    }
    findings(history, &consents)
}

fn merge(consents: &mut Consents, survivor: InternalId, absorbed: InternalId, position: usize) {
    let theirs = consents.remove(&absorbed).unwrap_or_default();
    let own = consents.entry(survivor).or_default();
    for (category, their) in theirs {
        let Some(our) = own.get(&category).copied() else {
            own.insert(category, their);
            continue;
        };
        let (goes, mut stays) = if (their.at, their.by) > (our.at, our.by) {
            (our, their)
        } else {
            (their, our)
        };
        if goes.says == Says::Accepted && stays.says != Says::Accepted {
            stays.revoked = Some([goes.by, position]);
        }
        own.insert(category, stays);
    }
}

fn track(own: &mut BTreeMap<String, Newest>, category: String, mut newest: Newest) {
    if let Some(before) = own.get(&category) {
        if (before.at, before.by) > (newest.at, newest.by) {
            return;
        }
        // An invalid event after another one leaves what the first has done.
        newest.revoked = match (before.says, newest.says) {
            (Says::Accepted, Says::Invalid) => Some([before.by, newest.by]),
            (Says::Invalid, Says::Invalid) => before.revoked,
            _ => None,
        };
    }
    own.insert(category, newest);
}

fn event(step: &Step<'_>, position: usize) -> Option<(String, Newest)> {
    let SentAction::Event {
        event_type,
        timestamp,
        properties: Properties::Object(properties),
        ..
    } = &step.sent.action
    else {
        return None;
    };
    let is_stored =
        matches!(&step.result, Ok(outcome) if outcome.happened == Happened::EventStored);
    if event_type.as_deref() != Some("consent") || !is_stored {
        return None;
    }
    let properties: Value = serde_json::from_str(properties).ok()?;
    let category = properties["category"].as_str()?.to_owned();
    let newest = Newest {
        says: says(&properties),
        at: timestamp.unwrap_or(step.sent.at),
        by: position,
        revoked: None,
    };
    Some((category, newest))
}

fn says(properties: &Value) -> Says {
    let is_a_time = match &properties["valid_until"] {
        Value::String(text) => text == "unlimited" || text.parse::<f64>().is_ok(),
        Value::Number(_) => true,
        _ => false,
    };
    match properties["action"].as_str() {
        Some("accept") if is_a_time => Says::Accepted,
        Some("reject") => Says::Rejected,
        _ => Says::Invalid,
    }
}

fn findings(history: &History<'_>, consents: &Consents) -> Vec<Finding> {
    let mut found = Vec::new();
    for (customer, categories) in consents {
        for (category, newest) in categories {
            let Some([given, gone]) = newest.revoked else {
                continue;
            };
            let seq = |position: usize| history.steps[position].sent.seq;
            let by_merge = gone != newest.by;
            let how = if by_merge {
                format!("the merge in {} brought a newer event", seq(gone))
            } else {
                format!(
                    "the event in {} is no valid consent, and that revokes",
                    seq(gone)
                )
            };
            let number = customer.number();
            let says = format!(
                "#{number} gave the consent `{category}` in {}; it is gone, because {how}.",
                seq(given)
            );
            let about = [Id::new("consent", category.clone())];
            let by = [given, gone, newest.by];
            let finding = Finding::new(Anomaly::ConsentRevoked, history, [number], about, by);
            let label = if by_merge {
                Label::Assumed
            } else {
                Label::Documented
            };
            found.push(finding.says(says).rests_on(label));
        }
    }
    found
}
