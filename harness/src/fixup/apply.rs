//! Makes the calls of a plan, one after the other, and takes no decision: a call is made, or it is
//! left out because the profile is no longer the one that was planned.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    Applied, Call, Done, FixUpError, Plan, PlannedKey, Profile, Progress, Stage, Step, Unseen,
    Watch,
    applied::Nobody,
    batch::{Answer, COMMANDS_MAX, batches, send_batch},
    email_key,
    live::{Found, read_profile},
    progress::each_of,
    rehome::rehome,
};
use crate::target::{ProjectClient, Reply, Request, TargetError};

/// Makes the calls in order. A merge cannot be undone and the project lives on meanwhile, so each profile is looked at
/// again right before its call, and left alone if it changed. Calls that only write properties or IDs go in batches.
/// Stops at the first that is not accepted; running again is safe.
pub async fn apply(plan: &Plan, client: &ProjectClient) -> Result<Applied, FixUpError> {
    apply_watched(plan, client, &mut Nobody, &Unseen).await
}

/// The same, and `watch` is told of each call before and after.
pub async fn apply_watched(
    plan: &Plan,
    client: &ProjectClient,
    watch: &mut dyn Watch,
    progress: &dyn Progress,
) -> Result<Applied, FixUpError> {
    let steps: Vec<_> = plan.steps().enumerate().collect();
    progress.begins(Stage::Calls, steps.len());
    let mut run = Run {
        plan,
        client,
        watch,
        applied: Applied::default(),
    };
    let mut rest = steps.as_slice();
    while let [first, ..] = rest {
        let together = together(rest);
        if is_update(first.1.1) {
            run.updates(&rest[..together]).await?;
        } else {
            run.rehomes(*first).await?;
        }
        progress.advances(together);
        rest = &rest[together..];
    }
    Ok(run.applied)
}

/// A call with its place in the plan and what is planned for its key.
type At<'p> = (usize, (&'p PlannedKey, &'p Call));

/// How many of the next calls are looked at and sent together. No two updates of one phase depend on each other: whom
/// they address are different profiles, and those who follow a head stand behind it.
fn together(rest: &[At<'_>]) -> usize {
    let phase = |at: &At<'_>| at.1.1.step;
    let first = &rest[0];
    let same = rest.iter().take_while(|at| phase(at) == phase(first));
    match is_update(first.1.1) {
        true => same.take(COMMANDS_MAX).count(),
        false => 1,
    }
}

fn is_update(call: &Call) -> bool {
    matches!(call.step, Step::Identify | Step::Realign)
}

struct Run<'a> {
    plan: &'a Plan,
    client: &'a ProjectClient,
    watch: &'a mut dyn Watch,
    applied: Applied,
}

impl Run<'_> {
    /// Looks at all of them, then sends those that are due in as few requests as hold them.
    async fn updates(&mut self, steps: &[At<'_>]) -> Result<(), FixUpError> {
        let mut open = Vec::new();
        for step in steps {
            if !self.begins(*step)? {
                open.push(*step);
            }
        }
        let (plan, client) = (self.plan, self.client);
        let looks = open
            .iter()
            .map(|(_, (planned, call))| look(plan, &planned.diagnosis.key, call, client));
        let mut due = Vec::new();
        for (step, unneeded) in open.iter().zip(each_of(looks.collect()).await) {
            match unneeded.map_err(|error| self.refused(*step, error))? {
                Some(done) => self.ended(*step, done)?,
                None => due.push(*step),
            }
        }
        self.send(&due).await
    }

    async fn send(&mut self, due: &[At<'_>]) -> Result<(), FixUpError> {
        let [first, others @ ..] = due else {
            return Ok(());
        };
        if others.is_empty() {
            let (_, (_, call)) = first;
            let path = call.path(&self.client.credentials.token);
            let sent = send(self.client, Request::post(path, &call.body())).await;
            sent.map_err(|error| self.refused(*first, error))?;
            return self.ended(*first, Done::Sent);
        }
        let command = |(_, (_, call)): &At<'_>| json!({"name": "customers", "data": call.body()});
        let commands: Vec<_> = due.iter().map(command).collect();
        let mut rest = due;
        for commands in batches(&commands) {
            let (these, later) = rest.split_at(commands.len());
            let answers = send_batch(self.client, commands).await;
            let answers = answers.map_err(|error| self.refused(these[0], error))?;
            self.answered(these, answers)?;
            rest = later;
        }
        Ok(())
    }

    /// Those that were accepted are over, whatever became of the others.
    fn answered(&mut self, steps: &[At<'_>], answers: Vec<Answer>) -> Result<(), FixUpError> {
        let mut against = None;
        for (step, answer) in steps.iter().zip(answers) {
            match answer {
                Ok(()) => self.ended(*step, Done::Sent)?,
                Err(says) => against = against.or(Some((*step, says))),
            }
        }
        match against {
            Some((step, says)) => Err(self.refused(step, refused(says))),
            None => Ok(()),
        }
    }

    async fn rehomes(&mut self, step: At<'_>) -> Result<(), FixUpError> {
        if self.begins(step)? {
            return Ok(());
        }
        let (_, (planned, call)) = step;
        let done = rehome(self.plan, planned, call, self.client).await;
        let done = done.map_err(|error| self.refused(step, error))?;
        self.ended(step, done)
    }

    /// Whether it was over before this run began.
    fn begins(&mut self, (at, (planned, call)): At<'_>) -> Result<bool, FixUpError> {
        let key = &planned.diagnosis.key;
        let Some(done) = self.watch.done(at) else {
            self.watch.begins(at, key, call)?;
            return Ok(false);
        };
        self.applied.note(key, call, done);
        Ok(true)
    }

    fn ended(&mut self, (at, (planned, call)): At<'_>, done: Done) -> Result<(), FixUpError> {
        self.watch.ended(at, &done)?;
        self.applied.note(&planned.diagnosis.key, call, done);
        Ok(())
    }

    fn refused(&self, (at, (planned, _)): At<'_>, error: FixUpError) -> FixUpError {
        FixUpError::Refused {
            key: planned.diagnosis.key.clone(),
            reason: error.to_string(),
            at: at + 1,
            total: self.plan.summary.calls,
            applied: self.applied.clone(),
        }
    }
}

/// What makes the call unneeded, if something does.
async fn look(
    plan: &Plan,
    key: &str,
    call: &Call,
    client: &ProjectClient,
) -> Result<Option<Done>, FixUpError> {
    let Found::Profile(profile) = read_profile(client, &call.own).await? else {
        let note = "nobody holds this ID any more".to_owned();
        return Ok(Some(Done::LeftOut(note)));
    };
    Ok(match call.step {
        Step::Realign => compare_realigned(plan, key, call, &profile),
        _ => compare(plan, key, call, &profile),
    })
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
