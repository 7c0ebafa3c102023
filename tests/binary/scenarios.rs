//! Scenario files at the command line: run, narrowed, reported and watched, broken ones, new ones, on other targets.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::Stdio,
};

use serde_json::Value;

use super::{code, twinfold};

#[test]
fn a_broken_copy_of_a_scenario_is_red_with_a_caret() {
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios");
    let story =
        std::fs::read_to_string(scenarios.join("sdk/update-instead-of-identify.md")).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("broken.md");
    for (right, wrong, expected, says) in [
        ("cookie=phone ", "cookie=fone ", 1, "+ #2"),
        ("events lost: 0", "evnts lost: 0", 2, "╰"),
        ("```fix-up", "```fix-upp", 2, "fix-up"),
        ("evidence: documented", "evidence: proven", 2, "documented"),
    ] {
        std::fs::write(&file, story.replace(right, wrong)).unwrap();
        let (found, text) = code(twinfold().arg("run").arg(&file));
        assert_eq!(found, Some(expected), "{text}");
        let (checked, _) = code(twinfold().arg("check").arg(&file));
        assert_eq!(checked, Some(if expected == 2 { 2 } else { 0 }), "{text}");
        assert!(
            text.contains(says) && text.contains("0 passed, 1 failed"),
            "{text}"
        );
    }
}

#[test]
fn a_run_is_narrowed_ends_early_and_is_reported() {
    let directory = tempfile::tempdir().unwrap();
    let front = "cause: x\nevidence: assumed\nsource: x\ntags: [some-tag]\n---\n";
    for name in ["a", "b", "c"] {
        let text = format!("---\ntitle: Title {name}\n{front}```profiles\n#1 registered=x\n```\n");
        std::fs::write(directory.path().join(format!("{name}.md")), text).unwrap();
    }
    let path = directory.path().to_str().unwrap();
    for (arguments, expected, last) in [
        (vec!["--filter", "TITLE B"], 1, "0 passed, 1 failed\n"),
        (
            vec!["--filter", "some-tag", "--filter", "c.md"],
            1,
            "0 passed, 1 failed\n",
        ),
        (
            vec!["--filter", "nothing"],
            2,
            "no scenario contains `nothing`\n",
        ),
        (
            vec!["--fail-fast", "--at-once", "1"],
            1,
            "0 passed, 1 failed, 2 not run\n",
        ),
        (
            vec!["--report", "tap=-", "--filter", "title a"],
            1,
            "  ...\n",
        ),
        (
            vec!["--report", "xml=-"],
            2,
            "For more information, try '--help'.\n",
        ),
    ] {
        let (found, text) = code(twinfold().args(["run", path]).args(&arguments));
        assert_eq!(found, Some(expected), "{arguments:?}: {text}");
        assert!(text.ends_with(last), "{arguments:?}: {text}");
    }
    let report = directory.path().join("report.xml");
    let argument = format!("--report=junit={}", report.display());
    let (found, _) = code(twinfold().args(["run", path]).arg(argument));
    assert_eq!(found, Some(1));
    let xml = std::fs::read_to_string(report).unwrap();
    assert!(
        xml.contains("tests=\"3\"") && xml.contains("failures=\"3\""),
        "{xml}"
    );
}

#[test]
fn a_new_scenario_runs_green_and_is_never_written_over_another() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("checkout-calls-update.md");
    let title = ["--title", "She said: \"two of me\""];
    let (found, text) = code(twinfold().arg("new").arg(&file).args(title));
    assert_eq!(found, Some(0), "{text}");
    let (found, text) = code(twinfold().arg("run").arg(&file));
    assert_eq!(found, Some(0), "{text}");
    let (found, text) = code(twinfold().arg("new").arg(&file));
    assert_eq!(found, Some(2));
    assert!(text.contains("nothing was written"), "{text}");
    let (found, text) = code(
        twinfold()
            .arg("new")
            .arg(directory.path().join("Two Words.md")),
    );
    assert_eq!(found, Some(2));
    assert!(text.contains("--cause"), "{text}");
}

#[test]
fn a_target_that_is_not_ours_is_asked_only_for_what_it_shows() {
    let mut child = twinfold()
        .args(["serve", "--port", "0", "--print", "json", "--no-control"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap())
        .read_line(&mut line)
        .unwrap();
    let printed: Value = serde_json::from_str(&line).unwrap();
    let url = printed["base_url"].as_str().unwrap();
    let story = "../scenarios/sdk/update-instead-of-identify.md";
    let (found, text) = code(twinfold().args(["run", story, "--target", url]));
    assert_eq!(found, Some(0), "{text}");
    assert!(text.contains("1 passed, 0 failed"), "{text}");
    let (found, text) = code(twinfold().args(["run", story, "--target", "http://shop.example"]));
    assert_eq!(found, Some(3), "{text}");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn watching_runs_again_what_changes() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("story.md");
    assert_eq!(code(twinfold().arg("new").arg(&file)).0, Some(0));
    let mut child = twinfold()
        .arg("run")
        .arg(directory.path())
        .arg("--watch")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut until = |text: &str| {
        lines
            .by_ref()
            .map_while(Result::ok)
            .any(|line| line.contains(text))
    };
    assert!(until("1 passed, 0 failed"));
    assert!(until("watching"));
    let story = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, story.replace("calls: at most 1", "calls: at most 0")).unwrap();
    assert!(until("changed: "));
    assert!(until("curl -X POST"));
    assert!(until("0 passed, 1 failed"));
    child.kill().unwrap();
    child.wait().unwrap();
}
