//! How far long work has come, for whoever wants to show it: a stage with a number of steps, then step by step.
//! What is shown decides nothing.

use std::future::Future;

use futures_util::{StreamExt, stream};

use super::FixUpError;
use crate::target::ProjectClient;

/// How many replies are waited for at the same time where the order of requests does not matter.
const AT_ONCE: usize = 8;

/// One after the other where a list of the calls is kept, so that it reads the same wherever they go.
fn at_once(client: &ProjectClient) -> usize {
    if client.calls.is_kept() { 1 } else { AT_ONCE }
}

/// A part of a repair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Events are read, where no journal says who wrote what.
    Evidence,
    /// What the plan touches is read, for the comparison in the end.
    Before,
    /// Calls are made.
    Calls,
    /// What was touched is read again and compared.
    Verification,
}

impl Stage {
    /// What is counted, for a line on a terminal.
    pub fn name(self) -> &'static str {
        match self {
            Self::Evidence => "reading events",
            Self::Before => "reading what the plan touches",
            Self::Calls => "making calls",
            Self::Verification => "proving",
        }
    }
}

/// Who is shown how far it has come.
pub trait Progress: Sync {
    /// A stage of so many steps begins.
    fn begins(&self, stage: Stage, steps: usize);

    /// So many more steps of it are over.
    fn advances(&self, steps: usize);
}

/// Nobody is shown anything.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unseen;

impl Progress for Unseen {
    fn begins(&self, _: Stage, _: usize) {}

    fn advances(&self, _: usize) {}
}

/// Makes all readings of a stage, some at the same time, and gives what came of them in their order; ends at the first error.
pub(super) async fn all_of<T>(
    stage: Stage,
    readings: Vec<impl Future<Output = Result<T, FixUpError>>>,
    client: &ProjectClient,
    progress: &dyn Progress,
) -> Result<Vec<T>, FixUpError> {
    progress.begins(stage, readings.len());
    let mut all = Vec::with_capacity(readings.len());
    let mut replies = stream::iter(readings).buffered(at_once(client));
    while let Some(reply) = replies.next().await {
        all.push(reply?);
        progress.advances(1);
    }
    Ok(all)
}

/// The same for a few readings that are no stage of their own; every reading has its own answer.
pub(super) async fn each_of<T>(
    readings: Vec<impl Future<Output = T>>,
    client: &ProjectClient,
) -> Vec<T> {
    let replies = stream::iter(readings).buffered(at_once(client));
    replies.collect().await
}
