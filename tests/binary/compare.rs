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
    let listed: Vec<&str> = text.lines().collect();
    let place = |name: &str| listed.iter().position(|one| *one == name).unwrap();
    for usual in ["oracle", "engagement", "guarded-identify"] {
        for other in ["closure-waterfall", "explicit-braze-merge"] {
            assert!(place(usual) < place(other), "{text}");
        }
    }
    let (found, text) = code(twinfold().args(["compare", "--about"]));
    assert_eq!(found, Some(0));
    for name in &listed {
        assert!(text.lines().any(|about| about == *name), "{name}");
    }
    let compared = |how: &str| text.matches(&format!("  compared         {how}\n")).count();
    assert_eq!(
        compared("always") + compared("with --strategy"),
        listed.len()
    );
    assert!(compared("always") > 15 && compared("with --strategy") > 15);
    for (name, says) in [
        (
            "guarded",
            "there is no strategy `guarded`; the strategies are oracle,",
        ),
        ("guarded", "closure-with-pair-limits"),
        (
            "guarded-identify:gaurd=off",
            "`guarded-identify` has no switch `gaurd` (did you mean `guard`?); its switches are guard,",
        ),
    ] {
        let (found, text) = code(twinfold().args(["compare", "--strategy", name]));
        assert_eq!((found, text.contains(says)), (Some(2), true), "{text}");
    }
    let (found, text) =
        code(twinfold().args(["compare", "--orders", "--strategy", "lookup-conversion"]));
    assert_eq!(
        (found, text.contains("  5       1.00    0.57")),
        (Some(0), true),
        "{text}"
    );
}

/// Presets, seeds and values of a swept rate make a population each; what does not apply is said.
#[test]
fn a_sweep_runs_over_every_population() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("rows.csv");
    let (found, text) = code(
        twinfold()
            .args(["compare", "--preset", "small-shop,family-devices"])
            .args(["--people", "60", "--seed", "1,2"])
            .args(["--sweep", "log_out_forgotten=0,1", "--close-look", "2"])
            .args(["--strategy", "engagement,plain-closure", "--csv"])
            .arg(&path),
    );
    assert_eq!(found, Some(0), "{text}");
    let named = |line: &&str| {
        line.starts_with("family-devices, 6")
            && line.contains(" people, seed 2, log_out_forgotten=1, ")
    };
    assert!(text.lines().any(|line| named(&line)), "{text}");
    let mut rows = csv::Reader::from_path(path).unwrap();
    let names = rows.headers().unwrap().clone();
    let place = |name: &str| names.iter().position(|one| one == name).unwrap();
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2 * 2 * 2 * 2);
    let mut wrong = [0.0, 0.0];
    for row in &rows {
        let applies = &row[place("strategy")] == "engagement";
        assert_eq!(&row[place("fix_calls")] != "n/a", applies);
        let forgotten: f64 = row[place("log_out_forgotten")].parse().unwrap();
        wrong[forgotten as usize] += row[place("wrong_person")].parse::<f64>().unwrap();
    }
    assert!(wrong[0] < wrong[1], "{wrong:?}");
}

#[test]
fn what_cannot_be_compared_is_said_before_anything_runs() {
    for (arguments, says) in [
        (vec!["--preset", "shoe-shop"], "the presets are small-shop"),
        (vec!["--sweep", "late="], "`late` has no value to take"),
        (
            vec!["--sweep", "late=0,1.5"],
            "`late` is 0 or a share from 0.000001 to 1",
        ),
        (
            vec!["--rate", "late=NaN"],
            "the rate `late` is 0 or a share from 0.000001 to 1, and `NaN` is not",
        ),
        (vec!["--rate", "lat=0.1"], "did you mean `late`?"),
        (vec!["--sweep", "shoes=1"], "there is no rate `shoes`"),
        (
            vec!["--sweep", "late=0", "--rate", "late=1"],
            "`late` is swept and set",
        ),
        (
            vec!["--rate", "new_households_per_day=1.9"],
            "is a whole number from 1 to 1000000, and `1.9` is not",
        ),
        (
            vec!["--rate", "new_households_per_day=1", "--people", "60000"],
            "may still call after 2106-02-07",
        ),
        (vec!["--seed", "1,1"], "`--seed` takes `1` twice"),
        (
            vec!["--preset", "clean,clean"],
            "`--preset` takes `clean` twice",
        ),
        (
            vec![
                "--strategy",
                "dangerous-identify,guarded-identify:guard=off",
            ],
            "`--strategy` takes `dangerous-identify` twice",
        ),
        (
            vec!["--logs", "5", "--seed", "2,2"],
            "`--seed` takes `2` twice",
        ),
        (
            vec!["--strategy", "plain-closure:properties=source_order"],
            "say it with `--source-order`, the first one first: calls come from api, app-sdk, import,",
        ),
        (
            vec!["--source-order", "api"],
            "is for strategies with `:properties=source_order`",
        ),
        (
            vec![
                "--strategy",
                "plain-closure:properties=source_order",
                "--source-order",
                "api,till",
            ],
            "`--source-order till`: no call comes from it",
        ),
        (vec!["--people", "0"], "0 is not in 1.."),
        (vec!["--logs", "0"], "0 is not in 1.."),
        (vec!["--show", "beauty"], "the groups are summary"),
        (vec!["--seed", ""], "cannot parse integer"),
    ] {
        let (found, text) = code(twinfold().arg("compare").args(&arguments));
        assert_eq!(found, Some(2), "{arguments:?}: {text}");
        assert!(text.contains(says), "{arguments:?}: {text}");
    }
}

/// What is asked for, and the options that would mean nothing to it.
#[test]
fn an_option_that_means_nothing_is_refused() {
    let of_comparison = "--people=3 --preset=clean --rate=late=0 --sweep=late=0,1 --source-order=api --traffic=x \
        --truth=x --hard=x --soft=x --show=all --close-look=0 --worst=0 --json=x --csv=x --html=x";
    let (list, about) = ("--strategy=engagement --measures", "--list --measures");
    for (asked, others) in [
        ("--list", &*format!("--seed=2 --orders --logs=5 {list}")),
        ("--about", &format!("--seed=2 --orders --logs=5 {about}")),
        (
            "--measures",
            "--seed=2 --orders --logs=5 --strategy=engagement",
        ),
        ("--orders", "--seed=2 --logs=5"),
        ("--logs=5", ""),
    ] {
        let options = of_comparison.split_whitespace();
        for option in options.chain(others.split_whitespace()) {
            let (found, text) = code(twinfold().args(["compare", asked, option]));
            let is_said = text.contains("cannot be used with");
            assert_eq!(
                (found, is_said),
                (Some(2), true),
                "{asked} {option}: {text}"
            );
        }
    }
    for option in ["--people=3", "--seed=2", "--calls=x"] {
        let (found, text) = code(twinfold().args(["generate", "--list", option]));
        assert_eq!(found, Some(2), "{text}");
        assert!(text.contains("cannot be used with"), "{text}");
    }
    for option in ["--hard=x", "--soft=x", "--truth=x"] {
        let (found, text) = code(twinfold().args(["compare", option]));
        assert_eq!(found, Some(2), "{text}");
        assert!(text.contains("--traffic <FILE>"), "{text}");
        for made_up in ["--people=3", "--seed=2", "--preset=clean"] {
            let (found, text) = code(twinfold().args(["compare", option, made_up]));
            assert_eq!(found, Some(2), "{option} {made_up}: {text}");
        }
    }
    let (found, text) =
        code(twinfold().args(["compare", "--logs=5", "--seed=1,2", "--strategy=engagement"]));
    assert_eq!(found, Some(0), "{text}");
    for seed in ["1", "2"] {
        let says = format!("# 5 random logs from seed {seed}\n");
        assert!(text.contains(&says), "{text}");
    }
}
