//! Every reader of input from outside against its seeds, its worst cases, mutations, and all that libFuzzer ever found.
//! The checks and the seeds are those of the libFuzzer targets in `tests/fuzz`; here they run with every `cargo test`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

use std::{
    env, fs, io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    time::{Duration, Instant},
};

use twinfold_tests::fuzzed::{KINDS, Kind, Read, mutated, seeds, worst};

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

/// Runs a check and says on which input it failed, or took too long; else what was made of it.
fn holds(kind: &Kind, input: &[u8], about: &str) -> Read {
    let start = Instant::now();
    let checked = catch_unwind(AssertUnwindSafe(|| (kind.check)(input)));
    let (name, took) = (kind.name, start.elapsed());
    let Ok(read) = checked else {
        let folder = env::temp_dir().join(format!("twinfold-{name}"));
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join(about.replace(|c: char| !c.is_alphanumeric(), "-"));
        fs::write(&file, input).unwrap();
        panic!(
            "{name}, {about}: failed; the input is {}: mend the reader, and keep the input in \
             tests/fuzz/regressions/{name}",
            file.display()
        );
    };
    assert!(took < PATIENCE, "{name}, {about}: took {took:?}");
    if took > Duration::from_secs(1) {
        println!("{name}, {about}: {took:?}");
    }
    read
}

/// The inputs that failed once; there is a folder for each kind that has some.
fn regressions(name: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/regressions");
    let files = match fs::read_dir(folder.join(name)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Vec::new(),
        files => files.unwrap(),
    };
    let read = files.map(|file| {
        let path = file.unwrap().path();
        let about = path.file_name().unwrap().to_string_lossy().into_owned();
        (about, fs::read(&path).unwrap())
    });
    read.collect()
}

fn survives(name: &str) {
    let kind = kind(name);
    let (mut taken, mut refused) = (0, 0);
    let mut check = |about: &str, input: &[u8]| match holds(&kind, input, about) {
        Read::Taken => taken += 1,
        Read::Refused => refused += 1,
    };
    for (about, input) in regressions(name) {
        check(&about, &input);
    }
    for (about, input) in worst(name) {
        check(about, &input);
    }
    let seeds = seeds(name);
    assert!(seeds.len() > 1, "{name} has hardly a seed");
    for (about, input) in &seeds {
        check(about, input);
    }
    let (first, count) = (
        number("TWINFOLD_SEED", SEED),
        number("TWINFOLD_MUTATIONS", MUTATIONS),
    );
    println!("{name}: {count} mutations from the seed {first}");
    for seed in first..first + count {
        let (about, input) = &seeds[usize::try_from(seed).unwrap() % seeds.len()];
        let about = format!("{about}, changed by {seed}");
        check(&about, &mutated(input, seed));
    }
    println!("{name}: {taken} inputs were taken, {refused} refused");
    let few = seeds.len() / 2;
    assert!(taken > few, "{name}: only {taken} of all inputs were taken");
    assert!(refused > 0, "{name}: no input was refused");
}

#[test]
fn every_regression_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/regressions");
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let known = KINDS.iter().any(|kind| kind.name == name);
        assert!(known, "tests/fuzz/regressions/{name} belongs to no target");
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
