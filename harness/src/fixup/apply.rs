//! Makes the calls of a plan, one after the other, and takes no decision: a call is made, or it is
//! left out because the profile is no longer the one that was planned.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::{
    Call, FixUpError, Plan, Profile,
    key::email_key,
    live::{Found, read_profile},
};
use crate::target::{ProjectClient, Reply, Request};

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Applied {
    /// Calls that were made and accepted.
    pub sent: usize,
    /// Calls that were not needed any more: the profile had joined already.
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

/// What a look at the addressed profile says about its call.
enum Look {
    AsPlanned,
    Joined,
    Changed(String),
}

/// Makes the calls in order. A merge cannot be undone and the project lives on meanwhile, so each
/// profile is looked at again right before its call, and left alone if it changed. Stops at the first that is not accepted; running again is safe.
pub async fn apply(plan: &Plan, client: &ProjectClient) -> Result<Applied, FixUpError> {
    let total = plan.summary.calls;
    let mut applied = Applied::default();
    for (key, call) in plan.calls() {
        let look = look(plan, key, call, client).await;
        let made = match look {
            Ok(Look::AsPlanned) => make(call, client, &mut applied).await,
            Ok(look) => {
                note(&mut applied, key, call, look);
                Ok(())
            }
            Err(error) => Err(error.to_string()),
        };
        made.map_err(|reason| FixUpError::Refused {
            key: key.to_owned(),
            reason,
            total,
            applied: applied.clone(),
        })?;
    }
    Ok(applied)
}

async fn make(call: &Call, client: &ProjectClient, applied: &mut Applied) -> Result<(), String> {
    let path = client.track_path("/customers");
    let request = Request::post(path, &call.body()).header("twinfold-source", "repair");
    let reply = client
        .send(request)
        .await
        .map_err(|error| error.to_string())?;
    refusal(&reply).map_or(Ok(()), Err)?;
    applied.sent += 1;
    Ok(())
}

/// What the project says against the call, if it does.
fn refusal(reply: &Reply) -> Option<String> {
    let body = String::from_utf8_lossy(&reply.body);
    let success = reply
        .json()
        .ok()
        .and_then(|body| body.get("success").and_then(Value::as_bool));
    match (reply.status, success) {
        (200..300, Some(true)) => None,
        (status, _) => Some(format!(
            "status {status}: {}",
            body.chars().take(300).collect::<String>()
        )),
    }
}

async fn look(
    plan: &Plan,
    key: &str,
    call: &Call,
    client: &ProjectClient,
) -> Result<Look, FixUpError> {
    let found = read_profile(client, &call.own).await?;
    Ok(match found {
        Found::Nobody => Look::Changed("nobody holds this ID any more".to_owned()),
        Found::Profile(profile) => compare(plan, key, call, &profile),
    })
}

fn compare(plan: &Plan, key: &str, call: &Call, profile: &Profile) -> Look {
    if profile.id(&call.hard_id.id_type) == Some(&call.hard_id.value) {
        return Look::Joined;
    }
    let has = |name: &String| {
        profile
            .id(name)
            .map(|value| (name.clone(), value.to_owned()))
    };
    let hard_ids: BTreeMap<_, _> = plan.hard_types.iter().filter_map(has).collect();
    if hard_ids != call.expects {
        return Look::Changed("its hard IDs changed since the plan was made".to_owned());
    }
    match profile.text(&plan.email_property).and_then(email_key) {
        Some(found) if found == key => Look::AsPlanned,
        _ => Look::Changed("its address changed since the plan was made".to_owned()),
    }
}

fn note(applied: &mut Applied, key: &str, call: &Call, look: Look) {
    match look {
        Look::Changed(note) => applied.skipped.push(Skipped {
            key: key.to_owned(),
            own: call.own.to_string(),
            note,
        }),
        _ => applied.already += 1,
    }
}
