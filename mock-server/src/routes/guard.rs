//! What is done around every route of the emulated API: the rate limit before it, the label of evidence behind it.
//! One layer for both, because each layer costs every request.

use axum::{
    extract::{RawPathParams, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use twinfold_engine::Label;

use super::Body;
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
    let admitted = project.map_or(Ok(()), |project| project.admit(request.extensions()));
    let response = match admitted {
        Ok(()) => next.run(request).await,
        Err(refused) => refuse(request, refused).await,
    };
    evidence::label(of_route, by_request, by_project, response)
}

async fn refuse(request: Request, refused: Error) -> Response {
    let (parts, body) = request.into_parts();
    // Read, so that the connection can be used again; what is wrong with it does not matter any more.
    let _ = Body::read(&parts.headers, body).await;
    refused.into_response()
}
