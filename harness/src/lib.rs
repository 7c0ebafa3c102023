//! twinfold: replays identity scenarios against a stand-in for the Engagement customer-data API,
//! repairs duplicate profiles, and proves the repair.

pub mod model;
pub mod target;
