//! How well a reply is known: the weakest label among its route and the rules it used, in one response header.
//! A test that wants no guess asks for a failure instead, by a request header, a project's setting or the server's.

use std::str::FromStr;

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use serde_json::json;
use twinfold_engine::{Label, Outcome, Rejection, Rule, Rules};

use crate::wire::reply;

/// The response header that names the weakest label.
pub(crate) const EVIDENCE: HeaderName = HeaderName::from_static("twinfold-evidence");

/// The request header that asks for a failure: `observed` or `assumed`.
const FAIL_ON: HeaderName = HeaderName::from_static("twinfold-fail-on");

/// From which label on a reply is replaced by a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    /// What is only observed fails, and what is assumed.
    Observed,
    /// What is assumed fails.
    Assumed,
}

/// What a reply rests on besides its route.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Evidence {
    rules: Rules,
    label: Option<Label>,
}

/// A reply and what it rests on.
#[derive(Debug)]
pub(crate) struct Backed {
    reply: Response,
    evidence: Evidence,
}

impl FailOn {
    fn label(self) -> Label {
        match self {
            Self::Observed => Label::Observed,
            Self::Assumed => Label::Assumed,
        }
    }
}

impl FromStr for FailOn {
    type Err = String;

    fn from_str(written: &str) -> Result<Self, String> {
        match written {
            "observed" => Ok(Self::Observed),
            "assumed" => Ok(Self::Assumed),
            _ => Err(format!("`{written}` is neither observed nor assumed")),
        }
    }
}

impl Evidence {
    /// A label of the server's own, for what is no rule of the engine.
    pub(crate) fn of(label: Label) -> Self {
        Self {
            rules: Rules::default(),
            label: Some(label),
        }
    }

    /// Adds what a write rests on.
    pub(crate) fn add(&mut self, result: &Result<Option<Outcome>, Rejection>) {
        match result {
            Ok(Some(outcome)) => self.rules.add_all(outcome.because),
            Ok(None) => {}
            Err(rejection) => {
                self.rules.add(rejection.rule());
                self.add_label(rejection.label());
            }
        }
    }

    pub(crate) fn add_label(&mut self, label: Label) {
        self.label = self.label.max(Some(label));
    }

    /// The reply, which rests on this.
    pub(crate) fn under(self, reply: Response) -> Response {
        self.backs(reply).into_response()
    }

    /// The same while the two are still apart.
    pub(crate) fn backs(self, reply: Response) -> Backed {
        let evidence = self;
        Backed { reply, evidence }
    }

    fn weakest(self) -> Option<Label> {
        self.label.max(self.rules.weakest_label())
    }

    /// The rules as weak as this, in sentences.
    fn sentences(self, label: Label) -> Vec<String> {
        let weak = self.rules.iter().filter(|rule| rule.label() >= label);
        weak.map(sentence).collect()
    }
}

fn sentence(rule: Rule) -> String {
    let (slug, label, says) = (rule.slug(), rule.label().name(), rule.says());
    format!("{slug} ({label}): {says}")
}

impl Backed {
    /// The reply with its label, or a failure in its place where one was asked for.
    pub(crate) fn label(self, of_route: Label, fail_on: Option<FailOn>) -> Response {
        let Self { reply, evidence } = self;
        let label = evidence.weakest().max(Some(of_route)).unwrap_or(of_route);
        let reply = match fail_on.map(FailOn::label) {
            Some(weak) if label >= weak => failure(evidence, label, weak),
            _ => reply,
        };
        labelled(reply, label)
    }
}

impl IntoResponse for Backed {
    fn into_response(self) -> Response {
        let Self {
            mut reply,
            evidence,
        } = self;
        reply.extensions_mut().insert(evidence);
        reply
    }
}

/// The reply of a route with its label, or a failure in its place where one was asked for: by the request, or by the
/// project or the server.
pub(crate) fn label(
    of_route: Label,
    by_request: Option<FailOn>,
    by_project: Option<FailOn>,
    response: Response,
) -> Response {
    let evidence = response.extensions().get::<Evidence>().copied();
    // A project that only the body names is known by now.
    let by_body = response.extensions().get::<FailOn>().copied();
    let asked = [by_request, by_project, by_body];
    let backed = Backed {
        reply: response,
        evidence: evidence.unwrap_or_default(),
    };
    backed.label(of_route, asked.into_iter().flatten().min())
}

/// The reply with the header.
pub(crate) fn labelled(mut response: Response, label: Label) -> Response {
    let value = HeaderValue::from_static(label.name());
    response.headers_mut().insert(EVIDENCE, value);
    response
}

/// What a request asks for. A word that is none of ours asks for nothing: real clients do not send this header.
pub(crate) fn by_header(headers: &HeaderMap) -> Option<FailOn> {
    headers.get(FAIL_ON)?.to_str().ok()?.parse().ok()
}

/// The request was carried out; only its reply is replaced. 422, because clients repeat after a 5xx.
fn failure(evidence: Evidence, label: Label, weak: Label) -> Response {
    let mut errors = vec![format!(
        "the reply to this request is only {}, and a failure was asked for; the request was carried out",
        label.name()
    )];
    errors.extend(evidence.sentences(weak));
    reply::json(422, &json!({"success": false, "errors": errors}))
}
