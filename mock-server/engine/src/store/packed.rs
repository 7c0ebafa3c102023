//! Texts as words: a UUID in its usual spelling takes 16 bytes, any other text its length.

use alloc::{borrow::Cow, string::String};
use core::hash::{BuildHasher, Hasher};
use foldhash::fast::FixedState;
use smallvec::SmallVec;

/// A text with what finding it again takes, worked out once.
#[derive(Clone, Debug)]
pub(crate) struct Key<'a> {
    pub(crate) text: Cow<'a, str>,
    uuid: Option<[u8; 16]>,
    pub(crate) hash: u32,
}

impl<'a> Key<'a> {
    /// The key of a text; `salt` tells apart equal texts of different types.
    pub(crate) fn new(salt: u32, text: Cow<'a, str>) -> Self {
        let uuid = uuid_bytes(text.as_bytes());
        let bytes = uuid.as_ref().map_or(text.as_bytes(), |uuid| uuid);
        let mut hasher = HASH.build_hasher();
        hasher.write_u32(salt);
        hasher.write(bytes);
        let hash = hasher.finish() as u32;
        Self { text, uuid, hash }
    }

    /// The bytes that are stored.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.uuid.as_ref().map_or(self.text.as_bytes(), |uuid| uuid)
    }

    pub(crate) fn is_uuid(&self) -> bool {
        self.uuid.is_some()
    }
}

const HASH: FixedState = FixedState::with_seed(0x666f_6c64);

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
    let text: &[u8; 36] = text.try_into().ok()?;
    let mut uuid = [0; 16];
    let mut from = 0;
    let mut to = 0;
    // Collected over all digits and asked once, so that the loop has no branches.
    let mut wrong = 0;
    for (group, digits) in GROUPS.into_iter().enumerate() {
        if group > 0 {
            wrong |= text[from] ^ b'-';
            from += 1;
        }
        for pair in text[from..from + digits].chunks_exact(2) {
            let (high, low) = (HEX[usize::from(pair[0])], HEX[usize::from(pair[1])]);
            wrong |= (high | low) & NO_DIGIT;
            uuid[to] = high << 4 | low & 15;
            to += 1;
        }
        from += digits;
    }
    (wrong == 0).then_some(uuid)
}

const NO_DIGIT: u8 = 0x80;

/// The value of each lower-case hexadecimal digit.
const HEX: [u8; 256] = {
    let mut values = [NO_DIGIT; 256];
    let mut value = 0;
    while value < 16 {
        values[DIGITS[value as usize] as usize] = value;
        value += 1;
    }
    values
};

const DIGITS: &[u8; 16] = b"0123456789abcdef";

fn uuid_text(bytes: &[u8]) -> String {
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
            "382d4221-3441-44b7-a676_3eb5f515157f",
            "g82d4221-3441-44b7-a676-3eb5f515157f",
            "žluťoučký kůň",
        ] {
            let packed = Key::new(0, text.into());
            let mut words = vec![0; packed.bytes().len().div_ceil(4)];
            write(&mut words, packed.bytes());
            assert!(equal(&words, packed.bytes()));
            let bytes = read(&words, packed.bytes().len());
            assert_eq!(unpack(&bytes, packed.is_uuid()), text.to_string());
        }
    }
}
