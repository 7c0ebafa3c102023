//! The worked examples of the published rules, run as they are written in `examples/`, one file a strategy.
//! Then what every strategy promises, over random histories, and a history that breaks what it does not promise.

mod checks;
mod example;
mod found;
mod history;
mod named;
mod promises;
mod weighed;

use alloc::{string::String, vec::Vec};

use super::LedgerStrategy;
use crate::rule::Label;
use example::Example;

const FILES: [(&str, &str); 8] = [
    (
        "guarded_identify",
        include_str!("examples/guarded_identify.txt"),
    ),
    (
        "demote_and_retry",
        include_str!("examples/demote_and_retry.txt"),
    ),
    (
        "priority_lookup",
        include_str!("examples/priority_lookup.txt"),
    ),
    (
        "unique_namespace_replay",
        include_str!("examples/unique_namespace_replay.txt"),
    ),
    (
        "oldest_wins_fork",
        include_str!("examples/oldest_wins_fork.txt"),
    ),
    (
        "merge_key_switch",
        include_str!("examples/merge_key_switch.txt"),
    ),
    ("explicit_fill", include_str!("examples/explicit_fill.txt")),
    (
        "closure_with_limits",
        include_str!("examples/closure_with_limits.txt"),
    ),
];

fn examples() -> Vec<Example> {
    let others = [("others", include_str!("examples/others.txt"))];
    let files = FILES.iter().chain(&others);
    files
        .flat_map(|(file, text)| example::read(file, text))
        .collect()
}

#[test]
fn worked_examples_end_as_published() {
    let failed: Vec<String> = examples().iter().filter_map(Example::differs).collect();
    assert!(
        failed.is_empty(),
        "{} differ\n{}",
        failed.len(),
        failed.join("\n")
    );
}

/// Every row of the tables of sections 1.2 to 1.9, by its number.
#[test]
fn no_published_row_is_missing() {
    let examples = examples();
    for (section, rows) in [
        ("1.2", 7),
        ("1.3", 7),
        ("1.4", 8),
        ("1.5", 8),
        ("1.6", 7),
        ("1.7", 6),
        ("1.8", 6),
        ("1.9", 6),
    ] {
        for row in 1..=rows {
            let is_there = examples.iter().any(|example| example.is_row(section, row));
            assert!(is_there, "no example is row {row} of {section}");
        }
    }
}

/// Each has its evidence and its source, and every strategy is shown by one.
#[test]
fn every_example_says_where_it_is_from() {
    let examples = examples();
    for example in &examples {
        assert!(!example.source.is_empty(), "{} has no source", example.name);
        assert!(
            example.label().is_some(),
            "{} has no evidence",
            example.name
        );
    }
    for strategy in LedgerStrategy::ALL {
        let shown = examples.iter().any(|example| {
            core::mem::discriminant(&example.strategy) == core::mem::discriminant(&strategy)
        });
        assert!(shown, "{} has no example", strategy.name());
    }
    let documented = |example: &&Example| example.label() == Some(Label::Documented);
    assert!(examples.iter().filter(documented).count() > examples.len() / 2);
}

#[test]
fn names_are_read_back() {
    for preset in LedgerStrategy::presets() {
        assert_eq!(preset.strategy.name(), preset.slug);
        assert_eq!(LedgerStrategy::from_name(preset.slug), Ok(preset.strategy));
        for switch in preset.strategy.switches() {
            assert!(switch.choices.contains(&switch.chosen));
            for choice in switch.choices {
                let changed = preset.strategy.with(switch.name, choice).unwrap();
                assert_eq!(LedgerStrategy::from_name(&changed.name()), Ok(changed));
            }
        }
    }
    assert!(LedgerStrategy::from_name("guarded-identify:guard=perhaps").is_err());
}
