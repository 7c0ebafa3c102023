//! The laboratory: merge strategies over the same traffic, measured against who it really was.
//! A population is made once and read by all contestants at the same time, a batch after the other.

mod contestant;
mod experiment;

mod measures;
mod report;
mod traffic;

pub use contestant::Contestant;
pub use experiment::{Experiment, experiment};

pub use measures::{Contingency, Measures};
pub use report::{csv, html, json, orders_table, table};
pub use traffic::{Compared, compare};
