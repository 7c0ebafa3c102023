//! TAP, version 14: one line a file, the problems of a failure in a YAML block below it.

use std::fmt::Write;

use serde_json::json;

use super::{super::verdict::Verdict, path_of};

pub(super) fn tap(verdicts: &[Verdict]) -> String {
    let mut text = format!("TAP version 14\n1..{}\n", verdicts.len());
    for (verdict, number) in verdicts.iter().zip(1..) {
        let outcome = if verdict.failed() { "not ok" } else { "ok" };
        let name = escaped(&format!("{}: {}", path_of(verdict), verdict.title));
        let directive = if verdict.was_left_out {
            " # SKIP not run"
        } else {
            ""
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{outcome} {number} - {name}{directive}");
        if verdict.failed() {
            diagnostics(&mut text, verdict);
        }
    }
    text
}

fn escaped(name: &str) -> String {
    name.replace('\\', "\\\\").replace('#', "\\#")
}

/// JSON is YAML, so that no text needs quoting by hand.
fn diagnostics(text: &mut String, verdict: &Verdict) {
    text.push_str("  ---\n");
    for problem in &verdict.problems {
        let said = json!({"at": problem.to_string(), "details": problem.details(), "run": problem.command()});
        let _ = writeln!(text, "  - {said}");
    }
    text.push_str("  ...\n");
}
