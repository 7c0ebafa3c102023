//! Every route of the server. The emulated API comes first; the control API is under a prefix of its own.

mod admission;
mod anonymize;
mod attributes;
mod body;
mod bulk;
mod catalogs;
mod consent_page;
mod consents;
mod control;
mod cookie;
mod crm;
mod data;
mod declared;
mod email;
mod empty;
mod endpoint;
mod export;
mod faults;
mod front;
mod guard;
mod imports;
mod keys;
mod local;
mod open;
mod segments;
mod shadow;
mod track;

use std::sync::Arc;

use axum::{
    Router,
    extract::Request,
    routing::{delete, get, post},
};
use http::header;
use tower::ServiceExt;
use tower_http::cors::{AllowHeaders, AllowMethods, AllowOrigin, CorsLayer};

pub(crate) use body::{BYTES_MAX, Body};
pub(crate) use consent_page::path as consent_page_path;
pub use control::CONTROL_PREFIX;
pub(crate) use endpoint::{Access, Answer, Endpoint, Schemas, shape};
pub(crate) use front::Front;

use crate::{error::Error, evidence::EVIDENCE, projects::Projects};

/// Every route of the emulated API, in the order in which the documents list them.
pub(crate) fn table() -> Vec<Endpoint> {
    let families = [
        track::endpoints(),
        vec![bulk::endpoint()],
        crm::endpoints(),
        data::endpoints(),
        anonymize::endpoints(),
        consents::endpoints(),
        catalogs::endpoints(),
        imports::endpoints(),
        consent_page::endpoints(),
        email::endpoints(),
        segments::endpoints(),
        empty::endpoints(),
        declared::endpoints(),
    ];
    families.into_iter().flatten().collect()
}

/// All routes over these projects. The control API needs `ConnectInfo<SocketAddr>`.
pub fn router(projects: Projects) -> Router {
    let front = Arc::new(Front::new(projects));
    Router::new().fallback(move |request: Request| async move { front.answer(request).await })
}

/// All routes, each with its layers.
fn layered(projects: Projects) -> Router {
    let mut emulated = Router::new();
    for endpoint in table() {
        emulated = emulated.route(endpoint.path, endpoint.handler(&projects));
    }
    let known = emulated
        .fallback(async |_: Body| Error::UnknownUrl)
        .method_not_allowed_fallback(async |_: Body| Error::WrongMethod)
        .layer(cors())
        .nest(CONTROL_PREFIX, control_router(&projects))
        .with_state(projects);
    let tidied = known.clone();
    // Only a path that nobody knows is tidied, so that the others cost nothing more.
    known.fallback(async |request: Request| tidied.oneshot(with_tidy_path(request)).await)
}

/// Pages of any origin may call with their cookies, as the browser SDK does (quirk 28).
fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::mirror_request())
        .allow_methods(AllowMethods::mirror_request())
        .allow_headers(AllowHeaders::mirror_request())
        .allow_credentials(true)
        // A page of the web may call a server on the same machine.
        .allow_private_network(true)
        .expose_headers([EVIDENCE, header::RETRY_AFTER])
}

/// Doubled slashes and one at the end count for nothing, because clients join URLs carelessly (quirk 15).
fn with_tidy_path(mut request: Request) -> Request {
    let path = request.uri().path();
    if !path.contains("//") && (path.len() < 2 || !path.ends_with('/')) {
        return request;
    }
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    let mut tidy: String = segments.flat_map(|segment| ["/", segment]).collect();
    if tidy.is_empty() {
        tidy.push('/');
    }
    if let Some(query) = request.uri().query() {
        tidy = format!("{tidy}?{query}");
    }
    // What came as a path is a path without some of its slashes.
    if let Ok(uri) = tidy.parse() {
        *request.uri_mut() = uri;
    }
    request
}

fn control_router(projects: &Projects) -> Router<Projects> {
    Router::new()
        .route("/projects", get(control::list).post(control::create))
        .route(
            "/projects/{token}",
            get(control::show).merge(delete(control::remove)),
        )
        .route("/projects/{token}/access-groups", get(keys::list))
        .route(
            "/projects/{token}/access-groups/{group}/rotate",
            post(keys::rotate),
        )
        .route(
            "/projects/{token}/access-groups/{group}/revoke",
            post(keys::revoke),
        )
        .route("/projects/{token}/fork", post(control::fork))
        .route(
            "/projects/{token}/definitions",
            get(control::definitions).put(control::define),
        )
        .route("/projects/{token}/clock", post(control::advance_clock))
        .route(
            "/projects/{token}/faults",
            get(faults::list).post(faults::plan).delete(faults::clear),
        )
        .route("/projects/{token}/journal", get(control::journal))
        .route("/projects/{token}/replayed", get(control::replayed))
        .route("/projects/{token}/shadow", get(shadow::run))
        .route("/projects/{token}/customers", get(control::customers))
        .route("/projects/{token}/customers/{id}", get(control::customer))
        .route("/projects/{token}/mails", get(control::mails))
        .route("/rules", get(control::rules))
        .route("/openapi.json", get(control::openapi))
        .fallback(async |_: Body| Error::UnknownUrl)
        .layer(axum::middleware::from_fn_with_state(
            projects.clone(),
            local::only_local,
        ))
}
