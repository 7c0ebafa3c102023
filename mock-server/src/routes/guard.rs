//! What is done around every route of the emulated API: the rate limit and planned faults before it, the label of
//! evidence behind it. One layer for all, because each layer costs every request.

use axum::{
    extract::{RawPathParams, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use twinfold_engine::Label;

use super::faults;
use crate::{error::Error, evidence, projects::Projects};

/// Lets a request through unless its address has sent too many to the project that the path names; labels the reply.
pub(super) async fn guard(
    State((projects, of_route)): State<(Projects, Label)>,
    path: RawPathParams,
    request: Request,
    next: Next,
) -> Response {
    let by_request = evidence::by_header(request.headers());
    let token = path.iter().find(|(name, _)| *name == "token");
    let project = token.and_then(|(_, token)| projects.get(token));
    let by_project = projects.fails_on(project.as_deref());
    let mut request = request;
    let mut fault = None;
    if let Some(project) = &project {
        if let Err(refused) = project.admit(request.extensions()) {
            let response = refuse(request, refused).await;
            return evidence::label(of_route, by_request, by_project, response);
        }
        fault = project.faults.of_request(request.uri().path());
    } else if token.is_none() && projects.had_faults() {
        match faults::named_in(&projects, request).await {
            Ok(found) => (request, fault) = found,
            Err(error) => return error.into_response(),
        }
    }
    // A planned fault is what was asked for, so nobody's doubts about evidence replace it.
    if let Some(fault) = fault {
        return faults::meet(fault, request, next).await;
    }
    evidence::label(of_route, by_request, by_project, next.run(request).await)
}

async fn refuse(request: Request, refused: Error) -> Response {
    faults::read(request).await;
    refused.into_response()
}
