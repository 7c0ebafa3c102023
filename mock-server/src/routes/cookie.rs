//! The browser's cookies: the soft ID that a request brings, and the one that a reply sets (facts, section 6).

use axum::response::Response;
use http::{HeaderMap, HeaderValue, header};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// How long the server's cookie lives: three years, in seconds.
const AGE_SECONDS: u32 = 3 * 365 * 24 * 60 * 60;

/// The browser's soft ID: the server's cookie, else the one the script set.
pub(super) fn of_browser(headers: &HeaderMap, token: &str) -> Option<String> {
    let server = format!("xnpe_{token}");
    let value = named(headers, &server).or_else(|| named(headers, "__exponea_etc__"))?;
    let value = percent_decode_str(value).decode_utf8().ok()?;
    Some(value.into_owned()).filter(|value| !value.is_empty())
}

/// The reply, which sets the server's cookie.
///
/// Pages of other sites send it along only with `SameSite=None`, which needs `Secure`; browsers take loopback for secure.
pub(super) fn set(mut response: Response, token: &str, cookie: &str) -> Response {
    let value = utf8_percent_encode(cookie, VALUE);
    let cookie =
        format!("xnpe_{token}={value}; Max-Age={AGE_SECONDS}; Path=/; SameSite=None; Secure");
    // A token is part of a path and the value is encoded, so this is always a header.
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// What is written as it is in the value of a cookie.
const VALUE: &percent_encoding::AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

fn named<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let headers = headers.get_all(header::COOKIE).into_iter();
    let texts = headers.filter_map(|header| header.to_str().ok());
    let pairs = texts.flat_map(|text| text.split(';'));
    let mut pairs = pairs.filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(other, _)| *other == name)
        .map(|(_, value)| value)
}
