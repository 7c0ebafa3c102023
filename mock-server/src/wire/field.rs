//! Fields of Data API bodies: a wrong one is refused by its name, not as invalid JSON.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::Error;

/// A field that may be absent or `null`.
pub(crate) fn optional<'a, T: Deserialize<'a>>(
    name: &'static str,
    raw: Option<&'a RawValue>,
    must_be: &str,
) -> Result<Option<T>, Error> {
    let Some(raw) = raw.map(RawValue::get).filter(|raw| *raw != "null") else {
        return Ok(None);
    };
    match serde_json::from_str(raw) {
        Ok(value) => Ok(Some(value)),
        Err(_) => Err(Error::DataField(name, format!("Must be {must_be}"))),
    }
}

/// A field that must be there.
pub(crate) fn required<'a, T: Deserialize<'a>>(
    name: &'static str,
    raw: Option<&'a RawValue>,
    must_be: &str,
) -> Result<T, Error> {
    let missing = || Error::DataField(name, format!("Field '{name}' is required: {must_be}"));
    optional(name, raw, must_be)?.ok_or_else(missing)
}
