//! `twinfold export`: the profiles of a project as a file, which `fix` and `diagnose` read.
//! It is the reply of `customers/export` as it stands, so any base URL can be asked.

use std::io::Write;

use clap::Args;
use serde_json::json;

use super::{Ended, Failure, Threads, pipe, project::Key, runtime};
use crate::target::{ProjectClient, Request, TargetError};

/// Print all profiles of a project with their IDs and properties, as a file that fix and diagnose read
#[derive(Debug, Args)]
pub(super) struct Export {
    /// Base URL of the server
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    url: String,
    #[command(flatten)]
    key: Key,
}

impl Export {
    pub(super) fn run(self) -> Result<Ended, Failure> {
        let client = self.key.client(&self.url)?;
        let body = runtime(Threads::One)?.block_on(exported(&client));
        let mut body = body.map_err(|error| Failure::Server(error.to_string()))?;
        body.push(b'\n');
        let written = std::io::stdout().write_all(&body);
        written.map_err(|error| pipe::unprinted(&error))?;
        Ok(Ended::Well)
    }
}

async fn exported(client: &ProjectClient) -> Result<Vec<u8>, TargetError> {
    let path = client.data_path("/customers/export");
    let body = json!({"attributes": {"type": "properties_and_ids"}, "format": "native_json"});
    let reply = client.send(Request::post(path.clone(), &body)).await?;
    match reply.status {
        200..=299 => Ok(reply.body),
        status => Err(TargetError::Refused {
            method: "POST".to_owned(),
            path,
            status,
            body: String::from_utf8_lossy(&reply.body).into_owned(),
        }),
    }
}
