//! The one place that knows the wire: shapes in, engine commands; outcomes, shapes out. No rule lives here.

pub(crate) mod bulk;
pub(crate) mod data;
pub(crate) mod entry;
pub(crate) mod field;
mod fields;
pub(crate) mod given;
pub(crate) mod json;
pub(crate) mod legacy;
pub(crate) mod limits;
pub(crate) mod moment;
pub(crate) mod reply;
pub mod shadow;
pub(crate) mod track;
pub(crate) mod view;
