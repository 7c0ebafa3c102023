//! Proofs that need more than one file: files as they are read, and stories of a served project.

mod corrections;
mod lived;
mod reading;
mod router;
#[allow(dead_code, reason = "two packages use a part of it each")]
#[path = "../../../planner/src/tests/simulated.rs"]
mod simulated;
mod stories;
mod traffic;
