//! Where output goes: a standard output that takes nothing, and files that are spelt in two ways.

use std::{
    fs::{self, OpenOptions},
    path::Path,
    process::{Command, Stdio},
};

use super::twinfold;

const SCENARIO: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../scenarios/strategies/guarded-identify-new-target.md"
);

fn full() -> Stdio {
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    full.into()
}

/// The exit code, and what is on standard error.
fn ended(command: &mut Command) -> (Option<i32>, String) {
    let output = command.output().unwrap();
    let says = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), says)
}

#[test]
fn a_full_standard_output_is_said_in_a_line() {
    let small = "compare --people 3 --strategy engagement --close-look 0 --show shape";
    for arguments in [
        "compare --list",
        "compare --measures",
        small,
        "generate --people 2",
        "completions bash",
        "coverage",
        "man",
        "compare --help",
        &format!("shadow {SCENARIO}"),
        &format!("order {SCENARIO}"),
        &format!("explain --scenario {SCENARIO} registered=ada@example.com"),
        &format!("run {SCENARIO}"),
    ] {
        let mut command = twinfold();
        command.args(arguments.split(' ')).stdout(full());
        let says = "error: standard output cannot be written: No space left on device (os error 28); free some space or choose another place\n";
        assert_eq!(
            ended(&mut command),
            (Some(2), says.to_owned()),
            "{arguments}"
        );
    }
}

/// Then only the exit code can say it.
#[test]
fn a_full_standard_error_ends_the_program_too() {
    let folder = tempfile::tempdir().unwrap();
    let set = folder.path().join("set.csv");
    fs::write(&set, "rec_id, surname\nrec-1-org, byron\n").unwrap();
    let mut convert = twinfold();
    convert.arg("convert").arg(&set).arg("--soft=name=surname");
    let ended = convert.stderr(full()).output().unwrap();
    assert_eq!(ended.status.code(), Some(2));
    let mut misspelt = twinfold();
    misspelt.args(["compare", "--lst"]).stderr(full());
    assert_eq!(misspelt.status().unwrap().code(), Some(2));
}

fn names(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names = Vec::from_iter(names);
    names.sort();
    names
}

#[test]
fn no_output_takes_the_place_of_another_or_of_what_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &str| {
        let mut command = twinfold();
        command.current_dir(folder.path());
        ended(command.args(arguments.split(' ')))
    };
    fs::create_dir(folder.path().join("below")).unwrap();
    fs::write(
        folder.path().join("set.csv"),
        "rec_id, surname\nrec-1-org, byron\n",
    )
    .unwrap();
    fs::write(folder.path().join("export.json"), "").unwrap();
    fs::copy(SCENARIO, folder.path().join("told.md")).unwrap();
    let written = run("generate --people 3 --calls in.jsonl --truth in.truth");
    assert_eq!(written, (Some(0), String::new()));
    let before = names(folder.path());
    let compare = "compare --strategy engagement --traffic in.jsonl --truth in.truth";
    let here = folder.path().display();
    for (arguments, says) in [
        (
            "compare --csv ./same.x --json same.x".to_owned(),
            "`./same.x` cannot hold two outputs, `--json` and `--csv`; give each a file of its own",
        ),
        (
            "compare --html below/../same.x --csv same.x".to_owned(),
            "`below/../same.x` cannot hold two outputs, `--csv` and `--html`; give each a file of its own",
        ),
        (
            "generate --calls g.x --truth g.x".to_owned(),
            "`g.x` cannot hold two outputs, `--calls` and `--truth`; give each a file of its own",
        ),
        (
            format!("generate --calls {here}/g.x --truth g.x"),
            "`g.x` cannot hold two outputs, `--calls` and `--truth`; give each a file of its own",
        ),
        (
            "convert set.csv --soft name=surname --calls q.x --truth ./q.x".to_owned(),
            "`./q.x` cannot hold two outputs, `--calls` and `--truth`; give each a file of its own",
        ),
        (
            "convert set.csv --soft name=surname --truth ./set.csv".to_owned(),
            "`./set.csv` is read by `<RECORDS>` and would be overwritten by `--truth`; write to another file",
        ),
        (
            format!("{compare} --json in.jsonl"),
            "`in.jsonl` is read by `--traffic` and would be overwritten by `--json`; write to another file",
        ),
        (
            format!("{compare} --csv below/../in.truth"),
            "`below/../in.truth` is read by `--truth` and would be overwritten by `--csv`; write to another file",
        ),
        (
            "fix export.json --out ./export.json".to_owned(),
            "`./export.json` is read by `[EXPORT]` and would be overwritten by `--out`; write to another file",
        ),
        (
            "shrink --goal rejection export.json --output ./export.json".to_owned(),
            "`./export.json` is read by `[JOURNAL]` and would be overwritten by `--output`; write to another file",
        ),
        (
            "run told.md --report tap=./told.md".to_owned(),
            "`./told.md` is read by `<PATHS>` and would be overwritten by `--report`; write to another file",
        ),
        (
            "run told.md --report tap=r.x --report json=./r.x".to_owned(),
            "`./r.x` cannot hold two outputs, `--report` and `--report`; give each a file of its own",
        ),
        (
            "run told.md --report tap=- --report json=-".to_owned(),
            "`-` cannot hold two outputs, `--report` and `--report`; give each a file of its own",
        ),
        (
            "run told.md --report tap=missing/r.x".to_owned(),
            "`missing/r.x` cannot be written: No such file or directory (os error 2)",
        ),
    ] {
        let expected = (Some(2), format!("error: {says}\n"));
        assert_eq!(run(&arguments), expected, "{arguments}");
        assert_eq!(names(folder.path()), before, "{arguments}");
    }
    let calls = fs::read_to_string(folder.path().join("in.jsonl")).unwrap();
    assert!(calls.starts_with("{\"time\""), "{calls}");
}
