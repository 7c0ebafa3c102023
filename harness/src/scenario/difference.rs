//! What a block states and what is seen, laid side by side.
//! The caret goes to the first line that differs.

use std::ops::Range;

use super::{
    block::Block,
    body::{Body, normal},
};
use crate::problem::Problem;

/// A stated line and where it stands in the body.
pub(crate) struct Stated {
    pub(crate) line: String,
    pub(crate) range: Range<usize>,
}

/// The lines of a body that say something.
pub(crate) fn stated(body: &Body) -> Vec<Stated> {
    let rows = body.rows().map(|(at, line)| Stated {
        line: line.to_owned(),
        range: at..at + line.len(),
    });
    rows.collect()
}

/// A problem if the lines of the block and what is seen differ in more than white space.
pub(crate) fn of_lines(block: &Block, seen: &[String]) -> Option<Problem> {
    let stated = stated(&block.body);
    let normal_stated: Vec<String> = stated.iter().map(|stated| normal(&stated.line)).collect();
    let normal_seen: Vec<String> = seen.iter().map(|line| normal(line)).collect();
    if normal_stated == normal_seen {
        return None;
    }
    let lines: Vec<&str> = stated.iter().map(|stated| stated.line.as_str()).collect();
    let pairs = normal_stated.iter().zip(&normal_seen);
    let first = pairs.take_while(|(stated, seen)| stated == seen).count();
    let kept = |line: &str, others: &[String]| others.contains(&normal(line));
    let minus = lines.iter().map(|line| (*line, kept(line, &normal_seen)));
    let plus = seen
        .iter()
        .map(|line| (line.as_str(), kept(line, &normal_stated)));
    let text = side_by_side(minus, plus);
    let range = stated.get(first).map(|stated| stated.range.clone());
    Some(problem(block, range, text))
}

/// The problem of a block that states something else than what is seen.
pub(crate) fn problem(block: &Block, range: Option<Range<usize>>, text: String) -> Problem {
    let message = format!(
        "the block `{}` states something else than what is seen",
        block.word
    );
    let problem = match range {
        Some(range) => block.body.problem(range, message),
        None => block.problem(message),
    };
    problem
        .difference(text)
        .help("`--update` writes what is seen into the file; read the diff then")
}

/// Stated lines with `-`, seen ones with `+`, those in both once and with a blank. The flag says that a
/// line is in both.
pub(crate) fn side_by_side<'a>(
    stated: impl Iterator<Item = (&'a str, bool)>,
    seen: impl Iterator<Item = (&'a str, bool)>,
) -> String {
    let mark = |line: &str, mark: char| format!("{mark} {line}");
    let mut lines = vec!["- stated".to_owned(), "+ seen".to_owned()];
    let stated = stated.map(|(line, both)| mark(line, if both { ' ' } else { '-' }));
    lines.extend(stated);
    lines.extend(
        seen.filter(|(_, both)| !both)
            .map(|(line, _)| mark(line, '+')),
    );
    lines.join("\n")
}
