//! What a request presents to be let in: a header, whose scheme has no case (quirk 1), or else a parameter of the query.
//! Nothing is looked up here.

use std::{borrow::Cow, collections::HashMap};

use axum::extract::Query;
use base64::{Engine, prelude::BASE64_STANDARD};
use http::{header, request::Parts};

use crate::error::Error;

/// A key as it was sent.
pub(crate) enum Presented<'a> {
    /// Of a public group.
    Token(Cow<'a, str>),
    /// Of a private group.
    Basic(Pair),
}

/// The ID of a key and its secret, with a colon between them.
pub(crate) struct Pair {
    text: String,
    colon: usize,
}

impl Pair {
    pub(super) fn key_id(&self) -> &str {
        &self.text[..self.colon]
    }

    pub(super) fn secret(&self) -> &str {
        &self.text[self.colon + 1..]
    }
}

impl<'a> Presented<'a> {
    pub(super) fn by(parts: &'a Parts) -> Result<Self, Error> {
        match parts.headers.get(header::AUTHORIZATION) {
            Some(value) => by_header(value.to_str().map_err(|_| Error::NoAccessKey)?),
            None => by_query(parts),
        }
    }
}

fn by_header(value: &str) -> Result<Presented<'_>, Error> {
    let divided = value.trim().split_once(' ');
    let (scheme, rest) = divided.ok_or(Error::NoAccessKey)?;
    let rest = rest.trim();
    let is = |name: &str| scheme.eq_ignore_ascii_case(name);
    if is("basic") {
        basic(rest).ok_or(Error::NoAccessKey)
    } else if is("token") {
        Ok(Presented::Token(Cow::Borrowed(rest)))
    } else if is("bearer") {
        Err(Error::CustomerTokenNotTaken)
    } else {
        Err(Error::NoAccessKey)
    }
}

/// A client without credentials sends an empty pair (quirk 2), which is no key.
fn basic(encoded: &str) -> Option<Presented<'_>> {
    let text = String::from_utf8(BASE64_STANDARD.decode(encoded).ok()?).ok()?;
    let colon = text.find(':').filter(|colon| *colon > 0)?;
    Some(Presented::Basic(Pair { text, colon }))
}

fn by_query(parts: &Parts) -> Result<Presented<'_>, Error> {
    let mut query: Query<HashMap<String, String>> =
        Query::try_from_uri(&parts.uri).map_err(|_| Error::NoAccessKey)?;
    let token = query.remove("access_token").ok_or(Error::NoAccessKey)?;
    Ok(Presented::Token(Cow::Owned(token)))
}
