//! Where scenarios run: in this process, on a server that the run starts, or at a base URL.
//! A base URL without our control API is a project that others use: asking first, and only what is compared there.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};

use clap::Args;
use twinfold_server::{Projects, Server, router};

use super::{
    Failure,
    hooks::hooks,
    project::{Key, is_loopback, schema_named},
};
use crate::{
    scenario::{ForeignProject, Scenario, footprint},
    target::{CONTROL, HttpTarget, InProcess, Request, Target, TargetError},
};

/// IDs that are listed before a run is refused.
const IDS_SHOWN_MAX: usize = 8;

/// Where scenarios run.
#[derive(Debug, Args)]
pub(super) struct Place {
    /// Start the server on a free port and talk to it over HTTP, instead of calling it in this process
    #[arg(long)]
    http: bool,
    /// Run at this base URL; if no twinfold answers there, in the project that the credentials name, which should be a
    /// test project: only what the emulated API shows is compared, and customers that were there are never touched
    #[arg(long, value_name = "URL", conflicts_with = "http")]
    target: Option<String>,
    #[command(flatten)]
    key: Key,
    /// The ID types of that project; the default is registered=hard,cookie=soft
    #[arg(
        long,
        value_delimiter = ',',
        value_name = "NAME=KIND",
        requires = "target"
    )]
    ids: Vec<String>,
    /// The base URL is not on this machine, and is meant
    #[arg(long, requires = "target")]
    remote: bool,
}

/// Where a run goes.
pub(super) struct Found {
    /// Projects of our own can be made here.
    pub(super) target: Target,
    /// The run goes to this project, which is not ours.
    pub(super) project: Option<ForeignProject>,
    /// The place in words.
    pub(super) says: String,
    server: Option<Server>,
}

impl Found {
    fn ours(target: Target, says: impl Into<String>) -> Self {
        Self {
            target,
            project: None,
            says: says.into(),
            server: None,
        }
    }

    /// Stops the server, if the run has started one.
    pub(super) async fn stop(self) -> Result<(), Failure> {
        let Some(server) = self.server else {
            return Ok(());
        };
        let stopped = server.stop().await;
        stopped.map_err(|error| Failure::Server(error.to_string()))
    }
}

impl Place {
    /// The place, after it was made sure that these scenarios may write there.
    pub(super) async fn find(&self, scenarios: &[Arc<Scenario>]) -> Result<Found, Failure> {
        match &self.target {
            Some(url) => self.at(url, scenarios).await,
            None if self.http => started().await,
            None => Ok(Found::ours(in_process(), "in process")),
        }
    }

    async fn at(&self, url: &str, scenarios: &[Arc<Scenario>]) -> Result<Found, Failure> {
        let client = self.key.client(url)?;
        if is_twinfold(&client.target).await.map_err(server)? {
            return Ok(Found::ours(client.target, url));
        }
        let project = ForeignProject {
            client,
            schema: schema_named(&self.ids)?.unwrap_or_default(),
        };
        let found = Found {
            project: Some(project),
            ..Found::ours(
                in_process(),
                format!("{url}, as far as it can be compared there"),
            )
        };
        if !self.remote && !is_loopback(url) {
            return Err(refused(url, &found, scenarios).await?);
        }
        Ok(found)
    }
}

/// Says what would be written to a project of others.
async fn refused(
    url: &str,
    found: &Found,
    scenarios: &[Arc<Scenario>],
) -> Result<Failure, Failure> {
    let Some(project) = &found.project else {
        return Ok(Failure::Input(format!("`{url}` is not on this machine")));
    };
    let would = footprint(scenarios, project, &found.target, &hooks())
        .await
        .map_err(server)?;
    let ids = would.ids.iter().take(IDS_SHOWN_MAX);
    let ids: Vec<String> = ids.map(|(name, value)| format!("{name}={value}")).collect();
    let more = match would.ids.len().saturating_sub(IDS_SHOWN_MAX) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let event_types: Vec<&str> = would.event_types.iter().map(String::as_str).collect();
    Ok(Failure::Input(format!(
        "`{url}` is not on this machine, and what is written to a project stays there. It would be {} calls with the IDs \
         {}{more}, and events of the types {}; afterwards these customers are anonymized. Nothing was sent. Add --remote \
         if that is a test project",
        would.calls,
        ids.join(", "),
        event_types.join(", "),
    )))
}

fn in_process() -> Target {
    Target::InProcess(InProcess::new(router(Projects::new())))
}

async fn started() -> Result<Found, Failure> {
    let started = Server::start(IpAddr::V4(Ipv4Addr::LOCALHOST), 0, Projects::new()).await;
    let started = started.map_err(|error| Failure::Server(error.to_string()))?;
    let target = HttpTarget::new(&started.base_url()).map_err(server)?;
    let says = format!("over HTTP, {}", started.base_url());
    Ok(Found {
        server: Some(started),
        ..Found::ours(Target::Http(target), says)
    })
}

/// Whether our control API answers.
async fn is_twinfold(target: &Target) -> Result<bool, TargetError> {
    let reply = target
        .send(Request::get(format!("{CONTROL}/rules")))
        .await?;
    Ok(reply.status == 200 && reply.json().is_ok_and(|body| body["rules"].is_array()))
}

fn server(error: TargetError) -> Failure {
    Failure::Server(error.to_string())
}
