//! Every route of the server. The emulated API comes first; the control API is under a prefix of its own.

mod body;
mod control;
mod data;
mod email;
mod export;
mod track;

use axum::{
    Router,
    routing::{delete, get, post},
};

pub(crate) use body::Body;
pub use control::CONTROL_PREFIX;

use crate::{error::Error, projects::Projects};

/// All routes over these projects. The control API needs `ConnectInfo<SocketAddr>`.
pub fn router(projects: Projects) -> Router {
    let track = "/track/v2/projects/{token}";
    let data = "/data/v2/projects/{token}/customers";
    Router::new()
        .route(&format!("{track}/customers"), post(track::customers))
        .route(&format!("{track}/customers/events"), post(track::events))
        .route(&format!("{track}/batch"), post(track::batch))
        .route(&format!("{track}/system/time"), get(track::system_time))
        .route(&format!("{data}/export-one"), post(data::export_one))
        .route(&format!("{data}/attributes"), post(data::attributes))
        .route(&format!("{data}/events"), post(data::events))
        .route(&format!("{data}/export"), post(export::export))
        .route(&format!("{data}/anonymize"), post(data::anonymize))
        .route("/email/v2/projects/{token}/sync", post(email::send))
        .route("/link/{token}/{mail}/{link}", get(email::open_link))
        .nest(CONTROL_PREFIX, control_router())
        .fallback(async |_: Body| Error::UnknownUrl)
        .method_not_allowed_fallback(async |_: Body| Error::WrongMethod)
        .with_state(projects)
}

fn control_router() -> Router<Projects> {
    Router::new()
        .route("/projects", get(control::list).post(control::create))
        .route(
            "/projects/{token}",
            get(control::show).merge(delete(control::remove)),
        )
        .route("/projects/{token}/fork", post(control::fork))
        .route("/projects/{token}/clock", post(control::advance_clock))
        .route("/projects/{token}/journal", get(control::journal))
        .route("/projects/{token}/replayed", get(control::replayed))
        .route("/projects/{token}/customers", get(control::customers))
        .route("/projects/{token}/customers/{id}", get(control::customer))
        .route("/projects/{token}/mails", get(control::mails))
        .route("/rules", get(control::rules))
        .fallback(async |_: Body| Error::UnknownUrl)
        .layer(axum::middleware::from_fn(control::only_local))
}
