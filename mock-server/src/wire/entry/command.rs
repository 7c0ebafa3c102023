//! The command of an entry, as the control API shows it.

use std::borrow::Cow;

use serde_json::{Map, Value, json};
use twinfold_engine::InternalId;

use crate::{
    catalogs::CatalogChange,
    journal::Step,
    wire::{
        data,
        given::{Id, IdValue},
    },
};

pub(super) fn ids<'e>(step: &'e Step<'_>) -> &'e [Id<'e>] {
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

pub(super) fn command(step: &Step<'_>) -> Value {
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
