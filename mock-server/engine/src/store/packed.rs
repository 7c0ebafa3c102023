//! Texts as words: a UUID in its usual spelling takes 16 bytes, any other text its length.

use alloc::string::String;
use smallvec::SmallVec;

/// A text as it is stored and hashed.
pub(crate) enum Packed<'a> {
    Uuid([u8; 16]),
    Text(&'a [u8]),
}

impl<'a> Packed<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        let text = text.as_bytes();
        uuid_bytes(text).map_or(Self::Text(text), Self::Uuid)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Uuid(uuid) => uuid,
            Self::Text(text) => text,
        }
    }

    pub(crate) fn is_uuid(&self) -> bool {
        matches!(self, Self::Uuid(_))
    }
}

/// The text again.
pub(crate) fn unpack(bytes: &[u8], is_uuid: bool) -> String {
    if is_uuid {
        return uuid_text(bytes);
    }
    String::from_utf8_lossy(bytes).into_owned()
}

/// Writes bytes into words, four to a word, the last one padded with zeros.
pub(crate) fn write(words: &mut [u32], bytes: &[u8]) {
    for (word, four) in words.iter_mut().zip(bytes.chunks(4)) {
        *word = word_of(four);
    }
}

/// The first `len` bytes of words.
pub(crate) fn read(words: &[u32], len: usize) -> SmallVec<[u8; 64]> {
    let mut bytes: SmallVec<[u8; 64]> = SmallVec::with_capacity(len + 3);
    for word in &words[..len.div_ceil(4)] {
        bytes.extend_from_slice(&word.to_le_bytes());
    }
    bytes.truncate(len);
    bytes
}

/// Whether the words hold these bytes.
pub(crate) fn equal(words: &[u32], bytes: &[u8]) -> bool {
    let whole = bytes.chunks_exact(4);
    let rest = whole.remainder();
    let count = bytes.len() / 4;
    words[..count]
        .iter()
        .zip(whole)
        .all(|(word, four)| *word == word_of(four))
        && (rest.is_empty() || words[count] == word_of(rest))
}

fn word_of(bytes: &[u8]) -> u32 {
    let mut four = [0; 4];
    four[..bytes.len()].copy_from_slice(bytes);
    u32::from_le_bytes(four)
}

const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];

/// The 16 bytes of a lower-case UUID with hyphens; other spellings are kept as they are.
fn uuid_bytes(text: &[u8]) -> Option<[u8; 16]> {
    if text.len() != 36 {
        return None;
    }
    let mut uuid = [0; 16];
    let mut from = 0;
    let mut to = 0;
    for (group, digits) in GROUPS.into_iter().enumerate() {
        if group > 0 {
            if text[from] != b'-' {
                return None;
            }
            from += 1;
        }
        for pair in text[from..from + digits].chunks_exact(2) {
            uuid[to] = hex(pair[0])? << 4 | hex(pair[1])?;
            to += 1;
        }
        from += digits;
    }
    Some(uuid)
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

fn uuid_text(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(36);
    for (position, byte) in bytes.iter().enumerate() {
        if matches!(position, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{string::ToString, vec};

    #[test]
    fn texts_survive_packing() {
        for text in [
            "",
            "a",
            "abcd",
            "ada@example.com",
            "382d4221-3441-44b7-a676-3eb5f515157f",
            "382D4221-3441-44b7-a676-3eb5f515157f",
            "382d42213-441-44b7-a676-3eb5f515157f",
            "žluťoučký kůň",
        ] {
            let packed = Packed::of(text);
            let mut words = vec![0; packed.bytes().len().div_ceil(4)];
            write(&mut words, packed.bytes());
            assert!(equal(&words, packed.bytes()));
            let bytes = read(&words, packed.bytes().len());
            assert_eq!(unpack(&bytes, packed.is_uuid()), text.to_string());
        }
    }
}
