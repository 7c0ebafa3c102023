//! `/track/v2`: customers, events, batches and the server's time.

use std::borrow::Cow;

use axum::response::Response;
use bytes::Bytes;
use serde_json::{Value, json};
use twinfold_engine::Label;

use super::{Access, Endpoint, admission::admit, body::source};
use crate::{
    access::{AnyCall, Call},
    error::Error,
    evidence::{Backed, Evidence},
    journal::{Origin, Route, Step},
    shapes::{
        BatchResults, SystemTime, Tracked,
        tracking::{CustomersBody, EventBody},
    },
    wire::{
        legacy::{self, CampaignClickBody},
        reply,
        track::{self, Asks},
    },
    world::World,
};

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::post(
            "/track/v2/projects/{token}/customers",
            async |AnyCall(call): AnyCall| customers(&call),
            "identifies a customer and sets properties",
        )
        .access(Access::Any)
        .body::<CustomersBody>()
        .answers::<Tracked>(),
        Endpoint::post(
            "/track/v2/projects/{token}/customers/events",
            async |AnyCall(call): AnyCall| events(&call),
            "identifies a customer and adds an event; an equal one is dropped",
        )
        .access(Access::Any)
        .body::<EventBody>()
        .answers::<Tracked>(),
        Endpoint::post(
            "/track/v2/projects/{token}/batch",
            async |AnyCall(call): AnyCall| batch(&call),
            "1 to 50 commands in order; results by position",
        )
        .access(Access::Any)
        .body::<track::BatchBody<'static>>()
        .answers::<BatchResults>(),
        Endpoint::post(
            "/track/v2/projects/{token}/campaigns/clicks",
            campaign_clicks,
            "an app opened a campaign link: an event `campaign`",
        )
        .label(Label::Observed)
        .access(Access::Any)
        .body::<CampaignClickBody<'static>>()
        .answers::<Tracked>(),
        Endpoint::get(
            "/track/v2/projects/{token}/system/time",
            system_time,
            "the project's time",
        )
        .access(Access::Any)
        .answers::<SystemTime>(),
    ]
}

pub(super) fn customers(call: &Call) -> Result<Backed, Error> {
    single(call, Route::Customers, track::customers(&call.body))
}

pub(super) fn events(call: &Call) -> Result<Backed, Error> {
    let now = call.project.world().now();
    single(call, Route::Events, track::event(&call.body, now))
}

pub(super) fn single(
    call: &Call,
    route: Route,
    step: Result<Step<'_>, Error>,
) -> Result<Backed, Error> {
    let origin = Origin {
        source: source(&call.headers),
        route,
        item: None,
    };
    let mut world = call.project.world();
    let admitted = step.and_then(|step| {
        admit(&world, &call.grants, &step)?;
        Ok(step)
    });
    let step = match admitted {
        Ok(step) => step,
        Err(error) => {
            note_refusal(&mut world, origin, &error);
            return Err(error);
        }
    };
    let result = world.write(origin, &step);
    let mut evidence = Evidence::default();
    evidence.add(&result);
    Ok(evidence.backs(match result {
        Ok(_) => reply::success(),
        Err(rejection) => reply::rejected(&rejection),
    }))
}

async fn campaign_clicks(AnyCall(call): AnyCall) -> Result<Backed, Error> {
    let now = call.project.world().now();
    let step = legacy::campaign_click(&call.body, now);
    single(&call, Route::CampaignClicks, step)
}

pub(super) fn batch(call: &Call) -> Result<Backed, Error> {
    let origin = Origin {
        source: source(&call.headers),
        route: Route::Batch,
        item: None,
    };
    let mut world = call.project.world();
    let now = world.now();
    let commands = match track::batch(&call.body) {
        Ok(commands) => commands,
        Err(error) => {
            note_refusal(&mut world, origin, &error);
            return Err(error);
        }
    };
    let mut refused = call.project.faults.of_items(commands.len());
    let start = now.seconds();
    let mut evidence = Evidence::default();
    let mut text = String::from("{\"results\": [");
    for (position, command) in commands.into_iter().enumerate() {
        if position > 0 {
            text.push_str(", ");
        }
        let origin = Origin {
            item: Some(position as u32),
            ..origin.clone()
        };
        let command_id = command.command_id;
        // Here and not before all, because an earlier command may bring a name that this one may use then.
        let asks = match refused.remove(&position) {
            Some(says) => Err(Error::PlannedItem(says)),
            None => command.asks(now).and_then(|asks| {
                if let Asks::Write(step) = &asks {
                    admit(&world, &call.grants, step)?;
                }
                Ok(asks)
            }),
        };
        run(&mut world, origin, asks, &mut text, &mut evidence);
        if let Some(id) = command_id {
            text.push_str(", \"command_id\": ");
            text.push_str(id.get());
        }
        text.push('}');
    }
    let end = world.now().seconds();
    let times = format!("], \"start_time\": {start:?}, \"end_time\": {end:?}, \"success\": true}}");
    text.push_str(&times);
    Ok(evidence.backs(reply::raw(200, Bytes::from(text))))
}

/// Runs one command of a batch and writes its result, which is not closed yet.
fn run(
    world: &mut World,
    origin: Origin<'_>,
    asks: Result<Asks<'_>, Error>,
    text: &mut String,
    evidence: &mut Evidence,
) {
    match asks {
        Ok(Asks::SystemTime) => {
            let time = world.now().seconds();
            text.push_str(&format!("{{\"success\": true, \"time\": {time:?}"));
        }
        Ok(Asks::Write(step)) => {
            let result = world.write(origin, &step);
            evidence.add(&result);
            match result {
                Err(rejection) if !rejection.is_answered_as_success() => {
                    failed(text, &rejection.to_string());
                }
                _ => text.push_str("{\"success\": true"),
            }
        }
        Err(error) => {
            evidence.add_label(error.label());
            note_refusal(world, origin, &error);
            failed(text, &error.to_string());
        }
    }
}

fn failed(text: &mut String, message: &str) {
    let errors: Value = json!([message]);
    text.push_str("{\"success\": false, \"errors\": ");
    text.push_str(&errors.to_string());
}

/// A request of the wrong shape stands in the journal, so that its sender can be found.
pub(super) fn note_refusal(world: &mut World, origin: Origin<'_>, error: &Error) {
    let step = Step::Refused {
        status: error.status(),
        body: Cow::Owned(error.body().to_string()),
    };
    let _refused = world.write(origin, &step);
}

async fn system_time(AnyCall(call): AnyCall) -> Response {
    let time = call.project.world().now().seconds();
    reply::json(200, &json!({"errors": [], "success": true, "time": time}))
}
