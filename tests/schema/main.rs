//! The OpenAPI document against the server: random requests by Schemathesis, access by operation, and no missing route.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

mod access;
mod document;
mod routes;
mod schemathesis;
