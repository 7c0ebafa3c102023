//! Sends a file by the imports API and reads the report of its run.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{File, Mapping};
use crate::target::{ProjectClient, Reply, Request, TargetError};

/// What a run did, as the server reports it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Rows behind the header.
    pub rows: usize,
    /// Rows that were taken.
    pub accepted: usize,
    /// Profiles that did not exist before.
    pub created: usize,
    /// Profiles that were absorbed by another.
    pub merged: usize,
    /// Rows that were refused.
    pub rejected: usize,
    /// Events that were there already.
    pub duplicate_events: usize,
    /// The first refused rows.
    pub rejections: Vec<RejectedRow>,
}

/// A row that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedRow {
    /// Counted from 1 behind the header.
    pub row: usize,
    /// In the project's words.
    pub reason: String,
}

/// Why there is no report.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ImportError {
    /// The project refuses the mapping or the file; nothing was written.
    #[error("the import is refused: {0}")]
    Refused(String),
    /// The server has no such routes, or does not let the caller in.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// The reply is none of twinfold's.
    #[error(
        "`{path}` was answered in another shape; only twinfold's own server takes a file inline and reports on it"
    )]
    Shape {
        /// The path of the request.
        path: String,
    },
    /// A preview needs a copy of the project.
    #[error(
        "a preview is made on a copy of the project, and only the control API of twinfold's own server makes one: {0}"
    )]
    NoCopy(TargetError),
}

/// Imports the file and reads the report.
pub async fn send(
    client: &ProjectClient,
    mapping: &Mapping,
    file: &File,
) -> Result<Report, ImportError> {
    let path = format!("/imports/v1/{}", client.credentials.token);
    let request = Request::post(path.clone(), &mapping.definition(file.content()));
    let reply = client.send(request).await?;
    if let Some(says) = refusal(&reply) {
        return Err(ImportError::Refused(says));
    }
    if !(200..300).contains(&reply.status) {
        return Err(ImportError::Target(TargetError::Refused {
            method: "POST".into(),
            path,
            status: reply.status,
            body: String::from_utf8_lossy(&reply.body).into_owned(),
        }));
    }
    let defined = reply.json()?;
    let Some(import_id) = defined["import_id"].as_str() else {
        return Err(ImportError::Shape { path });
    };
    let path = format!("{path}/{import_id}");
    let mut shown = client.accepted(Request::get(path.clone())).await?;
    let run = shown.pointer_mut("/runs/0").map(Value::take);
    let report = run.and_then(|run| serde_json::from_value(run).ok());
    report.ok_or(ImportError::Shape { path })
}

/// What the imports API says against a definition or its file; a caller who was not let in reads other words.
fn refusal(reply: &Reply) -> Option<String> {
    let body = reply.json().ok()?;
    let says = body.pointer("/errors/_global/0")?.as_str()?;
    (reply.status == 400).then(|| says.to_owned())
}
