//! `/bulk`: the commands of the browser SDK and of older clients, with the browser's cookie (facts 4.6, 6).
//! A cookie that `system/ids` gives out goes with every other command of its bulk, so that all reach one customer.
use std::collections::BTreeMap;

use axum::response::Response;
use serde_json::{Value, json};
use twinfold_engine::{GivenId, GivenValue, Label};

use super::{
    Access, Endpoint,
    admission::admit,
    body::source,
    cookie,
    open::{Named, of_project},
    track::note_refusal,
};
use crate::{
    access::Permissions,
    error::Error,
    evidence::Evidence,
    journal::{Origin, Route, Step},
    projects::Hosted,
    shapes::browser::BulkResults,
    wire::{
        bulk::{self, BulkBody, BulkCommand, Name},
        given::Id,
        legacy, reply,
    },
    world::World,
};

pub(super) fn endpoint() -> Endpoint {
    Endpoint::post(
        "/bulk",
        bulk,
        "1 to 50 commands of the browser SDK and older clients; `system/ids` negotiates the browser's cookie",
    )
    .label(Label::Observed)
    .access(Access::Open)
    .query("project_id", "the project's token, if neither the body nor a command names it")
    .body::<BulkBody<'static>>()
    .answers::<BulkResults>()
}

async fn bulk(call: Named) -> Result<Response, Error> {
    let commands = bulk::bulk(&call.body)?;
    let named = commands.iter().find_map(BulkCommand::project);
    let project = call.project(named.as_deref())?;
    let response = Run::new(&call, &project, &commands).run(&commands);
    Ok(of_project(&project, response))
}

/// One bulk while it runs.
struct Run<'r> {
    project: &'r Hosted,
    origin: Origin<'r>,
    /// By position, the cookie that a command goes with.
    cookies: Vec<Option<String>>,
    /// The cookies that a write has brought to a customer.
    joined: Vec<String>,
    /// By position, the error of a command that a planned fault refuses.
    faults: BTreeMap<usize, String>,
    evidence: Evidence,
}

impl<'r> Run<'r> {
    fn new(call: &'r Named, project: &'r Hosted, commands: &[BulkCommand<'_>]) -> Self {
        let browser = cookie::of_browser(&call.headers, &project.token);
        Self {
            project,
            origin: Origin {
                source: source(&call.headers),
                route: Route::Bulk,
                item: None,
            },
            cookies: cookies(&mut project.world(), browser, commands),
            joined: Vec::new(),
            faults: project.faults.of_items(commands.len()),
            evidence: Evidence::default(),
        }
    }

    fn run(mut self, commands: &[BulkCommand<'_>]) -> Response {
        let mut world = self.project.world();
        let start = world.now().seconds();
        let results = commands.iter().enumerate();
        let results = results.map(|(position, command)| self.one(&mut world, position, command));
        let results: Vec<Value> = results.collect();
        self.join_the_rest(&mut world, commands);
        let end = world.now().seconds();
        let body =
            json!({"start_time": start, "end_time": end, "success": true, "results": results});
        let response = self.evidence.under(reply::json(200, &body));
        let mut given_out = commands.iter().zip(&self.cookies).rev();
        match given_out.find(|(command, _)| command.name == Name::Ids) {
            Some((_, Some(value))) => cookie::set(response, &self.project.token, value),
            _ => response,
        }
    }

    fn one(&mut self, world: &mut World, position: usize, command: &BulkCommand<'_>) -> Value {
        if let Some(says) = self.faults.remove(&position) {
            return self.refused(world, position, &Error::PlannedItem(says));
        }
        let now = world.now();
        if let Some(other) = command.project()
            && other != self.project.token
        {
            let says = "The command names another project than the bulk.".into();
            return self.refused(world, position, &Error::Field(says));
        }
        let step = match &command.name {
            Name::Customers => legacy::customers(command.data),
            Name::Events => legacy::event(command.data, now),
            Name::CampaignClick => legacy::campaign_click(command.data, now),
            Name::Ids => return ok(json!({"cookie": self.cookies[position]})),
            Name::Time => return ok(json!({"time": now.seconds()})),
            Name::Tracking => return ok(json!([])),
            Name::Unknown(name) => Err(unknown(name)),
        };
        match step {
            Ok(step) => self.write(world, position, step),
            Err(Error::InvalidJson) => {
                let error = Error::Field("Field 'data' must be an object.".into());
                self.refused(world, position, &error)
            }
            Err(error) => self.refused(world, position, &error),
        }
    }

    fn write(&mut self, world: &mut World, position: usize, mut step: Step<'_>) -> Value {
        let device = device_type(world);
        let mut cookie = self.cookies[position].clone();
        if let Some(device) = &device
            && let Step::Customers { ids, .. } | Step::Event { ids, .. } = &mut step
        {
            if let Some(own) = bulk::value_of(ids, device) {
                cookie = Some(own);
            } else if let Some(cookie) = &cookie {
                ids.push(Id::text(device, cookie));
            }
        }
        // Whoever needs no key has no group that could lack a permission; the limits hold.
        if let Err(error) = admit(world, &Permissions::all(), &step) {
            return self.refused(world, position, &error);
        }
        let result = world.write(self.at(position), &step);
        self.evidence.add(&result);
        match result {
            Err(rejection) if !rejection.is_answered_as_success() => {
                json!({"status": "error", "errors": [rejection.to_string()]})
            }
            _ => {
                self.joined.extend(cookie);
                json!({"status": "ok"})
            }
        }
    }

    fn refused(&mut self, world: &mut World, position: usize, error: &Error) -> Value {
        self.evidence.add_label(error.label());
        note_refusal(world, self.at(position), error);
        json!({"status": "error", "errors": [error.to_string()]})
    }

    /// A browser that only asks for its cookie becomes a customer by it (fact 6.6).
    fn join_the_rest(&mut self, world: &mut World, commands: &[BulkCommand<'_>]) {
        let Some(device) = device_type(world) else {
            return;
        };
        for (position, command) in commands.iter().enumerate() {
            let Some(cookie) = self.cookies[position].clone() else {
                continue;
            };
            if command.name != Name::Ids || self.joined.contains(&cookie) {
                continue;
            }
            let step = Step::Customers {
                ids: vec![Id::text(&device, &cookie)],
                properties: Some(Vec::new()),
                update_timestamp: None,
            };
            let result = world.write(self.at(position), &step);
            self.evidence.add(&result);
            self.joined.push(cookie);
        }
    }

    fn at(&self, position: usize) -> Origin<'r> {
        Origin {
            item: Some(position as u32),
            ..self.origin.clone()
        }
    }
}

/// The cookie of each command: that of the `system/ids` before it, else of the first one; none where nobody asks for one.
fn cookies(
    world: &mut World,
    browser: Option<String>,
    commands: &[BulkCommand<'_>],
) -> Vec<Option<String>> {
    let device = device_type(world).unwrap_or_else(|| "cookie".into());
    let mut first = None;
    let mut latest: Option<String> = None;
    let mut cookies = Vec::with_capacity(commands.len());
    for command in commands {
        if command.name == Name::Ids {
            let own = command.cookie(&device);
            let known = latest.take().or_else(|| browser.clone());
            latest = Some(negotiated(world, own.into_iter().chain(known)));
            first = first.or_else(|| latest.clone());
        }
        cookies.push(latest.clone());
    }
    let fill = |cookie: Option<String>| cookie.or_else(|| first.clone());
    cookies.into_iter().map(fill).collect()
}

/// The first of these that is a valid ID, else a fresh one.
pub(super) fn negotiated(world: &mut World, given: impl IntoIterator<Item = String>) -> String {
    let device = device_type(world);
    let project = world.project();
    let valid = |value: &String| {
        let id_type = device.as_deref().unwrap_or_default();
        let value = GivenValue::Text(value);
        project.find(&[GivenId { id_type, value }]).is_ok()
    };
    let found = given.into_iter().find(valid);
    found.unwrap_or_else(|| world.fresh_id())
}

/// The soft type that holds browsers' cookies.
pub(super) fn device_type(world: &World) -> Option<String> {
    let device = world.project().schema().device_type();
    device.map(|id_type| id_type.name.clone())
}

fn ok(data: Value) -> Value {
    json!({"status": "ok", "data": data})
}

fn unknown(name: &str) -> Error {
    if name.is_empty() {
        return Error::Field("Field 'name' is required.".into());
    }
    Error::Field(format!(
        "Unknown command '{name}'; known are crm/customers, crm/events, campaigns/clicks, system/ids, system/time, system/tracking."
    ))
}
