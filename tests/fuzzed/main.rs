//! Every reader of input from outside against its seeds, its worst cases, mutations, and all that libFuzzer ever found.
//! The checks and the seeds are those of the libFuzzer targets in `tests/fuzz`; here they run with every `cargo test`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

use std::{
    env, fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    time::{Duration, Instant},
};

use twinfold_tests::fuzzed::{KINDS, Kind, mutated, seeds, worst};

/// How many mutations of each kind, unless `TWINFOLD_MUTATIONS` says so.
const MUTATIONS: u64 = 400;

/// From where the mutations are drawn, unless `TWINFOLD_SEED` says so.
const SEED: u64 = 1_729;

/// Far beyond what any input takes on an idle machine, without optimization.
const PATIENCE: Duration = Duration::from_secs(60);

fn kind(name: &str) -> Kind {
    KINDS.into_iter().find(|kind| kind.name == name).unwrap()
}

fn number(variable: &str, otherwise: u64) -> u64 {
    let said = env::var(variable).ok();
    said.map_or(otherwise, |said| said.parse().unwrap())
}

/// Runs a check and says on which input it failed, or took too long.
fn holds(kind: &Kind, input: &[u8], about: &str) {
    let start = Instant::now();
    let checked = catch_unwind(AssertUnwindSafe(|| (kind.check)(input)));
    let (name, took) = (kind.name, start.elapsed());
    if checked.is_err() {
        let folder = env::temp_dir().join(format!("twinfold-{name}"));
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join(about.replace(|c: char| !c.is_alphanumeric(), "-"));
        fs::write(&file, input).unwrap();
        panic!(
            "{name}, {about}: failed; the input is {}: mend the reader, and keep the input in \
             tests/fuzz/regressions/{name}",
            file.display()
        );
    }
    assert!(took < PATIENCE, "{name}, {about}: took {took:?}");
    if took > Duration::from_secs(1) {
        println!("{name}, {about}: {took:?}");
    }
}

fn survives(name: &str) {
    let kind = kind(name);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/regressions");
    for entry in fs::read_dir(folder.join(name)).into_iter().flatten() {
        let path = entry.unwrap().path();
        let about = path.file_name().unwrap().to_string_lossy().into_owned();
        holds(&kind, &fs::read(&path).unwrap(), &about);
    }
    for (about, input) in worst(name) {
        holds(&kind, &input, about);
    }
    let seeds = seeds(name);
    assert!(seeds.len() > 1, "{name} has hardly a seed");
    for (about, input) in &seeds {
        holds(&kind, input, about);
    }
    let (first, count) = (number("TWINFOLD_SEED", SEED), number("TWINFOLD_MUTATIONS", MUTATIONS));
    println!("{name}: {count} mutations from the seed {first}");
    for seed in first..first + count {
        let (about, input) = &seeds[usize::try_from(seed).unwrap() % seeds.len()];
        holds(&kind, &mutated(input, seed), &format!("{about}, changed by {seed}"));
    }
}

#[test]
fn bodies() {
    survives("body");
}

#[test]
fn batches() {
    survives("batch");
}

#[test]
fn scenarios() {
    survives("scenario");
}

#[test]
fn imports() {
    survives("import");
}

#[test]
fn exports() {
    survives("export");
}

#[test]
fn plans() {
    survives("plan");
}

#[test]
fn run_logs() {
    survives("run_log");
}
