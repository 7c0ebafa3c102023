//! The e-mail key: the form of an address under which profiles count as the same person's.
//! One function for every reader, so that no two places disagree about case.

/// The trimmed, lower-cased address; none if the text is no address: exactly one `@` with text
/// on both sides, no white space or control character inside, and no empty part in the domain.
pub fn email_key(text: &str) -> Option<String> {
    let trimmed = text.trim();
    let (local, domain) = trimmed.split_once('@')?;
    let shaped = !local.is_empty()
        && !domain.contains('@')
        && domain.split('.').all(|part| !part.is_empty())
        && !trimmed.chars().any(|c| c.is_whitespace() || c.is_control());
    shaped.then(|| trimmed.to_lowercase())
}

/// Whether the text is an address at all.
pub fn is_address(text: &str) -> bool {
    email_key(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_key_and_nothing_else_has() {
        for (text, key) in [
            ("ada@example.com", Some("ada@example.com")),
            ("  Ada@Example.COM\t", Some("ada@example.com")),
            ("ÄDA@example.com", Some("äda@example.com")),
            ("ada@localhost", Some("ada@localhost")),
            ("ada.@example.com", Some("ada.@example.com")),
            ("", None),
            ("ada", None),
            ("@example.com", None),
            ("ada@", None),
            ("ada@@example.com", None),
            ("a@b@example.com", None),
            ("ada @example.com", None),
            ("ada@exam\u{a0}ple.com", None),
            ("ada@exam\u{7}ple.com", None),
            ("ada@.example.com", None),
            ("ada@example.com.", None),
            ("ada@example..com", None),
        ] {
            assert_eq!(email_key(text).as_deref(), key, "{text:?}");
        }
    }

    #[test]
    fn the_key_of_a_key_is_itself_for_every_character() {
        for c in '\0'..=char::MAX {
            for text in [format!("a{c}@example.com"), format!("{c}@e{c}")] {
                if let Some(key) = email_key(&text) {
                    assert_eq!(email_key(&key).as_ref(), Some(&key), "{c:?}");
                }
            }
        }
    }
}
