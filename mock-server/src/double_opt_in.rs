//! The automation that confirms sign-ups (facts 8.5-8.7): a form event sends a mail, its link sets the consents.
//! It knows the recipient by address only, which is why it works only if the first hard ID is the e-mail address.

use serde_json::{Value, json};
use twinfold_engine::{IdKind, IdSchema, Timestamp};

use crate::{
    journal::Step,
    outbox::{Mail, links_of},
    settings::DoubleOptInSetting,
};

/// The event that a sign-up form tracks.
const FORM_EVENT: &str = "double_opt_in";

const HTML: &str = r#"<p>Please <a data-name="confirm" href="https://shop.example/confirmed">confirm your sign-up</a>.</p>"#;

/// The confirmation mail that a step asks for, if it is a sign-up.
pub(crate) fn confirmation(
    setting: DoubleOptInSetting,
    schema: &IdSchema,
    step: &Step<'_>,
    id: u32,
    at: Timestamp,
) -> Option<Mail> {
    let Step::Event {
        event_type: Some(event_type),
        properties: Some(properties),
        ..
    } = step
    else {
        return None;
    };
    if event_type != FORM_EVENT {
        return None;
    }
    let form: Value = serde_json::from_str(properties).ok()?;
    if form.get("action").and_then(Value::as_str) != Some("new") {
        return None;
    }
    let to = form.get("email").and_then(Value::as_str)?.to_owned();
    let hard = schema
        .types()
        .iter()
        .find(|id_type| id_type.kind == IdKind::Hard)?;
    let consents = form.get("consent_list").and_then(Value::as_array);
    Some(Mail {
        id,
        at_bits: at.seconds().to_bits(),
        subject: "Please confirm your sign-up".into(),
        sender: None,
        campaign_name: "double opt-in".into(),
        customer_ids: vec![(hard.name.clone(), to.clone())],
        to,
        html: HTML.into(),
        template_id: None,
        params: None,
        consent_page: None,
        links: links_of(HTML),
        transfer_identity: setting.transfer_identity,
        confirms: consents.into_iter().flatten().filter_map(consent).collect(),
    })
}

/// The properties of the consent event that the click will track; canonical, because the keys are sorted.
fn consent(item: &Value) -> Option<String> {
    let category = match item {
        Value::String(category) => category.as_str(),
        _ => item.get("category")?.as_str()?,
    };
    let unlimited = Value::from("unlimited");
    let valid_until = item.get("valid_until").unwrap_or(&unlimited);
    Some(
        json!({
            "action": "accept",
            "category": category,
            "source": "double opt-in",
            "valid_until": valid_until,
        })
        .to_string(),
    )
}
