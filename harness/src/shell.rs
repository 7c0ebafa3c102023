//! Words of a command line as a shell reads them.

/// The word as it stands where a shell takes it so, else in quotes.
pub(crate) fn word(text: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "_-+=./,:@%".contains(letter);
    match !text.is_empty() && text.chars().all(is_plain) {
        true => text.to_owned(),
        false => quoted(text),
    }
}

/// The text in quotes, within which a shell takes nothing for its own.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_would_take_for_its_own_is_quoted() {
        for (text, written) in [
            ("shop/a-1.jsonl", "shop/a-1.jsonl"),
            ("late=0.5", "late=0.5"),
            ("two words", "'two words'"),
            ("o'hara.csv", r"'o'\''hara.csv'"),
            ("$HOME", "'$HOME'"),
            ("", "''"),
        ] {
            assert_eq!(word(text), written);
        }
    }
}
