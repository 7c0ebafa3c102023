//! A reply's body in pieces: the connection copies each piece behind what it has yet to write, so that one of 64 MiB
//! would lie in memory twice.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum::body::Body;
use bytes::Bytes;
use hyper::body::{Frame, SizeHint};

/// Longest piece in bytes.
const PIECE_MAX: usize = 64 << 10;

/// The same body, no piece of it longer than 64 KiB.
#[derive(Debug)]
pub(super) struct Pieces {
    body: Body,
    /// What is left of the body's last frame.
    rest: Bytes,
}

impl From<Body> for Pieces {
    fn from(body: Body) -> Self {
        let rest = Bytes::new();
        Self { body, rest }
    }
}

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.rest.is_empty() {
            let next = ready!(Pin::new(&mut self.body).poll_frame(context));
            match next.map(|frame| frame.map(Frame::into_data)) {
                Some(Ok(Ok(data))) => self.rest = data,
                Some(Ok(Err(trailers))) => return Poll::Ready(Some(Ok(trailers))),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
        let length = self.rest.len().min(PIECE_MAX);
        let piece = self.rest.split_to(length);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (of_body, rest) = (self.body.size_hint(), self.rest.len() as u64);
        let mut hint = SizeHint::new();
        hint.set_lower(of_body.lower() + rest);
        if let Some(upper) = of_body.upper() {
            hint.set_upper(upper + rest);
        }
        hint
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::{BodyExt, StreamBody};
    use hyper::body::Body as _;

    use super::*;

    #[tokio::test]
    async fn a_long_frame_comes_in_pieces_and_the_length_is_known_all_the_while() {
        let frames = [vec![1; PIECE_MAX + 1], vec![], vec![2; 3]].map(Bytes::from);
        let whole: Vec<u8> = frames.concat();
        let one = Pieces::from(Body::from(whole.clone()));
        let frames = frames.map(|data| Ok::<_, axum::Error>(Frame::data(data)));
        let several = StreamBody::new(futures_util::stream::iter(frames));
        let several = Pieces::from(Body::new(several));
        for (mut pieces, is_known) in [(one, true), (several, false)] {
            let mut read = Vec::new();
            while !pieces.is_end_stream() {
                let left = (whole.len() - read.len()) as u64;
                assert_eq!(pieces.size_hint().exact(), is_known.then_some(left));
                let Some(frame) = pieces.frame().await else {
                    break;
                };
                let data = frame.unwrap().into_data().unwrap();
                assert!(data.len() <= PIECE_MAX);
                read.extend(data);
            }
            assert!(read == whole);
        }
    }

    #[tokio::test]
    async fn an_empty_body_ends_at_once() {
        let mut pieces = Pieces::from(Body::empty());
        assert!(pieces.is_end_stream());
        assert!(pieces.frame().await.is_none());
    }
}
