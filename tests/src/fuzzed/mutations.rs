//! Small changes to an input, drawn from a seed: what a hand, a bad disk or a careless program does to a file.
//! libFuzzer has better ones; these are for the tests that run everywhere.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What is put in.
const SCRAPS: [&str; 34] = [
    "```", "{{keep a}}", "{{", "}}", "```fault\n", "---\n", "\n", "\r\n", "\"", "'", "(", "{", "}",
    "[", "]", "#", "ä", "\u{1f600}", "\u{0}", "=", ":", ",", "/*", "\\", "\\ud800", "1e999", "-1",
    "18446744073709551616", "null", "&a ", "*a", "times 4294967295", "\u{feff}", "<",
];

/// The input after one to six changes; the same for the same seed.
pub fn mutated(input: &[u8], seed: u64) -> Vec<u8> {
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let mut bytes = input.to_vec();
    for _ in 0..dice.random_range(1..=6) {
        change(&mut bytes, &mut dice);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, dice: &mut impl Rng) {
    let at = dice.random_range(0..=bytes.len());
    let end = (at + dice.random_range(0..40)).min(bytes.len());
    let scrap = SCRAPS[dice.random_range(0..SCRAPS.len())].bytes();
    match dice.random_range(0..6) {
        0 if at < bytes.len() => bytes[at] = dice.random(),
        1 => drop(bytes.splice(at..at, scrap)),
        2 => drop(bytes.splice(at..end, scrap)),
        3 => drop(bytes.drain(at..end)),
        4 => bytes.truncate(at.max(8)),
        _ => {
            let copied = bytes[at..end].to_vec();
            bytes.splice(at..at, copied);
        }
    }
}
