//! Answers that keep clients running: valid and always empty (api.md, section 0), and the vendor's scripts without content.
//! Nothing is stored, and nothing is looked up but the project.

use std::{
    collections::BTreeMap,
    future::{Ready, ready},
};

use axum::{
    extract::Path,
    http::{HeaderValue, header},
    response::Response,
};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};
use twinfold_engine::Label;
use utoipa::ToSchema;

use super::{
    Access, Body, Endpoint,
    open::{AppCall, OpenCall},
};
use crate::{
    access::{AnyCall, PrivateCall},
    error::Error,
    shapes::{
        Done, Sent,
        browser::{EmptyBundle, EmptyInbox, NoContentBlocks, NoHtml, NoSegment, NothingToShow},
    },
    wire::{given::GivenIds, reply, track::object},
};

const DONE: &str = r#"{"success": true}"#;
const NOTHING: &str = r#"{"success": true, "data": []}"#;
const NO_CONTENT_BLOCKS: &str = r#"{"success": true, "data": [], "in_app_content_blocks": []}"#;
const NO_MESSAGES: &str = r#"{"success": true, "messages": [], "sync_token": null}"#;
const NO_TAGS: &str = r#"{"success": true, "constantManagedTags": []}"#;
const NO_HTML: &str = r#"{"success": true, "data": ""}"#;
const NO_SEGMENT: &str = r#"{"success": true, "segment": null}"#;
const NO_SCRIPT: &str = "/* twinfold does not include the vendor's script; this one is empty. */\n";
const NO_SOURCES: &str = r#"{"version": 3, "sources": [], "names": [], "mappings": ""}"#;

/// Any object.
#[derive(Deserialize, ToSchema)]
struct AnyBody {
    #[serde(flatten)]
    #[expect(dead_code, reason = "an empty answer asks for nothing in it")]
    members: BTreeMap<String, Value>,
}

/// To whom something is shown.
#[derive(Deserialize, ToSchema)]
struct ShowBody<'a> {
    #[serde(borrow, default)]
    #[schema(value_type = BTreeMap<String, Value>)]
    customer_ids: GivenIds<'a>,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    [messages(), apps(), browser(), scripts()]
        .into_iter()
        .flatten()
        .map(Endpoint::empty)
        .collect()
}

fn messages() -> Vec<Endpoint> {
    vec![
        Endpoint::post(
            "/sms/v1/projects/{token}/sync",
            text_message,
            "a text message that is not sent; answers with a message ID",
        )
        .label(Label::Observed)
        .body::<AnyBody>()
        .answers::<Sent>(),
    ]
}

fn apps() -> Vec<Endpoint> {
    let endpoints = [
        Endpoint::post(
            "/webxp/s/{token}/inappmessages",
            |_: AnyCall| answer(NOTHING),
            "no in-app messages",
        )
        .access(Access::Any)
        .answers::<NothingToShow>(),
        Endpoint::post(
            "/webxp/s/{token}/inappcontentblocks",
            |_: AnyCall| answer(NOTHING),
            "no personalised content blocks",
        )
        .access(Access::Any)
        .answers::<NothingToShow>(),
        Endpoint::post(
            "/webxp/projects/{token}/appinbox/fetch",
            |_: AppCall| answer(NO_MESSAGES),
            "an app inbox without messages; a customer's own token is not checked",
        )
        .access(Access::Any)
        .answers::<EmptyInbox>(),
        Endpoint::post(
            "/webxp/projects/{token}/appinbox/markasread",
            |_: AppCall| answer(DONE),
            "nothing is marked as read; a customer's own token is not checked",
        )
        .access(Access::Any)
        .answers::<Done>(),
        Endpoint::get(
            "/wxstatic/projects/{token}/{bundle}",
            content_blocks,
            NO_BLOCKS,
        )
        .access(Access::Open)
        .answers::<NoContentBlocks>(),
        Endpoint::post(
            "/wxstatic/projects/{token}/{bundle}",
            content_blocks,
            NO_BLOCKS,
        )
        .access(Access::Open)
        .answers::<NoContentBlocks>(),
        Endpoint::post(
            "/campaigns/send-self-check-notification",
            |_: OpenCall| answer(DONE),
            "the app's self-check; no notification is sent",
        )
        .query("project_id", "the project's token")
        .access(Access::Open)
        .answers::<Done>(),
    ];
    let observed = |endpoint: Endpoint| endpoint.label(Label::Observed);
    endpoints.into_iter().map(observed).collect()
}

const NO_BLOCKS: &str = "no content blocks; `bundle` is `bundle-android.json` or `bundle-ios.json`";

fn browser() -> Vec<Endpoint> {
    let show = |path, says| {
        Endpoint::post(path, shown, says)
            .body::<ShowBody<'static>>()
            .answers::<NothingToShow>()
    };
    let endpoints = [
        Endpoint::get(
            "/webxp/projects/{token}/bundle",
            |_: OpenCall| answer(NO_TAGS),
            "no tags for every page",
        )
        .label(Label::Observed)
        .answers::<EmptyBundle>(),
        show("/managed-tags/show", "no tags for this customer").label(Label::Observed),
        show("/campaigns/banners/show", "no banners for this customer").label(Label::Observed),
        show(
            "/campaigns/experiments/show",
            "no experiments for this customer",
        ),
        Endpoint::post(
            "/campaigns/html/get",
            |_: OpenCall| answer(NO_HTML),
            "a campaign without HTML",
        )
        .body::<AnyBody>()
        .label(Label::Observed)
        .answers::<NoHtml>(),
        Endpoint::post(
            "/optimization/recommend/user",
            |_: OpenCall| answer(NOTHING),
            "no recommendations",
        )
        .body::<AnyBody>()
        .answers::<NothingToShow>(),
        Endpoint::post(
            "/webxp/bandits/reward",
            |_: Body| answer(DONE),
            "the reward of a contextual variant, which nobody learns from",
        )
        .answers::<Done>(),
        Endpoint::post(
            "/analytics/segmentation-for",
            |_: Body| answer(NO_SEGMENT),
            "no segment, as an older client asks for it",
        )
        .label(Label::Observed)
        .answers::<NoSegment>(),
    ];
    let open = |endpoint: Endpoint| {
        let label = endpoint.label;
        let guessed = matches!(label, Label::Documented);
        let label = if guessed { Label::Assumed } else { label };
        endpoint.access(Access::Open).label(label)
    };
    endpoints.into_iter().map(open).collect()
}

fn scripts() -> Vec<Endpoint> {
    let script = |path, says| {
        Endpoint::get(path, |_: Body| ready(script()), says)
            .access(Access::Open)
            .label(Label::Observed)
            .answer(200, "text/javascript", None)
    };
    vec![
        script(
            "/js/exponea.min.js",
            "an empty script in place of the vendor's",
        ),
        Endpoint::get(
            "/js/exponea.min.js.map",
            |_: Body| answer(NO_SOURCES),
            "the map of the empty script",
        )
        .access(Access::Open)
        .label(Label::Observed)
        .answer(200, "application/json", None),
        script(
            "/webxp/script/{token}/{cookie}/modifications.min.js",
            "no modifications of the page",
        ),
        script(
            "/webxp/script-async/{token}/{cookie}/modifications.min.js",
            "no modifications of the page",
        ),
    ]
}

fn answer(body: &'static str) -> Ready<Response> {
    ready(reply::raw(200, Bytes::from_static(body.as_bytes())))
}

async fn text_message(PrivateCall(call): PrivateCall) -> Result<Response, Error> {
    let AnyBody { .. } = object(&call.body)?;
    let message_id = call.project.world().fresh_id();
    let body = json!({
        "message_id": message_id,
        "message": "SMS was accepted, and is not sent.",
        "success": true,
    });
    Ok(reply::json(200, &body))
}

async fn content_blocks(
    Path((_, bundle)): Path<(String, String)>,
    _: OpenCall,
) -> Result<Response, Error> {
    let platform = bundle.strip_prefix("bundle-");
    let platform = platform.and_then(|rest| rest.strip_suffix(".json"));
    match platform {
        Some(_) => Ok(answer(NO_CONTENT_BLOCKS).into_inner()),
        None => Err(Error::UnknownUrl),
    }
}

/// The service names a missing `customer_ids` before anything else.
async fn shown(call: super::open::Named) -> Result<Response, Error> {
    let ShowBody { customer_ids } = object(&call.body)?;
    if !matches!(customer_ids, GivenIds::Object(_)) {
        let says = "Must specify at least one customer ID".into();
        return Err(Error::DataField("customer_ids", says));
    }
    call.project(None)?;
    Ok(answer(NOTHING).into_inner())
}

fn script() -> Response {
    let mut response = reply::raw(200, Bytes::from_static(NO_SCRIPT.as_bytes()));
    let script = HeaderValue::from_static("text/javascript; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, script);
    response
}
