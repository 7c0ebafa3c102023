//! How the control API shows customers, rules and mails.

use serde_json::{Map, Value, json};
use twinfold_engine::{InternalId, Profile, Rule, Timestamp};

use super::data;
use crate::{outbox::Mail, routes};

/// A customer with everything that is known of it.
pub(crate) fn customer(profile: &Profile, now: Timestamp) -> Value {
    let ids: Map<String, Value> = profile
        .ids
        .iter()
        .filter(|(_, values)| !values.is_empty())
        .map(|(name, values)| (name.clone(), json!(values)))
        .collect();
    let properties: Map<String, Value> = profile
        .properties
        .iter()
        .map(|(name, stored)| {
            let shown = json!({"value": data::value(&stored.value), "at": stored.at.seconds()});
            (name.clone(), shown)
        })
        .collect();
    json!({
        "internal_id": profile.internal_id.to_string(),
        "number": profile.internal_id.number(),
        "ids": ids,
        "properties": properties,
        "events": profile.events.iter().map(data::event).collect::<Vec<_>>(),
        "consents": profile.consents(now),
    })
}

/// A rule with its evidence.
pub(crate) fn rule_shown(rule: Rule) -> Value {
    json!({
        "rule": rule.slug(),
        "label": rule.label().name(),
        "fact": rule.fact(),
        "source": rule.source(),
        "says": rule.says(),
    })
}

/// A mail of the outbox; `token` is the project's.
pub(crate) fn mail(token: &str, mail: &Mail) -> Value {
    let links = mail.links.iter().enumerate().map(|(number, link)| {
        json!({
            "name": link.name,
            "path": format!("/link/{token}/{}/{number}", mail.id),
            "target": link.target,
            "clicks": link.clicks,
        })
    });
    let customer_ids: Map<String, Value> = mail
        .customer_ids
        .iter()
        .map(|(id_type, value)| (id_type.clone(), json!(value)))
        .collect();
    let consent_page = mail.consent_page.as_deref();
    let consent_page = consent_page.map(|page| routes::consent_page_path(token, page));
    json!({
        "id": mail.id,
        "at": f64::from_bits(mail.at_bits),
        "to": mail.to,
        "subject": mail.subject,
        "campaign_name": mail.campaign_name,
        "customer_ids": customer_ids,
        "html": mail.html,
        "sender": mail.sender,
        "template_id": mail.template_id,
        "params": mail.params.as_deref().map(data::value),
        "consent_page": consent_page,
        "links": links.collect::<Vec<_>>(),
        "transfer_identity": mail.transfer_identity,
    })
}

/// A customer's internal ID as it is written: 24 hex digits, or the number in the order of creation.
pub(crate) fn internal_id(written: &str) -> Option<InternalId> {
    let by_number = || written.parse().ok().and_then(InternalId::from_number);
    InternalId::from_hex(written).or_else(by_number)
}
