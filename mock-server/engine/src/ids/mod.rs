//! ID types, and how the IDs of a command are read: null, numbers, trimming, lower case, validity.
//! `semantics.md`, section 2, in its order.

mod read;
mod schema;
mod value;

pub use read::{GivenId, GivenValue};
pub(crate) use read::{Held, ReadId, ReadIds, read};
pub use schema::{IdKind, IdSchema, IdType, SchemaError};
