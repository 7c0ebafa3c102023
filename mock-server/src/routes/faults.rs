//! Planned faults: the control API's routes that plan, show and clear them, and what a request meets.
//! A connection is broken by a body that fails, so that a call in process and one over HTTP both get no reply.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::HttpBody,
    extract::{Path, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use hyper::body::Frame;
use serde_json::{Value, json};

use super::{Body, control};
use crate::{
    error::Error,
    faults::{Fault, Planned},
    projects::Projects,
    wire::reply,
};

pub(super) async fn list(
    State(projects): State<Projects>,
    Path(token): Path<String>,
) -> Result<Response, Error> {
    let project = control::find(&projects, &token)?;
    let planned = project.faults.planned();
    let shown = planned.iter().enumerate();
    let shown: Vec<Value> = shown.map(|(index, one)| show(index + 1, one)).collect();
    Ok(reply::json(200, &json!({"faults": shown})))
}

pub(super) async fn plan(
    State(projects): State<Projects>,
    Path(token): Path<String>,
    Body(body): Body,
) -> Result<Response, Error> {
    let project = control::find(&projects, &token)?;
    let planned: Planned = control::read(&body)?;
    let checked = planned.check();
    checked.map_err(|says| Error::Control(400, says))?;
    let mut shown = show(0, &planned);
    projects.note_faults();
    shown["id"] = json!(project.faults.plan(planned));
    Ok(reply::json(200, &shown))
}

pub(super) async fn clear(
    State(projects): State<Projects>,
    Path(token): Path<String>,
    _: Body,
) -> Result<Response, Error> {
    control::find(&projects, &token)?.faults.clear();
    Ok(reply::json(200, &json!({"success": true})))
}

fn show(id: usize, planned: &Planned) -> Value {
    let mut shown = json!(planned);
    shown["id"] = json!(id);
    shown
}

/// What a request gets that meets a fault.
pub(super) async fn meet(fault: Fault, request: Request, next: Next) -> Response {
    match fault {
        Fault::Status {
            status,
            retry_after,
        } => {
            read(request).await;
            Error::Planned(status, retry_after).into_response()
        }
        Fault::Timeout { hold } => {
            let _lost = next.run(request).await;
            if hold > 0.0 {
                tokio::time::sleep(Duration::from_secs_f64(hold)).await;
            }
            broken()
        }
        Fault::Reset | Fault::Item { .. } => {
            read(request).await;
            broken()
        }
    }
}

/// Reads the body, so that the connection can be used again; what is wrong with it does not matter any more.
pub(super) async fn read(request: Request) {
    let (parts, body) = request.into_parts();
    let _ = Body::read(&parts.headers, body).await;
}

/// A request whose path names no project, and the project with faults whose token stands in its query or body.
pub(super) async fn named_in(
    projects: &Projects,
    request: Request,
) -> Result<(Request, Option<Fault>), Error> {
    let (parts, body) = request.into_parts();
    let bytes = Body::read(&parts.headers, body).await?.0;
    let query = parts.uri.query().unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let project = projects.faulty(|token| query.contains(token) || text.contains(token));
    let fault = project.and_then(|project| project.faults.of_request(parts.uri.path()));
    let request = Request::from_parts(parts, axum::body::Body::from(bytes));
    Ok((request, fault))
}

fn broken() -> Response {
    Response::new(axum::body::Body::new(Broken))
}

/// A body that fails at once.
struct Broken;

impl HttpBody for Broken {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let says = "the connection was broken, as a planned fault wants it";
        let error = io::Error::new(io::ErrorKind::ConnectionReset, says);
        Poll::Ready(Some(Err(error)))
    }
}
