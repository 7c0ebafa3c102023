//! Texts as words: a UUID in its usual spelling takes 16 bytes, any other text its length.

use alloc::{borrow::Cow, string::String};
use core::hash::{BuildHasher, Hasher};
use foldhash::fast::FixedState;
use smallvec::SmallVec;

/// A text with what finding it again takes, worked out once.
#[derive(Clone, Debug)]
pub(crate) struct Key<'a> {
    pub(crate) text: Cow<'a, str>,
    uuid: Option<Uuid>,
    pub(crate) hash: u32,
}

/// The 16 bytes of a UUID as they are stored, four to a word.
type Uuid = [u32; 4];

impl<'a> Key<'a> {
    /// The key of a text; `salt` tells apart equal texts of different types.
    #[inline(always)]
    pub(crate) fn new(salt: u32, text: Cow<'a, str>) -> Self {
        let uuid = uuid(text.as_bytes());
        let mut hasher = HASH.build_hasher();
        hasher.write_u32(salt);
        match &uuid {
            Some(uuid) => uuid.iter().for_each(|word| hasher.write_u32(*word)),
            None => hasher.write(text.as_bytes()),
        }
        let hash = hasher.finish() as u32;
        Self { text, uuid, hash }
    }

    /// How many bytes are stored.
    pub(crate) fn stored_bytes(&self) -> usize {
        match self.uuid {
            Some(_) => size_of::<Uuid>(),
            None => self.text.len(),
        }
    }

    /// Writes what is stored to the beginning of these words.
    pub(crate) fn write(&self, words: &mut [u32]) {
        match &self.uuid {
            Some(uuid) => words[..uuid.len()].copy_from_slice(uuid),
            None => write(words, self.text.as_bytes()),
        }
    }

    /// Whether these words begin with what is stored.
    pub(crate) fn equals(&self, words: &[u32]) -> bool {
        match &self.uuid {
            Some(uuid) => words.starts_with(uuid),
            None => equal(words, self.text.as_bytes()),
        }
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
fn uuid(text: &[u8]) -> Option<Uuid> {
    let text: &[u8; 36] = text.try_into().ok()?;
    let hyphens = HYPHENS.iter().all(|at| text[*at] == b'-');
    let words = STARTS.map(|[first, second]| {
        let mut eight = [0; 8];
        eight[..4].copy_from_slice(&text[first..first + 4]);
        eight[4..].copy_from_slice(&text[second..second + 4]);
        word_of(u64::from_le_bytes(eight))
    });
    let valid = hyphens & words.iter().all(|(_, valid)| *valid);
    valid.then(|| words.map(|(word, _)| word))
}

const HYPHENS: [usize; 4] = [8, 13, 18, 23];

/// Where the two times four digits of each word begin.
const STARTS: [[usize; 2]; 4] = [[0, 4], [9, 14], [19, 24], [28, 32]];

/// Four bytes from eight digits, and whether all are lower-case hexadecimal digits; all eight at once.
fn word_of(digits: u64) -> (u32, bool) {
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
            let mut words = vec![0; packed.stored_bytes().div_ceil(4)];
            packed.write(&mut words);
            assert!(packed.equals(&words));
            let bytes = read(&words, packed.stored_bytes());
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
                let bytes = |uuid: Uuid| uuid.map(u32::to_le_bytes).concat();
                let read = uuid(&text).map(|uuid| uuid_text(&bytes(uuid)).into_bytes());
                assert_eq!(read, may.then(|| text.to_vec()), "{byte} at {place}");
            }
        }
    }
}
