//! Reports of a run: for a person in a terminal, and for machines as JUnit, TAP or JSON.
//! All of them say the same of every file, in the same order.

mod html;
mod json;
mod junit;
mod tap;
mod terminal;

use std::str::FromStr;

use super::verdict::Verdict;

pub(crate) use html::{graph, head};
pub use terminal::{Report, summary};

/// A report for machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JUnit XML: one suite a directory, one case a file.
    Junit,
    /// Test Anything Protocol, version 14.
    Tap,
    /// One object: `{"passed", "failed", "not_run", "seconds", "scenarios": [...]}`.
    Json,
    /// One page that can be mailed: every story with its timeline and identity graph.
    Html,
}

impl Format {
    const ALL: [(&'static str, Self); 4] = [
        ("junit", Self::Junit),
        ("tap", Self::Tap),
        ("json", Self::Json),
        ("html", Self::Html),
    ];

    /// The report as text.
    pub fn write(self, verdicts: &[Verdict], report: &Report) -> String {
        match self {
            Self::Junit => junit::junit(verdicts, report),
            Self::Tap => tap::tap(verdicts),
            Self::Json => json::json(verdicts, report),
            Self::Html => html::html(verdicts, report),
        }
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(written: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|(name, _)| *name == written);
        found
            .map(|(_, format)| *format)
            .ok_or_else(|| format!("`{written}` is none of junit, tap, json, html"))
    }
}

/// The file as it is written in every report, with `/` on every system.
fn path_of(verdict: &Verdict) -> String {
    let parts = verdict.path.iter().map(|part| part.to_string_lossy());
    let path = parts.collect::<Vec<_>>().join("/");
    // The root is a part of its own.
    path.replacen("//", "/", 1)
}

#[cfg(test)]
mod tests {
    use std::{path::Path, time::Duration};

    use super::*;
    use crate::problem::{Problem, Source};

    fn verdicts() -> Vec<Verdict> {
        let verdict = |name: &str| Verdict {
            path: Path::new("scenarios/sdk").join(name),
            title: format!("Title of <{name}>"),
            elapsed: Duration::from_millis(12),
            has_run: true,
            ..Verdict::default()
        };
        let source = Source::new(Path::new("scenarios/sdk/bad.md"), "a\nb # c\n");
        let problem = Problem::new(&source, 2..3, "this # is wrong")
            .expected("`a` & more")
            .help("mend it");
        vec![
            verdict("good.md"),
            Verdict {
                problems: vec![problem],
                calls: vec!["GET /x  404 {}\ncurl -X GET \"http://127.0.0.1:8080/x\"".into()],
                ..verdict("bad.md")
            },
            Verdict {
                was_left_out: true,
                ..verdict("late.md")
            },
        ]
    }

    #[test]
    fn every_report_says_the_same() {
        let report = Report {
            place: "in process".into(),
            elapsed: Duration::from_millis(1500),
            colour: false,
        };
        for (name, format) in Format::ALL {
            assert_eq!(Format::from_str(name), Ok(format));
            insta::assert_snapshot!(name, format.write(&verdicts(), &report));
        }
    }
}
