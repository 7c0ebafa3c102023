//! How the control API shows an entry of the journal: the command, what was decided and why, the reply.

mod command;
mod decision;

use serde_json::{Value, json};
use twinfold_engine::Project;

use super::data;
use crate::journal::{Entry, Recorded, Route, Step, rule};

pub(crate) use command::ids_shown;
use command::{command, ids};
pub(crate) use decision::decision;

/// One entry of the journal.
pub(crate) fn entry(project: &Project, number: u64, entry: &Entry<'_>) -> Value {
    let mut shown = json!({
        "seq": number,
        "at": entry.at,
        "source": entry.origin.source,
        "request": entry.origin.route.request(),
        "command": command(&entry.step),
        "reply": reply_shown(entry),
    });
    if let Some(item) = entry.origin.item {
        shown["item"] = json!(item);
    }
    match &entry.result {
        Recorded::Applied(recorded) => {
            shown["decision"] = decision(project.schema(), ids(&entry.step), recorded);
            shown["outcome"] = json!(recorded.happened.happened().name());
        }
        Recorded::Rejected {
            kind,
            message,
            rule: number,
            ..
        } => {
            let label = rule(*number).map(|rule| rule.label().name());
            shown["rejection"] = json!({"kind": kind, "message": message, "label": label});
        }
        Recorded::Done => {}
    }
    shown
}

fn reply_shown(entry: &Entry<'_>) -> Value {
    if entry.origin.route == Route::Bulk {
        return bulk_result(entry);
    }
    let in_batch = entry.origin.route == Route::Batch;
    match (&entry.result, &entry.step) {
        _ if entry.origin.route == Route::AnonymizeBulk => json!({"status": 200}),
        (Recorded::Rejected { status: 200, .. }, _) => {
            json!({"status": 200, "body": {"errors": [], "success": true}})
        }
        (Recorded::Rejected { message, .. }, Step::Anonymize { .. }) => {
            json!({"status": 404, "body": {"success": false, "errors": {"_global": [message]}}})
        }
        (
            Recorded::Rejected {
                message, status, ..
            },
            _,
        ) => {
            let status = if in_batch { 200 } else { *status };
            json!({"status": status, "body": {"success": false, "errors": [message]}})
        }
        (_, Step::Refused { status, body }) => {
            let status = if in_batch { 200 } else { *status };
            json!({"status": status, "body": data::value(body)})
        }
        (_, Step::OpenLink { .. }) => json!({"status": 302}),
        (_, Step::Anonymize { .. } | Step::Catalog(_)) => {
            json!({"status": 200, "body": {"success": true}})
        }
        _ => {
            json!({"status": 200, "body": {"errors": [], "success": true}})
        }
    }
}

/// A command of a bulk is answered in words of its own (fact 4.6).
fn bulk_result(entry: &Entry<'_>) -> Value {
    let errors = match (&entry.result, &entry.step) {
        (
            Recorded::Rejected {
                message, status, ..
            },
            _,
        ) if *status != 200 => json!([message]),
        (_, Step::Refused { body, .. }) => data::value(body)["errors"].clone(),
        _ => return json!({"status": 200, "body": {"status": "ok"}}),
    };
    json!({"status": 200, "body": {"status": "error", "errors": errors}})
}
