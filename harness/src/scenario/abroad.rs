//! A scenario on a project that is not ours: nothing can be created there, forked or deleted, and only what the emulated
//! API shows is compared. It runs as far as that goes, never touches a customer that was there before, and tidies up.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{
    Scenario, block::Block, customer::Customer, front_matter::FrontMatter, hooks::Hooks,
    runner::play_step, step::Abroad, verdict::Verdict, world::World,
};
use crate::{
    problem::Problem,
    target::{CallLog, ProjectClient, Request, Target, TargetError},
};
use twinfold_engine::IdSchema;

/// A project that was there before us.
#[derive(Clone, Debug)]
pub struct ForeignProject {
    /// The way to it.
    pub client: ProjectClient,
    /// Its ID types.
    pub schema: IdSchema,
}

/// What a scenario would write to a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Footprint {
    /// Calls that write or read it.
    pub calls: usize,
    /// Every ID that is sent, as `(type, value)`.
    pub ids: BTreeSet<(String, String)>,
    /// Every type of event that is tracked.
    pub event_types: BTreeSet<String>,
}

impl Footprint {
    /// Adds what these calls send.
    pub(super) fn add(&mut self, bodies: impl IntoIterator<Item = Value>) {
        for body in bodies {
            self.calls += 1;
            self.add_value(&body);
        }
    }

    /// The footprint of both.
    pub fn with(mut self, other: Self) -> Self {
        self.calls += other.calls;
        self.ids.extend(other.ids);
        self.event_types.extend(other.event_types);
        self
    }

    fn add_value(&mut self, value: &Value) {
        match value {
            Value::Object(members) => {
                members
                    .iter()
                    .for_each(|(name, value)| match name.as_str() {
                        "customer_ids" => self.add_ids(value),
                        "event_type" => self.event_types.extend(value.as_str().map(str::to_owned)),
                        _ => self.add_value(value),
                    })
            }
            Value::Array(items) => items.iter().for_each(|item| self.add_value(item)),
            _ => {}
        }
    }

    fn add_ids(&mut self, ids: &Value) {
        for (id_type, value) in ids.as_object().into_iter().flatten() {
            let text = match value {
                Value::String(text) => text.trim().to_owned(),
                Value::Number(number) => number.to_string(),
                _ => continue,
            };
            if !text.is_empty() {
                self.ids.insert((id_type.clone(), text));
            }
        }
    }
}

/// Why a file does not run on a foreign project at all.
pub(super) fn unfit(front: &FrontMatter, project: &ForeignProject) -> Option<String> {
    let asks =
        |asks: bool, what: &str| asks.then(|| format!("it needs a project with its own {what}"));
    asks(!front.switches.is_empty(), "switches")
        .or_else(|| asks(!front.strategy.is_empty(), "strategy"))
        .or_else(|| asks(!front.project.is_empty(), "settings"))
        .or_else(|| asks(!front.double_opt_in.is_null(), "double opt-in"))
        .or_else(|| asks(front.ids != project.schema, "ID types"))
}

/// Runs a file once for each variant: rehearsed in a project of our own, to learn what it sends, then there.
pub(super) async fn run(
    scenario: &Scenario,
    project: &ForeignProject,
    ours: &Target,
    hooks: &Hooks,
) -> Verdict {
    let mut verdict = super::runner::empty(scenario);
    verdict.has_run = true;
    if let Some(why) = unfit(scenario.front(), project) {
        return left_out(verdict, why);
    }
    for case in scenario.cases() {
        let steps = scenario.given().iter().chain(case.steps());
        let steps: Vec<_> = steps
            .take_while(|step| step.abroad() != Abroad::Ends)
            .collect();
        if !steps.iter().any(|step| step.abroad() == Abroad::Compared) {
            return left_out(verdict, "nothing of it can be compared there".into());
        }
        let rehearsed = match rehearse(scenario, &steps, ours, hooks).await {
            Ok(footprint) => footprint,
            Err(error) => return failed(verdict, scenario, &error.to_string()),
        };
        match present(project, &rehearsed).await {
            Ok(None) => {}
            Ok(Some(id)) => {
                return left_out(verdict, format!("`{id}` is a customer there already"));
            }
            Err(error) => return failed(verdict, scenario, &error.to_string()),
        }
        let client = ProjectClient {
            calls: CallLog::default(),
            ..project.client.clone()
        };
        let mut world = World::new(client, scenario.front().ids.clone(), hooks.clone());
        world.is_abroad = true;
        for step in steps {
            if let Err(problem) = play_step(step, &mut world).await {
                world.failures.push(problem);
                break;
            }
        }
        verdict.problems.extend(world.failures);
        if let Err(error) = tidy(project, &rehearsed).await {
            return failed(verdict, scenario, &error.to_string());
        }
    }
    verdict
}

fn left_out(mut verdict: Verdict, why: String) -> Verdict {
    verdict.was_left_out = true;
    verdict.why_left_out = why;
    verdict
}

fn failed(mut verdict: Verdict, scenario: &Scenario, says: &str) -> Verdict {
    verdict
        .problems
        .push(Problem::new(scenario.source(), 0..3, says));
    verdict
}

/// What the steps send, learnt by running them in a project of our own.
async fn rehearse(
    scenario: &Scenario,
    steps: &[&super::step::Step],
    ours: &Target,
    hooks: &Hooks,
) -> Result<Footprint, TargetError> {
    let client = super::project::create(ours, scenario.front().project_settings()).await?;
    let mut world = World::new(client.clone(), scenario.front().ids.clone(), hooks.clone());
    for step in steps.iter().filter(|step| step.acts()) {
        // What fails here fails there as well, and is said there.
        let _played = play_step(step, &mut world).await;
    }
    let mut footprint = Footprint::default();
    footprint.add(client.calls.taken().iter().map(|call| call.body()));
    super::project::delete(&client).await?;
    Ok(footprint)
}

/// What a file would write to a foreign project; nothing if it does not run there.
pub(super) async fn footprint(
    scenario: &Scenario,
    project: &ForeignProject,
    ours: &Target,
    hooks: &Hooks,
) -> Result<Footprint, TargetError> {
    let mut sum = Footprint::default();
    if unfit(scenario.front(), project).is_some() {
        return Ok(sum);
    }
    for case in scenario.cases() {
        let steps = scenario.given().iter().chain(case.steps());
        let steps: Vec<_> = steps
            .take_while(|step| step.abroad() != Abroad::Ends)
            .collect();
        if steps.iter().any(|step| step.abroad() == Abroad::Compared) {
            sum = sum.with(rehearse(scenario, &steps, ours, hooks).await?);
        }
    }
    Ok(sum)
}

/// An ID of the footprint that somebody there has already.
async fn present(
    project: &ForeignProject,
    footprint: &Footprint,
) -> Result<Option<String>, TargetError> {
    for (id_type, value) in &footprint.ids {
        if export_one(&project.client, id_type, value).await?.is_some() {
            return Ok(Some(format!("{id_type}={value}")));
        }
    }
    Ok(None)
}

/// Takes the IDs from the customers that the run has made, so that the next run finds none of them.
async fn tidy(project: &ForeignProject, footprint: &Footprint) -> Result<(), TargetError> {
    for (id_type, value) in &footprint.ids {
        if export_one(&project.client, id_type, value).await?.is_none() {
            continue;
        }
        let ids = Map::from_iter([(id_type.clone(), json!(value))]);
        let path = project.client.data_path("/customers/anonymize");
        let request = Request::post(path, &json!({"customer_ids": ids}));
        project.client.accepted(request).await?;
    }
    Ok(())
}

async fn export_one(
    client: &ProjectClient,
    id_type: &str,
    value: &str,
) -> Result<Option<Value>, TargetError> {
    let ids = Map::from_iter([(id_type.to_owned(), json!(value))]);
    let path = client.data_path("/customers/export-one");
    let request = Request::post(path.clone(), &json!({"customer_ids": ids}));
    let reply = client
        .target
        .send(request.header("authorization", client.basic()))
        .await?;
    match reply.status {
        // 400: the project refuses the value or its type, so nobody there can hold it.
        400 | 404 => Ok(None),
        200..300 => reply.json().map(Some),
        status => Err(TargetError::Refused {
            method: "POST".into(),
            path,
            status,
            body: String::from_utf8_lossy(&reply.body).into_owned(),
        }),
    }
}

/// The customers whom the run has named, in the order in which it named them first; that order gives their numbers.
pub(super) async fn customers(block: &Block, world: &World) -> Result<Vec<Customer>, Problem> {
    let mut customers: Vec<Customer> = Vec::new();
    for body in world.client.calls.seen().iter().map(|call| call.body()) {
        let mut named = Footprint::default();
        named.add([body]);
        for (id_type, value) in &named.ids {
            let found = export_one(&world.client, id_type, value).await;
            let Some(shown) = found.map_err(|error| block.problem(error.to_string()))? else {
                continue;
            };
            let customer = customer(customers.len() as u64 + 1, &shown);
            let customer = customer.ok_or_else(|| {
                block.problem(format!(
                    "the profile of `{id_type}={value}` has another shape: {shown}"
                ))
            })?;
            if customers.iter().all(|other| other.ids != customer.ids) {
                customers.push(customer);
            }
        }
    }
    Ok(customers)
}

/// A profile as `export-one` gives it.
fn customer(number: u64, shown: &Value) -> Option<Customer> {
    let properties = shown["properties"].as_object()?.iter();
    let properties: Map<String, Value> = properties
        .map(|(name, value)| (name.clone(), json!({"value": value})))
        .collect();
    let mut ids = shown["ids"].clone();
    // Types without a value are shown by some and left out by others.
    if let Some(ids) = ids.as_object_mut() {
        ids.retain(|_, value| {
            !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty())
        });
    }
    let customer =
        json!({"number": number, "ids": ids, "properties": properties, "events": shown["events"]});
    serde_json::from_value(customer).ok()
}
