//! The files that a scenario builds on: their acting steps run first.
//! What they state is checked when they run themselves, not here.

use std::{cell::Cell, fs, io, ops::Range, path::Path, rc::Rc, sync::Arc};

use super::{Scenario, front_matter::FrontMatter, step::Step};
use crate::problem::{Problem, Source};

/// A scenario may build on so many files, those that the given ones build on included: a short chain of files that
/// each name the next one twice would else be read without end.
const FILES_MAX: usize = 256;

/// The files for which one is read, and how many more may be.
#[derive(Clone)]
pub(crate) struct Above {
    files: Vec<Arc<Source>>,
    left: Rc<Cell<usize>>,
}

impl Above {
    /// Above a file that is read for itself is none.
    pub(crate) fn none() -> Self {
        Self {
            files: Vec::new(),
            left: Rc::new(Cell::new(FILES_MAX)),
        }
    }

    fn and(&self, source: &Arc<Source>) -> Self {
        let mut above = self.clone();
        above.files.push(Arc::clone(source));
        above
    }

    fn holds(&self, path: &Path) -> bool {
        self.files.iter().any(|file| is_same(file.path(), path))
    }

    /// Takes one of the files that may still be read.
    fn takes_one(&self) -> bool {
        let left = self.left.get().checked_sub(1);
        left.inspect(|left| self.left.set(*left)).is_some()
    }
}

/// The acting steps of all files that are given, in order.
pub(crate) fn steps(
    source: &Arc<Source>,
    front: &FrontMatter,
    above: &Above,
) -> Result<Vec<Step>, Vec<Problem>> {
    let above = above.and(source);
    let mut steps = Vec::new();
    for (name, span) in &front.given {
        steps.extend(of_file(source, (name, span), &above)?);
    }
    Ok(steps)
}

fn of_file(
    source: &Arc<Source>,
    (name, span): (&str, &Range<usize>),
    above: &Above,
) -> Result<Vec<Step>, Vec<Problem>> {
    let at = |message: String| vec![Problem::new(source, span.clone(), message)];
    let directory = source.path().parent().unwrap_or(Path::new(""));
    let path = directory.join(name);
    let text = read(&path).map_err(|error| {
        at(format!(
            "the given file `{}` cannot be read: {error}",
            path.display()
        ))
    })?;
    if above.holds(&path) {
        return Err(at(format!("`{name}` is given to itself")));
    }
    if !above.takes_one() {
        let said =
            format!("more than {FILES_MAX} files are given; put their steps into fewer files");
        return Err(at(said));
    }
    let given = Scenario::read(&Source::new(path, text), above)?;
    if given.has_variants() {
        return Err(at(format!("`{name}` has variants and cannot be given")));
    }
    let own = given.cases.into_iter().flat_map(|case| case.steps);
    let steps = given.given.into_iter().chain(own);
    Ok(steps.filter(Step::acts).collect())
}

/// A device or a pipe may have no end.
fn read(path: &Path) -> io::Result<String> {
    match fs::metadata(path)?.is_file() {
        true => fs::read_to_string(path),
        false => Err(io::Error::other("it is no file")),
    }
}

fn is_same(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}
