//! The server's router called directly: the same bytes as over HTTP, without a socket.

use std::net::SocketAddr;

use axum::{Router, body::Body, extract::ConnectInfo};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::{Reply, Request, TargetError};

const NAME: &str = "the server in this process";

/// A router that is called as a function.
#[derive(Clone, Debug)]
pub struct InProcess {
    router: Router,
}

impl InProcess {
    /// Where `twinfold serve` listens unless told otherwise; for lines that make a call again.
    pub const BASE_URL: &'static str = "http://127.0.0.1:8080";

    /// Calls go to `router`, as if from loopback.
    pub fn new(router: Router) -> Self {
        Self { router }
    }

    pub(super) async fn send(&self, request: Request) -> Result<Reply, TargetError> {
        let unreachable = |cause: String| TargetError::Unreachable {
            base: NAME.into(),
            cause,
        };
        let mut builder = http::Request::builder()
            .method(request.method)
            .uri(request.path.as_str())
            .header("host", "127.0.0.1");
        for (name, value) in &request.headers {
            builder = builder.header(name.as_str(), value.as_str());
        }
        let mut request = builder
            .body(Body::from(request.body))
            .map_err(|error| unreachable(error.to_string()))?;
        request
            .extensions_mut()
            .insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 0))));
        let Ok(response) = self.router.clone().oneshot(request).await;
        let (parts, body) = response.into_parts();
        let body = body
            .collect()
            .await
            .map_err(|error| unreachable(error.to_string()))?
            .to_bytes();
        Ok(Reply {
            status: parts.status.as_u16(),
            headers: super::http_client::headers_of(&parts.headers),
            body: body.to_vec(),
        })
    }
}
