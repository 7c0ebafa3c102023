//! The fix-up on the real server in process: random histories of people, repaired, and the laws of section 7 checked.
//! `PROPTEST_CASES` sets how many histories run; a failure prints its seed and the shortest history.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

mod command;
mod concurrent;
mod faults;
mod givers;
mod history;
mod laws;
mod lived;
mod naive;
mod others;
mod people;
mod place;
mod proof;
mod resolving;
mod statistics;
mod transport;
