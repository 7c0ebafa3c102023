//! The files that a scenario builds on: their acting steps run first.
//! What they state is checked when they run themselves, not here.

use std::{fs, io, ops::Range, path::Path, sync::Arc};

use super::{Scenario, front_matter::FrontMatter, step::Step};
use crate::problem::{Problem, Source};

/// The acting steps of all files that are given, in order.
pub(crate) fn steps(
    source: &Arc<Source>,
    front: &FrontMatter,
    above: &[Arc<Source>],
) -> Result<Vec<Step>, Vec<Problem>> {
    let mut above = above.to_vec();
    above.push(Arc::clone(source));
    let mut steps = Vec::new();
    for (name, span) in &front.given {
        steps.extend(of_file(source, (name, span), &above)?);
    }
    Ok(steps)
}

fn of_file(
    source: &Arc<Source>,
    (name, span): (&str, &Range<usize>),
    above: &[Arc<Source>],
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
    if above.iter().any(|file| is_same(file.path(), &path)) {
        return Err(at(format!("`{name}` is given to itself")));
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
