//! twinfold: replays identity scenarios against a stand-in for the Engagement customer-data API,
//! repairs duplicate profiles, and proves the repair.

pub mod anomaly;
pub mod cli;
pub mod explain;
pub mod fixup;
pub mod history;
pub mod import;
pub mod lab;
pub mod model;
pub mod order;
pub mod population;
pub mod problem;
pub mod scenario;
pub mod shadow;
mod shell;
pub mod shrink;
pub mod target;
pub mod traffic;
