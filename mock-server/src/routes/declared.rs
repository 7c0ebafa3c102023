//! Routes that clients know and this server does not answer yet: 501 with a body that says so.
//! Where the path names a project, the key is checked first.

use super::{Access, Body, Endpoint};
use crate::{access::PrivateCall, error::Error, shapes::Refusal};

pub(super) fn endpoints() -> Vec<Endpoint> {
    let endpoints = [
        Endpoint::post(
            "/data/v2/projects/{token}/analyses/{kind}",
            async |_: PrivateCall| Error::NotThere("analyses"),
            "reports, funnels, segmentations, retentions",
        ),
        Endpoint::post(
            "/track/u/v1/{*rest}",
            streams,
            "tracking into a Data hub stream",
        )
        .access(Access::Open),
        Endpoint::get(
            "/webxp/streams/{*rest}",
            streams,
            "what a Data hub stream shows",
        )
        .access(Access::Open),
        Endpoint::post(
            "/webxp/streams/{*rest}",
            streams,
            "what a Data hub stream shows",
        )
        .access(Access::Open),
    ];
    let declared = |endpoint: Endpoint| {
        let refusal = Some(super::shape::<Refusal> as super::endpoint::Shape);
        endpoint.declared().answer(501, "application/json", refusal)
    };
    endpoints.into_iter().map(declared).collect()
}

async fn streams(_: Body) -> Error {
    Error::NotThere("Data hub streams")
}
