//! Traffic: the commands of a journal as values that can be replayed, left out, swapped and counted.
//! It is read from a project of our own server, or from a file that `twinfold journal` has written.

mod file;
mod sent;
#[cfg(test)]
mod tests;

use serde_json::Value;
use twinfold_engine::{Project, Settings};

use crate::target::{CONTROL, ProjectClient, Request, TargetError};

pub use file::TrafficError;
pub use sent::{Properties, Sent, SentAction, SentId, SentValue, SentWho};

/// How many entries are asked for at a time.
const PAGE_ENTRIES: usize = 10_000;

/// The commands that a project was sent, in the order in which they arrived, and the settings under which.
#[derive(Clone, Debug, PartialEq)]
pub struct Traffic {
    /// The project's settings, as far as the engine knows them.
    pub settings: Settings,
    /// Every command that concerns the engine; mails, catalogs and refused shapes are left out.
    pub commands: Vec<Sent>,
    /// How many of the oldest entries the journal no longer holds; a replay does not begin where the project did, if any.
    pub folded: u64,
}

impl Traffic {
    /// The traffic of a project of our own server.
    pub async fn read(client: &ProjectClient) -> Result<Self, TrafficError> {
        Self::from_text(&Self::written(client).await?)
    }

    /// The text of a traffic file: `{"project": settings, "entries": [...], "folded": count}`, all of the journal.
    pub async fn written(client: &ProjectClient) -> Result<String, TrafficError> {
        let token = &client.credentials.token;
        let project = Request::get(format!("{CONTROL}/projects/{token}"));
        let project = client.accepted(project).await?;
        let (mut entries, mut after, mut folded) = (Vec::new(), 0, None);
        loop {
            let query = format!("/journal?after={after}&limit={PAGE_ENTRIES}");
            let request = Request::get(client.control_path(&query));
            let mut page = client.accepted(request).await?;
            folded.get_or_insert(page["folded"].take());
            let Value::Array(mut read) = page["entries"].take() else {
                break;
            };
            let Some(last) = read.last().and_then(|entry| entry["seq"].as_u64()) else {
                break;
            };
            after = last;
            entries.append(&mut read);
        }
        Ok(file::written(
            &project,
            &entries,
            &folded.unwrap_or_default(),
        ))
    }

    /// Reads a traffic file.
    pub fn from_text(text: &str) -> Result<Self, TrafficError> {
        file::read(text)
    }

    /// The project after all commands.
    pub fn replay(&self) -> Project {
        replay(&self.settings, &self.commands)
    }
}

/// A new project after these commands; what is rejected changes nothing.
pub fn replay<'c>(settings: &Settings, commands: impl IntoIterator<Item = &'c Sent>) -> Project {
    let mut project = Project::new(settings.clone());
    for command in commands {
        let _rejected_or_not = command.apply_to(&mut project);
    }
    project
}

impl From<TargetError> for TrafficError {
    fn from(error: TargetError) -> Self {
        Self::Target(error)
    }
}
