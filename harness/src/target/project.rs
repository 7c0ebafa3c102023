//! One project of a target, with its credentials: what scenarios and repairs talk to.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{CallLog, Reply, Request, Retry, Target, TargetError};

/// The prefix of our server's control API.
pub const CONTROL: &str = "/_twinfold";

/// What a project needs to be called; the shape of the control API's `project` object.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Credentials {
    /// The project token, part of every path.
    pub token: String,
    /// Private access: the key's ID.
    pub api_key_id: String,
    /// Private access: the key's secret.
    pub api_secret: String,
    /// Public access: the token of `Authorization: Token`; empty if there is none.
    #[serde(default)]
    pub public_token: String,
    /// The access groups that the project was asked for.
    #[serde(default)]
    pub access_groups: Vec<GroupKeys>,
}

/// The keys of an access group; those of the other kind are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct GroupKeys {
    /// Its name.
    pub name: String,
    /// Private access: the key's ID.
    pub api_key_id: String,
    /// Private access: the key's secret.
    pub api_secret: String,
    /// Public access.
    pub public_token: String,
}

/// A project and the way to it.
#[derive(Clone, Debug)]
pub struct ProjectClient {
    /// The way to it.
    pub target: Target,
    /// Its name and keys.
    pub credentials: Credentials,
    /// The calls that were made to it.
    pub calls: CallLog,
    pub(crate) retry: Retry,
}

impl ProjectClient {
    /// A client of a project that exists.
    pub fn new(target: Target, credentials: Credentials) -> Self {
        Self {
            target,
            credentials,
            calls: CallLog::default(),
            retry: Retry::default(),
        }
    }

    /// The same client, which sends again what was put off or broke off. Only for calls that may come twice.
    pub fn with_retry(self, retry: Retry) -> Self {
        Self { retry, ..self }
    }

    /// The same client, which keeps no list of its calls.
    pub fn without_call_log(self) -> Self {
        let calls = CallLog::none();
        Self { calls, ..self }
    }

    /// A new project of our own server, made by its control API. `settings` is the body of
    /// `POST /projects`: `{"id_types", "switches", "strategy", "clock", ...}`.
    pub async fn create(target: Target, settings: &impl Serialize) -> Result<Self, TargetError> {
        let request = Request::post(format!("{CONTROL}/projects"), settings);
        let (method, path) = (request.method.to_string(), request.path.clone());
        let project = accepted(method, path, target.send(request).await?)?;
        Self::from_reply(target, project)
    }

    /// A copy of this project with a token and keys of its own.
    pub async fn fork(&self) -> Result<Self, TargetError> {
        let request = Request::post(self.control_path("/fork"), &serde_json::json!({}));
        let (method, path) = (request.method.to_string(), request.path.clone());
        let project = accepted(method, path, self.send_open(request).await?)?;
        Self::from_reply(self.target.clone(), project)
    }

    fn from_reply(target: Target, project: Value) -> Result<Self, TargetError> {
        let beginning = project.to_string();
        let credentials = serde_json::from_value(project).map_err(|_| TargetError::NotJson {
            status: 200,
            beginning,
        })?;
        Ok(Self::new(target, credentials))
    }

    /// `/track/v2/projects/{token}` followed by `rest`.
    pub fn track_path(&self, rest: &str) -> String {
        format!("/track/v2/projects/{}{rest}", self.credentials.token)
    }

    /// `/data/v2/projects/{token}` followed by `rest`.
    pub fn data_path(&self, rest: &str) -> String {
        format!("/data/v2/projects/{}{rest}", self.credentials.token)
    }

    /// The control API's path of this project followed by `rest`.
    pub fn control_path(&self, rest: &str) -> String {
        format!("{CONTROL}/projects/{}{rest}", self.credentials.token)
    }

    /// Sends a request with the private key, unless it brings its own `authorization`.
    pub async fn send(&self, request: Request) -> Result<Reply, TargetError> {
        let own = request
            .headers
            .iter()
            .any(|(name, _)| name == "authorization");
        let request = if own {
            request
        } else {
            request.header("authorization", self.basic())
        };
        self.send_open(request).await
    }

    /// Sends a request as it is, without credentials; the control API takes none.
    pub async fn send_open(&self, request: Request) -> Result<Reply, TargetError> {
        let mut attempts = 0;
        loop {
            let is_noted = !request.path.starts_with(CONTROL);
            let place = is_noted.then(|| self.calls.begins(&request)).flatten();
            let answer = self.target.send(request.clone()).await;
            self.calls.answered(place, &answer);
            attempts += 1;
            match self.retry.pause(attempts, &answer) {
                None => return answer,
                Some(pause) if pause.is_zero() => {}
                Some(pause) => tokio::time::sleep(pause).await,
            }
        }
    }

    /// Sends a request and takes its JSON body if the status is 2xx.
    pub async fn accepted(&self, request: Request) -> Result<Value, TargetError> {
        let (method, path) = (request.method.to_string(), request.path.clone());
        accepted(method, path, self.send(request).await?)
    }

    /// The value of `Authorization` for private access.
    pub fn basic(&self) -> String {
        let pair = format!(
            "{}:{}",
            self.credentials.api_key_id, self.credentials.api_secret
        );
        format!("Basic {}", BASE64_STANDARD.encode(pair))
    }
}

fn accepted(method: String, path: String, reply: Reply) -> Result<Value, TargetError> {
    if !(200..300).contains(&reply.status) {
        return Err(TargetError::Refused {
            method,
            path,
            status: reply.status,
            body: String::from_utf8_lossy(&reply.body).into_owned(),
        });
    }
    reply.json()
}
