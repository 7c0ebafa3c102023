//! The server on a socket, as a client meets it: replies, refusals, isolation, the control API.
//! Every test starts its own server on a free port.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

mod access;
mod bad_input;
mod catalogs;
mod control;
mod definitions;
mod evidence;
mod faults;
mod imports;
mod journal;
mod legacy;
mod limits;
mod mails;
mod replies;
mod strategies;

use twinfold_tests::client;
