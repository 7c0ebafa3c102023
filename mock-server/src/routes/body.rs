//! The body of a request, whatever its content type; too large or compressed ones are refused (quirks 12, 14).

use std::borrow::Cow;

use axum::extract::{FromRequest, Request};
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, header};
use http_body_util::BodyExt;

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
        body: impl hyper::body::Body<Data = Bytes> + Unpin,
    ) -> Result<Self, Error> {
        let bytes = whole(bytes_max, body).await?;
        let encoding = headers.get(header::CONTENT_ENCODING);
        match encoding.is_some_and(|encoding| encoding != "identity") {
            true => Err(Error::Unreadable),
            false => Ok(Self(bytes)),
        }
    }
}

/// Nearly every body comes in one frame, which is taken as it is.
async fn whole(
    bytes_max: usize,
    mut body: impl hyper::body::Body<Data = Bytes> + Unpin,
) -> Result<Bytes, Error> {
    let mut read = Bytes::new();
    while !body.is_end_stream()
        && let Some(frame) = body.frame().await
    {
        let frame = frame.map_err(|_| Error::Unreadable)?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if read.len() + data.len() > bytes_max {
            return Err(Error::TooLarge(bytes_max));
        }
        read = match read.is_empty() {
            true => data,
            false => {
                // What nobody else holds is not copied.
                let mut longer = BytesMut::from(read);
                longer.extend_from_slice(&data);
                longer.freeze()
            }
        };
    }
    Ok(read)
}

/// Which source a request says it comes from: the header `twinfold-source`, or `api`.
pub(crate) fn source(headers: &HeaderMap) -> Cow<'_, str> {
    let named = headers
        .get("twinfold-source")
        .and_then(|value| value.to_str().ok());
    Cow::Borrowed(named.filter(|name| !name.is_empty()).unwrap_or("api"))
}

#[cfg(test)]
mod tests {
    use http_body_util::StreamBody;
    use hyper::body::Frame;

    use super::*;

    /// In frames of five bytes, with trailers behind them.
    fn in_frames(text: &'static str) -> impl hyper::body::Body<Data = Bytes> + Unpin {
        let frames = text.as_bytes().chunks(5);
        let frames = frames.map(|frame| Frame::data(Bytes::from_static(frame)));
        let frames = frames.chain([Frame::trailers(HeaderMap::new())]);
        StreamBody::new(futures_util::stream::iter(frames.map(Ok::<_, axum::Error>)))
    }

    #[tokio::test]
    async fn a_body_is_read_whole_and_no_further_than_it_may() {
        for text in ["", "{}", "in one, two, three or more frames"] {
            let read = whole(text.len(), in_frames(text)).await.unwrap();
            assert_eq!(read, text);
            let Some(most) = text.len().checked_sub(1) else {
                continue;
            };
            let refused = whole(most, in_frames(text)).await.unwrap_err();
            assert!(matches!(refused, Error::TooLarge(limit) if limit == most));
        }
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_is_unreadable() {
        let broken = [
            Ok(Frame::data(Bytes::from_static(b"{"))),
            Err(axum::Error::new("gone")),
        ];
        let broken = StreamBody::new(futures_util::stream::iter(broken));
        let read = whole(100, broken).await;
        assert!(matches!(read, Err(Error::Unreadable)));
    }
}
