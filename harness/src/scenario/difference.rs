//! What a block states and what is seen, laid side by side.
//! The caret goes to the first line that differs.

use std::{hash::Hash, ops::Range};

use similar::{Algorithm, DiffTag, capture_diff_slices};

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
    let seen: Vec<&str> = seen.iter().map(String::as_str).collect();
    let text = side_by_side((&lines, &normal_stated), (&seen, &normal_seen));
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

/// Stated lines with `-`, seen ones with `+`, those in both once and unmarked. Each list of lines comes with
/// what its lines say, by which they are compared.
pub(crate) fn side_by_side<T: Hash + Eq + Ord>(
    (stated, stated_sayings): (&[&str], &[T]),
    (seen, seen_sayings): (&[&str], &[T]),
) -> String {
    let operations = capture_diff_slices(Algorithm::Myers, stated_sayings, seen_sayings);
    let mut text = String::from("stated (-) and seen (+):");
    let mut show = |mark: char, lines: &[&str]| {
        for line in lines {
            text.push_str(&format!("\n{mark} {line}"));
        }
    };
    for operation in operations {
        let (tag, stated_range, seen_range) = operation.as_tag_tuple();
        if tag == DiffTag::Equal {
            show(' ', &seen[seen_range]);
            continue;
        }
        show('-', &stated[stated_range]);
        show('+', &seen[seen_range]);
    }
    text
}
