//! The laboratory: merge strategies over the same traffic, measured against who it really was.
//! A population is recorded once and read by all contestants; what each decided is measured from many sides, never ranked.

mod about;
mod close_look;
mod compare;
mod contestant;
mod contingency;
mod customer_side;
mod decisions;
mod experiment;
mod links;
mod measures;
mod naming;
mod parting;
mod random_logs;
mod read;
mod repair_cost;
mod report;
mod running;
mod setting;
mod step;
mod story;
#[cfg(test)]
mod tests;
mod texts;
mod told;
mod traffic;
mod truth;
mod worst;

pub use about::about;
pub use close_look::{BlastRadius, CloseLook, OrderSensitivity, TimeToRight};
pub use compare::{Compared, Comparison, Found, Progress, compare};
pub use contestant::Contestant;
pub use contingency::Contingency;
pub use customer_side::{CustomerSide, Messages, Properties};
pub use experiment::{Experiment, experiment};
pub use links::LinkShape;
pub use measures::{Measures, Quality, Shape};
pub use naming::NameError;
pub use parting::{Parting, Side};
pub use random_logs::{OfLogs, RandomLogs};
pub use read::{IdTypes, LineError, TrafficFile, TrueCalls};
pub use repair_cost::RepairCost;
pub use report::{
    Better, COLUMNS, Column, Group, NOT_APPLICABLE, Origin, SPLIT_COST, csv, html, json,
    logs_table, orders_table, table,
};
pub use setting::{People, Setting};
pub use told::{CallsMoved, Effect, Happened, Told};
pub use traffic::Traffic;
pub use worst::Worst;
