//! The body of a request, whatever its content type; too large or compressed ones are refused (quirks 12, 14).

use std::{borrow::Cow, error::Error as _};

use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use http::{HeaderMap, header};
use http_body_util::LengthLimitError;

use crate::{error::Error, projects::Projects};

/// Largest body in bytes (fact 4.3: less than 800 kB).
pub(crate) const BYTES_MAX: usize = 800_000;

/// A whole body that may be JSON.
pub(crate) struct Body(pub(crate) Bytes);

impl FromRequest<Projects> for Body {
    type Rejection = Error;

    async fn from_request(request: Request, _: &Projects) -> Result<Self, Error> {
        let (parts, body) = request.into_parts();
        Self::read(&parts.headers, body).await
    }
}

impl Body {
    /// Reads all of it. This comes before any refusal, because a connection whose body was left unread has to be closed.
    pub(crate) async fn read(headers: &HeaderMap, body: axum::body::Body) -> Result<Self, Error> {
        Self::read_up_to(BYTES_MAX, headers, body).await
    }

    /// The same with another limit.
    pub(crate) async fn read_up_to(
        bytes_max: usize,
        headers: &HeaderMap,
        body: axum::body::Body,
    ) -> Result<Self, Error> {
        let bytes = axum::body::to_bytes(body, bytes_max)
            .await
            .map_err(|error| {
                let source = error.source();
                match source.is_some_and(|source| source.is::<LengthLimitError>()) {
                    true => Error::TooLarge(bytes_max),
                    false => Error::Unreadable,
                }
            })?;
        let encoding = headers.get(header::CONTENT_ENCODING);
        match encoding.is_some_and(|encoding| encoding != "identity") {
            true => Err(Error::Unreadable),
            false => Ok(Self(bytes)),
        }
    }
}

/// Which source a request says it comes from: the header `twinfold-source`, or `api`.
pub(crate) fn source(headers: &HeaderMap) -> Cow<'_, str> {
    let named = headers
        .get("twinfold-source")
        .and_then(|value| value.to_str().ok());
    Cow::Borrowed(named.filter(|name| !name.is_empty()).unwrap_or("api"))
}
