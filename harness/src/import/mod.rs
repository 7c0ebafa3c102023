//! Importing a file: a mapping of its columns, the imports API, and a preview on a copy of the project.
//! What a file looks like is judged before anything is sent; what it would do is tried on the copy.

mod file;
mod mapping;
mod preview;
mod send;
#[cfg(test)]
mod tests;
mod text;
mod warnings;

pub use file::File;
pub use mapping::{Events, Mapping, PropertyColumn};
pub use preview::{Blanked, Preview, preview};
pub use send::{ImportError, RejectedRow, Report, send};
pub(crate) use warnings::PLACEHOLDERS;
pub use warnings::warnings;
