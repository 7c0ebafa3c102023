//! Who may call the control API: programs on this machine, and no web page of another origin.

use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, header};

use crate::{error::Error, projects::Projects};

/// Lets through what comes from this machine and from no web page of another origin.
pub(super) async fn only_local(
    State(projects): State<Projects>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    if projects.hides_control() {
        return Error::UnknownUrl.into_response();
    }
    let headers = request.headers();
    if !peer.ip().is_loopback() {
        return refused("the control API answers only on loopback");
    }
    if !is_local_name(host(headers)) {
        return refused(
            "the control API answers only to a host name of this machine, such as 127.0.0.1",
        );
    }
    let origin = headers
        .get(header::ORIGIN)
        .map(|origin| origin.to_str().unwrap_or_default());
    if let Some(origin) = origin
        && origin != format!("http://{}", host(headers))
    {
        return refused("the control API is closed to pages of other origins");
    }
    next.run(request).await
}

fn refused(says: &str) -> Response {
    Error::Control(403, says.to_owned()).into_response()
}

fn host(headers: &HeaderMap) -> &str {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    host.unwrap_or_default()
}

fn is_local_name(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}
