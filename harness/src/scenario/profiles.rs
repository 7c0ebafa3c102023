//! The blocks `profiles` and `consents`: what is stored about every customer now.
//! Tables are compared by what they say, so that white space and order never fail a scenario.

use super::{
    block::Block,
    body::Body,
    cell::Line,
    customer::Customer,
    difference,
    table::{self, Row},
    world::World,
};
use twinfold_engine::IdSchema;

use crate::problem::Problem;

const CONSENTS: [&str; 2] = ["yes", "no"];

/// A `profiles` block is read for errors; what it states is read again once all ID types are known.
pub(crate) fn check(block: &Block, schema: &IdSchema) -> Result<(), Problem> {
    block.only(&[])?;
    table::stated(&block.body, &super::schema::names(schema)).map(drop)
}

/// Compares the table of all customers with the block.
pub(crate) async fn compare(block: &Block, world: &mut World) -> Result<(), Problem> {
    let customers = world.customers(block).await?;
    let id_types = world.id_types(&customers);
    let mut stated = table::stated(&block.body, &id_types)?;
    if world.is_abroad {
        // Nobody there says who was created first, so numbers and order mean nothing.
        stated.iter_mut().for_each(|row| row.number = 0);
    }
    let mut seen: Vec<Row> = customers.iter().map(Row::seen).collect();
    if world.is_abroad {
        seen.iter_mut().for_each(|row| row.number = 0);
        let place = |row: &Row| stated.iter().position(|other| row.says_the_same(other));
        seen.sort_by_key(|row| place(row).unwrap_or(usize::MAX));
    }
    let same = stated.len() == seen.len()
        && stated
            .iter()
            .zip(&seen)
            .all(|(one, other)| one.says_the_same(other));
    if !same {
        let problem = different(block, &stated, &seen, &id_types);
        let [lines, _] = table::aligned([&seen, &[]], &id_types);
        world.fails(block, problem, &lines);
    }
    Ok(())
}

fn different(block: &Block, stated: &[Row], seen: &[Row], id_types: &[String]) -> Problem {
    let [stated_lines, seen_lines] = table::aligned([stated, seen], id_types);
    let text = difference::side_by_side(
        (&texts(&stated_lines), &sayings(stated, seen)),
        (&texts(&seen_lines), &sayings(seen, seen)),
    );
    let first = stated.iter().enumerate().find(|(index, row)| {
        !seen
            .get(*index)
            .is_some_and(|other| row.says_the_same(other))
    });
    difference::problem(
        block,
        first.map(|(_, row)| line_range(&block.body, row.at)),
        text,
    )
}

fn texts(lines: &[String]) -> Vec<&str> {
    lines.iter().map(String::as_str).collect()
}

/// What each row says: the place of the seen row that says the same, or else a number of its own.
fn sayings(rows: &[Row], seen: &[Row]) -> Vec<usize> {
    let same = |row: &Row| seen.iter().position(|other| row.says_the_same(other));
    let each = rows.iter().enumerate();
    each.map(|(index, row)| same(row).unwrap_or(seen.len() + index))
        .collect()
}

fn line_range(body: &Body, at: usize) -> std::ops::Range<usize> {
    let row = body.rows().find(|(start, _)| *start == at);
    at..at + row.map_or(0, |(_, line)| line.len())
}

/// A `consents` block is read for errors.
pub(crate) fn check_consents(block: &Block) -> Result<(), Problem> {
    block.only(&[])?;
    for (at, line) in block.body.rows() {
        let mut line = Line::new(&block.body, at, line);
        line.number()?;
        while !line.is_done() {
            let cell = line.cell()?;
            let word = cell.text();
            if !CONSENTS.contains(&word.as_str()) {
                let problem = block.body.problem(cell.range, "a consent is given or not");
                return Err(problem.choice(&word, &CONSENTS));
            }
        }
    }
    Ok(())
}

/// Compares the consents of all customers with the block; customers without any are left out.
pub(crate) async fn compare_consents(block: &Block, world: &mut World) -> Result<(), Problem> {
    let customers = world.customers(block).await?;
    let seen = table::columns(&consents(&customers));
    if let Some(problem) = difference::of_lines(block, &seen) {
        world.fails(block, problem, &seen);
    }
    Ok(())
}

fn consents(customers: &[Customer]) -> Vec<Vec<String>> {
    let given = |one: &&Customer| !one.consents.is_empty();
    let row = |one: &Customer| {
        let said = one
            .consents
            .iter()
            .map(|(category, yes)| format!("{category}={}", if *yes { "yes" } else { "no" }));
        [format!("#{}", one.number)]
            .into_iter()
            .chain(said)
            .collect()
    };
    customers.iter().filter(given).map(row).collect()
}
