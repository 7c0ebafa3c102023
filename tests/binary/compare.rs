//! The comparison of merge strategies at the command line.

use serde_json::Value;

use super::{code, twinfold};

/// The ends of the scale are the ends, Engagement lies between them, and the same seed says the same.
#[test]
fn strategies_are_compared_between_the_ends() {
    let directory = tempfile::tempdir().unwrap();
    let compared = |file: &str| {
        let path = directory.path().join(file);
        let mut command = twinfold();
        let command = command.args(["compare", "--preset", "every-cause", "--people", "200"]);
        let strategies = "oracle,engagement,never-merge,plain-closure";
        let (found, text) = code(
            command
                .args(["--strategy", strategies, "--json"])
                .arg(&path),
        );
        assert_eq!(found, Some(0), "{text}");
        let written: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        written
    };
    let (once, again) = (compared("once.json"), compared("again.json"));
    let of = |report: &Value, measure: &str| -> Vec<f64> {
        let rows = report["strategies"].as_array().unwrap();
        rows.iter()
            .map(|row| row[measure].as_f64().unwrap())
            .collect()
    };
    for measure in [
        "bcubed_precision",
        "bcubed_recall",
        "splits",
        "merges",
        "wrong_person",
    ] {
        assert_eq!(of(&once, measure), of(&again, measure));
    }
    let (precision, recall) = (of(&once, "bcubed_precision"), of(&once, "bcubed_recall"));
    assert_eq!((precision[0], recall[0]), (1.0, 1.0));
    assert!(recall[2] < recall[1] && recall[1] < recall[3], "{recall:?}");
    assert!(precision[3] < precision[1], "{precision:?}");
    assert!(
        once["origin"]["command"]
            .as_str()
            .unwrap()
            .contains("--seed 1")
    );
}

#[test]
fn strategies_are_listed_one_a_line_and_an_unknown_one_is_named() {
    let (found, text) = code(twinfold().args(["compare", "--list"]));
    assert_eq!(found, Some(0));
    assert!(
        text.lines().any(|line| line == "guarded-identify"),
        "{text}"
    );
    assert!(text.lines().all(|line| !line.contains(' ')), "{text}");
    let (found, text) = code(twinfold().args(["compare", "--strategy", "guarded"]));
    assert_eq!(
        (found, text.contains("guarded-identify-everywhere")),
        (Some(2), true),
        "{text}"
    );
    let (found, text) =
        code(twinfold().args(["compare", "--orders", "--strategy", "lookup-conversion"]));
    assert_eq!(
        (found, text.contains("  5       1.00    0.57")),
        (Some(0), true),
        "{text}"
    );
}

/// The page loads nothing and says how to repeat it.
#[test]
fn the_page_stands_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("page.html");
    let (found, text) = code(
        twinfold()
            .args(["compare", "--people", "50", "--html"])
            .arg(&path),
    );
    assert_eq!(found, Some(0), "{text}");
    let page = std::fs::read_to_string(path).unwrap();
    assert!(page.contains("twinfold compare --preset small-shop --people 50 --seed 1"));
    for outside in ["src=", "href=", "@import", "<script"] {
        assert!(!page.contains(outside), "{outside}");
    }
}
