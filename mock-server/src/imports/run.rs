//! One run of an import: its rows, one ordinary command each, in the order of the file.
//! The project's lock is given back every thousand rows, so that live traffic goes on.

use std::borrow::Cow;

use serde_json::json;
use twinfold_engine::{Happened, Outcome, Rejection};

use super::{
    columns::Columns,
    definition::{Definition, Destination},
    report::Run,
    rows::File,
};
use crate::{
    evidence::Evidence,
    journal::{Origin, Route, Step},
    projects::Hosted,
    world::World,
};

/// After how many rows others get a turn.
const ROWS_AT_ONCE: usize = 1_000;

/// Says what the file lacks of what the definition maps.
pub(crate) fn check(definition: &Definition, file: &File<'_>) -> Result<(), String> {
    Columns::bind(definition, file.header.clone()).map(drop)
}

/// Writes every row and notes the run. What the columns lack is said before anything is written.
pub(crate) async fn run(
    project: &Hosted,
    import_id: &str,
    definition: &Definition,
    file: &File<'_>,
) -> Result<(Run, Evidence), String> {
    let columns = Columns::bind(definition, file.header.clone())?;
    let mut evidence = Evidence::default();
    let mut run = Run {
        started: project.world().now().seconds(),
        rows: file.rows,
        ..Run::default()
    };
    let reacts = matches!(
        definition.destination,
        Destination::Events {
            event_triggers: true,
            ..
        }
    );
    let mut rows = file.numbered().peekable();
    while rows.peek().is_some() {
        {
            let mut world = project.world();
            for (number, row) in rows.by_ref().take(ROWS_AT_ONCE) {
                let result = match columns.step(&row) {
                    Ok(step) => write(&mut world, number, &step, reacts),
                    Err(says) => {
                        refuse(&mut world, number, &says);
                        run.reject(number, says);
                        continue;
                    }
                };
                evidence.add(&result);
                count(&mut run, number, result);
            }
        }
        tokio::task::yield_now().await;
    }
    finish(project, import_id, &mut run);
    Ok((run, evidence))
}

/// Notes a run that could not begin, such as for a file that is not there.
pub(crate) fn fail(project: &Hosted, import_id: &str, says: String) -> Run {
    let mut run = Run {
        started: project.world().now().seconds(),
        failed: Some(says),
        ..Run::default()
    };
    finish(project, import_id, &mut run);
    run
}

fn write(
    world: &mut World,
    number: u32,
    step: &Step<'_>,
    reacts: bool,
) -> Result<Option<Outcome>, Rejection> {
    match reacts {
        true => world.write(origin(Some(number)), step),
        false => world.write_unanswered(origin(Some(number)), step),
    }
}

/// A row of the wrong shape stands in the journal too.
fn refuse(world: &mut World, number: u32, says: &str) {
    let body = json!({"success": false, "errors": [says]}).to_string();
    let step = Step::Refused {
        status: 400,
        body: Cow::Owned(body),
    };
    let _refused = world.write_unanswered(origin(Some(number)), &step);
}

fn count(run: &mut Run, number: u32, result: Result<Option<Outcome>, Rejection>) {
    let outcome = match result {
        Ok(outcome) => outcome,
        Err(rejection) if rejection.is_answered_as_success() => None,
        Err(rejection) => return run.reject(number, rejection.to_string()),
    };
    run.accepted += 1;
    if let Some(outcome) = outcome {
        run.created += u32::from(outcome.decision.created);
        run.merged += outcome.decision.absorbed.len() as u32;
        run.duplicate_events += u32::from(outcome.happened == Happened::DuplicateEventDropped);
    }
}

fn finish(project: &Hosted, import_id: &str, run: &mut Run) {
    let mut world = project.world();
    run.finished = world.now().seconds();
    let step = Step::FinishImport {
        id: Cow::Borrowed(import_id),
        run: run.clone(),
    };
    world.note(origin(None), &step);
}

fn origin(item: Option<u32>) -> Origin<'static> {
    Origin {
        source: Cow::Borrowed("import"),
        route: Route::Import,
        item,
    }
}
