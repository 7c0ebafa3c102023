//! A server on a free port and a client of its default project.

use reqwest::Method;
use serde_json::Value;
use twinfold_server::{CONTROL_PREFIX, Credentials, Projects, Server};

/// A server, and how to call it.
pub struct Client {
    server: Server,
    http: reqwest::Client,
    /// The project that is called.
    pub project: Credentials,
}

/// A request that is sent as it stands.
pub struct Raw<'a> {
    /// Its method.
    pub method: Method,
    /// The path, with its query.
    pub path: String,
    /// Names and values.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body's bytes.
    pub body: &'a [u8],
}

impl Client {
    /// A server with the default project.
    pub async fn start() -> Self {
        let local = [127, 0, 0, 1].into();
        Self {
            server: Server::start(local, 0, Projects::with_default_project())
                .await
                .unwrap(),
            http: reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap(),
            project: Credentials::of_default_project(),
        }
    }

    /// The same server, another project.
    pub async fn create(&mut self, settings: Value) {
        let (status, project) = self.control("POST", "/projects", settings).await;
        assert_eq!(status, 200, "{project}");
        self.adopt(&project);
    }

    /// Calls this project from now on; what the control API answered when it was created.
    pub fn adopt(&mut self, project: &Value) {
        let text = |key: &str| project[key].as_str().unwrap().to_owned();
        self.project = Credentials {
            token: text("token"),
            api_key_id: text("api_key_id"),
            api_secret: text("api_secret"),
            public_token: text("public_token"),
        };
    }

    /// Without a slash at the end.
    pub fn base_url(&self) -> String {
        self.server.base_url()
    }

    /// A path of the Tracking API.
    pub fn track(&self, rest: &str) -> String {
        format!("/track/v2/projects/{}{rest}", self.project.token)
    }

    /// A path of the Data API.
    pub fn data(&self, rest: &str) -> String {
        format!("/data/v2/projects/{}/customers{rest}", self.project.token)
    }

    /// A request with the private key.
    pub async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        let request = self.http.post(format!("{}{path}", self.base_url()));
        let request = request.basic_auth(&self.project.api_key_id, Some(&self.project.api_secret));
        answer(request.body(body.to_string())).await
    }

    /// A request to the control API.
    pub async fn control(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let url = format!("{}{CONTROL_PREFIX}{path}", self.base_url());
        let request = self.http.request(method.parse().unwrap(), url);
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        answer(request.body(body)).await
    }

    /// What the control API says of this project.
    pub async fn of_project(&self, rest: &str) -> Value {
        let path = format!("/projects/{}{rest}", self.project.token);
        let (status, body) = self.control("GET", &path, Value::Null).await;
        assert_eq!(status, 200, "{body}");
        body
    }

    /// A request as it stands, without a key unless it brings one; the body as text.
    pub async fn raw(&self, raw: Raw<'_>) -> (u16, String) {
        let reply = self.raw_reply(raw).await;
        (reply.status().as_u16(), reply.text().await.unwrap())
    }

    /// A request as it stands; the reply with its headers.
    pub async fn raw_reply(&self, raw: Raw<'_>) -> reqwest::Response {
        let mut request = self
            .http
            .request(raw.method, format!("{}{}", self.base_url(), raw.path));
        for (name, value) in raw.headers {
            request = request.header(*name, *value);
        }
        request.body(raw.body.to_vec()).send().await.unwrap()
    }

    /// The header of the private key.
    pub fn basic(&self) -> String {
        use base64::{Engine, prelude::BASE64_STANDARD};
        let pair = format!("{}:{}", self.project.api_key_id, self.project.api_secret);
        format!("Basic {}", BASE64_STANDARD.encode(pair))
    }
}

async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let reply = request.send().await.unwrap();
    let status = reply.status().as_u16();
    let text = reply.text().await.unwrap();
    let body = serde_json::from_str(&text);
    (status, body.unwrap_or(Value::String(text)))
}
