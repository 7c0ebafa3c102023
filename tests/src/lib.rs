//! What several tests share: a server with a client, and what a test installs for itself.
//! Every test target brings its own cases.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

pub mod client;
pub mod environment;
pub mod fuzzed;
pub mod install;
