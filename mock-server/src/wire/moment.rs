//! Times as clients write them.

use serde_json::value::RawValue;
use twinfold_engine::Timestamp;

/// A time: a number in any notation, digits in a string, or an ISO 8601 date-time (fact 4.2; without an offset it is
/// UTC); nothing if absent or `null`.
pub(crate) fn timestamp(field: &str, raw: Option<&RawValue>) -> Result<Option<Timestamp>, String> {
    let Some(raw) = raw.map(RawValue::get).filter(|raw| *raw != "null") else {
        return Ok(None);
    };
    let written = raw.trim_matches('"').trim();
    let seconds = written.parse::<f64>().ok().or_else(|| iso_8601(written));
    match seconds.and_then(Timestamp::new) {
        Some(seconds) => Ok(Some(seconds)),
        None => Err(format!(
            "Field '{field}' must be a unix time in seconds or an ISO 8601 date-time, not {raw}."
        )),
    }
}

fn iso_8601(written: &str) -> Option<f64> {
    let in_utc = || {
        let local: jiff::civil::DateTime = written.parse().ok()?;
        jiff::tz::TimeZone::UTC.to_timestamp(local).ok()
    };
    let instant = written.parse::<jiff::Timestamp>().ok().or_else(in_utc)?;
    Some(instant.as_nanosecond() as f64 / 1e9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_every_form_that_clients_send() {
        for (written, seconds) in [
            ("1614585422", 1_614_585_422.0),
            ("1614585422.12", 1_614_585_422.12),
            ("1.715001200123E9", 1_715_001_200.123),
            ("\"1614585422\"", 1_614_585_422.0),
            ("\"2021-03-01T07:57:02Z\"", 1_614_585_422.0),
            ("\"2021-03-01T08:57:02.5+01:00\"", 1_614_585_422.5),
            ("\"2021-03-01T07:57:02\"", 1_614_585_422.0),
            ("\"2021-03-01 07:57:02\"", 1_614_585_422.0),
            ("\"2021-03-01\"", 1_614_556_800.0),
        ] {
            let raw = RawValue::from_string(written.into()).unwrap();
            let read = timestamp("timestamp", Some(&raw)).unwrap().unwrap();
            assert_eq!(read.seconds(), seconds, "{written}");
        }
        for written in [
            "\"soon\"",
            "\"NaN\"",
            "\"inf\"",
            "1e999",
            "true",
            "{}",
            "\"2021-13-01\"",
        ] {
            let Ok(raw) = RawValue::from_string(written.into()) else {
                continue;
            };
            assert!(timestamp("timestamp", Some(&raw)).is_err(), "{written}");
        }
    }
}
