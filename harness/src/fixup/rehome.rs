//! Rehoming: a profile is copied to the one that stands for its key, read back, and anonymized.
//! Every step looks first and sends only what is missing, so that any of them can be made again.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{
    Call, ConflictKind, Done, Event, FixUpError, Id, Plan, PlannedKey, Profile, Step,
    apply::{refused, send},
    batch::{batches, send_batch},
    email_key, keys_of,
    live::{Found, property_times, read_profile},
};
use crate::target::{ProjectClient, Request, TargetError};

/// The update time of a property whose own is not known: whatever is stored there is newer.
const UNKNOWN_TIME: f64 = 1.0;
/// How often a source that changes meanwhile is copied again before it is left alone.
const COPIES_MAX: usize = 3;

const TARGET_GONE: &str = "nobody stands for the address any more";

/// One step of a rehoming.
pub(super) async fn rehome(
    plan: &Plan,
    planned: &PlannedKey,
    call: &Call,
    client: &ProjectClient,
) -> Result<Done, FixUpError> {
    let rehoming = Rehoming {
        plan,
        planned,
        key: &planned.diagnosis.key,
        call,
        client,
    };
    match call.step {
        Step::HandOver => rehoming.hand_over().await,
        Step::Anonymize => rehoming.anonymize().await,
        _ => match rehoming.look().await? {
            Look::Pair(pair) => {
                let done = rehoming.copy(&pair, &mut BTreeSet::new()).await?;
                // To find nothing missing is what reading back is for.
                Ok(if call.step == Step::ReadBack {
                    Done::Sent
                } else {
                    done
                })
            }
            Look::Not(done) => Ok(done),
        },
    }
}

struct Rehoming<'a> {
    plan: &'a Plan,
    planned: &'a PlannedKey,
    key: &'a str,
    call: &'a Call,
    client: &'a ProjectClient,
}

/// Source and target as they are now.
struct Pair {
    from: Profile,
    to: Profile,
}

enum Look {
    Pair(Box<Pair>),
    Not(Done),
}

impl Rehoming<'_> {
    async fn look(&self) -> Result<Look, FixUpError> {
        let left_out = |note: &str| Ok(Look::Not(Done::LeftOut(note.to_owned())));
        // The source is read last: what comes to it after this look is all that a write may miss.
        let to = read_profile(self.client, &self.call.hard_id).await?;
        let Found::Profile(from) = read_profile(self.client, &self.call.own).await? else {
            return Ok(Look::Not(Done::Already));
        };
        let Found::Profile(to) = to else {
            return left_out(TARGET_GONE);
        };
        if !self.is_as_planned(&from) {
            return left_out("its hard IDs changed since the plan was made");
        }
        if !self.has_key(&to) {
            return left_out("the target has another address now");
        }
        // Its own hard ID has the key, whatever became of the property.
        let by_hard_id = self.call.kind == Some(ConflictKind::CaseVariant);
        let address = from.text(&self.plan.email_property).and_then(email_key);
        if !by_hard_id && address.as_deref() != Some(self.key) {
            return left_out("its address changed since the plan was made");
        }
        Ok(Look::Pair(Box::new(Pair { from, to })))
    }

    fn is_as_planned(&self, from: &Profile) -> bool {
        let hard_types = self.plan.hard_types.iter();
        let held = hard_types.filter_map(|name| Some((name.clone(), from.id(name)?.to_owned())));
        held.collect::<BTreeMap<_, _>>() == self.call.expects
    }

    fn has_key(&self, profile: &Profile) -> bool {
        let keys = keys_of(profile, &self.plan.options());
        keys.iter().flatten().any(|(_, key)| key == self.key)
    }

    /// Sends what the step is for and the target lacks; reading back sends whatever is missing by then. `offered` are
    /// the values that the target was sent and may have refused, because its own are newer.
    async fn copy(&self, pair: &Pair, offered: &mut BTreeSet<String>) -> Result<Done, FixUpError> {
        let mut commands = Vec::new();
        if self.call.step != Step::CopyEvents {
            commands.extend(self.properties(pair, offered).await?);
        }
        if self.call.step != Step::CopyProperties {
            commands.extend(self.events(pair));
        }
        if commands.is_empty() {
            return Ok(Done::Already);
        }
        self.send_all(&commands).await?;
        Ok(Done::Sent)
    }

    /// By update time, and where that is not known never over a value that is there. An equal value goes too, for its
    /// time; reading back asks for names only, and before the source is emptied for values too: it may have changed.
    async fn properties(
        &self,
        Pair { from, to }: &Pair,
        offered: &mut BTreeSet<String>,
    ) -> Result<Vec<Value>, FixUpError> {
        let step = self.call.step;
        let mut due = |(name, value): &(&String, &Value)| match to.properties.get(*name) {
            None => true,
            _ if step == Step::CopyProperties => true,
            Some(held) if step == Step::Anonymize && held != *value => {
                offered.insert(format!("{name}={value}"))
            }
            Some(_) => false,
        };
        let missing: Vec<_> = from.properties.iter().filter(|pair| due(pair)).collect();
        if missing.is_empty() {
            return Ok(Vec::new());
        }
        let times = property_times(self.client, &self.call.own).await?;
        let mut by_time: Vec<(f64, Map<String, Value>)> = Vec::new();
        for (name, value) in missing {
            let at = times.get(name).copied().unwrap_or(UNKNOWN_TIME);
            match by_time.iter_mut().find(|(time, _)| *time == at) {
                Some((_, properties)) => drop(properties.insert(name.clone(), value.clone())),
                None => by_time.push((at, Map::from_iter([(name.clone(), value.clone())]))),
            }
        }
        let commands = by_time.into_iter().map(|(at, properties)| {
            let data = json!({"customer_ids": self.target(), "properties": properties, "update_timestamp": at});
            json!({"name": "customers", "data": data})
        });
        Ok(commands.collect())
    }

    fn events(&self, Pair { from, to }: &Pair) -> Vec<Value> {
        let held: BTreeSet<String> = to.events.iter().flatten().map(written).collect();
        let of_source = from.events.iter().flatten();
        let missing =
            of_source.filter(|event| event.kind != "merge" && !held.contains(&written(event)));
        let commands = missing.map(|event| {
            let data = json!({
                "customer_ids": self.target(), "event_type": event.kind,
                "timestamp": event.timestamp, "properties": event.properties,
            });
            json!({"name": "customers/events", "data": data})
        });
        commands.collect()
    }

    fn target(&self) -> BTreeMap<&str, &str> {
        BTreeMap::from([(
            self.call.hard_id.id_type.as_str(),
            self.call.hard_id.value.as_str(),
        )])
    }

    async fn send_all(&self, commands: &[Value]) -> Result<(), FixUpError> {
        for commands in batches(commands) {
            let answers = send_batch(self.client, commands).await?;
            if let Some(says) = answers.into_iter().find_map(Result::err) {
                return Err(refused(format!("a copy in a batch failed: {says}")));
            }
        }
        Ok(())
    }

    /// The device belongs to the source by hard IDs, so that a call with the target's own takes it over.
    async fn hand_over(&self) -> Result<Done, FixUpError> {
        let Found::Profile(holder) = read_profile(self.client, &self.call.own).await? else {
            return Ok(Done::Already);
        };
        let target = &self.call.hard_id;
        if holder.id(&target.id_type) == Some(&target.value) {
            return Ok(Done::Already);
        }
        if !self.is_as_planned(&holder) {
            return Ok(Done::LeftOut("the device went to somebody else".to_owned()));
        }
        if !self.target_is_there().await? {
            return Ok(Done::LeftOut(TARGET_GONE.to_owned()));
        }
        self.identify(&self.call.own).await?;
        Ok(Done::Sent)
    }

    /// Whether somebody stands for the address; a call that names nobody would make a new profile.
    async fn target_is_there(&self) -> Result<bool, FixUpError> {
        let found = read_profile(self.client, &self.call.hard_id).await?;
        Ok(matches!(found, Found::Profile(to) if self.has_key(&to)))
    }

    /// Adds an ID to the target.
    async fn identify(&self, id: &Id) -> Result<(), FixUpError> {
        let call = Call {
            step: Step::HandOver,
            own: id.clone(),
            ..self.call.clone()
        };
        let path = self.client.track_path("/customers");
        send(self.client, Request::post(path, &call.body())).await?;
        Ok(())
    }

    /// Only when a last look shows that nothing of the source is missing in the target.
    async fn anonymize(&self) -> Result<Done, FixUpError> {
        if read_profile(self.client, &self.call.own).await? == Found::Nobody {
            // Its reply was lost: what follows it may not have happened.
            self.hand_over_the_rest().await?;
            return Ok(Done::Already);
        }
        let (mut copies, mut offered) = (0, BTreeSet::new());
        loop {
            let pair = match self.look().await? {
                Look::Pair(pair) => pair,
                Look::Not(done) => return Ok(done),
            };
            match self.copy(&pair, &mut offered).await? {
                Done::Already => break,
                _ if copies == COPIES_MAX => {
                    let note = "the target does not keep what is copied, or the source changes all the time";
                    return Ok(Done::LeftOut(note.to_owned()));
                }
                _ => copies += 1,
            }
        }
        let path = self.client.data_path("/customers/anonymize");
        match send(self.client, Request::post(path, &self.call.body())).await {
            // The first delivery of two did it.
            Err(FixUpError::Target(TargetError::Refused { status: 404, .. })) => {}
            answer => drop(answer?),
        }
        self.hand_over_the_rest().await?;
        Ok(Done::Sent)
    }

    /// Where the project leaves a contested device with the newer customer, it is free only now.
    async fn hand_over_the_rest(&self) -> Result<(), FixUpError> {
        let handed = self.planned.calls.iter().filter(|call| {
            call.step == Step::HandOver
                && call.hard_id == self.call.hard_id
                && call.expects == self.call.expects
        });
        for id in handed.map(|call| &call.own) {
            let is_free = read_profile(self.client, id).await? == Found::Nobody;
            if is_free && self.target_is_there().await? {
                self.identify(id).await?;
            }
        }
        Ok(())
    }
}

/// An event as text, by which two are equal.
fn written(event: &Event) -> String {
    serde_json::to_string(event).unwrap_or_default()
}
