//! What a comparison says: a table to read, JSON and CSV to go on with, and a page with plots.
//! Several measures beside each other, never one rank.

mod columns;
mod data;
mod page;
mod plots;
mod stories;
mod table;

pub use columns::{Better, COLUMNS, Column, Group, NOT_APPLICABLE, SPLIT_COST};
pub use data::{csv, json};
pub use page::html;
pub use table::{logs_table, orders_table, table};

/// What made a report.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The version of twinfold.
    pub version: &'static str,
    /// The command that repeats it.
    pub command: String,
}
