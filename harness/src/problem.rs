//! An error of a scenario file, said so that its author can mend it at once.
//! It knows the place, what was expected and found, and the command that shows it alone.

mod report;
mod source;

use std::{fmt, ops::Range, path::Path, sync::Arc};

use miette::{GraphicalReportHandler, GraphicalTheme};
use owo_colors::OwoColorize;

use crate::shell::word;
use report::Report;

pub use source::Source;

/// More choices than this are not listed where one of them is near.
const CHOICES_SHOWN_MAX: usize = 6;

/// An error of a scenario file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    source: Arc<Source>,
    span: Range<usize>,
    // Boxed, because a problem is the error of nearly every function that reads a scenario.
    said: Box<Said>,
}

/// The words of a problem.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Said {
    message: String,
    expected: Option<String>,
    found: Option<String>,
    difference: Option<String>,
    help: Option<String>,
}

impl Problem {
    /// A problem at the byte range `span` of `source`; a range outside the file is moved into it.
    pub fn new(source: &Arc<Source>, span: Range<usize>, message: impl Into<String>) -> Self {
        let start = source.boundary_before(span.start);
        let end = source.boundary_after(span.end).max(start);
        Self {
            source: Arc::clone(source),
            span: start..end,
            said: Box::new(Said {
                message: message.into(),
                ..Said::default()
            }),
        }
    }

    /// The same problem with what should stand there.
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.said.expected = Some(expected.into());
        self
    }

    /// The same problem with what stands there.
    pub fn found(mut self, found: impl Into<String>) -> Self {
        self.said.found = Some(found.into());
        self
    }

    /// The same problem with expected and found side by side, several lines.
    pub fn difference(mut self, difference: impl Into<String>) -> Self {
        self.said.difference = Some(difference.into());
        self
    }

    /// The same problem with what to do next.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.said.help = Some(help.into());
        self
    }

    /// The same problem, said of one variant of the file; without values it stays as it is.
    pub fn in_variant(mut self, values: &str) -> Self {
        if !values.is_empty() {
            self.said.message = format!("{} (variant {values})", self.said.message);
        }
        self
    }

    /// The same problem, which was still there after all that.
    pub fn after(mut self, efforts: &str) -> Self {
        self.said.message = format!("{}, {efforts}", self.said.message);
        self
    }

    /// The same problem, where only `choices` are possible and `word` is none of them.
    pub fn choice(self, word: &str, choices: &[&str]) -> Self {
        let problem = self.found(format!("`{word}`"));
        match nearest(word, choices) {
            Some(near) if choices.len() > CHOICES_SHOWN_MAX => {
                problem.expected(format!("`{near}`"))
            }
            Some(near) => problem
                .expected(one_of(choices))
                .help(format!("did you mean `{near}`?")),
            None => problem.expected(one_of(choices)),
        }
    }

    /// The file that it is in.
    pub fn path(&self) -> &Path {
        self.source.path()
    }

    /// The byte range that it is about.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Line and column, both counted from 1.
    pub fn position(&self) -> (usize, usize) {
        self.source.position(self.span.start)
    }

    /// What is wrong, in one line.
    pub fn message(&self) -> &str {
        &self.said.message
    }

    /// What was expected, found, and what to do, as plain text lines; for reports without colour
    /// such as JUnit.
    pub fn details(&self) -> String {
        let named = [
            ("expected ", &self.said.expected),
            ("found ", &self.said.found),
            ("", &self.said.difference),
            ("help: ", &self.said.help),
        ];
        let lines = named
            .into_iter()
            .filter_map(|(name, text)| text.as_ref().map(|text| format!("{name}{text}")));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The command that shows this problem alone.
    pub fn command(&self) -> String {
        format!("twinfold run {}", word(&self.path().display().to_string()))
    }

    /// The problem with its lines and a caret, for a terminal.
    pub fn render(&self, colour: bool) -> String {
        let theme = if colour {
            GraphicalTheme::unicode()
        } else {
            GraphicalTheme::unicode_nocolor()
        };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_links(false)
            .with_width(120)
            .with_wrap_lines(false)
            .with_break_words(false)
            .with_context_lines(1)
            .with_footer(self.footer(colour));
        let mut text = String::new();
        match handler.render_report(&mut text, &Report::of(self)) {
            Ok(()) => text,
            Err(_) => format!("{self}\n{}\n", self.details()),
        }
    }

    fn footer(&self, colour: bool) -> String {
        let Some(difference) = &self.said.difference else {
            return self.command();
        };
        let painted = |line: &str| match line.chars().next() {
            Some('-') if colour => line.red().to_string(),
            Some('+') if colour => line.green().to_string(),
            _ => line.to_owned(),
        };
        let lines: Vec<String> = difference.lines().map(painted).collect();
        format!("{}\n\n{}", lines.join("\n"), self.command())
    }

    fn label(&self) -> Option<String> {
        match (&self.said.expected, &self.said.found) {
            (Some(expected), Some(found)) => Some(format!("expected {expected}, found {found}")),
            (Some(expected), None) => Some(format!("expected {expected}")),
            (None, Some(found)) => Some(format!("found {found}")),
            (None, None) => None,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.position();
        let path = self.path().display();
        write!(f, "{path}:{line}:{column}: {}", self.said.message)
    }
}

impl std::error::Error for Problem {}

/// The choice that `word` was probably meant to be.
pub(crate) fn nearest<'a>(word: &str, choices: &[&'a str]) -> Option<&'a str> {
    let written = word.to_lowercase();
    choices
        .iter()
        .map(|choice| {
            (
                strsim::damerau_levenshtein(&written, &choice.to_lowercase()),
                *choice,
            )
        })
        .filter(|(distance, choice)| *distance <= (choice.chars().count() / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, choice)| choice)
}

fn one_of(choices: &[&str]) -> String {
    let quoted: Vec<String> = choices.iter().map(|choice| format!("`{choice}`")).collect();
    match quoted.as_slice() {
        [] => "nothing".into(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_points_at_line_and_column() {
        let source = Source::new("shop/a.md", "eins\nzwölf drei\n");
        let problem = Problem::new(&source, 12..16, "wrong").choice("drei", &["dreizehn", "drai"]);
        assert_eq!(problem.to_string(), "shop/a.md:2:7: wrong");
        assert_eq!(
            problem.details(),
            "expected `dreizehn` or `drai`\nfound `drei`\nhelp: did you mean `drai`?"
        );
        assert_eq!(problem.command(), "twinfold run shop/a.md");
        insta::assert_snapshot!(problem.render(false));
    }

    #[test]
    fn a_span_outside_the_text_is_moved_into_it() {
        let source = Source::new("a.md", "ä");
        for span in [0..9, 1..1, 7..9] {
            let problem = Problem::new(&source, span, "wrong");
            assert!(problem.render(false).contains("wrong"));
        }
    }
}
