//! Sends a traffic to a project that is made for it, in batches, while the project's clock follows the calls.
//! A batch is of one source, because that stands in a header, and of one hour, because the clock moves between batches.

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::{Failure, outlet::Told};
use crate::{
    population::{Call, Traffic, TrafficProject},
    target::{HttpTarget, ProjectClient, Request, Target, TargetError},
};

/// As many commands as a batch may have.
const BATCH_COMMANDS_MAX: usize = 50;

/// The project's clock stands at the end of the hour in which the calls arrive, so that none comes from the future.
const CLOCK_STEP_SECONDS: u64 = 3_600;

struct Sending {
    client: ProjectClient,
    clock: u64,
    source: &'static str,
    /// The commands of the batch so far, with commas between them.
    batch: Vec<u8>,
    commands: usize,
    sent: u64,
    refused: u64,
}

pub(super) async fn send(
    url: &str,
    project: &TrafficProject,
    people: u64,
    calls: &mut Told<impl Traffic>,
) -> Result<(), Failure> {
    let server = |error: TargetError| Failure::Server(error.to_string());
    let mut sending = Sending::start(url, project).await.map_err(server)?;
    let bar = ProgressBar::new(people);
    let shown = "{msg} {wide_bar} {human_pos}/{human_len} people {eta}";
    if let Ok(style) = ProgressStyle::with_template(shown) {
        bar.set_style(style);
    }
    while let Some(call) = calls.next()? {
        sending.take(&call).await.map_err(server)?;
        if sending.sent % 1_000 == 0 {
            bar.set_position(calls.departed);
            bar.set_message(format!("{} commands sent", sending.sent));
        }
    }
    sending.send_batch().await.map_err(server)?;
    bar.finish_and_clear();
    let keys = &sending.client.credentials;
    println!(
        "--project {} --api-key-id {} --api-secret {}",
        keys.token, keys.api_key_id, keys.api_secret
    );
    let (sent, refused) = (sending.sent, sending.refused);
    eprintln!("{sent} commands sent, {refused} refused by the project");
    Ok(())
}

impl Sending {
    async fn start(url: &str, project: &TrafficProject) -> Result<Self, TargetError> {
        let target = Target::Http(HttpTarget::new(url)?);
        Ok(Self {
            // Nobody asks which calls were made, and there are millions.
            client: ProjectClient::create(target, project)
                .await?
                .without_call_log(),
            clock: project.starts_at(),
            source: "",
            batch: Vec::new(),
            commands: 0,
            sent: 0,
            refused: 0,
        })
    }

    async fn take(&mut self, call: &Call) -> Result<(), TargetError> {
        let is_full = self.commands == BATCH_COMMANDS_MAX;
        if is_full || call.source != self.source || call.arrives_at > self.clock {
            self.send_batch().await?;
            self.source = call.source;
            self.follow(call.arrives_at).await?;
        }
        if self.commands > 0 {
            self.batch.push(b',');
        }
        // Writing to memory does not fail.
        let _written = call.write_command(&mut self.batch);
        self.commands += 1;
        self.sent += 1;
        Ok(())
    }

    async fn follow(&mut self, arrives_at: u64) -> Result<(), TargetError> {
        if arrives_at <= self.clock {
            return Ok(());
        }
        let end_of_hour = (arrives_at / CLOCK_STEP_SECONDS + 1) * CLOCK_STEP_SECONDS;
        let advance = json!({"advance": end_of_hour - self.clock});
        let request = Request::post(self.client.control_path("/clock"), &advance);
        self.client.accepted(request).await?;
        self.clock = end_of_hour;
        Ok(())
    }

    async fn send_batch(&mut self) -> Result<(), TargetError> {
        if self.commands == 0 {
            return Ok(());
        }
        let path = self.client.track_path("/batch");
        let mut request = Request::post(path, &Value::Null).header("twinfold-source", self.source);
        request.body = [b"{\"commands\":[", &self.batch[..], b"]}"].concat();
        let reply = self.client.accepted(request).await?;
        let results = reply["results"].as_array().into_iter().flatten();
        let refused = results.filter(|result| result["success"] == json!(false));
        self.refused += refused.count() as u64;
        self.batch.clear();
        self.commands = 0;
        Ok(())
    }
}
