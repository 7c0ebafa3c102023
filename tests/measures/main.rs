//! The measures of a comparison against scikit-learn, which computes them its own way, over random partitions.
//! It comes from PyPI in a pinned version and is no part of the product; what it lacks is counted one by one elsewhere.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::{Value, json};
use twinfold::lab::{Contingency, Measures};
use twinfold_tests::environment;

const FOLDER: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/python");

/// scikit-learn 1.7.2 is the last that Python 3.10 can run.
const PACKAGES: [&str; 1] = ["scikit-learn==1.7.2"];

/// Reads `[[profiles], [people]]` line by line and prints what scikit-learn makes of each.
const SCRIPT: &str = "
import json, sys
from sklearn import metrics
from sklearn.metrics.cluster import contingency_matrix, entropy, pair_confusion_matrix

for line in sys.stdin:
    profiles, people = json.loads(line)
    homogeneity, completeness, v = metrics.homogeneity_completeness_v_measure(people, profiles)
    # Ordered pairs, row: of one person, column: on one profile.
    (apart, wrong), (missed, right) = pair_confusion_matrix(people, profiles).tolist()
    shared = metrics.mutual_info_score(people, profiles)
    print(json.dumps({
        'homogeneity': homogeneity,
        'completeness': completeness,
        'v': v,
        'rand': metrics.rand_score(people, profiles),
        'adjusted_rand': metrics.adjusted_rand_score(people, profiles),
        'variation_of_information': entropy(people) + entropy(profiles) - 2 * shared,
        'joined': wrong + right,
        'to_be_joined': missed + right,
        'right': right,
        'cells': int((contingency_matrix(people, profiles) > 0).sum()),
    }))
";

/// How many partitions are compared.
const PARTITIONS: u64 = 300;

#[test]
fn the_measures_are_those_of_scikit_learn() {
    let partitions: Vec<(Vec<u64>, Vec<u64>)> = (0..PARTITIONS).map(partition).collect();
    let asked: Vec<Value> = partitions.iter().map(|one| json!([one.0, one.1])).collect();
    let answers = scikit_learn(&asked);
    assert_eq!(answers.len(), partitions.len());
    for (seed, (partition, answer)) in partitions.iter().zip(&answers).enumerate() {
        for (name, ours, theirs) in compared(&measured(partition), answer) {
            assert!(
                (ours - theirs).abs() < 1e-9,
                "seed {seed}: {name} is {theirs}, not {ours}"
            );
        }
    }
}

/// The same for every seed: up to 60 calls on few or many profiles of few or many people.
fn partition(seed: u64) -> (Vec<u64>, Vec<u64>) {
    let mut state = seed;
    let mut below = |end: u64| {
        // Knuth's generator; the upper half is the random one.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % end
    };
    let (calls, profiles, people) = (2 + below(60), 1 + below(12), 1 + below(12));
    let drawn = (0..calls).map(|_| (below(profiles), below(people)));
    drawn.unzip()
}

fn measured((profiles, people): &(Vec<u64>, Vec<u64>)) -> Measures {
    let mut counts = Contingency::default();
    for (profile, person) in profiles.iter().zip(people) {
        counts.add(*profile, *person, 1);
    }
    counts.measures()
}

/// Name, our value, theirs. Pairs are compared as the counts that they are shares of.
fn compared(ours: &Measures, theirs: &Value) -> Vec<(&'static str, f64, f64)> {
    let of = |name: &str| theirs[name].as_f64().unwrap();
    let share = |part: f64, whole: f64| if whole == 0.0 { 1.0 } else { part / whole };
    let (right, joined, to_be) = (of("right"), of("joined"), of("to_be_joined"));
    let cells = of("cells");
    vec![
        ("homogeneity", ours.v.precision, of("homogeneity")),
        ("completeness", ours.v.recall, of("completeness")),
        ("V", ours.v.f1(), of("v")),
        ("Rand", ours.rand, of("rand")),
        ("adjusted Rand", ours.adjusted_rand, of("adjusted_rand")),
        (
            "variation of information",
            ours.variation_of_information,
            of("variation_of_information"),
        ),
        ("pair precision", ours.pairs.precision, share(right, joined)),
        ("pair recall", ours.pairs.recall, share(right, to_be)),
        ("splits", ours.splits as f64, cells - ours.profiles as f64),
        ("merges", ours.merges as f64, cells - ours.people as f64),
    ]
}

fn scikit_learn(asked: &[Value]) -> Vec<Value> {
    let python = environment::python(Path::new(FOLDER), &PACKAGES);
    let mut child = Command::new(python)
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines: String = asked.iter().map(|line| format!("{line}\n")).collect();
    let mut stdin = child.stdin.take().unwrap();
    // Written beside reading, so that neither side waits for the other.
    let writing = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let says = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{says}");
    writing.join().unwrap().unwrap();
    let answers = std::str::from_utf8(&output.stdout).unwrap().lines();
    answers
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}
