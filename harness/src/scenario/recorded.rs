//! The traffic of a scenario: the file is run as ever, and the journal is read before its project is deleted.
//! What asks about histories takes a scenario file this way.

use super::{
    Scenario,
    hooks::Hooks,
    project::{create, delete},
    runner::play,
    world::World,
};
use crate::{
    problem::Problem,
    target::{Target, TargetError},
    traffic::{Traffic, TrafficError},
};

/// One run of a scenario file.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The values of the variant; empty if the file has none.
    pub variant: String,
    /// What it sent.
    pub traffic: Traffic,
    /// What broke it off, if anything did; the traffic goes up to there.
    pub broken_off: Option<Problem>,
}

/// Why a scenario has no traffic.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The target was not reached, or refused.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// Its journal cannot be read.
    #[error(transparent)]
    Traffic(#[from] TrafficError),
}

/// Runs a scenario, once for each of its variants, and gives what it sent; what it states is not compared.
pub async fn record(
    scenario: &Scenario,
    target: &Target,
    hooks: &Hooks,
) -> Result<Vec<Recorded>, RecordError> {
    let mut recorded = Vec::new();
    for case in scenario.cases() {
        let client = create(target, scenario.front().project_settings()).await?;
        let mut world = World::new(client.clone(), scenario.front().ids.clone(), hooks.clone());
        let ended = play(scenario, &case.steps, &mut world).await;
        let traffic = Traffic::read(&client).await?;
        delete(&client).await?;
        recorded.push(Recorded {
            variant: case.suffix(),
            traffic,
            broken_off: ended.err(),
        });
    }
    Ok(recorded)
}
