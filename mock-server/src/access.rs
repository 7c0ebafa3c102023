//! Who may call: the project by its token in the path, the key by the `Authorization` header.
//! Errors as the vendor answers them (facts 4.5, 10.1; api.md quirks 1-4).

use std::{collections::HashMap, sync::Arc};

use axum::extract::{FromRequestParts, Path, Query};
use base64::{Engine, prelude::BASE64_STANDARD};
use http::{HeaderMap, header, request::Parts};

use crate::{
    error::Error,
    projects::{Credentials, Hosted, Projects},
};

/// The project that a call may write to: private or public access.
pub(crate) struct AnyAccess(pub(crate) Arc<Hosted>);

/// The project that a call may read: private access.
pub(crate) struct PrivateAccess(pub(crate) Arc<Hosted>);

#[derive(PartialEq)]
enum Access {
    Private,
    Public,
}

impl FromRequestParts<Projects> for AnyAccess {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, projects: &Projects) -> Result<Self, Error> {
        let (project, _) = check(parts, projects).await?;
        Ok(Self(project))
    }
}

impl FromRequestParts<Projects> for PrivateAccess {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, projects: &Projects) -> Result<Self, Error> {
        match check(parts, projects).await? {
            (project, Access::Private) => Ok(Self(project)),
            (_, Access::Public) => Err(Error::PrivateAccessNeeded),
        }
    }
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

fn unknown(token: &str) -> Error {
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
