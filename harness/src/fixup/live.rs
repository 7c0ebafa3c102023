//! Reads a project by the emulated API, which any base URL offers, and what only our own server
//! can add by its control API: creation numbers and the journal.

use std::collections::{BTreeMap, HashMap};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{
    Evidence, FixUpError, Id, Journal, JournalEntry, JournalPage, Profile,
    rows::{Fields, RowError, profile_of_object, profile_of_row},
};
use crate::target::{ProjectClient, Request, TargetError};

const JOURNAL_PAGE_ENTRIES: usize = 10_000;
const PAGE_CUSTOMERS: usize = 10_000;

/// All profiles of a project in the order of its export, without events.
pub async fn read_profiles(client: &ProjectClient) -> Result<Vec<Profile>, FixUpError> {
    let path = client.data_path("/customers/export");
    let body = json!({"attributes": {"type": "properties_and_ids"}, "format": "native_json"});
    let reply = client.accepted(Request::post(path.clone(), &body)).await?;
    profiles_of(&reply).ok_or(FixUpError::Shape {
        path,
        expected: "`native_json` export",
    })
}

fn profiles_of(reply: &Value) -> Option<Vec<Profile>> {
    let fields = Fields::read(reply.get("fields")?).ok()?;
    let mut lists = HashMap::new();
    let rows = reply.get("data")?.as_array()?.iter().enumerate();
    let profiles = rows.map(|(age, row)| {
        let profile = profile_of_row(&fields, row, &mut lists)?;
        Ok::<_, RowError>(Profile { age, ..profile })
    });
    profiles.collect::<Result<_, _>>().ok()
}

/// What one profile shows by one of its IDs.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// It exists; with its events.
    Profile(Profile),
    /// Nobody holds that ID.
    Nobody,
}

/// Reads one profile with its events.
pub async fn read_profile(client: &ProjectClient, id: &Id) -> Result<Found, FixUpError> {
    let path = client.data_path("/customers/export-one");
    let ids = BTreeMap::from([(&id.id_type, &id.value)]);
    let request = Request::post(path.clone(), &json!({"customer_ids": ids}));
    let reply = client.send(request).await?;
    if reply.status == 404 {
        return Ok(Found::Nobody);
    }
    if !(200..300).contains(&reply.status) {
        return Err(FixUpError::Target(TargetError::Refused {
            method: "POST".to_owned(),
            path,
            status: reply.status,
            body: String::from_utf8_lossy(&reply.body).into_owned(),
        }));
    }
    let profile = profile_of_object(&reply.json()?, &mut HashMap::new());
    profile.map(Found::Profile).map_err(|_| FixUpError::Shape {
        path,
        expected: "profile with `ids`, `properties` and `events`",
    })
}

/// When the properties of a profile were set, if the control API answers; an export does not say.
pub(super) async fn property_times(
    client: &ProjectClient,
    id: &Id,
) -> Result<BTreeMap<String, f64>, FixUpError> {
    let Some(shown) = control::<Value>(client, &format!("/customers/{}", in_path(id))).await?
    else {
        return Ok(BTreeMap::new());
    };
    let properties = shown.get("properties").and_then(Value::as_object);
    let times = properties.into_iter().flatten();
    let times = times.filter_map(|(name, stored)| {
        let at = stored.get("at").and_then(Value::as_f64)?;
        Some((name.clone(), at))
    });
    Ok(times.collect())
}

/// `type=value` as one segment of a path.
fn in_path(id: &Id) -> String {
    utf8_percent_encode(&id.to_string(), NON_ALPHANUMERIC).to_string()
}

/// The journal, if the control API answers.
pub(super) async fn read_evidence(client: &ProjectClient) -> Result<Evidence, FixUpError> {
    let (mut pages, mut after) = (Vec::new(), 0);
    loop {
        let query = format!("/journal?after={after}&limit={JOURNAL_PAGE_ENTRIES}");
        let Some(page) = control::<JournalPage>(client, &query).await? else {
            return Ok(Evidence::ProfilesOnly);
        };
        let reached = page.entries.last().map(|entry| entry.seq);
        let last = page.last;
        pages.push(page);
        match reached {
            Some(seq) if seq > after && seq < last => after = seq,
            _ => return Ok(Evidence::Journal(Journal::new(pages))),
        }
    }
}

/// The number of the newest entry of the journal, if there is one.
pub(super) async fn journal_last(client: &ProjectClient) -> Result<Option<u64>, FixUpError> {
    let page = control::<JournalPage>(client, "/journal?limit=1").await?;
    Ok(page.map(|page| page.last))
}

/// The entries of the journal behind this one; none if they are no longer all there.
pub(super) async fn read_entries_after(
    client: &ProjectClient,
    since: u64,
) -> Result<Option<Vec<JournalEntry>>, FixUpError> {
    let (mut entries, mut after) = (Vec::new(), since);
    loop {
        let query = format!("/journal?after={after}&limit={JOURNAL_PAGE_ENTRIES}");
        let page = control::<JournalPage>(client, &query).await?;
        let Some(page) = page.filter(|page| page.folded <= since) else {
            return Ok(None);
        };
        let reached = page.entries.last().map(|entry| entry.seq);
        entries.extend(page.entries);
        match reached {
            Some(seq) if seq > after && seq < page.last => after = seq,
            _ => return Ok(Some(entries)),
        }
    }
}

/// The creation number of whoever holds an ID, if the control API answers.
pub(super) async fn number_of(client: &ProjectClient, id: &Id) -> Result<Option<u64>, FixUpError> {
    let shown = control::<Value>(client, &format!("/customers/{}", in_path(id))).await?;
    Ok(shown.and_then(|shown| shown.get("number")?.as_u64()))
}

/// Gives the profiles the creation numbers that the control API shows, if it answers.
pub(super) async fn number(
    client: &ProjectClient,
    profiles: &mut [Profile],
) -> Result<(), FixUpError> {
    let (mut numbers, mut after) = (HashMap::new(), 0);
    loop {
        let query = format!("/customers?after={after}&limit={PAGE_CUSTOMERS}");
        let reply = control::<Value>(client, &query).await?;
        let customers = reply.as_ref().and_then(|reply| reply.get("customers"));
        let customers = customers.and_then(Value::as_array).map(Vec::as_slice);
        let Some(last) = note_numbers(customers.unwrap_or_default(), &mut numbers) else {
            break;
        };
        if last <= after {
            break;
        }
        after = last;
    }
    for profile in profiles {
        let mut ids = profile.ids.iter().flat_map(|(name, values)| {
            values
                .iter()
                .map(move |value| (name.clone(), value.clone()))
        });
        profile.number = ids.find_map(|id| numbers.get(&id).copied());
    }
    Ok(())
}

/// All customers as the control API shows them.
pub(super) async fn customers<C: DeserializeOwned>(
    client: &ProjectClient,
) -> Result<Vec<C>, FixUpError> {
    let shape = || FixUpError::Shape {
        path: client.control_path("/customers"),
        expected: "list `customers` of our own server",
    };
    let mut reply = control::<Value>(client, "/customers")
        .await?
        .ok_or_else(shape)?;
    serde_json::from_value(reply["customers"].take()).map_err(|_| shape())
}

/// Whose each ID is, of one page; the greatest number on it.
fn note_numbers(customers: &[Value], numbers: &mut HashMap<(String, String), u64>) -> Option<u64> {
    let mut last = None;
    for customer in customers {
        let number = customer.get("number").and_then(Value::as_u64);
        let shown = profile_of_object(&json!({"ids": customer.get("ids")}), &mut HashMap::new());
        if let (Some(number), Ok(shown)) = (number, shown) {
            last = last.max(Some(number));
            let ids = shown.ids.into_iter();
            numbers.extend(ids.flat_map(|(name, values)| {
                let values = values.into_iter();
                values.map(move |value| ((name.clone(), value), number))
            }));
        }
    }
    last
}

/// A reply of the control API; none where there is no control API. It takes no credentials.
async fn control<T: DeserializeOwned>(
    client: &ProjectClient,
    rest: &str,
) -> Result<Option<T>, FixUpError> {
    let path = client.control_path(rest);
    let reply = client.send_open(Request::get(path.clone())).await?;
    // Put off is not the same as not there.
    if reply.status == 429 || reply.status >= 500 {
        return Err(FixUpError::Target(TargetError::Refused {
            method: "GET".to_owned(),
            path,
            status: reply.status,
            body: String::from_utf8_lossy(&reply.body).into_owned(),
        }));
    }
    let read = || serde_json::from_slice(&reply.body).ok();
    Ok((reply.status == 200).then(read).flatten())
}
