//! Mails into the outbox, and the links in them (facts 8.10-8.12).

use axum::{
    body::Body as ResponseBody,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use twinfold_engine::Label;
use utoipa::ToSchema;

use super::{Access, Endpoint, body::source, consent_page, cookie};
use crate::{
    access::{Action, PrivateCall},
    error::Error,
    journal::{Origin, Route, Step},
    outbox::{Mail, links_of},
    projects::Projects,
    settings::TransferIdentity,
    shapes::{CustomerIds, Sent},
    wire::{reply, track::object},
};

const RECIPIENT: &str = "an object with customer_ids, and perhaps email";
const CONTENT: &str = "an object with html and subject, or with template_id and params";
const SETTINGS: &str = "an object; its transfer_user_identity is enabled, disabled or first_click";
const TRANSFER: &str = "enabled, disabled or first_click";

/// To whom, what, and what its links do.
#[derive(Deserialize, ToSchema)]
struct EmailBody {
    #[schema(value_type = Content)]
    email_content: Option<Value>,
    #[schema(value_type = Option<String>)]
    campaign_name: Option<Value>,
    #[schema(value_type = Recipient)]
    recipient: Option<Value>,
    /// `enabled`, `disabled` or `first_click`; before `settings.transfer_user_identity`.
    #[schema(value_type = Option<TransferIdentity>)]
    transfer_identity: Option<Value>,
    #[schema(value_type = Option<EmailSettings>)]
    settings: Option<Value>,
}

/// `html` and `subject`, or a `template_id` with `params`; a template's text is not known here.
#[derive(Default, Deserialize, ToSchema)]
struct Content {
    html: Option<String>,
    subject: Option<String>,
    template_id: Option<String>,
    #[schema(value_type = Option<BTreeMap<String, Value>>)]
    params: Option<serde_json::Map<String, Value>>,
    sender_address: Option<String>,
    sender_name: Option<String>,
}

#[derive(Deserialize, ToSchema)]
struct Recipient {
    #[serde(default)]
    #[schema(value_type = CustomerIds)]
    customer_ids: serde_json::Map<String, Value>,
    email: Option<String>,
}

#[derive(Default, Deserialize, ToSchema)]
struct EmailSettings {
    transfer_user_identity: Option<TransferIdentity>,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::post(
            "/email/v2/projects/{token}/sync",
            send,
            "a mail into the outbox; every link to a web address is tracked",
        )
        .body::<EmailBody>()
        .answers::<Sent>(),
        Endpoint::get(
            "/link/{token}/{mail}/{link}",
            open_link,
            "opens a link of a mail; ties the browser to the recipient as the mail says",
        )
        .label(Label::Assumed)
        .access(Access::Open)
        .answer(302, "", None),
    ]
}

async fn send(PrivateCall(call): PrivateCall) -> Result<Response, Error> {
    call.may(Action::SendEmails)?;
    let body: EmailBody = object(&call.body)?;
    let recipient: Option<Recipient> = typed("recipient", body.recipient, RECIPIENT)?;
    let recipient = recipient.ok_or_else(|| required("recipient"))?;
    let customer_ids = recipient_ids(&recipient)?;
    let content: Option<Content> = typed("email_content", body.email_content, CONTENT)?;
    let content = content.ok_or_else(|| required("email_content"))?;
    let written = content.html.filter(|html| !html.is_empty());
    if written.is_none() && content.template_id.is_none() {
        return Err(required("email_content.html"));
    }
    let to = recipient
        .email
        .or_else(|| address(&customer_ids))
        .ok_or_else(|| {
            Error::Field("Field 'recipient.email' is required, because no id is an address.".into())
        })?;
    let settings: Option<EmailSettings> = typed("settings", body.settings, SETTINGS)?;
    let setting = settings.unwrap_or_default().transfer_user_identity;
    let transfer = typed("transfer_identity", body.transfer_identity, TRANSFER)?;
    let campaign_name: Option<String> = typed("campaign_name", body.campaign_name, "a string")?;
    let mut world = call.project.world();
    let mut html = written.unwrap_or_default();
    let asked = consent_page::is_asked_for(&html);
    let consent_page = asked.then(|| world.fresh_id());
    if let Some(page) = &consent_page {
        let token = &call.project.token;
        html = consent_page::put_in(&html, &consent_page::path(token, page));
    }
    let mail = Mail {
        id: world.state().outbox.next_id(),
        at_bits: world.now().seconds().to_bits(),
        to,
        subject: content.subject.unwrap_or_default(),
        sender: sender(content.sender_name, content.sender_address),
        campaign_name: campaign_name.unwrap_or_default(),
        customer_ids,
        links: links_of(&html),
        html,
        template_id: content.template_id,
        params: content.params.map(|params| json!(params).to_string()),
        consent_page,
        transfer_identity: transfer.or(setting).unwrap_or_default(),
        confirms: Vec::new(),
    };
    let answer = json!({
        "message_id": format!("{:024x}", mail.id),
        "message": "Email was sent successfully.",
        "success": true,
    });
    let origin = Origin {
        source: source(&call.headers),
        route: Route::Email,
        item: None,
    };
    // Sending a mail is never rejected.
    let _sent = world.write(origin, &Step::SendMail(Box::new(mail)));
    Ok(reply::json(200, &answer))
}

/// A part of the body that may be absent or `null`; a wrong one is refused by its name.
fn typed<T: DeserializeOwned>(
    name: &str,
    value: Option<Value>,
    must_be: &str,
) -> Result<Option<T>, Error> {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let wrong = |_| Error::Field(format!("Field '{name}' must be {must_be}."));
    serde_json::from_value(value).map(Some).map_err(wrong)
}

fn required(name: &str) -> Error {
    Error::Field(format!("Field '{name}' is required."))
}

/// `Name <address>`, or what there is of it.
fn sender(name: Option<String>, address: Option<String>) -> Option<String> {
    match (name, address) {
        (Some(name), Some(address)) => Some(format!("{name} <{address}>")),
        (name, address) => name.or(address),
    }
}

fn recipient_ids(recipient: &Recipient) -> Result<Vec<(String, String)>, Error> {
    let ids = recipient
        .customer_ids
        .iter()
        .filter_map(|(id_type, value)| {
            let value = match value {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                _ => return None,
            };
            Some((id_type.clone(), value))
        });
    let ids: Vec<_> = ids.collect();
    if ids.is_empty() {
        return Err(Error::Field("At least one id should be specified.".into()));
    }
    Ok(ids)
}

fn address(customer_ids: &[(String, String)]) -> Option<String> {
    let mut values = customer_ids.iter().map(|(_, value)| value);
    values.find(|value| value.contains('@')).cloned()
}

async fn open_link(
    State(projects): State<Projects>,
    Path((token, mail, link)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let number = |text: &str| text.parse().map_err(|_| Error::UnknownUrl);
    let (mail, link) = (number(&mail)?, number(&link)?);
    let project = projects.get(&token).ok_or(Error::UnknownUrl)?;
    let cookie = cookie::of_browser(&headers, &token);
    let target = project.world().open_link(mail, link, cookie.as_deref());
    let target = target.ok_or(Error::UnknownUrl)?;
    let location = HeaderValue::from_str(&target).map_err(|_| Error::UnknownUrl)?;
    let mut response = ResponseBody::empty().into_response();
    *response.status_mut() = StatusCode::FOUND;
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}
