//! Proofs that need more than one file: a naive second reading of the law, a small project that
//! merges, and random projects over both.

mod causes;
mod documents;
pub(crate) mod generator;
mod laws;
pub(crate) mod naive;
mod plans;
mod random;
mod resolved;
mod roots;
#[allow(dead_code, reason = "two packages use a part of it each")]
mod simulated;
mod worlds;
