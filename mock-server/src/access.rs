//! Who may call: the project by its token in the path, the key by the `Authorization` header.
//! Errors as the vendor answers them (facts 4.5, 10.1; api.md quirks 1-4).

use std::{collections::HashMap, sync::Arc};

use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http::{HeaderMap, header, request::Parts};

use crate::{
    error::Error,
    projects::{Credentials, Hosted, Projects},
    routes::Body,
};

/// A call that writes to a project, by private or public access.
pub(crate) struct AnyCall(pub(crate) Call);

/// A call that reads a project, by private access.
pub(crate) struct PrivateCall(pub(crate) Call);

/// A call that was let in.
pub(crate) struct Call {
    pub(crate) project: Arc<Hosted>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

#[derive(PartialEq)]
enum Access {
    Private,
    Public,
}

impl FromRequest<Projects> for AnyCall {
    type Rejection = Error;

    async fn from_request(request: Request, projects: &Projects) -> Result<Self, Error> {
        let (call, _) = let_in(request, projects).await?;
        Ok(Self(call))
    }
}

impl FromRequest<Projects> for PrivateCall {
    type Rejection = Error;

    async fn from_request(request: Request, projects: &Projects) -> Result<Self, Error> {
        match let_in(request, projects).await? {
            (call, Access::Private) => Ok(Self(call)),
            (_, Access::Public) => Err(Error::PrivateAccessNeeded),
        }
    }
}

async fn let_in(request: Request, projects: &Projects) -> Result<(Call, Access), Error> {
    let (mut parts, body) = request.into_parts();
    let Body(body) = Body::read(&parts.headers, body).await?;
    let (project, access) = check(&mut parts, projects).await?;
    let call = Call {
        project,
        headers: parts.headers,
        body,
    };
    Ok((call, access))
}

async fn check(parts: &mut Parts, projects: &Projects) -> Result<(Arc<Hosted>, Access), Error> {
    let Path(path): Path<HashMap<String, String>> = Path::from_request_parts(parts, projects)
        .await
        .map_err(|_| Error::MalformedProject)?;
    let token = path.get("token").map_or("", String::as_str);
    let project = projects.get(token).ok_or_else(|| unknown(token))?;
    let access = match parts.headers.get(header::AUTHORIZATION) {
        Some(_) => by_header(&parts.headers, &project.credentials)?,
        None => by_query(parts, &project.credentials)?,
    };
    Ok((project, access))
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

fn by_header(headers: &HeaderMap, credentials: &Credentials) -> Result<Access, Error> {
    let value = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let (scheme, rest) = value
        .and_then(|value| value.trim().split_once(' '))
        .ok_or(Error::NoAccessKey)?;
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("token") {
        return public(rest, credentials);
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(Error::NoAccessKey);
    }
    let pair = BASE64_STANDARD
        .decode(rest)
        .map_err(|_| Error::NoAccessKey)?;
    let pair = String::from_utf8(pair).map_err(|_| Error::NoAccessKey)?;
    let (key_id, secret) = pair.split_once(':').ok_or(Error::NoAccessKey)?;
    if key_id.is_empty() {
        return Err(Error::NoAccessKey);
    }
    if key_id != credentials.api_key_id {
        return Err(Error::UnknownAccessKey);
    }
    if secret != credentials.api_secret {
        return Err(Error::WrongSecret);
    }
    Ok(Access::Private)
}

fn by_query(parts: &Parts, credentials: &Credentials) -> Result<Access, Error> {
    let query: Query<HashMap<String, String>> =
        Query::try_from_uri(&parts.uri).map_err(|_| Error::NoAccessKey)?;
    let token = query.get("access_token").ok_or(Error::NoAccessKey)?;
    public(token, credentials)
}

fn public(token: &str, credentials: &Credentials) -> Result<Access, Error> {
    if token == credentials.public_token {
        Ok(Access::Public)
    } else {
        Err(Error::UnknownAccessKey)
    }
}
