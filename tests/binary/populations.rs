//! Made-up people and converted records, printed, written with their truth, and sent to a server.

use serde_json::Value;

use super::{code, twinfold};

#[tokio::test]
async fn a_population_is_printed_with_its_truth_and_sent() {
    let projects = twinfold_server::Projects::new();
    let server = twinfold_server::Server::start([127, 0, 0, 1].into(), 0, projects);
    let server = server.await.unwrap();
    let url = server.base_url();
    tokio::task::spawn_blocking(move || check(&url))
        .await
        .unwrap();
}

fn check(url: &str) {
    let folder = tempfile::tempdir().unwrap();
    let [calls, truth] = ["calls.jsonl", "truth.jsonl"].map(|name| folder.path().join(name));
    let shop = ["generate", "--preset", "every-cause", "--people", "60"];
    let mut written = twinfold();
    written
        .args(shop)
        .arg("--with-person")
        .arg("--calls")
        .arg(&calls);
    assert_eq!(
        code(written.arg("--truth").arg(&truth)),
        (Some(0), String::new())
    );
    let lines = |path| -> Vec<Value> {
        let text = std::fs::read_to_string(path).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    };
    let (calls, people) = (lines(&calls), lines(&truth));
    assert!((60..64).contains(&people.len()));
    for person in &people {
        for line in person["calls"].as_array().unwrap() {
            let line = line.as_u64().unwrap() as usize;
            assert_eq!(calls[line - 1]["person"], person["person"]);
        }
    }
    let twice = ["--rate", "late=0", "--rate", "late=1"];
    let (refused, says) = code(twinfold().args(shop).args(twice));
    assert_eq!(refused, Some(2), "{says}");
    assert!(says.contains("`--rate` takes `late` twice"), "{says}");
    let (sent, says) = code(twinfold().args(shop).args(["--url", url]));
    assert_eq!(sent, Some(0), "{says}");
    let count = format!("{} commands sent, ", calls.len());
    assert!(says.contains(&count), "{says}");
    let project = says
        .lines()
        .find(|line| line.starts_with("--project "))
        .unwrap();
    let mut diagnose = twinfold();
    diagnose
        .args(["diagnose", "--url", url])
        .args(project.split(' '));
    let (found, keys) = code(&mut diagnose);
    assert_eq!(found, Some(1), "{keys}");
    assert!(keys.contains("double-opt-in"), "{keys}");
}

#[test]
fn records_are_converted_or_say_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let set = folder.path().join("set.csv");
    std::fs::write(
        &set,
        "rec_id, surname\nrec-1-org, byron\nrec-1-dup-0, byrom\n",
    )
    .unwrap();
    let mut convert = twinfold();
    convert
        .arg("convert")
        .arg(&set)
        .args(["--soft", "name=surname"]);
    let (converted, says) = code(&mut convert);
    assert_eq!(converted, Some(0), "{says}");
    assert!(
        says.contains(r#""customer_ids":{"name":"byrom","record":"2"}"#),
        "{says}"
    );
    assert!(says.ends_with("2 records of 1 people\n"), "{says}");
    let (misread, says) = code(twinfold().arg("convert").arg(&set));
    assert_eq!(misread, Some(2));
    assert!(says.contains("there is no column `soc_sec_id`"), "{says}");
}

/// What `convert` writes, `compare` reads: two people of one name, of whom one comes twice with one number.
#[test]
fn converted_records_are_compared_or_say_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let [set, calls, truth, rows] =
        ["set.csv", "calls.jsonl", "truth.jsonl", "rows.csv"].map(|name| folder.path().join(name));
    std::fs::write(
        &set,
        "rec_id, number, surname\nrec-1-org, 7, byron\nrec-1-dup-0, 7, byrom\nrec-2-org, 8, byron\n",
    )
    .unwrap();
    let mut convert = twinfold();
    convert.arg("convert").arg(&set);
    convert.args(["--hard", "insured=number", "--soft", "name=surname"]);
    convert
        .arg("--calls")
        .arg(&calls)
        .arg("--truth")
        .arg(&truth);
    let (converted, says) = code(&mut convert);
    assert_eq!(converted, Some(0), "{says}");
    let compare = |options: &[&str]| {
        let mut compare = twinfold();
        compare.arg("compare").arg("--traffic").arg(&calls);
        compare.args(["--close-look", "0", "--worst", "0"]);
        compare.args(["--strategy", "engagement,plain-closure,never-merge"]);
        compare.arg("--csv").arg(&rows).args(options);
        code(&mut compare)
    };
    let truth = truth.to_str().unwrap();
    let (refused, says) = compare(&["--truth", truth]);
    assert_eq!(refused, Some(2));
    let hint = "has an ID of the type `insured`; say what that is with `--hard insured` or `--soft insured`";
    assert!(says.contains(hint), "{says}");
    let types = ["--hard", "insured", "--soft", "name"];
    let (refused, says) = compare(&types);
    assert_eq!(refused, Some(2));
    assert!(says.contains("nobody is behind line 1"), "{says}");
    let (compared, says) = compare(&[&types[..], &["--truth", truth]].concat());
    assert_eq!(compared, Some(0), "{says}");
    assert!(says.contains("calls.jsonl, 2 people"), "{says}");
    let mut rows = csv::Reader::from_path(&rows).unwrap();
    let names = rows.headers().unwrap().clone();
    let place = |name: &str| names.iter().position(|one| one == name).unwrap();
    let found = rows.records().map(|row| {
        let row = row.unwrap();
        let column = |name: &str| row[place(name)].to_owned();
        [
            column("strategy"),
            column("seed"),
            column("splits"),
            column("merges"),
        ]
    });
    // Engagement keeps the two apart by their numbers; the closure joins them by their name.
    assert_eq!(
        Vec::from_iter(found),
        [
            ["engagement", "n/a", "0", "0"],
            ["plain-closure", "n/a", "1", "0"],
            ["never-merge", "n/a", "0", "0"],
        ]
    );
}

#[test]
fn a_journal_is_that_of_a_project() {
    for option in ["--calls=c.x", "--with-person", "--people=1"] {
        let mut generate = twinfold();
        let (refused, says) = code(generate.args(["generate", "--journal-bytes-max=5", option]));
        assert_eq!(refused, Some(2), "{option}: {says}");
        assert!(says.contains("--url <URL>"), "{option}: {says}");
    }
}

/// What is done to the files of a traffic, and what is said then; the end of what is accepted says nothing.
#[test]
fn a_traffic_is_read_with_empty_lines_behind_it_only() {
    let folder = tempfile::tempdir().unwrap();
    let [calls, truth] = ["calls.jsonl", "truth.jsonl"].map(|name| folder.path().join(name));
    let mut generate = twinfold();
    generate.args(["generate", "--people", "3"]);
    generate
        .arg("--calls")
        .arg(&calls)
        .arg("--truth")
        .arg(&truth);
    assert_eq!(code(&mut generate), (Some(0), String::new()));
    let read = |path| std::fs::read_to_string(path).unwrap();
    let (lines, people) = (read(&calls), read(&truth));
    let second = |text: &str, empty: &str| text.replacen('\n', &format!("\n{empty}\n"), 1);
    let behind = |text: &str| format!("{text}\n \t\n\r\n");
    for (calls_text, truth_text, options, says) in [
        (behind(&lines), behind(&people), "", ""),
        (
            second(&lines, ""),
            people.clone(),
            "",
            "calls.jsonl` cannot be compared: line 2 is empty; leave it out\n",
        ),
        (
            behind(&second(&lines, "  ")),
            people.clone(),
            "",
            "calls.jsonl` cannot be compared: line 2 is empty; leave it out\n",
        ),
        (
            lines.clone(),
            second(&people, ""),
            "",
            "truth.jsonl` cannot be compared: line 2 is empty; leave it out\n",
        ),
        (
            behind(""),
            String::new(),
            "",
            "calls.jsonl` cannot be compared: there is no call in it\n",
        ),
        (
            lines.clone(),
            people.clone(),
            "--hard=regisered",
            "calls.jsonl` cannot be compared: `--hard regisered`: no line has an ID of that type; lines have registered, ",
        ),
        (
            lines.clone(),
            people.clone(),
            "--soft=cookie,cooky",
            "calls.jsonl` cannot be compared: `--soft cooky`: no line has an ID of that type; lines have registered, ",
        ),
        (
            lines.clone(),
            people.clone(),
            "--soft=cookie,cookie",
            "`--soft` takes `cookie` twice",
        ),
        (lines.clone(), people.clone(), "--soft=cookie", ""),
    ] {
        std::fs::write(&calls, calls_text).unwrap();
        std::fs::write(&truth, truth_text).unwrap();
        let mut compare = twinfold();
        compare.args(["compare", "--strategy=engagement", "--close-look=0"]);
        compare.arg("--traffic").arg(&calls);
        compare.arg("--truth").arg(&truth);
        let (found, text) = code(compare.args(options.split_whitespace()));
        let expected = if says.is_empty() { Some(0) } else { Some(2) };
        assert_eq!(found, expected, "{options}: {text}");
        assert!(text.contains(says), "{options}: {text}");
    }
}
