//! How the control API shows an entry of the journal: the command, what was decided and why, the reply.

use std::borrow::Cow;

use serde_json::{Map, Value, json};
use twinfold_engine::{GivenId, IdSchema, InternalId, Project, Rule, Rules};

use super::{data, given::Id, view::rule_shown};
use crate::{
    catalogs::CatalogChange,
    journal::{Entry, Recorded, RecordedDecision, RecordedEffect, Route, Step, rule},
};

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

fn ids<'e>(step: &'e Step<'_>) -> &'e [Id<'e>] {
    match step {
        Step::Customers { ids, .. }
        | Step::Event { ids, .. }
        | Step::Anonymize { ids, .. }
        | Step::OpenLink { ids, .. } => ids,
        Step::SendMail(_)
        | Step::DefineImport { .. }
        | Step::RemoveImport { .. }
        | Step::FinishImport { .. }
        | Step::AnonymizeInternal { .. }
        | Step::Catalog(_)
        | Step::Define(_)
        | Step::Refused { .. } => &[],
    }
}

fn command(step: &Step<'_>) -> Value {
    let customer_ids = ids_shown(ids(step));
    match step {
        Step::Customers {
            properties,
            update_timestamp,
            ..
        } => {
            let properties: Option<Map<String, Value>> = properties.as_ref().map(|pairs| {
                let shown = pairs.iter().map(|(n, v)| (n.to_string(), data::value(v)));
                shown.collect()
            });
            let mut shown = json!({
                "kind": "customers",
                "customer_ids": customer_ids,
                "properties": properties,
            });
            if let Some(at) = update_timestamp {
                shown["update_timestamp"] = json!(at);
            }
            shown
        }
        Step::Event {
            event_type,
            timestamp,
            properties,
            ..
        } => {
            let mut shown = json!({
                "kind": "event",
                "customer_ids": customer_ids,
                "event_type": event_type,
                "properties": properties.as_ref().map(|object| data::value(object)),
            });
            if let Some(at) = timestamp {
                shown["timestamp"] = json!(at);
            }
            shown
        }
        Step::Anonymize { fresh, .. } => {
            json!({"kind": "anonymize", "customer_ids": customer_ids, "fresh": fresh})
        }
        Step::AnonymizeInternal { customer, fresh } => {
            let internal_id = InternalId::from_number(*customer).map(|id| id.to_string());
            json!({"kind": "anonymize", "customer_ids": {}, "internal_id": internal_id, "fresh": fresh})
        }
        Step::Catalog(change) => json!({"kind": "catalog", "change": catalog_change(change)}),
        Step::Define(definitions) => {
            json!({"kind": "definitions", "definitions": data::value(definitions)})
        }
        Step::SendMail(mail) => json!({"kind": "mail", "mail": mail.id, "to": mail.to}),
        Step::OpenLink { mail, link, .. } => {
            json!({"kind": "link", "customer_ids": customer_ids, "mail": mail, "link": link})
        }
        Step::DefineImport { id, definition, .. } => {
            let definition = data::value(definition);
            let columns = &definition["mapping"]["column_mapping"];
            json!({"kind": "import-defined", "import_id": id, "name": definition["name"], "column_mapping": columns})
        }
        Step::RemoveImport { id } => json!({"kind": "import-removed", "import_id": id}),
        Step::FinishImport { id, run } => {
            json!({"kind": "import-finished", "import_id": id, "run": run})
        }
        Step::Refused { .. } => json!({"kind": "refused"}),
    }
}

fn catalog_change(change: &CatalogChange<'_>) -> Value {
    let shown = |properties: &[(Cow<'_, str>, Cow<'_, str>)]| -> Map<String, Value> {
        let pairs = properties.iter();
        pairs
            .map(|(n, v)| (n.to_string(), data::value(v)))
            .collect()
    };
    match change {
        CatalogChange::Create { name, fields } => {
            json!({"create": {"name": name, "fields": fields}})
        }
        CatalogChange::Define { id, name, fields } => {
            json!({"define": {"catalog": id, "name": name, "fields": fields}})
        }
        CatalogChange::Delete { id } => json!({"delete": {"catalog": id}}),
        CatalogChange::PutItem {
            id,
            item,
            properties,
        } => {
            json!({"put_item": {"catalog": id, "item": item, "properties": shown(properties)}})
        }
        CatalogChange::UpdateItem {
            id,
            item,
            properties,
        } => {
            json!({"update_item": {"catalog": id, "item": item, "properties": shown(properties)}})
        }
        CatalogChange::DeleteItem { id, item } => {
            json!({"delete_item": {"catalog": id, "item": item}})
        }
        CatalogChange::DeleteItems { id } => json!({"delete_items": {"catalog": id}}),
    }
}

/// The IDs of a command by type.
pub(crate) fn ids_shown(ids: &[Id<'_>]) -> Map<String, Value> {
    use super::given::IdValue;
    let mut shown = Map::new();
    for id in ids {
        let value = match &id.value {
            IdValue::Null => Value::Null,
            IdValue::Text(text) => json!(text),
            IdValue::Number(text) => data::value(text),
            IdValue::Other => json!({"invalid": "not a string or a number"}),
        };
        // A link brings two values of one soft type; the journal shows both.
        match shown.get_mut(&*id.id_type) {
            None => {
                shown.insert(id.id_type.to_string(), value);
            }
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = json!([first.take(), value]),
        }
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

/// A decision as the journal shows it; the IDs are those of its command.
pub(crate) fn decision(schema: &IdSchema, ids: &[Id<'_>], recorded: &RecordedDecision) -> Value {
    let because = Rules::from_bits(recorded.because);
    json!({
        "survivor": recorded.survivor,
        "created": recorded.created,
        "absorbed": recorded.absorbed,
        "effects": recorded.effects.iter().map(|e| effect(schema, ids, e)).collect::<Vec<_>>(),
        "because": because.iter().map(rule_shown).collect::<Vec<_>>(),
        "label": because.weakest_label().map(|label| label.name()),
    })
}

fn effect(schema: &IdSchema, ids: &[Id<'_>], effect: &RecordedEffect) -> Value {
    let named = |name: &str, given: u16| {
        let id = ids.get(usize::from(given)).map(Id::given);
        let (id_type, value) = id.map_or_else(Default::default, |id| normalised(schema, id));
        json!({"effect": name, "id_type": id_type, "value": value})
    };
    let slug = |number: u8| rule(number).map(Rule::slug);
    match effect {
        RecordedEffect::Added { given } => named("added", *given),
        RecordedEffect::Moved { given, from, rule } => {
            let mut shown = named("moved", *given);
            shown["from"] = json!(from);
            shown["rule"] = json!(slug(*rule));
            shown
        }
        RecordedEffect::Kept { given, by } => {
            let mut shown = named("kept", *given);
            shown["from"] = json!(by);
            shown
        }
        RecordedEffect::Dropped { given, rule } => {
            let mut shown = named("dropped", *given);
            shown["rule"] = json!(slug(*rule));
            shown
        }
        RecordedEffect::Displaced { id_type, value } => {
            json!({"effect": "displaced", "id_type": id_type, "value": value})
        }
        RecordedEffect::Released { given, from, rule } => {
            let mut shown = named("released", *given);
            shown["from"] = json!(from);
            shown["rule"] = json!(slug(*rule));
            shown
        }
        RecordedEffect::Shared { given, with } => {
            let mut shown = named("shared", *given);
            shown["with"] = json!(with);
            shown
        }
        RecordedEffect::Ambiguous { given } => named("ambiguous", *given),
        RecordedEffect::Regrouped {
            id: (id_type, value),
            from,
            to,
            rule,
        } => {
            json!({"effect": "regrouped", "id_type": id_type, "value": value, "from": from, "to": to,
                "rule": slug(*rule)})
        }
        RecordedEffect::Unlinked {
            one: (id_type, value),
            other: (other_type, other),
        } => {
            json!({"effect": "unlinked", "id_type": id_type, "value": value,
                "other": {"id_type": other_type, "value": other}})
        }
        RecordedEffect::Split { customer } => json!({"effect": "split", "to": customer}),
        RecordedEffect::Reattributed {
            id: (id_type, value),
            from,
            to,
            events,
        } => {
            json!({"effect": "reattributed", "id_type": id_type, "value": value, "from": from, "to": to,
                "events": events})
        }
    }
}

fn normalised(schema: &IdSchema, id: GivenId<'_>) -> (String, String) {
    use twinfold_engine::GivenValue;
    let value = match id.value {
        GivenValue::Text(text) | GivenValue::Number(text) => text,
        GivenValue::Null | GivenValue::Other => "",
    };
    let normal = schema
        .get(id.id_type)
        .map(|id_type| id_type.normalise(value).into_owned());
    (
        id.id_type.to_owned(),
        normal.unwrap_or_else(|| value.to_owned()),
    )
}
