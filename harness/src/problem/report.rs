//! A problem in the shape that the renderer of errors takes.
//! It gives the words, the place and the file; the renderer draws the lines and the caret.

use std::fmt;

use miette::{Diagnostic, LabeledSpan, NamedSource};

use super::Problem;

/// A problem in the shape that the renderer wants.
#[derive(Debug)]
pub(super) struct Report<'a> {
    problem: &'a Problem,
    source: NamedSource<String>,
}

impl<'a> Report<'a> {
    pub(super) fn of(problem: &'a Problem) -> Self {
        let name = problem.path().display().to_string();
        Self {
            problem,
            source: NamedSource::new(name, problem.source.text().to_owned()),
        }
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem.said.message)
    }
}

impl std::error::Error for Report<'_> {}

impl Diagnostic for Report<'_> {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.problem.said.help.as_ref()?;
        Some(Box::new(help))
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let span = &self.problem.span;
        let label = LabeledSpan::new(self.problem.label(), span.start, span.len());
        Some(Box::new(std::iter::once(label)))
    }
}
