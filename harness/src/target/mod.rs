//! Where calls go: our server's router in this process, or any base URL over HTTP.
//! Both carry the same bytes, so a scenario has the same verdict on either.

mod calls;
mod http_client;
mod in_process;
mod project;
mod retry;

use serde::Serialize;
use serde_json::Value;

pub use calls::{CallLog, SentCall, ShownAs};
pub use http_client::HttpTarget;
pub use in_process::InProcess;
pub use project::{CONTROL, Credentials, GroupKeys, ProjectClient};
pub use retry::Retry;

/// One API request, without its base URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub method: http::Method,
    /// Path and query, starting with `/`.
    pub path: String,
    /// Header names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, empty when there is none.
    pub body: Vec<u8>,
}

impl Request {
    /// A request without a body.
    pub fn get(path: impl Into<String>) -> Self {
        Self {
            method: http::Method::GET,
            path: path.into(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// A request with a JSON body.
    pub fn post(path: impl Into<String>, body: &impl Serialize) -> Self {
        Self {
            method: http::Method::POST,
            path: path.into(),
            headers: vec![("content-type".into(), "application/json".into())],
            // What is written here are values and shapes of our own, which are always JSON.
            body: serde_json::to_vec(body).unwrap_or_default(),
        }
    }

    /// The same request with one more header.
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_ascii_lowercase(), value.into()));
        self
    }
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// Header names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as it came.
    pub body: Vec<u8>,
}

impl Reply {
    /// The body as JSON, or an error that shows its beginning.
    pub fn json(&self) -> Result<Value, TargetError> {
        serde_json::from_slice(&self.body).map_err(|_| TargetError::NotJson {
            status: self.status,
            beginning: String::from_utf8_lossy(&self.body)
                .chars()
                .take(120)
                .collect(),
        })
    }

    /// The value of a header, if it came.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Why no usable reply came.
#[derive(Clone, Debug, thiserror::Error)]
pub enum TargetError {
    /// The target could not be reached, or broke off.
    #[error("no reply from {base}: {cause}")]
    Unreachable {
        /// The base URL.
        base: String,
        /// What the transport says.
        cause: String,
    },
    /// A reply that should be JSON is not.
    #[error("the reply (status {status}) is not JSON; it begins `{beginning}`")]
    NotJson {
        /// The HTTP status.
        status: u16,
        /// Its first characters.
        beginning: String,
    },
    /// A reply that says no, where the caller can only go on after a yes.
    #[error("{method} {path} was answered {status}: {body}")]
    Refused {
        /// The HTTP method.
        method: String,
        /// Path and query.
        path: String,
        /// The HTTP status.
        status: u16,
        /// The body as text.
        body: String,
    },
}

/// Where calls go.
#[derive(Clone, Debug)]
pub enum Target {
    /// Our server's router in this process; no socket.
    InProcess(InProcess),
    /// A base URL.
    Http(HttpTarget),
}

impl Target {
    /// Sends one request and waits for its whole reply.
    pub async fn send(&self, request: Request) -> Result<Reply, TargetError> {
        match self {
            Self::InProcess(router) => router.send(request).await,
            Self::Http(client) => client.send(request).await,
        }
    }

    /// The base URL as a user would type it; for curl lines.
    pub fn base_url(&self) -> &str {
        match self {
            Self::InProcess(_) => InProcess::BASE_URL,
            Self::Http(client) => client.base_url(),
        }
    }
}
