//! The plan of a repair: finds profiles that share an e-mail, says why, and says by which calls they become one.
//! Pure: profiles and a schema come in and a plan goes out, which is a value; whoever carries it out takes no decision.

#[cfg(test)]
extern crate self as twinfold_planner;

mod call;
mod candidate;
mod cause;
mod compat;
mod conflict;
mod conflicts;
mod correction;
mod diagnosis;
mod document;
mod guess;
mod habit;
mod identify;
mod journal;
mod key;
mod losses;
mod members;
mod plan;
mod policy;
mod profile;
mod replayed;
mod resolve;
mod root_text;
mod roots;
mod rules;
mod shape;
mod snippet;
#[cfg(test)]
mod tests;
mod text;

pub use call::{Call, Step};
pub use candidate::{Candidate, Settling, Sign};
pub use cause::{About, Cause};
pub use conflict::{Conflict, ConflictKind};
pub use correction::{CorrectedCall, Correction};
pub use diagnosis::{DiagnosedKey, Evidence, Write, diagnose_profiles, youngest_wrong};
pub use journal::{
    ColumnMapping, Command, Decision, Journal, JournalEntry, JournalPage, MappedColumn, Source,
};
pub use key::{email_key, is_address};
pub use losses::Loss;
pub use members::{Member, Place, Role, keys_of, profiles_by_key};
pub use plan::{Plan, PlanOptions, PlannedKey, SCHEMA_VERSION, Summary, plan, plan_with};
pub use policy::{Policies, Policy, PolicyError};
pub use profile::{Event, Id, Profile};
pub use replayed::{duplicates_of, profiles_of};
pub use root_text::markdown as root_causes_markdown;
pub use roots::{Activity, Moment, RootCause, WrongCall, root_causes_of};
pub use rules::PLACEHOLDER_NAMES;
pub use shape::{AddressAt, CallShape, Spelling};
pub use snippet::{Language, Snippet};
pub use text::{CurlTarget, counted};
pub use twinfold_engine::{IdKind, IdSchema, IdType};
