//! The way into the server. Tracking calls are most of the traffic, and the layers around a route cost more than the
//! call itself, so a tracking call that needs none of them is answered here; everything else takes the layers.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    response::Response,
};
use bytes::Bytes;
use http::{Method, header};
use hyper::body::Incoming;
use tower::ServiceExt;
use twinfold_engine::Label;

use super::{BYTES_MAX, Body as WholeBody, layered, track};
use crate::{
    access::Call,
    error::Error,
    evidence::{self, Backed},
    projects::{Hosted, Projects},
};

/// Answers every request.
#[derive(Clone, Debug)]
pub(crate) struct Front {
    projects: Projects,
    layered: Router,
}

/// A tracking route, as the function that answers it.
type Tracking = fn(&Call) -> Result<Backed, Error>;

impl Front {
    pub(crate) fn new(projects: Projects) -> Self {
        let layered = layered(projects.clone());
        Self { projects, layered }
    }

    /// Answers a request of whoever the request itself says, by [`ConnectInfo`].
    pub(crate) async fn answer(&self, request: Request) -> Response {
        match self.straight(&request) {
            Some((project, tracking)) => self.track(project, tracking, request).await,
            None => self.take_layers(request).await,
        }
    }

    /// Answers a request from this address.
    pub(crate) async fn answer_to(
        &self,
        peer: SocketAddr,
        request: http::Request<Incoming>,
    ) -> Response {
        if let Some((project, tracking)) = self.straight(&request) {
            return self.track(project, tracking, request).await;
        }
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        self.take_layers(request).await
    }

    async fn take_layers(&self, request: Request) -> Response {
        let Ok(response) = self.layered.clone().oneshot(request).await;
        response
    }

    /// The route of a tracking call to a project that counts no requests and plans no fault, by no page of the web.
    fn straight<B>(&self, request: &http::Request<B>) -> Option<(Arc<Hosted>, Tracking)> {
        let rest = request.uri().path().strip_prefix("/track/v2/projects/")?;
        let (token, route) = rest.split_once('/')?;
        let tracking: Tracking = match route {
            "customers" => track::customers,
            "customers/events" => track::events,
            "batch" => track::batch,
            _ => return None,
        };
        if request.method() != Method::POST || request.headers().contains_key(header::ORIGIN) {
            return None;
        }
        let project = self.projects.get(token)?;
        (!project.needs_guard()).then_some((project, tracking))
    }

    async fn track(
        &self,
        project: Arc<Hosted>,
        tracking: Tracking,
        request: http::Request<impl hyper::body::Body<Data = Bytes> + Unpin>,
    ) -> Response {
        let (parts, body) = request.into_parts();
        let by_request = evidence::by_header(&parts.headers);
        let by_project = self.projects.fails_on(Some(&project));
        let body = WholeBody::read_up_to(BYTES_MAX, &parts.headers, body).await;
        let call = body.and_then(|WholeBody(body)| Call::to(project, parts, body));
        let backed = call.and_then(|call| tracking(&call));
        let backed = backed.unwrap_or_else(Error::backed);
        backed.label(
            Label::Documented,
            by_request.into_iter().chain(by_project).min(),
        )
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, prelude::BASE64_STANDARD};
    use serde_json::{Value, json};

    use super::*;
    use crate::Credentials;

    const UPDATE: &str = r#"{"customer_ids": {"registered": "a"}, "properties": {"n": 1}}"#;
    const EVENT: &str = r#"{"customer_ids": {"cookie": "c"}, "event_type": "visit"}"#;

    /// A server whose one project has a clock that stands still.
    fn front() -> (Front, Credentials) {
        let projects = Projects::new();
        let settings = serde_json::from_value(json!({"clock": {"start": 1000, "step": 1}}));
        let credentials = projects.create(&settings.unwrap()).unwrap();
        (Front::new(projects), credentials)
    }

    fn basic(credentials: &Credentials, secret: &str) -> String {
        let pair = format!("{}:{secret}", credentials.api_key_id);
        format!("Basic {}", BASE64_STANDARD.encode(pair))
    }

    fn request(token: &str, route: &str, headers: &[(&str, &str)], body: &str) -> Request {
        let uri = format!("/track/v2/projects/{token}/{route}");
        let mut request = http::Request::post(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Body::from(body.to_owned())).unwrap()
    }

    /// Status, media type, label and body.
    async fn told(response: Response) -> (u16, [Option<String>; 2], Value) {
        let (parts, body) = response.into_parts();
        let header = |name| Some(parts.headers.get(name)?.to_str().ok()?.to_owned());
        let headers = [header("content-type"), header("twinfold-evidence")];
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let body = serde_json::from_slice(&body).unwrap();
        (parts.status.as_u16(), headers, body)
    }

    #[tokio::test]
    async fn the_straight_way_answers_as_the_layers_do() {
        let (straight, own) = front();
        let (layered, other) = front();
        let long = format!(
            r#"{{"customer_ids": {{"registered": "{}"}}}}"#,
            "a".repeat(BYTES_MAX)
        );
        let batch = r#"{"commands": [{"name": "customers", "data": {"customer_ids": {"registered": "a", "cookie": "c"}}, "command_id": "x"},
            {"name": "customers/events", "data": {"customer_ids": {}}}, {"name": "odd"}, {"name": "system/time"}]}"#;
        for (route, headers, body) in [
            ("customers", vec![], UPDATE),
            ("customers/events", vec![], EVENT),
            ("batch", vec![], batch),
            ("batch", vec![], r#"{"commands": []}"#),
            ("customers", vec![], r#"{"customer_ids": {}}"#),
            ("customers", vec![], "[]"),
            ("customers", vec![], &long),
            ("customers", vec![("content-encoding", "gzip")], UPDATE),
            ("customers", vec![("twinfold-fail-on", "observed")], UPDATE),
            ("customers", vec![("authorization", "Bearer b")], UPDATE),
            ("customers", vec![("authorization", "")], UPDATE),
        ] {
            let mut replies = Vec::new();
            for (front, credentials) in [(&straight, &own), (&layered, &other)] {
                let key = basic(credentials, &credentials.api_secret);
                let mut headers = headers.clone();
                if !headers.iter().any(|(name, _)| *name == "authorization") {
                    headers.push(("authorization", &key));
                }
                let request = request(&credentials.token, route, &headers, body);
                let is_straight = front.straight(&request).is_some();
                assert!(is_straight, "{route}");
                let response = match std::ptr::eq(front, &straight) {
                    true => front.answer(request).await,
                    false => front.take_layers(request).await,
                };
                replies.push(told(response).await);
            }
            assert_eq!(replies[0], replies[1], "{route} {headers:?} {body:.200}");
        }
        let journal = |front: &Front, credentials: &Credentials| {
            let project = front.projects.get(&credentials.token).unwrap();
            let world = project.world();
            let entries = world.journal().entries_after(0);
            entries
                .map(|entry| format!("{entry:?}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(journal(&straight, &own), journal(&layered, &other));
    }

    #[test]
    fn whatever_needs_a_layer_takes_it() {
        let (front, own) = front();
        let token = &own.token;
        for (token, route, headers) in [
            ("nobody", "customers", vec![]),
            (token, "customers/", vec![]),
            (token, "campaigns/clicks", vec![]),
            (token, "customers", vec![("origin", "https://shop.example")]),
        ] {
            let request = request(token, route, &headers, UPDATE);
            assert!(front.straight(&request).is_none(), "{token} {route}");
        }
        let project = front.projects.get(token).unwrap();
        let fault = json!({"fault": {"kind": "reset"}});
        project.faults.plan(serde_json::from_value(fault).unwrap());
        let request = request(token, "customers", &[], UPDATE);
        assert!(front.straight(&request).is_none());
    }
}
