//! Keys in an `http` block: placeholders for those of the project and of its access groups.
//! `Basic ID:SECRET` is written plainly and encoded here.

use base64::{Engine, prelude::BASE64_STANDARD};

use crate::target::Credentials;

/// The text with the project's token and keys filled in: `{{token}}`, `{{api_key_id}}`, `{{api_secret}}`,
/// `{{public_token}}`, and the same three as `{{GROUP.api_key_id}}` of an access group.
pub(super) fn filled(text: &str, keys: &Credentials) -> String {
    if !text.contains("{{") {
        return text.to_owned();
    }
    let mut text = text.replace("{{token}}", &keys.token);
    let own = ["", &keys.api_key_id, &keys.api_secret, &keys.public_token];
    let groups = keys.access_groups.iter().map(|group| {
        [
            &group.name,
            &group.api_key_id,
            &group.api_secret,
            &group.public_token,
        ]
        .map(String::as_str)
    });
    for [group, key_id, secret, token] in groups.chain([own]) {
        let dot = if group.is_empty() { "" } else { "." };
        let names = ["api_key_id", "api_secret", "public_token"];
        for (name, key) in names.iter().zip([key_id, secret, token]) {
            text = text.replace(&format!("{{{{{group}{dot}{name}}}}}"), key);
        }
    }
    text
}

/// The value of a header as it is sent.
pub(super) fn header(name: &str, value: &str, keys: &Credentials) -> String {
    let value = filled(value, keys);
    let pair = value.split_once(' ').filter(|(scheme, rest)| {
        name == "authorization" && scheme.eq_ignore_ascii_case("basic") && rest.contains(':')
    });
    match pair {
        Some((scheme, pair)) => format!("{scheme} {}", BASE64_STANDARD.encode(pair)),
        None => value,
    }
}
