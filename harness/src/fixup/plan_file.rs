//! A plan that was written to a file, to be looked at and carried out later: what was reviewed is what is done.
//! Read as `twinfold fix --print json` writes it.

use std::path::Path;

use serde::Deserialize;

use super::{FixUpError, Plan, SCHEMA_VERSION};

/// What `--print json` writes around a plan.
#[derive(Deserialize)]
struct Written {
    plan: Plan,
}

/// Reads the plan of a file; a plan of another version is refused.
pub fn read_plan(path: &Path) -> Result<Plan, FixUpError> {
    let file = path.display().to_string();
    let no_plan = |line, column, problem: String| FixUpError::NoPlan {
        file: file.clone(),
        line,
        column,
        problem,
    };
    let text = std::fs::read(path)
        .map_err(|error| no_plan(1, 1, format!("the file cannot be read: {error}")))?;
    let written: Written = serde_json::from_slice(&text)
        .map_err(|error| no_plan(error.line(), error.column(), said(&error)))?;
    let version = written.plan.schema_version;
    if version != SCHEMA_VERSION {
        let problem = format!(
            "the plan has version {version} of its shape, and this program reads {SCHEMA_VERSION}"
        );
        return Err(no_plan(1, 1, problem));
    }
    if written.plan.calls().count() != written.plan.summary.calls {
        let problem =
            "the summary counts other calls than there are, so that something was cut off";
        return Err(no_plan(1, 1, problem.to_owned()));
    }
    Ok(written.plan)
}

/// Without the place, which stands before it already.
fn said(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let text = said.split(" at line ").next().unwrap_or(&said);
    format!("this is no plan: {text}")
}
