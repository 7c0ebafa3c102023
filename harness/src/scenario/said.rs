//! The blocks `diagnosis`, `causes`, `plan` and `anomalies`: lines that a hook says about the project as it is now.
//! Nothing is sent that changes anything; the lines are compared but for white space.

use super::{block::Block, difference, world::World};
use crate::problem::Problem;

/// What is said about the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    Diagnosis,
    Causes,
    Plan,
    Anomalies,
}

impl Said {
    /// Compares what is said now with the block.
    pub(crate) async fn compare(self, block: &Block, world: &mut World) -> Result<(), Problem> {
        let (client, ids) = (world.client.clone(), world.schema.clone());
        let pending = match self {
            Self::Diagnosis => world.hooks.diagnosis(client, ids),
            Self::Causes => world.hooks.causes(client, ids),
            Self::Plan => world.hooks.plan(client, ids),
            Self::Anomalies => world.hooks.anomalies(client, ids),
        };
        let failed = |error: String| {
            block.problem(format!(
                "the block `{}` cannot be answered: {error}",
                block.word
            ))
        };
        let seen = pending.await.map_err(failed)?;
        if let Some(problem) = difference::of_lines(block, &seen) {
            world.fails(block, problem, &seen);
        }
        Ok(())
    }
}
