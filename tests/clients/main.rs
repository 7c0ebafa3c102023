//! Public clients against the server: those that a registry has are installed and run, the others' requests are replayed.
//! Every quirk of real clients is in some request.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

mod drivers;
mod quirks;
mod replay;
mod requests;
mod wire;
