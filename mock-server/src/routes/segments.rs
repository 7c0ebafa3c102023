//! `/webxp/.../segments` and `link-ids`: the segments of a cookie's customer, without credentials (quirk 31).

use std::collections::BTreeMap;

use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use http::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, json};
use twinfold_engine::{GivenId, InternalId, Label};
use utoipa::ToSchema;

use super::{Access, Body, Endpoint, body::source};
use crate::{
    definitions::{Reading, SegmentCategory},
    error::Error,
    evidence::Evidence,
    journal::{Origin, Route, Step},
    projects::Projects,
    shapes::{CustomerIds, SegmentMember, Tracked},
    wire::{
        given::{self, GivenIds, Id},
        reply,
        track::object,
    },
    world::World,
};

/// IDs that the cookie's customer has as well.
#[derive(Deserialize, ToSchema)]
struct LinkBody<'a> {
    #[serde(borrow, default)]
    #[schema(value_type = Option<CustomerIds>)]
    external_ids: GivenIds<'a>,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    const PATH: &str = "/webxp/projects/{token}/segments";
    let says = "the segments of a cookie's customer, by category; an unknown cookie has none";
    let segments = [
        Endpoint::get(PATH, segments, says),
        Endpoint::post(PATH, segments, says),
    ]
    .map(|endpoint| {
        let endpoint = endpoint.label(Label::Observed).access(Access::Open);
        let endpoint = endpoint.query("cookie", "the browser's or the app's soft ID");
        endpoint.answers::<BTreeMap<String, Vec<SegmentMember>>>()
    });
    let link = Endpoint::post(
        "/webxp/projects/{token}/cookies/{cookie}/link-ids",
        link_ids,
        "identifies the cookie's customer by further IDs, as any other command does",
    );
    let link = link.label(Label::Observed).access(Access::Open);
    let link = link.body::<LinkBody<'static>>().answers::<Tracked>();
    segments.into_iter().chain([link]).collect()
}

async fn segments(
    State(projects): State<Projects>,
    Path(token): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
    _: Body,
) -> Result<Response, Error> {
    let project = projects.get(&token).ok_or(Error::UnknownProject)?;
    let world = project.world();
    let cookie = query.iter().find(|(name, _)| name == "cookie");
    let customer = cookie.and_then(|(_, cookie)| by_cookie(&world, cookie));
    let found = customer.map_or(json!({}), |customer| by_category(&world, customer));
    Ok(reply::json(200, &found))
}

fn by_cookie(world: &World, cookie: &str) -> Option<InternalId> {
    let project = world.project();
    let device = project.schema().device_type()?;
    let given = [GivenId::text(&device.name, cookie)];
    project.find(&given).ok().flatten()
}

/// For each category that a segmentation has, the segments that have the customer; all members are strings.
fn by_category(world: &World, customer: InternalId) -> Value {
    let Some(profile) = world.project().profile(customer) else {
        return json!({});
    };
    let definitions = world.definitions();
    let reading = Reading {
        definitions,
        profile: &profile,
    };
    let mut found: BTreeMap<SegmentCategory, Vec<Value>> = BTreeMap::new();
    for (id, segmentation) in &definitions.segmentations {
        let Some(category) = segmentation.category else {
            continue;
        };
        let members = found.entry(category).or_default();
        if let Some((position, segment)) = reading.segment(segmentation) {
            let segment_id = segment.id.clone().unwrap_or_else(|| position.to_string());
            members.push(json!({"id": segment_id, "segmentation_id": id}));
        }
    }
    json!(found)
}

async fn link_ids(
    State(projects): State<Projects>,
    Path((token, cookie)): Path<(String, String)>,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<Response, Error> {
    let project = projects.get(&token).ok_or(Error::UnknownProject)?;
    let LinkBody { external_ids } = object(&body)?;
    let not_an_object = || Error::Field("Field 'external_ids' must be an object.".into());
    let external = given::ids(external_ids).ok_or_else(not_an_object)?;
    let mut world = project.world();
    let device = world.project().schema().device_type();
    let mut ids: Vec<Id<'_>> = device
        .map(|device| Id::text(&device.name, &cookie))
        .into_iter()
        .collect();
    // Of a cookie that is named twice the one of the path counts.
    let taken = ids.first().map(|id| id.id_type.clone());
    ids.extend(
        external
            .into_iter()
            .filter(|id| Some(&id.id_type) != taken.as_ref()),
    );
    let step = Step::Customers {
        ids,
        properties: Some(Vec::new()),
        update_timestamp: None,
    };
    let origin = Origin {
        source: source(&headers),
        route: Route::LinkIds,
        item: None,
    };
    let result = world.write(origin, &step);
    let mut evidence = Evidence::default();
    evidence.add(&result);
    Ok(evidence.under(match result {
        Err(rejection) if !rejection.is_answered_as_success() => {
            evidence.add_label(Label::Assumed);
            let says = format!("customer IDs merge failed: {rejection}");
            reply::json(400, &json!({"success": false, "errors": [says]}))
        }
        _ => reply::success(),
    }))
}
