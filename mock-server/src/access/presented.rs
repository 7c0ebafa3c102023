//! What a request presents to be let in: a header, whose scheme has no case (quirk 1), or else a parameter of the query.
//! Nothing is looked up here.

use std::collections::HashMap;

use axum::extract::Query;
use base64::{Engine, prelude::BASE64_STANDARD};
use http::{header, request::Parts};

use crate::error::Error;

/// A key as it was sent.
pub(crate) enum Presented {
    /// Of a public group.
    Token(String),
    /// Of a private group.
    Basic { key_id: String, secret: String },
}

impl Presented {
    pub(super) fn by(parts: &Parts) -> Result<Self, Error> {
        match parts.headers.get(header::AUTHORIZATION) {
            Some(value) => by_header(value.to_str().map_err(|_| Error::NoAccessKey)?),
            None => by_query(parts),
        }
    }
}

fn by_header(value: &str) -> Result<Presented, Error> {
    let divided = value.trim().split_once(' ');
    let (scheme, rest) = divided.ok_or(Error::NoAccessKey)?;
    let rest = rest.trim();
    match scheme.to_ascii_lowercase().as_str() {
        "token" => Ok(Presented::Token(rest.to_owned())),
        "basic" => basic(rest).ok_or(Error::NoAccessKey),
        "bearer" => Err(Error::CustomerTokenNotTaken),
        _ => Err(Error::NoAccessKey),
    }
}

/// A client without credentials sends an empty pair (quirk 2), which is no key.
fn basic(encoded: &str) -> Option<Presented> {
    let pair = String::from_utf8(BASE64_STANDARD.decode(encoded).ok()?).ok()?;
    let (key_id, secret) = pair.split_once(':')?;
    (!key_id.is_empty()).then(|| Presented::Basic {
        key_id: key_id.to_owned(),
        secret: secret.to_owned(),
    })
}

fn by_query(parts: &Parts) -> Result<Presented, Error> {
    let query: Query<HashMap<String, String>> =
        Query::try_from_uri(&parts.uri).map_err(|_| Error::NoAccessKey)?;
    let token = query.get("access_token").ok_or(Error::NoAccessKey)?;
    Ok(Presented::Token(token.clone()))
}
