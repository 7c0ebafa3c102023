//! The summary of a run that a person reads in a terminal.
//! Failures carry their problems, and the counts stand alone on the last line.

use std::{fmt::Write, path::Path, time::Duration};

use owo_colors::{OwoColorize, Style};

use super::super::verdict::Verdict;

/// Calls of a failed run that are shown; the JSON report has all.
const CALLS_SHOWN_MAX: usize = 20;

/// How a run is reported.
#[derive(Clone, Debug)]
pub struct Report {
    /// Where it ran, such as `in process` or `http://127.0.0.1:8080`.
    pub place: String,
    /// How long all of it took.
    pub elapsed: Duration,
    /// The output is a terminal that shows colour.
    pub colour: bool,
}

/// The verdicts by directory, the problems below each failure, and the counts alone on the last line.
pub fn summary(verdicts: &[Verdict], report: &Report) -> String {
    let mut text = String::new();
    let mut shown: Option<&Path> = None;
    for verdict in verdicts {
        let directory = verdict.path.parent().unwrap_or(Path::new(""));
        if shown != Some(directory) {
            let gap = if shown.is_some() { "\n" } else { "" };
            let name = report.paint(&directory.display().to_string(), Style::new().bold());
            text.push_str(&format!("{gap}{name}\n"));
            shown = Some(directory);
        }
        text.push_str(&report.line(verdict));
    }
    let count = |of: fn(&Verdict) -> bool| verdicts.iter().filter(|verdict| of(verdict)).count();
    let (passed, failed) = (count(Verdict::passed), count(Verdict::failed));
    let left_out = match count(|verdict| verdict.was_left_out) {
        0 => String::new(),
        left_out => format!(", {left_out} not run"),
    };
    let _ = write!(
        text,
        "\n{} in {}, {}\n{passed} passed, {failed} failed{left_out}\n",
        counted(verdicts.len()),
        seconds(report.elapsed),
        report.place,
    );
    text
}

impl Report {
    fn line(&self, verdict: &Verdict) -> String {
        if verdict.was_left_out {
            let why = match verdict.why_left_out.as_str() {
                "" => "not run".to_owned(),
                why => format!("not run: {why}"),
            };
            let line = format!("  - {}  {why}\n", verdict.title);
            return self.paint(&line, Style::new().dimmed());
        }
        let mark = if verdict.passed() {
            self.paint("✓", Style::new().green())
        } else {
            self.paint("✗", Style::new().red().bold())
        };
        let aside = format!(
            "{}, {} ms",
            verdict.evidence.word(),
            verdict.elapsed.as_millis()
        );
        let aside = self.paint(&aside, Style::new().dimmed());
        let mut text = format!("  {mark} {}  {aside}\n", verdict.title);
        for note in &verdict.notes {
            let line = format!("    {note}\n");
            text.push_str(&self.paint(&line, Style::new().dimmed()));
        }
        for problem in &verdict.problems {
            text.push_str(&indented(&problem.render(self.colour)));
        }
        text.push_str(&indented(&self.calls(verdict)));
        text
    }

    /// The newest calls of a failed run.
    fn calls(&self, verdict: &Verdict) -> String {
        let calls = &verdict.calls;
        if calls.is_empty() {
            return String::new();
        }
        let skipped = calls.len().saturating_sub(CALLS_SHOWN_MAX);
        let mut text = match skipped {
            0 => "its calls, as they would go to `twinfold serve`:\n".to_owned(),
            _ => format!(
                "its last {CALLS_SHOWN_MAX} of {} calls, as they would go to `twinfold serve`:\n",
                calls.len()
            ),
        };
        for (at, call) in calls.iter().enumerate().skip(skipped) {
            let (request, line) = call.split_once('\n').unwrap_or((call, ""));
            let line = self.paint(line, Style::new().dimmed());
            text.push_str(&format!("{:>4}  {request}\n      {line}\n", at + 1));
        }
        text + "\n"
    }

    fn paint(&self, text: &str, style: Style) -> String {
        if self.colour {
            text.style(style).to_string()
        } else {
            text.to_owned()
        }
    }
}

fn indented(text: &str) -> String {
    let lines = text
        .lines()
        .map(|line| format!("    {line}").trim_end().to_owned() + "\n");
    lines.collect()
}

fn counted(count: usize) -> String {
    match count {
        1 => "1 scenario".into(),
        _ => format!("{count} scenarios"),
    }
}

fn seconds(elapsed: Duration) -> String {
    if elapsed < Duration::from_secs(1) {
        return format!("{} ms", elapsed.as_millis());
    }
    format!("{:.1} s", elapsed.as_secs_f64())
}
