//! Bodies of `/crm` and the commands of `/bulk` (facts 4.6, section 6): from JSON to steps.
//! The names of their fields differ between clients, so each is read under every name that one of them sends.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;
use twinfold_engine::Timestamp;
use utoipa::ToSchema;

use super::{
    given::{self, GivenIds, GivenProperties, Id, IdValue, Text},
    json, moment,
    track::object,
};
use crate::{error::Error, journal::Step, shapes::CustomerIds};

/// A customer that is given as plain text has this ID (fact 4.6).
const ID_OF_A_TEXT: &str = "registered";

/// Which project: `company_id` or `project_id` (quirk 3).
#[derive(Deserialize, ToSchema)]
pub(crate) struct ProjectNamed<'a> {
    #[serde(borrow)]
    #[schema(value_type = Option<String>)]
    company_id: Option<&'a RawValue>,
    #[serde(borrow)]
    #[schema(value_type = Option<String>)]
    project_id: Option<&'a RawValue>,
}

/// Whom, and what to set.
#[derive(Deserialize, ToSchema)]
pub(crate) struct LegacyCustomersBody<'a> {
    #[serde(borrow)]
    #[schema(value_type = Option<CustomerIds>)]
    ids: Option<&'a RawValue>,
    /// The same as `ids`.
    #[serde(borrow)]
    #[schema(value_type = Option<CustomerIds>)]
    customer_ids: Option<&'a RawValue>,
    /// The project's token.
    #[serde(borrow)]
    #[schema(value_type = Option<String>)]
    #[expect(dead_code, reason = "read before anything else")]
    project_id: Option<&'a RawValue>,
    /// The same as `project_id`.
    #[serde(borrow)]
    #[schema(value_type = Option<String>)]
    #[expect(dead_code, reason = "read before anything else")]
    company_id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    #[schema(value_type = Option<BTreeMap<String, Value>>)]
    properties: GivenProperties<'a>,
    /// Seconds since 1970: only properties whose stored time is older are set.
    #[serde(borrow)]
    #[schema(value_type = Option<f64>)]
    update_timestamp: Option<&'a RawValue>,
}

/// Whose event, and which.
#[derive(Deserialize, ToSchema)]
pub(crate) struct LegacyEventBody<'a> {
    #[serde(borrow)]
    #[schema(value_type = Option<CustomerIds>)]
    customer_ids: Option<&'a RawValue>,
    /// The same as `customer_ids`.
    #[serde(borrow)]
    #[schema(value_type = Option<CustomerIds>)]
    ids: Option<&'a RawValue>,
    /// The project's token.
    #[serde(borrow)]
    #[schema(value_type = Option<String>)]
    #[expect(dead_code, reason = "read before anything else")]
    project_id: Option<&'a RawValue>,
    /// The same as `project_id`.
    #[serde(borrow)]
    #[schema(value_type = Option<String>)]
    #[expect(dead_code, reason = "read before anything else")]
    company_id: Option<&'a RawValue>,
    #[serde(borrow)]
    #[schema(value_type = Option<String>)]
    r#type: Option<&'a RawValue>,
    /// The same as `type`.
    #[serde(borrow)]
    #[schema(value_type = Option<String>)]
    event_type: Option<&'a RawValue>,
    #[serde(borrow, default)]
    #[schema(value_type = Option<BTreeMap<String, Value>>)]
    properties: GivenProperties<'a>,
    /// Seconds since 1970, or ISO 8601; now if absent.
    #[serde(borrow)]
    #[schema(value_type = Option<f64>)]
    timestamp: Option<&'a RawValue>,
    /// How many seconds before its arrival it happened; a `timestamp` beside it counts instead.
    #[serde(borrow)]
    #[schema(value_type = Option<f64>)]
    age: Option<&'a RawValue>,
}

/// Who opened which campaign link.
#[derive(Deserialize, ToSchema)]
pub(crate) struct CampaignClickBody<'a> {
    #[serde(borrow)]
    #[schema(value_type = Option<CustomerIds>)]
    customer_ids: Option<&'a RawValue>,
    /// The link, with its `xnpe_cmp`.
    #[serde(borrow)]
    #[schema(value_type = Option<String>)]
    url: Option<&'a RawValue>,
    #[serde(borrow)]
    #[schema(value_type = Option<String>)]
    platform: Option<&'a RawValue>,
    #[serde(borrow, default)]
    #[schema(value_type = Option<BTreeMap<String, Value>>)]
    properties: GivenProperties<'a>,
    /// Seconds since 1970, or ISO 8601; now if absent.
    #[serde(borrow)]
    #[schema(value_type = Option<f64>)]
    timestamp: Option<&'a RawValue>,
    /// How many seconds before its arrival it happened; a `timestamp` beside it counts instead.
    #[serde(borrow)]
    #[schema(value_type = Option<f64>)]
    age: Option<&'a RawValue>,
}

/// The project that an object names, wherever else it is of the wrong shape.
pub(crate) fn project_named(body: &[u8]) -> Option<Cow<'_, str>> {
    let named: ProjectNamed<'_> = object(body).ok()?;
    let texts = [named.project_id, named.company_id].into_iter().flatten();
    texts.filter_map(Text::of).find(|token| !token.is_empty())
}

/// Reads the body of `crm/customers`.
pub(crate) fn customers(body: &[u8]) -> Result<Step<'_>, Error> {
    let LegacyCustomersBody {
        ids,
        customer_ids,
        properties,
        update_timestamp,
        ..
    } = object(body)?;
    let time = moment::timestamp("update_timestamp", update_timestamp).map_err(Error::Field)?;
    Ok(Step::Customers {
        ids: customer(ids.or(customer_ids))?,
        properties: given::properties(properties).map_err(Error::Field)?,
        update_timestamp: time.map(Timestamp::seconds),
    })
}

/// Reads the body of `crm/events`, which arrives now.
pub(crate) fn event(body: &[u8], now: Timestamp) -> Result<Step<'_>, Error> {
    let LegacyEventBody {
        customer_ids,
        ids,
        r#type,
        event_type,
        properties,
        timestamp,
        age,
        ..
    } = object(body)?;
    let event_type = match r#type.or(event_type).filter(|raw| raw.get() != "null") {
        None => None,
        Some(raw) => Some(Text::of(raw).ok_or_else(|| must_be("type", "a string"))?),
    };
    Ok(Step::Event {
        ids: customer(customer_ids.or(ids))?,
        event_type,
        timestamp: happened(timestamp, age, now)?,
        properties: given::properties(properties)
            .map_err(Error::Field)?
            .map(|members| Cow::Owned(json::object(&members))),
    })
}

/// Reads the body of `campaigns/clicks`: an event `campaign`, as the app's own copy of it is called (fact 8.11).
pub(crate) fn campaign_click(body: &[u8], now: Timestamp) -> Result<Step<'_>, Error> {
    let CampaignClickBody {
        customer_ids,
        url,
        platform,
        properties,
        timestamp,
        age,
    } = object(body)?;
    let mut properties = given::properties(properties).map_err(Error::Field)?;
    if let Some(members) = &mut properties {
        let beside = [("platform", platform), ("url", url)];
        for (name, raw) in beside {
            let Some(raw) = raw else { continue };
            let value = given::kept(name, raw.get()).map_err(Error::Field)?;
            members.retain(|(other, _)| other != name);
            members.push((Cow::Borrowed(name), value));
        }
        members.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    }
    let properties = properties.map(|members| Cow::Owned(json::object(&members)));
    Ok(Step::Event {
        ids: customer(customer_ids)?,
        event_type: Some(Cow::Borrowed("campaign")),
        timestamp: happened(timestamp, age, now)?,
        properties,
    })
}

/// The IDs of a customer; plain text is one ID.
pub(crate) fn customer(raw: Option<&RawValue>) -> Result<Vec<Id<'_>>, Error> {
    let Some(raw) = raw else {
        return Ok(Vec::new());
    };
    let value = match raw.get().as_bytes().first() {
        Some(b'"') => IdValue::Text(Text::of(raw).unwrap_or_default()),
        Some(b'-' | b'0'..=b'9') => IdValue::Number(Cow::Borrowed(raw.get())),
        _ => {
            let ids = serde_json::from_str::<GivenIds<'_>>(raw.get());
            let ids = ids.map_err(|_| Error::InvalidJson)?;
            return given::ids(ids).ok_or_else(|| must_be("customer_ids", "an object"));
        }
    };
    Ok(vec![Id {
        id_type: Cow::Borrowed(ID_OF_A_TEXT),
        value,
    }])
}

/// When an event happened: its own time, or its age before now (quirk 7).
pub(crate) fn happened(
    timestamp: Option<&RawValue>,
    age: Option<&RawValue>,
    now: Timestamp,
) -> Result<Option<f64>, Error> {
    let own = moment::timestamp("timestamp", timestamp).map_err(Error::Field)?;
    if own.is_some() {
        return Ok(own.map(Timestamp::seconds));
    }
    let Some(age) = age.map(RawValue::get).filter(|age| *age != "null") else {
        return Ok(None);
    };
    let seconds = age.trim_matches('"').parse::<f64>().ok();
    let time = seconds.and_then(|seconds| Timestamp::new(now.seconds() - seconds));
    match time {
        Some(time) => Ok(Some(time.seconds())),
        None => Err(must_be("age", "a number of seconds")),
    }
}

fn must_be(field: &str, what: &str) -> Error {
    Error::Field(format!("Field '{field}' must be {what}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_happened_at_its_time_or_its_age_before_now() {
        let now = Timestamp::new(1000.0).unwrap();
        let raw = |text: &str| RawValue::from_string(text.into()).unwrap();
        for (timestamp, age, at) in [
            ("null", "null", None),
            ("null", "2.5", Some(997.5)),
            ("null", "\"3\"", Some(997.0)),
            ("null", "-1", Some(1001.0)),
            ("7", "2", Some(7.0)),
        ] {
            let (timestamp, age) = (raw(timestamp), raw(age));
            let read = happened(Some(&timestamp), Some(&age), now);
            assert_eq!(read, Ok(at), "{timestamp} {age}");
        }
        assert!(happened(None, Some(&raw("\"soon\"")), now).is_err());
        assert!(happened(None, Some(&raw("1e999")), now).is_err());
    }
}
