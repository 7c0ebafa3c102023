//! The control API: projects, forks, clocks, and what happened. Ours, so its shapes and errors are documented here.
//! Only for programs on this machine: other hosts and other origins are refused.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use twinfold_engine::{GivenId, InternalId, Project, Rule};

use super::body::Body;
use crate::{
    clock::SECONDS_MAX,
    definitions::Definitions,
    error::Error,
    journal::{Origin, Route, Step},
    projects::{Credentials, Hosted, Projects},
    settings::{self, ProjectSettings},
    wire::{entry, reply, view},
};

/// Under which every route of the control API stands.
pub const CONTROL_PREFIX: &str = "/_twinfold";

/// How many entries or customers a reply holds unless asked otherwise.
const PAGE_DEFAULT: usize = 10_000;

pub(super) async fn create(
    State(projects): State<Projects>,
    Body(body): Body,
) -> Result<Response, Error> {
    let settings: ProjectSettings = read(&body)?;
    let credentials = projects
        .create(&settings)
        .map_err(|says| Error::Control(400, says))?;
    Ok(created(&projects, credentials))
}

pub(super) async fn list(State(projects): State<Projects>) -> Response {
    reply::json(200, &json!({"projects": projects.tokens()}))
}

pub(super) async fn show(
    State(projects): State<Projects>,
    Path(token): Path<String>,
) -> Result<Response, Error> {
    let project = find(&projects, &token)?;
    let mut world = project.world();
    let mut shown = settings::describe(world.project().settings());
    let counts = world.project().counts();
    shown["token"] = json!(token);
    shown["now"] = json!(world.now().seconds());
    shown["counts"] = json!({
        "customers": counts.customers,
        "absorbed": counts.absorbed,
        "ids": counts.ids,
        "events": counts.events,
        "commands": counts.commands,
        "rejected": world.rejected(),
        "duplicates_dropped": counts.duplicates_dropped,
    });
    Ok(reply::json(200, &shown))
}

pub(super) async fn remove(
    State(projects): State<Projects>,
    Path(token): Path<String>,
    _: Body,
) -> Result<Response, Error> {
    if projects.remove(&token) {
        Ok(reply::json(200, &json!({"success": true})))
    } else {
        Err(unknown_project(&token))
    }
}

pub(super) async fn fork(
    State(projects): State<Projects>,
    Path(token): Path<String>,
    _: Body,
) -> Result<Response, Error> {
    let project = find(&projects, &token)?;
    Ok(created(&projects, projects.fork(&project)))
}

/// The project's keys, and those of the groups that were asked for.
fn created(projects: &Projects, credentials: Credentials) -> Response {
    let mut shown = json!(credentials);
    let project = projects.get(&credentials.token);
    let groups = project.map(|project| project.groups.asked_with_keys());
    if let Some(groups) = groups.filter(|groups| !groups.is_empty()) {
        shown["access_groups"] = json!(groups);
    }
    reply::json(200, &shown)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockBody {
    advance: f64,
}

pub(super) async fn advance_clock(
    State(projects): State<Projects>,
    Path(token): Path<String>,
    Body(body): Body,
) -> Result<Response, Error> {
    let project = find(&projects, &token)?;
    let ClockBody { advance } = read(&body)?;
    if !advance.is_finite() || advance < 0.0 {
        let says = format!("`advance` must be seconds from now on, not {advance}");
        return Err(Error::Control(400, says));
    }
    let mut world = project.world();
    if world.now().seconds() + advance > SECONDS_MAX {
        let says = format!("`advance`: {advance} seconds would pass the year 9999");
        return Err(Error::Control(400, says));
    }
    world.advance_clock(advance);
    Ok(reply::json(200, &json!({"now": world.now().seconds()})))
}

#[derive(Deserialize)]
pub(super) struct Page {
    #[serde(default)]
    after: u64,
    limit: Option<usize>,
}

pub(super) async fn journal(
    State(projects): State<Projects>,
    Path(token): Path<String>,
    Query(page): Query<Page>,
) -> Result<Response, Error> {
    let project = find(&projects, &token)?;
    let world = project.world();
    let journal = world.journal();
    let entries = journal
        .entries_after(page.after)
        .take(page.limit.unwrap_or(PAGE_DEFAULT));
    let shown: Vec<_> = entries
        .map(|(number, entry)| entry::entry(world.project(), number, &entry))
        .collect();
    let body = json!({"entries": shown, "folded": journal.folded(), "last": journal.last()});
    Ok(reply::json(200, &body))
}

/// The definitions that stand now.
pub(super) async fn definitions(
    State(projects): State<Projects>,
    Path(token): Path<String>,
) -> Result<Response, Error> {
    let project = find(&projects, &token)?;
    let world = project.world();
    Ok(reply::json(200, &json!(world.definitions())))
}

/// Puts definitions in place of the old ones.
pub(super) async fn define(
    State(projects): State<Projects>,
    Path(token): Path<String>,
    Body(body): Body,
) -> Result<Response, Error> {
    let project = find(&projects, &token)?;
    let definitions: Definitions = read(&body)?;
    let checked = definitions.check();
    checked.map_err(|says| Error::Control(400, says))?;
    let origin = Origin {
        source: "control".into(),
        route: Route::Definitions,
        item: None,
    };
    let written = json!(definitions);
    let step = Step::Define(written.to_string().into());
    // Definitions are never rejected once they are read.
    let _done = project.world().write(origin, &step);
    Ok(reply::json(200, &written))
}

/// Replays the journal on its base and says whether that gives the customers, mails, catalogs and definitions of now,
/// and which invariant of the project does not hold; `null` if all do.
pub(super) async fn replayed(
    State(projects): State<Projects>,
    Path(token): Path<String>,
) -> Result<Response, Error> {
    let project = find(&projects, &token)?;
    let world = project.world();
    let replayed = world.journal().replay();
    let (now, then) = (world.project(), &replayed.project);
    let customers = now.customers().map(|id| now.profile(id));
    let agrees = customers.eq(then.customers().map(|id| then.profile(id)))
        && world.state().outbox.mails() == replayed.outbox.mails()
        && world.state().imports == replayed.imports
        && world.state().catalogs == replayed.catalogs
        && world.state().definitions == replayed.definitions;
    Ok(reply::json(
        200,
        &json!({
            "agrees": agrees,
            "entries": world.journal().last(),
            "violation": now.check().err().map(|violation| violation.to_string()),
        }),
    ))
}

pub(super) async fn customers(
    State(projects): State<Projects>,
    Path(token): Path<String>,
    Query(page): Query<Page>,
) -> Result<Response, Error> {
    let project = find(&projects, &token)?;
    let mut world = project.world();
    let now = world.now();
    let project = world.project();
    let later = project
        .customers()
        .filter(|id| u64::from(id.number()) > page.after);
    let profiles = later.filter_map(|id| project.profile(id));
    let shown: Vec<_> = profiles
        .take(page.limit.unwrap_or(PAGE_DEFAULT))
        .map(|profile| view::customer(&profile, now))
        .collect();
    Ok(reply::json(200, &json!({"customers": shown})))
}

pub(super) async fn customer(
    State(projects): State<Projects>,
    Path((token, id)): Path<(String, String)>,
) -> Result<Response, Error> {
    let project = find(&projects, &token)?;
    let mut world = project.world();
    let now = world.now();
    let asked = match id.split_once('=') {
        Some((id_type, value)) => holder(world.project(), id_type, value)?,
        None => view::internal_id(&id).ok_or_else(|| {
            let says = format!(
                "`{id}` is no internal ID (24 hex digits, or the number in the order of creation) and no `type=value`"
            );
            Error::Control(400, says)
        })?,
    };
    let survivor = world.project().survivor_of(asked);
    let profile = survivor.and_then(|survivor| world.project().profile(survivor));
    let profile = profile.ok_or_else(|| {
        let says = format!("the project never had a customer with the internal ID `{id}`");
        Error::Control(404, says)
    })?;
    let mut shown = view::customer(&profile, now);
    shown["asked"] = json!(asked.to_string());
    shown["absorbed"] = json!(profile.internal_id != asked);
    Ok(reply::json(200, &shown))
}

/// Who holds an external ID, as the project reads it.
fn holder(project: &Project, id_type: &str, value: &str) -> Result<InternalId, Error> {
    let found = project.find(&[GivenId::text(id_type, value)]);
    let found = found.map_err(|rejection| Error::Control(400, rejection.to_string()))?;
    found.ok_or_else(|| Error::Control(404, format!("nobody holds the ID `{id_type}={value}`")))
}

pub(super) async fn mails(
    State(projects): State<Projects>,
    Path(token): Path<String>,
) -> Result<Response, Error> {
    let project = find(&projects, &token)?;
    let world = project.world();
    let mails = world.state().outbox.mails().iter();
    let shown: Vec<Value> = mails.map(|mail| view::mail(&token, mail)).collect();
    Ok(reply::json(200, &json!({"mails": shown})))
}

/// Every rule with its evidence.
pub(super) async fn rules() -> Response {
    let rules: Vec<_> = Rule::ALL.iter().copied().map(view::rule_shown).collect();
    reply::json(200, &json!({"rules": rules}))
}

/// The OpenAPI document of the emulated API.
pub(super) async fn openapi() -> Response {
    reply::raw(200, crate::openapi::document().into())
}

pub(super) fn find(projects: &Projects, token: &str) -> Result<Arc<Hosted>, Error> {
    projects.get(token).ok_or_else(|| unknown_project(token))
}

fn unknown_project(token: &str) -> Error {
    Error::Control(
        404,
        format!("there is no project `{token}`; `GET {CONTROL_PREFIX}/projects` lists them"),
    )
}

/// A body of the control API; an empty one is an empty object.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    let body = match body.trim_ascii() {
        b"" => b"{}",
        body => body,
    };
    if !body.starts_with(b"{") {
        return Err(Error::Control(400, "the body must be a JSON object".into()));
    }
    serde_json::from_slice(body).map_err(|error| Error::Control(400, error.to_string()))
}
