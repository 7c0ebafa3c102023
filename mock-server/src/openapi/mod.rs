//! The OpenAPI 3.1 document of the emulated API and its coverage page: two readings of the route table.

mod coverage;
mod document;

pub use coverage::coverage;
pub use document::document;
