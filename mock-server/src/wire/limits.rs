//! Limits of what a tracking command carries (fact 4.3): the size of a value, the characters of a name.
//! That they exist is documented; that the command fails, and with which words, is assumed.

use std::borrow::Cow;

use super::given::{GivenProperties, properties};
use crate::{error::Error, journal::Step};

/// From so many bytes of JSON text on a value is too large: "less than 16 kB".
const VALUE_BYTES_END: usize = 16_384;

/// Refuses a step that carries a property beyond the limits.
pub(crate) fn check(step: &Step<'_>) -> Result<(), Error> {
    match step {
        Step::Customers {
            properties: Some(properties),
            ..
        } => check_each(properties),
        // Of a short text in ASCII every part is short and ASCII.
        Step::Event {
            properties: Some(object),
            ..
        } if object.len() >= VALUE_BYTES_END || !object.is_ascii() => {
            let given = serde_json::from_str::<GivenProperties<'_>>(object);
            let properties = given.ok().and_then(|given| properties(given).ok());
            check_each(&properties.flatten().unwrap_or_default())
        }
        _ => Ok(()),
    }
}

fn check_each(properties: &[(Cow<'_, str>, Cow<'_, str>)]) -> Result<(), Error> {
    for (name, value) in properties {
        if !name.is_ascii() {
            let says = format!("The name of property '{name}' has characters that are not ASCII.");
            return Err(Error::Field(says));
        }
        if value.len() >= VALUE_BYTES_END {
            let bytes = value.len();
            return Err(Error::Field(format!(
                "The value of property '{name}' has {bytes} bytes, it must have less than {VALUE_BYTES_END}."
            )));
        }
    }
    Ok(())
}
