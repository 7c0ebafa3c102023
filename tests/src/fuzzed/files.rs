//! Files that people write: scenarios, and CSV with its mapping.
//! What cannot be read has a problem with a place; what can be read runs to its end.

use std::path::Path;

use twinfold::{
    cli::hooks,
    import::{self, File, warnings},
    scenario::{IdSchema, Scenario, import_mapping, rewrite, run_scenario},
};

use super::{
    Read,
    api::{forget, is_sound, project, state},
    run,
};

/// Far from any file that could be given to it.
const NOWHERE: &str = "/nowhere/fuzzed.md";

/// A scenario file: read, run, and rewritten with what was seen.
pub fn scenario(bytes: &[u8]) -> Read {
    let text = String::from_utf8_lossy(bytes);
    let scenario = match Scenario::parse(NOWHERE, &*text) {
        Ok(scenario) => scenario,
        Err(problems) => {
            assert!(!problems.is_empty(), "refused without a problem");
            problems.iter().for_each(|one| is_shown(one, &text));
            return Read::Refused;
        }
    };
    run(async {
        let client = project().await;
        let verdict = run_scenario(&scenario, &client.target, &hooks()).await;
        verdict.problems.iter().for_each(|one| is_shown(one, &text));
        assert!(rewrite(&scenario, &verdict).len() >= 3);
        forget(&client).await;
    });
    Read::Taken
}

fn is_shown(problem: &twinfold::problem::Problem, text: &str) {
    assert!(!problem.message().is_empty());
    assert!(!problem.render(false).is_empty());
    let (line, column) = problem.position();
    assert!(line >= 1 && column >= 1, "{problem}");
    assert!(problem.span().end <= text.len(), "{problem}");
}

/// A mapping in YAML, a line `---`, and a CSV: previewed on a copy, then sent.
pub fn import(bytes: &[u8]) -> Read {
    let text = String::from_utf8_lossy(bytes);
    let (yaml, csv) = text.split_once("\n---\n").unwrap_or(("", &text));
    let Ok(file) = File::read(csv.to_owned()) else {
        return Read::Refused;
    };
    let mapping = import_mapping(Path::new("mapping.yaml"), yaml.to_owned(), file.columns());
    let mapping = match mapping {
        Ok(mapping) => mapping,
        Err(problem) => {
            is_shown(&problem, yaml);
            return Read::Refused;
        }
    };
    let (schema, options) = (IdSchema::default(), Default::default());
    let _said = (
        warnings(&file, &mapping, &schema),
        mapping.unmapped(file.columns()),
    );
    run(async {
        let client = project().await;
        let before = state(&client).await;
        let preview = import::preview(&client, &mapping, &file, &schema, &options).await;
        assert!(
            before == state(&client).await,
            "a preview changed something"
        );
        let report = import::send(&client, &mapping, &file).await;
        let is_taken = report.is_ok();
        match (preview, report) {
            (Ok(preview), Ok(report)) => {
                assert_eq!(report.accepted + report.rejected, report.rows);
                let previewed = (
                    preview.rows,
                    preview.created,
                    preview.merged,
                    preview.rejected,
                );
                let done = (report.rows, report.created, report.merged, report.rejected);
                assert_eq!(previewed, done, "the preview said something else");
                assert!(!format!("{preview}{report}").is_empty());
            }
            (Err(previewed), Err(sent)) => {
                assert_eq!(previewed.to_string(), sent.to_string());
                assert!(
                    before == state(&client).await,
                    "refused, and something changed"
                );
            }
            (preview, report) => panic!("{preview:?} {report:?}"),
        }
        is_sound(&client).await;
        forget(&client).await;
        Read::taken_if(is_taken)
    })
}
