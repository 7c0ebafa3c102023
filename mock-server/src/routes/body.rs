//! The body of a request, whatever its content type; too large or compressed ones are refused (quirks 12, 14).

use std::borrow::Cow;

use axum::extract::{FromRequest, Request, rejection::BytesRejection};
use bytes::Bytes;
use http::{HeaderMap, header};

use crate::{error::Error, projects::Projects};

/// Largest body in bytes (fact 4.3: less than 800 kB).
pub(crate) const BYTES_MAX: usize = 800_000;

/// A whole body that may be JSON.
pub(crate) struct Body(pub(crate) Bytes);

impl FromRequest<Projects> for Body {
    type Rejection = Error;

    async fn from_request(request: Request, projects: &Projects) -> Result<Self, Error> {
        let encoding = request.headers().get(header::CONTENT_ENCODING);
        if encoding.is_some_and(|encoding| encoding != "identity") {
            return Err(Error::Unreadable);
        }
        match Bytes::from_request(request, projects).await {
            Ok(bytes) => Ok(Self(bytes)),
            Err(BytesRejection::FailedToBufferBody(error)) => match error.status().as_u16() {
                413 => Err(Error::TooLarge(BYTES_MAX)),
                _ => Err(Error::Unreadable),
            },
            Err(_) => Err(Error::Unreadable),
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
