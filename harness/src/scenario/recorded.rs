//! The traffic of a scenario: it is run in a project of its own, and the project's journal is read.
//! What it states is not compared; what it sends is what counts.

use super::{Scenario, hooks::Hooks, runner, world::World};
use crate::{
    target::Target,
    traffic::{Traffic, TrafficError},
};

/// The traffic of each run of the scenario: one, or one for each of its variants.
pub async fn recorded(
    scenario: &Scenario,
    target: &Target,
    hooks: &Hooks,
) -> Result<Vec<Traffic>, TrafficError> {
    let mut runs = Vec::new();
    for case in scenario.cases() {
        let settings = scenario.front().project_settings();
        let client = runner::create(target, settings).await?;
        let ids = scenario.front().ids.clone();
        let mut world = World::new(client.clone(), ids, hooks.clone());
        let ended = runner::play(scenario, &case.steps, &mut world).await;
        let traffic = Traffic::read(&client).await;
        runner::delete(&client).await?;
        if let Err(problem) = ended {
            return Err(TrafficError::File(format!(
                "the scenario breaks off: {problem}"
            )));
        }
        runs.push(traffic?);
    }
    Ok(runs)
}
