//! A comparison as one page that loads nothing, light and dark: plots, where strategies part, whom each served worst, and
//! every measure with what it says. What made it and what repeats it stands at the top.

use std::collections::BTreeMap;

use maud::{DOCTYPE, Markup, html as page};

use super::{
    super::compare::{Compared, Comparison, Found},
    Origin,
    columns::{COLUMNS, Column, Group},
    plots::{Axis, Scale, Series, colour, plot},
    stories::{partings, worst_people},
    table::named,
};
use crate::scenario::page_head;

const OWN_STYLE: &str = "body{max-width:76rem}td.n,th.n{text-align:right}figure{display:inline-block;max-width:38rem;margin:.5rem 0;width:100%}\
figure svg{width:100%;height:auto}.field{fill:none;stroke:var(--line)}.point{fill:currentColor;stroke:var(--paper)}\
.course{fill:none;stroke:currentColor;stroke-width:2}.key{display:inline-block;width:.8em;height:.8em;border-radius:50%;margin-right:.3em}\
td:has(.key){white-space:nowrap}.small{font-size:.85rem}\
details svg{overflow:visible}details svg text{paint-order:stroke;stroke:var(--paper);stroke-width:3px}";

/// Measures that are drawn over a swept rate.
const OVER_RATES: [&str; 6] = [
    "bcubed_f1",
    "wrong_person",
    "merge_distance",
    "consents_leaked",
    "properties_wrong",
    "fix_calls",
];

/// The page.
pub fn html(comparison: &Comparison, found: &Found, origin: &Origin) -> String {
    let written = page! {
        (DOCTYPE)
        html lang="en" {
            (page_head("twinfold: merge strategies compared", OWN_STYLE))
            body {
                h1 { "Merge strategies compared" }
                p { "Made by twinfold " (origin.version) ". This repeats it:" }
                pre { (origin.command) }
                p {
                    "The models follow public documents and are not the products. No measure is a rank, and no rule dominates: "
                    "what keeps strangers apart also keeps people apart from themselves."
                }
                h2 { "Strategies" }
                (strategies(comparison))
                h2 { "Quality against cost" }
                (against_cost(comparison, found))
                (swept(comparison, found))
                h2 { "Measures" }
                @for place in 0..comparison.settings.len() { (measures(comparison, found, place)) }
                h2 { "Where strategies part" }
                (partings(comparison, found))
                h2 { "Whom each strategy served worst" }
                (worst_people(comparison, found))
                h2 { "What the measures say" }
                (definitions())
            }
        }
    };
    written.into_string()
}

pub(super) fn key(number: usize, name: &str) -> Markup {
    page! { span.key style=(format!("background:{}", colour(number))) {} (number) " " (name) }
}

pub(super) fn number_of(comparison: &Comparison, row: &Compared) -> usize {
    comparison.place(row.contestant) + 1
}

fn strategies(comparison: &Comparison) -> Markup {
    page! {
        div.wide { table {
            tr { th { "strategy" } th { "as published by" } th { "evidence" } th { "the model leaves out" } }
            @for (place, contestant) in comparison.contestants.iter().enumerate() {
                @let (by, label, leaves_out) = contestant.about();
                tr {
                    td { (key(place + 1, &contestant.name())) }
                    td { (by) } td { (label.name()) } td { (leaves_out) }
                }
            }
        } }
    }
}

/// What is drawn along an axis: a measure, and how its values are laid out.
type Drawn = (&'static str, Scale);

fn against_cost(comparison: &Comparison, found: &Found) -> Markup {
    let pairs: [(&str, Drawn, Drawn); 4] = [
        (
            "Strangers kept apart, people kept together",
            ("bcubed_recall", Scale::Even),
            ("bcubed_precision", Scale::Even),
        ),
        (
            "Quality, and what it takes to put the rest right",
            ("merge_distance", Scale::Logarithmic),
            ("bcubed_f1", Scale::Even),
        ),
        (
            "Quality, and the time for a call",
            ("ns_per_call", Scale::Logarithmic),
            ("bcubed_f1", Scale::Even),
        ),
        (
            "What one wrong call reaches, and what the order decides",
            ("order_sensitive", Scale::Even),
            ("blast_events", Scale::Logarithmic),
        ),
    ];
    page! {
        p { "Over " (named(comparison, found, 0)) "; the numbers are those of the strategies above." }
        @for (title, x, y) in pairs {
            @if let (Some(across), Some(up)) = (Column::named(x.0), Column::named(y.0)) {
                (plot(title, &axis(across, x.1), &axis(up, y.1), &points(comparison, found, across, up)))
            }
        }
    }
}

fn axis(column: &Column, scale: Scale) -> Axis {
    Axis {
        name: column.name.replace('_', " "),
        scale,
    }
}

fn points(comparison: &Comparison, found: &Found, across: &Column, up: &Column) -> Vec<Series> {
    let rows = found.rows.iter().filter(|row| row.setting == 0);
    let series = rows.filter_map(|row| {
        Some(Series {
            number: number_of(comparison, row),
            name: row.contestant.name(),
            points: vec![((across.value)(row)?, (up.value)(row)?)],
        })
    });
    series.collect()
}

/// A plot for each preset, swept rate and measure: the mean over seeds and over what else is swept.
fn swept(comparison: &Comparison, found: &Found) -> Markup {
    let mut plotted: Vec<(&str, &str)> = Vec::new();
    for setting in &comparison.settings {
        for (name, _) in &setting.swept {
            if !plotted.contains(&(&setting.name, name)) {
                plotted.push((&setting.name, name));
            }
        }
    }
    page! {
        @for (preset, rate) in plotted {
            h2 { "Quality over " (rate.replace('_', " ")) ", " (preset) }
            @for column in OVER_RATES.iter().filter_map(|name| Column::named(name)) {
                @let x = Axis { name: rate.replace('_', " "), scale: Scale::Even };
                @let title = format!("{} over {}", column.name.replace('_', " "), rate.replace('_', " "));
                (plot(&title, &x, &axis(column, Scale::Even), &over_rate(comparison, found, (preset, rate), column)))
            }
        }
    }
}

fn over_rate(
    comparison: &Comparison,
    found: &Found,
    (preset, rate): (&str, &str),
    column: &Column,
) -> Vec<Series> {
    let of = |row: &Compared| {
        let setting = &comparison.settings[row.setting];
        let at = setting.swept.iter().find(|(name, _)| name == rate);
        let at = at.filter(|_| setting.name == preset)?.1;
        Some((at, (column.value)(row)?))
    };
    let contestants = comparison.contestants.iter().enumerate();
    let series = contestants.map(|(place, contestant)| {
        // By the bits of the rate, which sort like the rate because none is below 0.
        let mut sums: BTreeMap<u64, (f64, f64)> = BTreeMap::new();
        let own = found
            .rows
            .iter()
            .filter(|row| row.contestant == *contestant);
        for (at, value) in own.filter_map(of) {
            let sum = sums.entry(at.to_bits()).or_default();
            *sum = (sum.0 + value, sum.1 + 1.0);
        }
        let means = sums.into_iter();
        Series {
            number: place + 1,
            name: contestant.name(),
            points: means
                .map(|(at, (sum, of))| (f64::from_bits(at), sum / of))
                .collect(),
        }
    });
    series.collect()
}

fn measures(comparison: &Comparison, found: &Found, place: usize) -> Markup {
    let rows: Vec<&Compared> = found
        .rows
        .iter()
        .filter(|row| row.setting == place)
        .collect();
    page! {
        details open[place == 0] {
            summary { (named(comparison, found, place)) }
            @for group in Group::ALL.into_iter().filter(|group| *group != Group::Summary) {
                h3 { (group.slug()) }
                div.wide { table.small {
                    tr { th { "strategy" } @for column in group.columns() { th.n title=(column.explained()) { (column.name.replace('_', " ")) } } }
                    @for row in &rows {
                        tr {
                            td { (key(number_of(comparison, row), &row.contestant.name())) }
                            @for column in group.columns() { td.n { (column.shown(row)) } }
                        }
                    }
                } }
            }
        }
    }
}

fn definitions() -> Markup {
    page! {
        dl { @for column in COLUMNS {
            dt { (column.name.replace('_', " ")) } dd { (column.explained()) }
        } }
    }
}
