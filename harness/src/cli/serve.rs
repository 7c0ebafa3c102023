//! `twinfold serve`: the mock server until it is interrupted.

use std::net::IpAddr;

use clap::{Args, ValueEnum};
use serde_json::json;
use twinfold_server::{CONTROL_PREFIX, Credentials, Projects, Server};

use super::{Ended, Failure, Threads, runtime};

/// Answer the Engagement API until interrupted
///
/// One project exists from the start, with credentials that are printed and always the same, so
/// that nothing needs configuring. More projects, forks and journals: the control API under
/// /_twinfold, on this machine only.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    host: IpAddr,
    /// Port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// How to print where it listens; json is one line for scripts
    #[arg(long, value_enum, default_value_t = Print::Text)]
    print: Print,
    /// Answer 422 in place of every reply that is known no better than this
    #[arg(long, value_name = "LABEL", value_parser = ["observed", "assumed"])]
    fail_on: Option<String>,
    /// Answer only the emulated API, as a server would that is not ours; no journal, no forks, no other projects
    #[arg(long)]
    no_control: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Print {
    Text,
    Json,
}

impl Serve {
    pub(super) fn run(self) -> Result<Ended, Failure> {
        runtime(Threads::One)?.block_on(self.serve())
    }

    async fn serve(self) -> Result<Ended, Failure> {
        let failure = |error: twinfold_server::ServeError| Failure::Server(error.to_string());
        let fail_on = self.fail_on.as_deref().map(str::parse).transpose();
        let fail_on = fail_on.map_err(Failure::Input)?;
        let mut projects = Projects::with_default_project().failing_on(fail_on);
        if self.no_control {
            projects = projects.without_control();
        }
        let server = Server::start(self.host, self.port, projects)
            .await
            .map_err(failure)?;
        self.announce(&server);
        // Without a signal handler the interrupt ends the process at once, which is as good.
        let _ = tokio::signal::ctrl_c().await;
        server.stop().await.map_err(failure)?;
        Ok(Ended::Well)
    }

    fn announce(&self, server: &Server) {
        let base_url = server.base_url();
        let control_url = format!("{base_url}{CONTROL_PREFIX}");
        let project = Credentials::of_default_project();
        match self.print {
            Print::Json => println!(
                "{}",
                json!({"base_url": base_url, "control_url": control_url, "project": project})
            ),
            Print::Text => println!(
                "twinfold answers at {base_url}

  project token   {}
  API key ID      {}
  API secret      {}
  public token    {}

Try it:
  curl -u {}:{} -H 'content-type: application/json' \\
    -d '{{\"customer_ids\": {{\"registered\": \"ada@example.com\"}}, \"properties\": {{}}}}' \\
    {base_url}/track/v2/projects/{}/customers
  curl {control_url}/projects/{}/journal

What it answers: {control_url}/openapi.json

Ctrl-C stops it; nothing is kept.",
                project.token,
                project.api_key_id,
                project.api_secret,
                project.public_token,
                project.api_key_id,
                project.api_secret,
                project.token,
                project.token,
            ),
        }
    }
}
