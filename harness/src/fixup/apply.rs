//! Makes the calls of a plan, one after the other, and takes no decision: a call is made, or it is
//! left out because the profile is no longer the one that was planned.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Call, FixUpError, Plan, Profile, Step, email_key,
    live::{Found, read_profile},
    rehome::rehome,
};
use crate::target::{ProjectClient, Reply, Request, TargetError};

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Applied {
    /// Calls that were made and accepted.
    pub sent: usize,
    /// Calls that were not needed any more: their effect was there already.
    pub already: usize,
    /// Calls that were left out, and why.
    pub skipped: Vec<Skipped>,
}

/// A call that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// The key it was for.
    pub key: String,
    /// The call's own ID, as `type=value`.
    pub own: String,
    /// What changed since the plan was made.
    pub note: String,
}

impl Applied {
    /// How many calls of the plan are behind us.
    pub fn reached(&self) -> usize {
        self.sent + self.already + self.skipped.len()
    }
}

/// What came of one call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Done {
    /// It was made and accepted.
    Sent,
    /// It was not needed any more.
    Already,
    /// The profile changed since the plan was made.
    LeftOut(String),
}

/// Who is told of every call: a log, a progress bar, both.
pub trait Watch: Send {
    /// What came of this call in an earlier run, if it needs not be made again.
    fn done(&self, at: usize) -> Option<Done>;

    /// It is about to be made.
    fn begins(&mut self, at: usize, key: &str, call: &Call) -> std::io::Result<()>;

    /// It is over.
    fn ended(&mut self, at: usize, done: &Done) -> std::io::Result<()>;
}

/// Nobody is told.
pub(super) struct Nobody;

impl Watch for Nobody {
    fn done(&self, _: usize) -> Option<Done> {
        None
    }

    fn begins(&mut self, _: usize, _: &str, _: &Call) -> std::io::Result<()> {
        Ok(())
    }

    fn ended(&mut self, _: usize, _: &Done) -> std::io::Result<()> {
        Ok(())
    }
}

/// Makes the calls in order. A merge cannot be undone and the project lives on meanwhile, so each
/// profile is looked at again right before its call, and left alone if it changed. Stops at the first that is not accepted; running again is safe.
pub async fn apply(plan: &Plan, client: &ProjectClient) -> Result<Applied, FixUpError> {
    apply_watched(plan, client, &mut Nobody).await
}

/// The same, and `watch` is told of each call before and after.
pub async fn apply_watched(
    plan: &Plan,
    client: &ProjectClient,
    watch: &mut dyn Watch,
) -> Result<Applied, FixUpError> {
    let mut applied = Applied::default();
    for (at, (key, call)) in plan.calls().enumerate() {
        let done = match watch.done(at) {
            Some(done) => done,
            None => {
                watch.begins(at, key, call)?;
                let made = make(plan, key, call, client).await;
                let done = made.map_err(|error| FixUpError::Refused {
                    key: key.to_owned(),
                    reason: error.to_string(),
                    total: plan.summary.calls,
                    applied: applied.clone(),
                })?;
                watch.ended(at, &done)?;
                done
            }
        };
        applied.note(key, call, done);
    }
    Ok(applied)
}

impl Applied {
    fn note(&mut self, key: &str, call: &Call, done: Done) {
        match done {
            Done::Sent => self.sent += 1,
            Done::Already => self.already += 1,
            Done::LeftOut(note) => self.skipped.push(Skipped {
                key: key.to_owned(),
                own: call.own.to_string(),
                note,
            }),
        }
    }
}

async fn make(
    plan: &Plan,
    key: &str,
    call: &Call,
    client: &ProjectClient,
) -> Result<Done, FixUpError> {
    match call.step {
        Step::Identify | Step::Realign => update(plan, key, call, client).await,
        _ => rehome(plan, key, call, client).await,
    }
}

async fn update(
    plan: &Plan,
    key: &str,
    call: &Call,
    client: &ProjectClient,
) -> Result<Done, FixUpError> {
    let Found::Profile(profile) = read_profile(client, &call.own).await? else {
        return Ok(Done::LeftOut("nobody holds this ID any more".to_owned()));
    };
    let unneeded = match call.step {
        Step::Realign => compare_realigned(plan, key, call, &profile),
        _ => compare(plan, key, call, &profile),
    };
    if let Some(unneeded) = unneeded {
        return Ok(unneeded);
    }
    let path = call.path(&client.credentials.token);
    send(client, Request::post(path, &call.body())).await?;
    Ok(Done::Sent)
}

/// Sends a call of a repair and takes the body of its reply, if it says yes.
pub(super) async fn send(client: &ProjectClient, request: Request) -> Result<Value, FixUpError> {
    let (method, path) = (request.method.to_string(), request.path.clone());
    let request = request.header("twinfold-source", "repair");
    let reply = client.send(request).await?;
    accepted(&reply).ok_or_else(|| {
        let body = String::from_utf8_lossy(&reply.body);
        FixUpError::Target(TargetError::Refused {
            method,
            path,
            status: reply.status,
            body: body.chars().take(300).collect(),
        })
    })
}

/// What the project says against a call, in its own words.
pub(super) fn refused(body: String) -> FixUpError {
    FixUpError::Target(TargetError::Refused {
        method: "POST".to_owned(),
        path: "/batch".to_owned(),
        status: 200,
        body,
    })
}

/// The body of a reply that says yes.
fn accepted(reply: &Reply) -> Option<Value> {
    let body = reply.json().ok()?;
    let success = body.get("success").and_then(Value::as_bool);
    ((200..300).contains(&reply.status) && success == Some(true)).then_some(body)
}

/// Why the call of step `identify` needs not or must not be made, if so.
fn compare(plan: &Plan, key: &str, call: &Call, profile: &Profile) -> Option<Done> {
    if profile.id(&call.hard_id.id_type) == Some(&call.hard_id.value) {
        return Some(Done::Already);
    }
    let has = |name: &String| {
        profile
            .id(name)
            .map(|value| (name.clone(), value.to_owned()))
    };
    let hard_ids: BTreeMap<_, _> = plan.hard_types.iter().filter_map(has).collect();
    if hard_ids != call.expects {
        let note = "its hard IDs changed since the plan was made";
        return Some(Done::LeftOut(note.to_owned()));
    }
    match profile.text(&plan.email_property).and_then(email_key) {
        Some(found) if found == key => None,
        _ => Some(Done::LeftOut(ADDRESS_CHANGED.to_owned())),
    }
}

const ADDRESS_CHANGED: &str = "its address changed since the plan was made";

/// The same for step `realign`. The account may have joined with its own people meanwhile, and have their newer address.
fn compare_realigned(plan: &Plan, key: &str, call: &Call, profile: &Profile) -> Option<Done> {
    let is_held = |(name, value): (&String, &String)| profile.id(name) == Some(value);
    if !call.expects.iter().all(is_held) {
        let note = "its hard IDs changed since the plan was made";
        return Some(Done::LeftOut(note.to_owned()));
    }
    let own = profile.id(&plan.email_type).and_then(email_key);
    match profile.text(&plan.email_property).and_then(email_key) {
        Some(found) if found == key => None,
        found if found == own => Some(Done::Already),
        _ => Some(Done::LeftOut(ADDRESS_CHANGED.to_owned())),
    }
}
