//! Proofs that need more than one file: a naive second reading of the law, a small project that
//! merges, and stories over both.

mod causes;
pub(crate) mod generator;
mod laws;
pub(crate) mod naive;
mod random;
mod reading;
mod router;
mod simulated;
mod stories;
mod worlds;
