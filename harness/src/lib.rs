//! twinfold: replays identity scenarios against a stand-in for the Engagement customer-data API,
//! repairs duplicate profiles, and proves the repair.

pub mod cli;
pub mod fixup;
pub mod import;
pub mod model;
pub mod order;
pub mod problem;
pub mod scenario;
pub mod shrink;
pub mod target;
pub mod traffic;
