//! The control API over access groups: which there are, and the life of their keys (fact 10.5).
//! Rotating and revoking are done in the vendor's app, so they are no routes of the emulated API.

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde_json::json;

use super::{Body, control};
use crate::{error::Error, projects::Projects, wire::reply};

pub(super) async fn list(
    State(projects): State<Projects>,
    Path(token): Path<String>,
) -> Result<Response, Error> {
    let project = control::find(&projects, &token)?;
    let groups = json!({"access_groups": project.groups.shown()});
    Ok(reply::json(200, &groups))
}

/// The new key; the old one stays valid for a day of the project's clock.
pub(super) async fn rotate(
    State(projects): State<Projects>,
    Path((token, group)): Path<(String, String)>,
    _: Body,
) -> Result<Response, Error> {
    let project = control::find(&projects, &token)?;
    let now = project.world().now().seconds();
    let rotated = project.groups.rotate(&group, now);
    let rotated = rotated.ok_or_else(|| unknown(&token, &group))?;
    Ok(reply::json(200, &rotated))
}

pub(super) async fn revoke(
    State(projects): State<Projects>,
    Path((token, group)): Path<(String, String)>,
    _: Body,
) -> Result<Response, Error> {
    let project = control::find(&projects, &token)?;
    match project.groups.revoke(&group) {
        true => Ok(reply::json(200, &json!({"success": true}))),
        false => Err(unknown(&token, &group)),
    }
}

fn unknown(token: &str, group: &str) -> Error {
    let prefix = control::CONTROL_PREFIX;
    let says = format!(
        "the project has no access group `{group}`; `GET {prefix}/projects/{token}/access-groups` lists them"
    );
    Error::Control(404, says)
}
