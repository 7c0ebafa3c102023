//! `consent/categories`: the categories of a project, for apps and servers (quirks 11, 31).

use axum::response::Response;
use serde_json::{Value, json};
use twinfold_engine::Label;

use super::{Access, Endpoint};
use crate::{
    access::{Action, AnyCall},
    error::Error,
    shapes::ConsentCategories,
    wire::reply,
};

pub(super) fn endpoints() -> Vec<Endpoint> {
    const PATH: &str = "/data/v2/projects/{token}/consent/categories";
    let says = "the consent categories; never an empty list";
    [
        Endpoint::get(PATH, list, says),
        Endpoint::post(PATH, list, says),
    ]
    .map(|endpoint| {
        let endpoint = endpoint.label(Label::Observed).access(Access::Any);
        endpoint.answers::<ConsentCategories>()
    })
    .into()
}

async fn list(AnyCall(call): AnyCall) -> Result<Response, Error> {
    call.may(Action::GetConsents)?;
    let categories = call.project.world().consent_categories();
    let shown: Vec<Value> = categories.iter().map(|one| one.described()).collect();
    let body = json!({"success": true, "results": shown});
    Ok(reply::json(200, &body))
}
