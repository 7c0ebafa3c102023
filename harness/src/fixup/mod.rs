//! The fix-up: reads the profiles of a project, has the planner say what makes them one per e-mail, makes
//! its calls and proves the outcome. A plan is a value, and applying it takes no decision.

mod applied;
mod apply;
mod batch;
mod compared;
mod error;
mod export;
mod live;
mod meanwhile;
mod plan_file;
mod preview;
mod preview_text;
mod progress;
mod rehome;
mod repair;
mod report;
mod rows;
mod run_log;
#[cfg(test)]
mod tests;
mod verification;
mod verify;

pub use applied::{Applied, Done, Skipped, Watch};
pub use apply::{apply, apply_watched};
pub use error::{ExportError, FixUpError};
pub use export::{Export, Schema};
pub use live::{Found, read_profile, read_profiles};
pub use meanwhile::{FromTraffic, Known};
pub use plan_file::read_plan;
pub use preview::{Change, Preview, PreviewedKey, Shown, What, preview};
pub use progress::{Progress, Stage, Unseen};
pub use repair::{Mode, Repair, diagnose, diagnose_causes, repair, repair_logged, resume};
pub use report::{Outcome, Report};
pub use run_log::{Run, RunLog};
pub use twinfold_planner::*;
pub use verification::{Problem, Verification};
pub use verify::{Before, verify};
