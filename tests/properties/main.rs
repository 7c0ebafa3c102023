//! The engine against the slow reference model: random, exhaustive and chosen histories, compared after every step.
//! `PROPTEST_CASES` sets how many random histories run; a failure prints its seed and the shortest history.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

mod checks;
mod corners;
mod exhaustive;
mod generate;
mod invariants;
mod machine;
mod over_http;
mod statistics;
mod step;
