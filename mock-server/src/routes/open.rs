//! Calls without a key: the project is named in the path, the query or the body (quirk 3).
//! The browser SDK and the first generation of clients call so.

use std::{collections::HashMap, sync::Arc};

use axum::{
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
    response::Response,
};
use bytes::Bytes;
use http::{Extensions, HeaderMap, Uri, header, request::Parts};

use super::Body;
use crate::{
    access::{AccessKind, AnyCall, Call, Permissions, unknown},
    error::Error,
    projects::{Hosted, Projects},
    wire::legacy::project_named,
};

/// A call to a project that needs no key, and so may do everything.
pub(super) struct OpenCall(pub(super) Call);

/// A call of an app: with a key, or as a customer, whose own token is not checked.
pub(super) struct AppCall;

/// What names a project in a request, besides commands of its body.
pub(super) struct Named {
    projects: Projects,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    by_query: Option<String>,
    /// Of the request, such as the address it came from.
    extensions: Extensions,
}

impl FromRequest<Projects> for Named {
    type Rejection = Error;

    async fn from_request(request: Request, projects: &Projects) -> Result<Self, Error> {
        let (parts, body) = request.into_parts();
        let Body(body) = Body::read(&parts.headers, body).await?;
        Ok(Self {
            projects: projects.clone(),
            by_query: by_query(&parts.uri),
            headers: parts.headers,
            extensions: parts.extensions,
            body,
        })
    }
}

impl Named {
    /// The project of the body itself or of the query, else the one given here.
    pub(super) fn project(&self, else_named: Option<&str>) -> Result<Arc<Hosted>, Error> {
        let of_body = project_named(&self.body);
        let token = of_body.as_deref().or(self.by_query.as_deref());
        let token = token.or(else_named).unwrap_or_default();
        let project = self.projects.get(token);
        // 401 is the status that a client of this generation knows (fact 4.6); the words are those of fact 4.5.
        let project = project.ok_or_else(|| Error::NotLetIn(unknown(token).to_string()))?;
        project.admit(&self.extensions)?;
        Ok(project)
    }
}

impl FromRequest<Projects> for OpenCall {
    type Rejection = Error;

    async fn from_request(request: Request, projects: &Projects) -> Result<Self, Error> {
        let (mut parts, body) = request.into_parts();
        let by_path = by_path(&mut parts, projects).await;
        let request = Request::from_parts(parts, body);
        let named = Named::from_request(request, projects).await?;
        let project = match by_path {
            Some(token) => projects.get(&token).ok_or_else(|| unknown(&token))?,
            None => named.project(None)?,
        };
        Ok(Self(Call {
            project,
            headers: named.headers,
            body: named.body,
            kind: AccessKind::Public,
            grants: Arc::new(Permissions::all()),
        }))
    }
}

impl FromRequest<Projects> for AppCall {
    type Rejection = Error;

    async fn from_request(request: Request, projects: &Projects) -> Result<Self, Error> {
        if is_customer(request.headers()) {
            OpenCall::from_request(request, projects).await?;
        } else {
            AnyCall::from_request(request, projects).await?;
        }
        Ok(Self)
    }
}

/// The reply, which fails where the project asks for it; the path names no project to ask.
pub(super) fn of_project(project: &Hosted, mut response: Response) -> Response {
    if let Some(fail_on) = project.fail_on() {
        response.extensions_mut().insert(fail_on);
    }
    response
}

async fn by_path(parts: &mut Parts, projects: &Projects) -> Option<String> {
    let path = Path::<HashMap<String, String>>::from_request_parts(parts, projects).await;
    path.ok()?.0.remove("token")
}

fn by_query(uri: &Uri) -> Option<String> {
    let Query(mut query) = Query::<HashMap<String, String>>::try_from_uri(uri).ok()?;
    query
        .remove("project_id")
        .or_else(|| query.remove("company_id"))
}

fn is_customer(headers: &HeaderMap) -> bool {
    let value = headers.get(header::AUTHORIZATION);
    let scheme = value
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.trim().split_once(' '));
    scheme.is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
}
