//! The identity rules of one Engagement project: which customers a command reaches, what merges, and why.
//! Pure and deterministic: time and fresh values come with the command, nothing else gets in.

#![no_std]

extern crate alloc;

pub mod command;
pub mod decision;
pub mod ids;
pub mod invariants;
pub mod ledger;
pub mod profile;
pub mod project;
pub mod rule;
pub mod settings;
pub mod shadow;
mod store;
pub mod strategy;
mod time;

pub use command::{Action, Command, Happened, Outcome, PropertiesGiven, Rejection, Who};
pub use decision::{Decision, Displaced, Effect, InternalId, Reattributed, Regrouped};
pub use ids::{GivenId, GivenValue, IdKind, IdSchema, IdType, SchemaError};
pub use profile::Profile;
pub use project::Project;
pub use rule::{Label, Rule, Rules};
pub use settings::{
    CUSTOMER_ATTRIBUTES_MAX, ContestedSoftId, HardIdConflict, PropertyConflict, Settings, Switches,
    UnknownIdType,
};
pub use store::{Counts, Json};
pub use strategy::Strategy;
pub use time::Timestamp;
