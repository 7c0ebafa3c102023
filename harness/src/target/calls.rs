//! The calls that were made to a project, so that a failure can show what led to it, as lines for a shell.
//! Reads of the control API and of exports are not among them.

use std::{
    fmt::Write,
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;

use super::{Credentials, Reply, Request, TargetError};
use crate::shell::quoted;

/// Characters of a reply that are shown.
const REPLY_SHOWN_MAX: usize = 200;

/// The calls of one client and its copies, in the order in which they were answered.
#[derive(Clone, Debug)]
pub struct CallLog(Option<Arc<Mutex<Vec<SentCall>>>>);

impl Default for CallLog {
    fn default() -> Self {
        Self(Some(Arc::default()))
    }
}

/// One call and what came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentCall {
    request: Request,
    answer: String,
}

/// What stands in a line in place of a project's name and keys.
#[derive(Clone, Debug)]
pub struct ShownAs {
    /// The base URL.
    pub base_url: String,
    /// The token and keys; may be variables of the shell.
    pub credentials: Credentials,
}

impl CallLog {
    /// One that stays empty, for work of more calls than anybody will read.
    pub fn none() -> Self {
        Self(None)
    }

    /// Whether anybody will read it.
    pub fn is_kept(&self) -> bool {
        self.0.is_some()
    }

    /// A call that is being made; its place is that of its beginning, whoever is answered first.
    pub(super) fn begins(&self, request: &Request) -> Option<usize> {
        let mut calls = self.calls()?;
        calls.push(SentCall {
            request: request.clone(),
            answer: "not answered".to_owned(),
        });
        Some(calls.len() - 1)
    }

    /// What came of the call at that place.
    pub(super) fn answered(&self, at: Option<usize>, reply: &Result<Reply, TargetError>) {
        let Some((at, mut calls)) = at.zip(self.calls()) else {
            return;
        };
        let answer = match reply {
            Ok(reply) => format!("{} {}", reply.status, beginning(&reply.body)),
            Err(error) => error.to_string(),
        };
        if let Some(call) = calls.get_mut(at) {
            call.answer = answer;
        }
    }

    /// All calls so far, which leave the log.
    pub fn taken(&self) -> Vec<SentCall> {
        let calls = self.calls();
        calls
            .map(|mut calls| std::mem::take(&mut *calls))
            .unwrap_or_default()
    }

    /// All calls so far, which stay in the log.
    pub fn seen(&self) -> Vec<SentCall> {
        self.calls().map(|calls| calls.clone()).unwrap_or_default()
    }

    fn calls(&self) -> Option<std::sync::MutexGuard<'_, Vec<SentCall>>> {
        // A list of calls is whole after every push, whoever panicked then.
        let calls = self.0.as_ref()?.lock();
        Some(calls.unwrap_or_else(PoisonError::into_inner))
    }
}

fn beginning(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let shown: String = text.chars().take(REPLY_SHOWN_MAX).collect();
    let more = if shown.len() < text.len() { "..." } else { "" };
    format!("{}{more}", shown.replace('\n', " "))
}

impl SentCall {
    /// The JSON that was sent; null if it was none.
    pub fn body(&self) -> Value {
        serde_json::from_slice(&self.request.body).unwrap_or_default()
    }

    /// Method, path and answer, and below them the line that makes the call again.
    pub fn text(&self, own: &Credentials, shown: &ShownAs) -> String {
        let said = |text: &str| with_names(text, own, &shown.credentials);
        format!(
            "{} {}  {}\n{}",
            self.request.method,
            said(&self.request.path),
            said(&self.answer),
            self.curl(own, shown),
        )
    }

    fn curl(&self, own: &Credentials, shown: &ShownAs) -> String {
        let said = |text: &str| with_names(text, own, &shown.credentials);
        let request = &self.request;
        let path = said(&request.path);
        let mut line = format!("curl -X {} \"{}{path}\"", request.method, shown.base_url);
        for (name, value) in &request.headers {
            let value = match value.strip_prefix("Basic ").and_then(decoded) {
                Some(pair) if name == "authorization" => {
                    let _ = write!(line, " -u \"{}\"", said(&pair));
                    continue;
                }
                _ => said(value),
            };
            let _ = write!(line, " -H \"{name}: {}\"", value.replace('"', "\\\""));
        }
        if !request.body.is_empty() {
            let body = said(&String::from_utf8_lossy(&request.body));
            let _ = write!(line, " -d {}", quoted(&body));
        }
        line
    }
}

fn decoded(pair: &str) -> Option<String> {
    String::from_utf8(BASE64_STANDARD.decode(pair).ok()?).ok()
}

/// The text with the names and keys of a project replaced by others, so that no secret is shown.
fn with_names(text: &str, own: &Credentials, shown: &Credentials) -> String {
    let mut text = text.to_owned();
    let pairs = [
        (&own.api_secret, &shown.api_secret),
        (&own.api_key_id, &shown.api_key_id),
        (&own.public_token, &shown.public_token),
        (&own.token, &shown.token),
    ];
    for (own, shown) in pairs {
        if !own.is_empty() {
            text = text.replace(own.as_str(), shown);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_line_makes_the_call_again_and_shows_no_secret() {
        let named = |token: &str, id: &str, secret: &str| Credentials {
            token: token.into(),
            api_key_id: id.into(),
            api_secret: secret.into(),
            public_token: String::new(),
            access_groups: Vec::new(),
        };
        let own = named("t-1", "k-1", "s-1");
        let shown = ShownAs {
            base_url: "https://api.example.com".into(),
            credentials: named("t-1", "$TWINFOLD_API_KEY_ID", "$TWINFOLD_API_SECRET"),
        };
        let body = json!({"customer_ids": {"registered": "o'hara@example.com"}});
        let pair = BASE64_STANDARD.encode("k-1:s-1");
        let call = SentCall {
            request: Request::post("/track/v2/projects/t-1/customers", &body)
                .header("authorization", format!("Basic {pair}")),
            answer: "200 {\"success\":true}".into(),
        };
        assert_eq!(
            call.text(&own, &shown),
            "POST /track/v2/projects/t-1/customers  200 {\"success\":true}\n\
             curl -X POST \"https://api.example.com/track/v2/projects/t-1/customers\" -H \"content-type: application/json\" \
             -u \"$TWINFOLD_API_KEY_ID:$TWINFOLD_API_SECRET\" -d '{\"customer_ids\":{\"registered\":\"o'\\''hara@example.com\"}}'"
        );
    }
}
