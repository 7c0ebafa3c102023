//! Rules of the code itself: a pure engine, arrows that point one way, files that say what they are for,
//! versions that stand once, and no rule without a scenario.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use twinfold_engine::Rule;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn files(directory: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let hidden = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir()
            && !hidden
            && !path.ends_with("target/debug")
            && path != root().join("target")
            && path != root().join("tests/fuzz/target")
        {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|other| other == extension) {
            found.push(path);
        }
    }
    found
}

fn text(path: impl AsRef<Path>) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

fn rust_files() -> Vec<PathBuf> {
    ["mock-server", "harness", "tests", "benches"]
        .iter()
        .flat_map(|package| files(&root().join(package), "rs"))
        .collect()
}

#[test]
fn the_engine_has_no_clock_no_randomness_and_no_io() {
    assert!(text("mock-server/engine/src/lib.rs").contains("#![no_std]"));
    let forbidden = [
        "std::",
        "extern crate std",
        "SystemTime",
        "Instant",
        "println",
        "RandomState",
        "getrandom",
        "thread",
    ];
    none_uses("mock-server/engine/src", &forbidden);
}

#[test]
fn the_planner_has_no_clock_no_randomness_and_no_io() {
    let forbidden = [
        "std::fs::",
        "std::io::",
        "std::net::",
        "std::time::",
        "SystemTime",
        "Instant",
        "println",
        "getrandom",
        "thread",
        "async",
    ];
    none_uses("harness/planner/src", &forbidden);
    let mut names = dependencies("harness/planner/Cargo.toml");
    names.sort_unstable();
    assert_eq!(
        names,
        ["serde", "serde_json", "thiserror", "twinfold-engine"]
    );
}

/// A word that ends in `::` stands for every path that begins so.
fn none_uses(directory: &str, forbidden: &[&str]) {
    for file in files(&root().join(directory), "rs") {
        let code = fs::read_to_string(&file).unwrap();
        for forbidden in forbidden {
            let used = code.lines().find(|line| {
                let code = line.split("//").next().unwrap_or_default();
                code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
                    .any(|word| {
                        let begins = forbidden.ends_with("::") && word.starts_with(forbidden);
                        word == *forbidden || begins
                    })
            });
            assert_eq!(used, None, "{} uses `{forbidden}`", file.display());
        }
    }
}

/// The names under `[dependencies]`.
fn dependencies(manifest: &str) -> Vec<String> {
    let manifest = text(manifest);
    let (_, after) = manifest.split_once("[dependencies]").unwrap();
    let lines = after.split("\n[").next().unwrap().lines();
    let names = lines.filter_map(|line| line.split(['.', ' ']).next());
    let names = names.filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

#[test]
fn arrows_point_from_harness_to_server_to_engine() {
    let mut names = dependencies("mock-server/engine/Cargo.toml");
    names.sort_unstable();
    assert_eq!(names, ["foldhash", "hashbrown", "serde_json", "smallvec"]);
    let names = dependencies("mock-server/Cargo.toml");
    assert!(!names.iter().any(|name| name == "twinfold"));
    for file in files(&root().join("harness/src"), "rs") {
        let code = fs::read_to_string(&file).unwrap();
        let allowed = file.components().any(|part| {
            ["cli", "target", "tests", "tests.rs"]
                .iter()
                .any(|n| part.as_os_str() == *n)
        });
        assert!(
            allowed || !code.contains("twinfold_server"),
            "{} knows the server",
            file.display()
        );
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for file in rust_files() {
        let code = fs::read_to_string(&file).unwrap();
        assert!(
            code.starts_with("//! "),
            "{} does not begin with `//!`",
            file.display()
        );
    }
}

#[test]
fn versions_stand_once() {
    for manifest in files(&root(), "toml") {
        if manifest == root().join("Cargo.toml") || !manifest.ends_with("Cargo.toml") {
            continue;
        }
        let wrong = fs::read_to_string(&manifest).unwrap();
        let wrong: Vec<&str> = wrong
            .lines()
            .filter(|line| line.contains("version = \""))
            .collect();
        let allowed =
            "serde_json = { version = \"1.0\", default-features = false, features = [\"alloc\"] }";
        assert!(
            wrong.iter().all(|line| *line == allowed),
            "{}: {wrong:?}",
            manifest.display()
        );
    }
}

#[test]
fn every_rule_and_every_rejection_is_shown_in_a_scenario() {
    let scenarios: String = files(&root().join("scenarios"), "md")
        .iter()
        .map(|file| fs::read_to_string(file).unwrap())
        .collect();
    let shown = |slug: &str| {
        scenarios
            .split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
            .any(|word| word == slug)
    };
    // Rejections show their own name instead of their rule's.
    let by_rejection = [
        (Rule::UnknownTypeRejected, "unknown-id-type"),
        (Rule::NoIdRejected, "no-id"),
        (Rule::NoValidIdRejected, "no-valid-id"),
        (Rule::HardConflictRejected, "hard-id-conflict"),
        (Rule::EventTypeRequired, "event-type-missing"),
        (Rule::PropertiesAreAnObject, "properties-not-an-object"),
        (Rule::NotFound, "customer-not-found"),
        (Rule::FreshIdNeedsSoftType, "no-soft-type"),
    ];
    let missing: Vec<&str> = Rule::ALL
        .iter()
        .map(|rule| {
            by_rejection
                .iter()
                .find(|(other, _)| other == rule)
                .map_or(rule.slug(), |(_, slug)| slug)
        })
        .filter(|slug| !shown(slug))
        .collect();
    assert!(missing.is_empty(), "no scenario shows {missing:?}");
}

#[test]
fn the_code_is_formatted() {
    let formatted = Command::new("cargo")
        .args(["fmt", "--all", "--check"])
        .current_dir(root())
        .output();
    // A tool chain without rustfmt cannot say; everyone else's does.
    let Ok(output) = formatted else { return };
    let missing = String::from_utf8_lossy(&output.stderr).contains("is not installed");
    assert!(missing || output.status.success(), "run `cargo fmt --all`");
}
