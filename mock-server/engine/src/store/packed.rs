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
    let (whole, rest) = bytes.as_chunks::<4>();
    let (words, last) = words.split_at_mut(whole.len());
    for (word, four) in words.iter_mut().zip(whole) {
        *word = u32::from_le_bytes(*four);
    }
    if !rest.is_empty() {
        last[0] = padded(rest);
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
    let (whole, rest) = bytes.as_chunks::<4>();
    let (words, last) = words.split_at(whole.len());
    let mut pairs = words.iter().zip(whole);
    pairs.all(|(word, four)| *word == u32::from_le_bytes(*four))
        && (rest.is_empty() || last[0] == padded(rest))
}

/// A word of fewer than four bytes. Calling a copy for them costs more.
fn padded(rest: &[u8]) -> u32 {
    let highest_first = rest.iter().rev();
    highest_first.fold(0, |word, byte| word << 8 | u32::from(*byte))
}

/// The 16 bytes of a lower-case UUID with hyphens; other spellings are kept as they are.
fn uuid_bytes(text: &[u8]) -> Option<[u8; 16]> {
    let text: &[u8; 36] = text.try_into().ok()?;
    if HYPHENS.iter().any(|at| text[*at] != b'-') {
        return None;
    }
    let mut uuid = [0; 16];
    let mut valid = true;
    for (four, starts) in uuid.as_chunks_mut::<4>().0.iter_mut().zip(DIGITS_AT) {
        let mut eight = [0; 8];
        for (two, start) in eight.as_chunks_mut::<2>().0.iter_mut().zip(starts) {
            *two = [text[start], text[start + 1]];
        }
        let (bytes, digits) = bytes_of(u64::from_le_bytes(eight));
        *four = bytes.to_le_bytes();
        valid &= digits;
    }
    valid.then_some(uuid)
}

const HYPHENS: [usize; 4] = [8, 13, 18, 23];

/// Where the digits of each byte begin, four bytes at a time.
const DIGITS_AT: [[usize; 4]; 4] = [
    [0, 2, 4, 6],
    [9, 11, 14, 16],
    [19, 21, 24, 26],
    [28, 30, 32, 34],
];

/// Four bytes from eight digits, and whether all are lower-case hexadecimal digits; all eight at once.
fn bytes_of(digits: u64) -> (u32, bool) {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let letters = digits >> 6 & EACH;
    let values = (digits & (0x0f * EACH)) + 9 * letters;
    // Written again they are the same, or they were something else.
    let above_nine = (values + 6 * EACH) >> 4 & EACH;
    let written = values + u64::from(b'0') * EACH + u64::from(b'a' - b'0' - 10) * above_nine;
    let valid = written == digits && values & (0xf0 * EACH) == 0;
    let pairs = (values << 4 | values >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs | pairs >> 8) & 0x0000_ffff_0000_ffff;
    ((fours | fours >> 16) as u32, valid)
}

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
            "38od4221-3441-44b7-a676-3eb5f515157f",
            "382d4221-3441-44b7-a676-3eb5f51515\u{e1}",
            "00000000-0000-0000-0000-00000000000:",
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

    /// Each byte at each place, so that no digit of the eight that are read at once answers for another.
    #[test]
    fn a_uuid_is_taken_exactly_if_each_byte_may_stand_where_it_does() {
        let usual = *b"382d4221-3441-44b7-a676-3eb5f515157f";
        for place in 0..usual.len() {
            for byte in 0..=u8::MAX {
                let mut text = usual;
                text[place] = byte;
                let may = match usual[place] {
                    b'-' => byte == b'-',
                    _ => DIGITS.contains(&byte),
                };
                let read = uuid_bytes(&text).map(|bytes| uuid_text(&bytes).into_bytes());
                assert_eq!(read, may.then(|| text.to_vec()), "{byte} at {place}");
            }
        }
    }
}
