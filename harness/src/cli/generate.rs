//! `twinfold generate`: the traffic of a made-up shop, with the truth beside it.
//! Printed as lines, or sent to a project of a twinfold server that is made for it.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::PathBuf,
};

use clap::Args;
use serde_json::{Value, json};

use super::{Ended, Failure, Threads, runtime, shop::Shop};
use crate::{
    population::{Call, Population, Preset, Rates},
    target::{HttpTarget, ProjectClient, Request, Target},
};

/// As many commands as a batch may have.
const BATCH_COMMANDS_MAX: usize = 50;

/// Print the calls of made-up people whose identity is known, one a line, in the order in which they arrive
///
/// The same seed gives the same bytes on every machine. `--list` names the presets and every rate.
#[derive(Debug, Args)]
pub(super) struct Generate {
    /// List the presets and the rates with their defaults
    #[arg(long)]
    list: bool,
    #[command(flatten)]
    shop: Shop,
    /// Write the calls to this file instead of printing them
    #[arg(long, value_name = "FILE")]
    calls: Option<PathBuf>,
    /// Write who is behind each call to this file: a JSON line for each, `{"call", "person"}`
    #[arg(long, value_name = "FILE")]
    truth: Option<PathBuf>,
    /// Send the calls to a new project of the twinfold server at this base URL, and print the project
    #[arg(long, value_name = "URL", conflicts_with = "calls")]
    url: Option<String>,
}

impl Generate {
    pub(super) fn run(self) -> Result<Ended, Failure> {
        if self.list {
            list();
            return Ok(Ended::Well);
        }
        let population = self.shop.population();
        let mut truth = self.truth.as_ref().map(create).transpose()?;
        let mut number = 0_u64;
        let calls = population.calls().map(|call| {
            number += 1;
            if let Some((truth, path)) = &mut truth {
                let line = json!({"call": number, "person": call.person});
                writeln!(truth, "{line}").map_err(|error| unwritten(path, &error))?;
            }
            Ok(call)
        });
        match &self.url {
            None => self.print(calls)?,
            Some(url) => runtime(Threads::One)?.block_on(send(url, &population, calls))?,
        }
        if let Some((mut truth, path)) = truth {
            truth.flush().map_err(|error| unwritten(&path, &error))?;
        }
        Ok(Ended::Well)
    }

    fn print(&self, calls: impl Iterator<Item = Result<Call, Failure>>) -> Result<(), Failure> {
        let (mut out, path): (Box<dyn Write>, _) = match &self.calls {
            None => (
                Box::new(BufWriter::new(std::io::stdout().lock())),
                PathBuf::from("-"),
            ),
            Some(path) => {
                let (file, path) = create(path)?;
                (Box::new(file), path)
            }
        };
        for call in calls {
            let line = call?.line();
            writeln!(out, "{line}").map_err(|error| unwritten(&path, &error))?;
        }
        out.flush().map_err(|error| unwritten(&path, &error))
    }
}

fn list() {
    println!("Presets");
    for preset in Preset::ALL {
        let (name, says) = preset.about();
        println!("  {name:<28} {says}");
    }
    println!("\nRates, with their defaults; shares from 0 to 1 unless said otherwise");
    for (name, default, says) in Rates::ALL {
        println!("  {name:<28} {default:<6} {says}");
    }
}

fn create(path: &PathBuf) -> Result<(BufWriter<File>, PathBuf), Failure> {
    let file = File::create(path).map_err(|error| unwritten(path, &error))?;
    Ok((BufWriter::new(file), path.clone()))
}

fn unwritten(path: &std::path::Path, error: &std::io::Error) -> Failure {
    Failure::Input(format!("`{}` cannot be written: {error}", path.display()))
}

/// Neighbouring calls of one source go as one batch, because the source stands in a header.
async fn send(
    url: &str,
    population: &Population,
    calls: impl Iterator<Item = Result<Call, Failure>>,
) -> Result<(), Failure> {
    let server = |error: crate::target::TargetError| Failure::Server(error.to_string());
    let target = Target::Http(HttpTarget::new(url).map_err(server)?);
    let settings = population.project_settings();
    let client = ProjectClient::create(target, &settings)
        .await
        .map_err(server)?;
    let (mut batch, mut source, mut sent, mut refused) = (Vec::new(), "", 0_usize, 0);
    for call in calls {
        let call = call?;
        if call.source != source || batch.len() == BATCH_COMMANDS_MAX {
            refused += send_batch(&client, source, &mut batch)
                .await
                .map_err(server)?;
            source = call.source;
        }
        batch.push(json!({"name": call.command(), "data": call.body()}));
        sent += 1;
    }
    refused += send_batch(&client, source, &mut batch)
        .await
        .map_err(server)?;
    let keys = &client.credentials;
    println!(
        "--project {} --api-key-id {} --api-secret {}",
        keys.token, keys.api_key_id, keys.api_secret
    );
    eprintln!("{sent} commands sent, {refused} refused by the project");
    Ok(())
}

async fn send_batch(
    client: &ProjectClient,
    source: &str,
    batch: &mut Vec<Value>,
) -> Result<usize, crate::target::TargetError> {
    if batch.is_empty() {
        return Ok(0);
    }
    let body = json!({"commands": std::mem::take(batch)});
    let request =
        Request::post(client.track_path("/batch"), &body).header("twinfold-source", source);
    let reply = client.accepted(request).await?;
    let results = reply["results"].as_array();
    let failed = |result: &&Value| result["success"] == json!(false);
    Ok(results.into_iter().flatten().filter(failed).count())
}
