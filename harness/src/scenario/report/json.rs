//! The report as one JSON object.

use serde_json::{Value, json};

use super::{super::verdict::Verdict, Report, path_of};
use crate::problem::Problem;

pub(super) fn json(verdicts: &[Verdict], report: &Report) -> String {
    let count = |of: fn(&Verdict) -> bool| verdicts.iter().filter(|verdict| of(verdict)).count();
    let body = json!({
        "place": report.place,
        "seconds": report.elapsed.as_secs_f64(),
        "passed": count(Verdict::passed),
        "failed": count(Verdict::failed),
        "not_run": count(|verdict| verdict.was_left_out),
        "scenarios": verdicts.iter().map(scenario).collect::<Vec<_>>(),
    });
    format!("{body:#}\n")
}

fn scenario(verdict: &Verdict) -> Value {
    let outcome = match (verdict.was_left_out, verdict.failed()) {
        (true, _) => "not run",
        (_, true) => "failed",
        _ => "passed",
    };
    json!({
        "path": path_of(verdict),
        "title": verdict.title,
        "evidence": verdict.evidence.word(),
        "outcome": outcome,
        "seconds": verdict.elapsed.as_secs_f64(),
        "problems": verdict.problems.iter().map(problem).collect::<Vec<_>>(),
        "calls": verdict.calls,
    })
}

fn problem(problem: &Problem) -> Value {
    let (line, column) = problem.position();
    json!({
        "line": line,
        "column": column,
        "message": problem.message(),
        "details": problem.details(),
        "run": problem.command(),
    })
}
