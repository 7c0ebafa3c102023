//! Writes the seeds of every libFuzzer target into `FOLDER/TARGET/`, with the worst cases that are small enough.
//! `cargo run -p twinfold-tests --example seeds -- tests/fuzz/corpus`

#![allow(
    clippy::unwrap_used,
    reason = "whoever fuzzes wants to see where it failed"
)]

use std::{env, fs, path::PathBuf};

use twinfold_tests::fuzzed::{KINDS, seeds, worst};

/// Larger inputs make every execution slow; the test `fuzzed` has them.
const BYTES_MAX: usize = 16_384;

fn main() {
    let folder = env::args().nth(1).expect("name the folder");
    for kind in KINDS {
        let folder = PathBuf::from(&folder).join(kind.name);
        fs::create_dir_all(&folder).unwrap();
        let worst = worst(kind.name).into_iter();
        let named = worst.map(|(name, input)| (name.replace(' ', "-"), input));
        for (name, input) in named.chain(seeds(kind.name)) {
            if input.len() <= BYTES_MAX {
                fs::write(folder.join(name), input).unwrap();
            }
        }
    }
}
