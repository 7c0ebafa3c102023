//! The way to the server, disturbed: a request may be lost, doubled, refused, cut off or answered half, and others
//! may write before it. Everything that is written on the way is kept as moments, by which a run is judged.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, body::Body, extract::State, response::Response};
use http_body_util::{BodyExt, Full, Limited};
use serde_json::{Value, json};
use tower::ServiceExt;
use twinfold::target::{InProcess, ProjectClient, Retry, Target};

use crate::{
    command::Sent,
    lived::{self, Customers},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// Carried out, and the reply is lost.
    LostReply,
    /// Carried out twice.
    Twice,
    /// Not carried out, and to be tried again later.
    TooMany,
    /// Not carried out.
    Unavailable,
    /// Carried out, and the connection breaks in the middle of the reply.
    Broken,
    /// The last command of a batch fails inside a 200; the others are carried out.
    Command,
    /// Nothing is answered from here on; this one is carried out.
    Crash,
}

impl Fault {
    pub(crate) const ALL: [Self; 7] = [
        Self::LostReply,
        Self::Twice,
        Self::TooMany,
        Self::Unavailable,
        Self::Broken,
        Self::Command,
        Self::Crash,
    ];

    /// Whether the run stops and is resumed; else sending again is enough.
    pub(crate) fn stops(self) -> bool {
        matches!(self, Self::Command | Self::Crash)
    }
}

/// What disturbs one run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Disturbance {
    /// The fault and the number of the request that it hits.
    pub(crate) fault: Option<(usize, Fault)>,
    /// What others send before the requests of these numbers.
    pub(crate) traffic: BTreeMap<usize, Vec<Sent>>,
    /// The number of the first request, where a run goes on after another.
    pub(crate) first: usize,
    /// Moments are kept although nobody else writes.
    pub(crate) is_watched: bool,
}

impl Disturbance {
    fn is_watched(&self) -> bool {
        self.is_watched || !self.traffic.is_empty()
    }
}

/// Something that happened on the way, in order.
#[derive(Clone, Debug)]
pub(crate) enum Moment {
    /// Others wrote before the request of this number.
    Traffic {
        number: usize,
        /// The step of the plan that was reached.
        step: String,
        before: Customers,
        after: Customers,
        entries: Vec<Value>,
    },
    /// The repair read one profile by these IDs, with its run begun: what it reads before that is taking stock.
    Read { number: usize, ids: Value },
    /// The repair wrote.
    Write {
        number: usize,
        before: Customers,
        entries: Vec<Value>,
    },
}

/// The server behind a disturbed way.
#[derive(Clone)]
pub(crate) struct Transport {
    inner: Router,
    /// The project as others reach it.
    project: ProjectClient,
    disturbance: Arc<Disturbance>,
    log: PathBuf,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    /// How many requests there were.
    pub(crate) requests: usize,
    /// The numbers of those that were batches.
    pub(crate) batches: Vec<usize>,
    /// The step of the plan at which the fault hit.
    pub(crate) hit: Option<String>,
    /// Kept only where that is asked for, or where there is traffic.
    pub(crate) moments: Vec<Moment>,
}

impl Transport {
    /// A client of this project on a disturbed way; `log` is where its run is logged.
    pub(crate) fn client(
        inner: &Router,
        project: &ProjectClient,
        disturbance: Disturbance,
        log: &Path,
    ) -> (ProjectClient, Self) {
        let patient = disturbance.fault.is_none_or(|(_, fault)| !fault.stops());
        let seen = Seen {
            requests: disturbance.first,
            ..Seen::default()
        };
        let transport = Self {
            inner: inner.clone(),
            project: project.clone(),
            disturbance: Arc::new(disturbance),
            log: log.to_owned(),
            seen: Arc::new(Mutex::new(seen)),
        };
        let router = Router::new().fallback(answer).with_state(transport.clone());
        let target = Target::InProcess(InProcess::new(router));
        let client = ProjectClient::new(target, project.credentials.clone()).with_retry(Retry {
            attempts_max: if patient { 3 } else { 1 },
            first: Duration::ZERO,
            longest: Duration::ZERO,
        });
        (client, transport)
    }

    pub(crate) fn seen(&self) -> Seen {
        self.seen.lock().unwrap().clone()
    }

    fn next_number(&self) -> usize {
        let mut seen = self.seen.lock().unwrap();
        seen.requests += 1;
        seen.requests - 1
    }

    fn note(&self, moment: Moment) {
        self.seen.lock().unwrap().moments.push(moment);
    }

    async fn let_others_through(&self, number: usize) {
        for sent in self.disturbance.traffic.get(&number).into_iter().flatten() {
            let before = lived::customers(&self.project).await;
            let seq = self.last_entry().await;
            lived::send(&self.project, sent, "js-sdk").await;
            self.note(Moment::Traffic {
                number,
                step: self.step(),
                before,
                after: lived::customers(&self.project).await,
                entries: lived::journal_after(&self.project, seq).await,
            });
        }
    }

    async fn last_entry(&self) -> u64 {
        let page = lived::control(&self.project, "/journal?after=0&limit=1").await;
        page["last"].as_u64().unwrap()
    }

    /// The step of the call that is being made, as the log says.
    fn step(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines = log
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let (mut open, mut begun) = (BTreeMap::new(), false);
        for line in lines {
            if let Some(step) = line["begins"]["step"].as_str() {
                open.insert(line["begins"]["at"].as_u64(), step.to_owned());
                begun = true;
            }
            open.remove(&line["ended"]["at"].as_u64());
        }
        let calm = if begun { "verifying" } else { "reading" };
        let open = open.into_values().next();
        open.unwrap_or_else(|| calm.to_owned())
    }
}

async fn answer(State(transport): State<Transport>, request: http::Request<Body>) -> Response {
    let number = transport.next_number();
    transport.let_others_through(number).await;
    let (parts, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    let request = |body: &[u8]| {
        let (parts, body) = (parts.clone(), Body::from(body.to_vec()));
        http::Request::from_parts(parts, body)
    };
    let path = parts.uri.path();
    if path.ends_with("/batch") {
        transport.seen.lock().unwrap().batches.push(number);
    }
    let watched = transport.disturbance.is_watched() && !path.starts_with("/_twinfold");
    if watched && path.ends_with("/export-one") && transport.log.exists() {
        let ids = serde_json::from_slice::<Value>(&body).unwrap()["customer_ids"].take();
        transport.note(Moment::Read { number, ids });
    }
    let writes = watched && !path.contains("/export");
    let before = match writes {
        true => Some((
            lived::customers(&transport.project).await,
            transport.last_entry().await,
        )),
        false => None,
    };
    let response = transport.meddled(number, path, &body, request).await;
    if let Some((before, seq)) = before {
        transport.note(Moment::Write {
            number,
            before,
            entries: lived::journal_after(&transport.project, seq).await,
        });
    }
    response
}

impl Transport {
    async fn meddled(
        &self,
        number: usize,
        path: &str,
        body: &[u8],
        request: impl Fn(&[u8]) -> http::Request<Body>,
    ) -> Response {
        let Some((at, fault)) = self.disturbance.fault else {
            return self.forward(request(body)).await;
        };
        if fault == Fault::Crash && number > at {
            return refuse(502);
        }
        let applies = fault != Fault::Command || path.ends_with("/batch");
        if number != at || !applies {
            return self.forward(request(body)).await;
        }
        let step = self.step();
        self.seen.lock().unwrap().hit = Some(step);
        match fault {
            Fault::TooMany => refuse(429),
            Fault::Unavailable => refuse(503),
            Fault::LostReply | Fault::Crash => {
                self.forward(request(body)).await;
                refuse(502)
            }
            Fault::Twice => {
                self.forward(request(body)).await;
                self.forward(request(body)).await
            }
            Fault::Broken => {
                let reply = self.forward(request(body)).await;
                let bytes = reply.into_body().collect().await.unwrap().to_bytes();
                let half = bytes.len() / 2;
                Response::new(Body::new(Limited::new(Full::from(bytes), half)))
            }
            Fault::Command => self.without_the_last(body, request).await,
        }
    }

    async fn without_the_last(
        &self,
        body: &[u8],
        request: impl Fn(&[u8]) -> http::Request<Body>,
    ) -> Response {
        let mut body: Value = serde_json::from_slice(body).unwrap();
        body["commands"].as_array_mut().unwrap().pop();
        let mut results = Vec::new();
        if body["commands"] != json!([]) {
            let reply = self.forward(request(body.to_string().as_bytes())).await;
            let bytes = reply.into_body().collect().await.unwrap().to_bytes();
            let reply: Value = serde_json::from_slice(&bytes).unwrap();
            results.extend(reply["results"].as_array().unwrap().iter().cloned());
        }
        results.push(json!({"success": false, "errors": ["try again"]}));
        Response::new(Body::from(
            json!({"success": true, "results": results}).to_string(),
        ))
    }

    async fn forward(&self, request: http::Request<Body>) -> Response {
        let Ok(response) = self.inner.clone().oneshot(request).await;
        response
    }
}

fn refuse(status: u16) -> Response {
    let mut response = Response::new(Body::from("{}"));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
    let headers = response.headers_mut();
    headers.insert("retry-after", "7".parse().unwrap());
    response
}
