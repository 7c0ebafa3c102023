//! The mock server: the Engagement customer-data API, answered by the pure engine.
//! Every project is a world of its own, with its clock, its outbox and the journal that can rebuild it.

mod access;
mod attribute;
mod catalogs;
mod clock;
mod consents;
pub mod definitions;
mod double_opt_in;
mod error;
mod evidence;
mod faults;
mod fresh;
mod imports;
mod journal;
pub mod openapi;
mod outbox;
mod projects;
mod routes;
mod serve;
pub mod settings;
mod shapes;
mod wire;
mod world;

pub use evidence::FailOn;
pub use projects::{Credentials, Projects};
pub use routes::{CONTROL_PREFIX, router};
pub use serve::{ServeError, Server};
pub use wire::shadow;
