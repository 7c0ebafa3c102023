//! The engine against the slow model, as `tests/properties` has it, built without the server and the harness around them:
//! for cargo-mutants, which builds once per mutant. Named on the command line only.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

// The files below name the model by its package.
extern crate self as twinfold;

#[path = "../../../harness/src/model/mod.rs"]
pub mod model;

#[path = "../../../tests/properties/checks.rs"]
mod checks;
#[path = "../../../tests/properties/corners.rs"]
mod corners;
#[path = "../../../tests/properties/exhaustive.rs"]
mod exhaustive;
#[path = "../../../tests/properties/generate.rs"]
mod generate;
#[path = "../../../tests/properties/invariants.rs"]
mod invariants;
#[path = "../../../tests/properties/machine.rs"]
mod machine;
#[path = "../../../tests/properties/statistics.rs"]
mod statistics;
#[path = "../../../tests/properties/step.rs"]
mod step;
