//! Replies: bodies of the tracking API as the vendor writes them, and JSON in general.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};
use twinfold_engine::Rejection;

/// A JSON reply.
pub(crate) fn json(status: u16, body: &Value) -> Response {
    raw(status, Bytes::from(body.to_string()))
}

/// The reply to a tracking command that was applied.
pub(crate) fn success() -> Response {
    raw(
        200,
        Bytes::from_static(br#"{"errors": [], "success": true}"#),
    )
}

/// The body for a rejected tracking command: an array of strings.
pub(crate) fn rejection_body(rejection: &Rejection) -> Value {
    json!({"success": false, "errors": [rejection.to_string()]})
}

/// The reply to a single tracking command that was rejected.
pub(crate) fn rejected(rejection: &Rejection) -> Response {
    if rejection.is_answered_as_success() {
        return success();
    }
    json(rejection_status(rejection), &rejection_body(rejection))
}

/// 404 for an unknown customer, else 400 (fact 4.5 says 4xx); 200 where a strategy refuses and reports success.
pub(crate) fn rejection_status(rejection: &Rejection) -> u16 {
    match rejection {
        _ if rejection.is_answered_as_success() => 200,
        Rejection::CustomerNotFound => 404,
        _ => 400,
    }
}

/// A reply with a body that is JSON already.
pub(crate) fn raw(status: u16, body: Bytes) -> Response {
    let mut response = Body::from(body).into_response();
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}
