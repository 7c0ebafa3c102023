//! A base URL over HTTP.

use http::HeaderMap;

use super::{Reply, Request, TargetError};

/// A base URL and the connections to it.
#[derive(Clone, Debug)]
pub struct HttpTarget {
    base_url: String,
    client: reqwest::Client,
}

impl HttpTarget {
    /// Calls go to `base_url`, such as `http://127.0.0.1:8080`; a slash at its end is taken off.
    /// Redirects are answers here and are not followed.
    pub fn new(base_url: &str) -> Result<Self, TargetError> {
        let base_url = base_url.trim_end_matches('/').to_owned();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| TargetError::Unreachable {
                base: base_url.clone(),
                cause: error.to_string(),
            })?;
        Ok(Self { base_url, client })
    }

    pub(super) fn base_url(&self) -> &str {
        &self.base_url
    }

    pub(super) async fn send(&self, request: Request) -> Result<Reply, TargetError> {
        let url = format!("{}{}", self.base_url, request.path);
        let mut builder = self.client.request(request.method, url);
        for (name, value) in &request.headers {
            builder = builder.header(name.as_str(), value.as_str());
        }
        let response = builder
            .body(request.body)
            .send()
            .await
            .map_err(|error| self.unreachable(&error))?;
        let status = response.status().as_u16();
        let headers = headers_of(response.headers());
        let body = response
            .bytes()
            .await
            .map_err(|error| self.unreachable(&error))?;
        Ok(Reply {
            status,
            headers,
            body: body.to_vec(),
        })
    }

    fn unreachable(&self, error: &reqwest::Error) -> TargetError {
        let mut cause = error.to_string();
        let mut source = std::error::Error::source(error);
        while let Some(inner) = source {
            cause = inner.to_string();
            source = inner.source();
        }
        TargetError::Unreachable {
            base: self.base_url.clone(),
            cause,
        }
    }
}

pub(super) fn headers_of(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            (
                name.as_str().to_owned(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect()
}
