//! The fix-up: finds profiles that share an e-mail, says why, plans the documented remedy, makes its
//! calls and proves the outcome. A plan is a value, and applying it takes no decision.

mod apply;
mod call;
mod cause;
mod compat;
mod conflict;
mod conflicts;
mod diagnosis;
mod error;
mod export;
mod guess;
mod identify;
mod journal;
mod key;
mod live;
mod losses;
mod members;
mod plan;
mod policy;
mod preview;
mod profile;
mod rehome;
mod repair;
mod replayed;
mod resolve;
mod rows;
mod rules;
mod run_log;
#[cfg(test)]
mod tests;
mod text;
mod verify;

pub use apply::{Applied, Done, Skipped, Watch, apply, apply_watched};
pub use call::{Call, Step};
pub use cause::{About, Cause};
pub use conflict::{Conflict, ConflictKind};
pub use diagnosis::{DiagnosedKey, Evidence, Write, diagnose_profiles};
pub use error::{ExportError, FixUpError};
pub use export::{Export, Schema};
pub use journal::{Command, Decision, Journal, JournalEntry, JournalPage, Source};
pub use key::{email_key, is_address};
pub use live::{Found, read_profile, read_profiles};
pub use losses::Loss;
pub use members::{Member, Place, Role, profiles_by_key};
pub use plan::{Plan, PlanOptions, PlannedKey, Summary, plan, plan_with};
pub use policy::{Policies, Policy, PolicyError};
pub use preview::{Preview, PreviewedKey, Shown, preview};
pub use profile::{Event, Id, Profile};
pub use repair::{Mode, Outcome, Report, diagnose, repair, repair_logged, resume};
pub use replayed::{duplicates_of, profiles_of};
pub(crate) use rules::PLACEHOLDER_NAMES;
pub use run_log::{Run, RunLog};
pub use text::CurlTarget;
pub use twinfold_engine::{IdKind, IdSchema, IdType};
pub use verify::{Before, Problem, Verification, verify};
