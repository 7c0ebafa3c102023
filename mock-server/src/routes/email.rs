//! Mails into the outbox, and the links in them (facts 8.10-8.12).

use axum::{
    body::Body as ResponseBody,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};
use twinfold_engine::Label;
use utoipa::ToSchema;

use super::{Access, Endpoint, body::source, cookie};
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

#[derive(Deserialize, ToSchema)]
struct EmailBody {
    email_content: Option<Value>,
    campaign_name: Option<String>,
    recipient: Option<Recipient>,
    transfer_identity: Option<TransferIdentity>,
    settings: Option<EmailSettings>,
}

#[derive(Deserialize, ToSchema)]
struct Recipient {
    #[serde(default)]
    #[schema(value_type = CustomerIds)]
    customer_ids: serde_json::Map<String, Value>,
    email: Option<String>,
}

#[derive(Deserialize, ToSchema)]
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
    let Some(recipient) = body.recipient else {
        return Err(Error::Field("Field 'recipient' is required.".into()));
    };
    let customer_ids = recipient_ids(&recipient)?;
    let content = body.email_content.unwrap_or_default();
    let text = |key: &str| {
        content
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let html = text("html");
    // A mail by template has no HTML here: templates are the vendor's.
    if html.is_empty() && text("template_id").is_empty() {
        return Err(Error::Field(
            "Field 'email_content.html' is required.".into(),
        ));
    }
    let to = recipient
        .email
        .or_else(|| address(&customer_ids))
        .ok_or_else(|| {
            Error::Field("Field 'recipient.email' is required, because no id is an address.".into())
        })?;
    let setting = body
        .settings
        .and_then(|settings| settings.transfer_user_identity);
    let mut world = call.project.world();
    let mail = Mail {
        id: world.state().outbox.next_id(),
        at_bits: world.now().seconds().to_bits(),
        to,
        subject: text("subject"),
        campaign_name: body.campaign_name.unwrap_or_default(),
        customer_ids,
        links: links_of(&html),
        html,
        transfer_identity: body.transfer_identity.or(setting).unwrap_or_default(),
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
    let _sent = world.write(origin, &Step::SendMail(mail));
    Ok(reply::json(200, &answer))
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
