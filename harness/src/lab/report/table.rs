//! A comparison for a terminal: the strategies numbered once, then a table for each population and group of measures.
//! A group of measures is as wide as its values, so that it fits a terminal.

use std::fmt::Write;

use super::{
    super::{
        compare::{Compared, Comparison, Found},
        experiment::Experiment,
        random_logs::OfLogs,
    },
    columns::Group,
};

/// The strategies by number, and these groups of measures for every population.
pub fn table(comparison: &Comparison, found: &Found, groups: &[Group]) -> String {
    let mut text = String::new();
    for (place, contestant) in comparison.contestants.iter().enumerate() {
        let (by, label, _) = contestant.about();
        let (name, number) = (contestant.name(), place + 1);
        let _ = writeln!(
            text,
            "{number:>3}  {name:44}  {:10}  {by:.36}",
            label.name()
        );
    }
    for place in 0..comparison.settings.len() {
        let rows: Vec<&Compared> = found
            .rows
            .iter()
            .filter(|row| row.setting == place)
            .collect();
        let _ = writeln!(text, "\n{}", named(comparison, found, place));
        for group in groups {
            text += &block(comparison, *group, &rows);
        }
    }
    text
}

/// A group of measures, each column as wide as it must be.
fn block(comparison: &Comparison, group: Group, rows: &[&Compared]) -> String {
    let columns: Vec<Vec<String>> = group
        .columns()
        .map(|column| {
            let shown = rows.iter().map(|row| column.shown(row));
            [column.short.to_owned()].into_iter().chain(shown).collect()
        })
        .collect();
    let names = rows.iter().map(|row| {
        let place = comparison.place(row.contestant) + 1;
        format!("{place:>3} {:10.10}", row.contestant.name())
    });
    let names = [format!("{:>14}", group.slug())].into_iter().chain(names);
    let mut text = String::from("\n");
    for (line, name) in names.enumerate() {
        text += &name;
        for column in &columns {
            let width = column.iter().map(String::len).max().unwrap_or(0);
            let _ = write!(text, "  {:>width$}", column[line]);
        }
        text += "\n";
    }
    text
}

/// A population in a line.
pub(super) fn named(comparison: &Comparison, found: &Found, place: usize) -> String {
    let setting = &comparison.settings[place];
    let seed = setting.people.made_up();
    let seed = seed.map(|population| format!(", seed {}", population.seed));
    let swept = setting
        .swept
        .iter()
        .map(|(name, value)| format!(", {name}={value}"));
    let (people, calls) = measured(found, place);
    format!(
        "{}, {people} people{}{}, {calls} calls",
        setting.name,
        seed.unwrap_or_default(),
        swept.collect::<String>()
    )
}

/// How many people and calls there were in a population, which may be some more than were asked for.
pub(super) fn measured(found: &Found, place: usize) -> (u64, u64) {
    let row = found.rows.iter().find(|row| row.setting == place);
    row.map_or((0, 0), |row| (row.measures.people, row.measures.calls))
}

/// What the order of six calls decides.
pub fn orders_table(experiments: &[Experiment]) -> String {
    let name = experiments.iter().map(|one| one.contestant.name().len());
    let width = name.max().unwrap_or(0).max("strategy".len());
    let mut text = format!(
        "{:width$}  {:10}  outcomes  precision  recall  worst_precision  worst_recall\n",
        "strategy", "evidence"
    );
    for one in experiments {
        let (_, label, _) = one.contestant.about();
        let (natural, worst) = (one.natural.pairs, one.worst.pairs);
        let _ = writeln!(
            text,
            "{:width$}  {:10}  {:>8}  {:>9.2}  {:>6.2}  {:>15.2}  {:>12.2}",
            one.contestant.name(),
            label.name(),
            one.outcomes,
            natural.precision,
            natural.recall,
            worst.precision,
            worst.recall
        );
    }
    text
}

/// For a terminal: what random logs say.
pub fn logs_table(of_logs: &[OfLogs]) -> String {
    let name = of_logs.iter().map(|one| one.contestant.name().len());
    let width = name.max().unwrap_or(0).max("strategy".len());
    let mut text = format!(
        "{:width$}  {:10}  precision  recall  shuffle  differs_from_engagement  differs_from_closure\n",
        "strategy", "evidence"
    );
    for one in of_logs {
        let (_, label, _) = one.contestant.about();
        let percent = |share: f64| format!("{:.1}%", share * 100.0);
        let _ = writeln!(
            text,
            "{:width$}  {:10}  {:>9.3}  {:>6.3}  {:>7}  {:>23}  {:>20}",
            one.contestant.name(),
            label.name(),
            one.b_cubed.precision,
            one.b_cubed.recall,
            percent(one.shuffle),
            percent(one.differs_from_engagement),
            percent(one.differs_from_closure)
        );
    }
    text
}
