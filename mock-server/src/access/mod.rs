//! Who may call, and what: the project by its token in the path, the access group by the `Authorization` header.
//! Errors as the vendor answers them (facts 4.5, 10; api.md quirks 1-4).

mod groups;
mod keys;
mod permissions;
mod presented;
mod rate_limit;

use std::{collections::HashMap, sync::Arc};

use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use bytes::Bytes;
use http::{HeaderMap, request::Parts};

pub use groups::{AccessGroup, AccessKind};
pub(crate) use groups::{Caller, Groups, read as read_groups};
pub use permissions::{Action, GetAndSet, Names, Permissions};
use presented::Presented;
pub(crate) use rate_limit::RateLimit;
pub use rate_limit::RateLimitSetting;

use crate::{
    error::Error,
    projects::{Hosted, Projects},
    routes::{BYTES_MAX, Body},
};

/// A call by private or public access.
pub(crate) struct AnyCall(pub(crate) Call);

/// A call by private access.
pub(crate) struct PrivateCall(pub(crate) Call);

/// A call by private access that may bring a whole file.
pub(crate) struct FileCall(pub(crate) Call);

/// Largest body of a [`FileCall`] in bytes.
const FILE_BYTES_MAX: usize = 64 << 20;

/// A call that was let in.
pub(crate) struct Call {
    pub(crate) project: Arc<Hosted>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// By which kind of key.
    pub(crate) kind: AccessKind,
    /// What its group may do.
    pub(crate) grants: Arc<Permissions>,
}

impl Call {
    /// Refuses a call whose group lacks a permission.
    pub(crate) fn may(&self, action: Action) -> Result<(), Error> {
        let may = self.grants.may(action);
        may.then_some(()).ok_or(Error::NoPermission(action))
    }

    /// A call to a project, let in by what it presents.
    pub(crate) fn to(project: Arc<Hosted>, parts: Parts, body: Bytes) -> Result<Self, Error> {
        let now = || project.world().now().seconds();
        let Caller { kind, grants } = project.groups.let_in(&parts, now)?;
        Ok(Self {
            project,
            headers: parts.headers,
            body,
            kind,
            grants,
        })
    }

    fn by_private_key(self) -> Result<Self, Error> {
        match self.kind {
            AccessKind::Private => Ok(self),
            AccessKind::Public => Err(Error::PrivateAccessNeeded),
        }
    }
}

impl FromRequest<Projects> for AnyCall {
    type Rejection = Error;

    async fn from_request(request: Request, projects: &Projects) -> Result<Self, Error> {
        let_in(request, projects).await.map(Self)
    }
}

impl FromRequest<Projects> for PrivateCall {
    type Rejection = Error;

    async fn from_request(request: Request, projects: &Projects) -> Result<Self, Error> {
        let call = let_in(request, projects).await?;
        call.by_private_key().map(Self)
    }
}

impl FromRequest<Projects> for FileCall {
    type Rejection = Error;

    async fn from_request(request: Request, projects: &Projects) -> Result<Self, Error> {
        let call = let_in_with(FILE_BYTES_MAX, request, projects).await?;
        call.by_private_key().map(Self)
    }
}

async fn let_in(request: Request, projects: &Projects) -> Result<Call, Error> {
    let_in_with(BYTES_MAX, request, projects).await
}

async fn let_in_with(
    bytes_max: usize,
    request: Request,
    projects: &Projects,
) -> Result<Call, Error> {
    let (mut parts, body) = request.into_parts();
    let Body(body) = Body::read_up_to(bytes_max, &parts.headers, body).await?;
    let project = find(&mut parts, projects).await?;
    Call::to(project, parts, body)
}

async fn find(parts: &mut Parts, projects: &Projects) -> Result<Arc<Hosted>, Error> {
    let Path(path): Path<HashMap<String, String>> = Path::from_request_parts(parts, projects)
        .await
        .map_err(|_| Error::MalformedProject)?;
    let token = path.get("token").map_or("", String::as_str);
    projects.get(token).ok_or_else(|| unknown(token))
}

/// What is wrong with a token that no project has.
pub(crate) fn unknown(token: &str) -> Error {
    let groups: Vec<usize> = token.split('-').map(str::len).collect();
    let hex = token
        .bytes()
        .all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
    if hex && groups == [8, 4, 4, 4, 12] {
        Error::UnknownProject
    } else {
        Error::MalformedProject
    }
}
