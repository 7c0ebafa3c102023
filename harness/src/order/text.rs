//! The report of the order check: for a reader as tables, for a program as JSON.

use serde_json::{Value, json};
use twinfold_engine::Rule;

use super::{Ending, Report, Variation};
use crate::{
    scenario::profile_lines,
    traffic::{Sent, SentAction},
};

/// How many ends are shown as tables.
const ENDS_SHOWN_MAX: usize = 4;

/// The report for a reader; every line ends with a line break.
pub fn text(report: &Report) -> String {
    let mut text = format!("{} commands; {}\n", report.commands.len(), tried(report));
    if report.is_independent() {
        text += "the end depends neither on the order, nor on the batches, nor on a redelivery\n";
        return text + &duplicate(report);
    }
    text += &format!(
        "the end depends on the {}: {} ends\n",
        depends_on(report).join(" and on the "),
        report.ends.len()
    );
    for (index, ending) in report.ends.iter().enumerate().take(ENDS_SHOWN_MAX) {
        text += &format!("\nEnd {}: {}\n", index + 1, ways(ending, index == 0));
        text += &indented(&profile_lines(&ending.project));
    }
    if report.ends.len() > ENDS_SHOWN_MAX {
        text += &format!("\n... and {} more\n", report.ends.len() - ENDS_SHOWN_MAX);
    }
    text + &swap(report) + &duplicate(report)
}

/// What makes a difference, as words.
fn depends_on(report: &Report) -> Vec<&'static str> {
    let other = report.ends.iter().skip(1);
    let mut varied: Vec<Variation> = other
        .flat_map(|ending| ending.deliveries.iter().map(|(variation, _)| *variation))
        .collect();
    varied.sort_unstable();
    varied.dedup();
    varied.into_iter().map(Variation::name).collect()
}

fn tried(report: &Report) -> String {
    let each = report.tried.iter().map(|(variation, count)| {
        let counted = counted(*variation, *count);
        match variation {
            Variation::Order if report.every_order => format!("all of {counted}"),
            Variation::Order => format!("{counted}, sampled with seed {}", report.options.seed),
            Variation::Batches | Variation::Redelivery => counted,
        }
    });
    let kept = match report.options.keep_source_order {
        true => "; what one sender sent stays in order",
        false => "",
    };
    each.collect::<Vec<_>>().join("; ") + kept
}

fn counted(variation: Variation, count: usize) -> String {
    let (one, several) = match variation {
        Variation::Order => ("order", "orders"),
        Variation::Batches => ("grouping into batches", "groupings into batches"),
        Variation::Redelivery => ("redelivery", "redeliveries"),
    };
    match count {
        1 => format!("1 {one}"),
        count => format!("{count} {several}"),
    }
}

fn ways(ending: &Ending, is_recorded: bool) -> String {
    let each = ending.deliveries.iter();
    let counts = each.map(|(variation, count)| counted(*variation, *count));
    let counts = counts.collect::<Vec<_>>().join(", ");
    match is_recorded {
        true => format!("{counts}, the recorded order among them"),
        false => format!("{counts}, such as {}", example(&ending.example)),
    }
}

/// The positions, those of one batch in brackets.
fn example(batches: &[Vec<usize>]) -> String {
    let each = batches.iter().map(|batch| {
        let numbers: Vec<String> = batch.iter().map(usize::to_string).collect();
        match numbers.as_slice() {
            [one] => one.clone(),
            several => format!("[{}]", several.join(" ")),
        }
    });
    each.collect::<Vec<_>>().join(" ")
}

fn swap(report: &Report) -> String {
    let Some(swap) = &report.swap else {
        return String::new();
    };
    let (before, rest) = swap.order.split_at(swap.place);
    let (two, after) = rest.split_at(rest.len().min(2));
    let mut text = "\nThese two do not commute".to_owned();
    for (word, others) in [("after", before), ("before", after)] {
        if !others.is_empty() {
            let numbers: Vec<String> = others.iter().map(|at| (at + 1).to_string()).collect();
            text += &format!(", {word} {}", numbers.join(" "));
        }
    }
    text += ":\n";
    text += &indented(&commands(report, two));
    text += "\nWhat decides is:\n";
    let rules = swap.rules.iter().map(rule_line);
    text + &indented(&rules.collect::<Vec<_>>())
}

fn rule_line(rule: &Rule) -> String {
    format!("{} ({}): {}", rule.slug(), rule.label().name(), rule.says())
}

fn duplicate(report: &Report) -> String {
    let Some(duplicate) = &report.duplicate else {
        return "\nNo order that was tried leaves two profiles with one address\n".into();
    };
    let how = match duplicate.is_shortest {
        true => "The shortest order",
        false => "An order of which no command can be left out",
    };
    let mut text = format!(
        "\n{how} that leaves two profiles with {}:\n",
        duplicate.keys.join(", ")
    );
    text += &indented(&commands(report, &duplicate.order));
    text += "\nIt ends with:\n";
    text + &indented(&profile_lines(&duplicate.project))
}

fn commands(report: &Report, positions: &[usize]) -> Vec<String> {
    let each = positions.iter().filter_map(|&position| {
        let sent = report.commands.get(position)?;
        Some(format!("{}  {}", position + 1, command(sent)))
    });
    each.collect()
}

/// A command as one line: who sends it, its IDs, and what it sets or tracks.
fn command(sent: &Sent) -> String {
    let ids = sent.action.ids().iter();
    let ids = ids.map(|id| format!("{}={}", id.id_type, id.value().unwrap_or("null")));
    let ids = ids.collect::<Vec<_>>().join(" ");
    let does = match &sent.action {
        SentAction::Customers {
            properties: crate::traffic::Properties::Object(pairs),
            ..
        } => {
            let pairs = pairs.iter().map(|(name, value)| format!("{name}={value}"));
            format!("sets {}", pairs.collect::<Vec<_>>().join(" "))
        }
        SentAction::Customers { .. } => "sets what is no object".into(),
        SentAction::Event { event_type, .. } => {
            format!("tracks {}", event_type.as_deref().unwrap_or("nothing"))
        }
        SentAction::OpenLink { .. } => "opens a link".into(),
        SentAction::Anonymize { .. } => "anonymizes".into(),
    };
    let does = if does == "sets " {
        "identifies".into()
    } else {
        does
    };
    format!("{}: {ids}  {does}", sent.source)
}

fn indented(lines: &[String]) -> String {
    lines.iter().map(|line| format!("  {line}\n")).collect()
}

/// The report for a program.
pub fn json(report: &Report) -> Value {
    let counts = |counts: &[(Variation, usize)]| {
        let counts = counts
            .iter()
            .map(|(variation, count)| (variation.name().to_owned(), json!(count)));
        Value::Object(counts.collect())
    };
    let numbers = |positions: &[usize]| positions.iter().map(|at| at + 1).collect::<Vec<_>>();
    let ends = report.ends.iter().map(|ending| {
        json!({
            "deliveries": counts(&ending.deliveries),
            "example": ending.example,
            "profiles": profile_lines(&ending.project),
        })
    });
    let swap = report.swap.as_ref().map(|swap| {
        let rules = swap.rules.iter().map(
            |rule| json!({"rule": rule.slug(), "label": rule.label().name(), "says": rule.says()}),
        );
        json!({
            "order": numbers(&swap.order),
            "swapped": numbers(&swap.swapped()),
            "rules": rules.collect::<Vec<_>>(),
        })
    });
    let duplicate = report.duplicate.as_ref().map(|duplicate| {
        json!({
            "order": numbers(&duplicate.order),
            "is_shortest": duplicate.is_shortest,
            "addresses": duplicate.keys,
            "profiles": profile_lines(&duplicate.project),
        })
    });
    json!({
        "commands": report.commands.iter().map(command).collect::<Vec<_>>(),
        "depends_on": depends_on(report),
        "every_order": report.every_order,
        "seed": report.options.seed,
        "keep_source_order": report.options.keep_source_order,
        "tried": counts(&report.tried),
        "ends": ends.collect::<Vec<_>>(),
        "swap": swap,
        "duplicate": duplicate,
    })
}
