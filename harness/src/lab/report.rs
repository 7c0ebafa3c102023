//! What a comparison says: a table to read, JSON and CSV to go on with, and a page with a plot.
//! Several measures beside each other, never one rank.

use std::fmt::Write;

use maud::{DOCTYPE, Markup, PreEscaped, html as page};
use serde_json::{Value, json};

use super::{experiment::Experiment, measures::Measures, traffic::Compared};

/// What is measured: its name, how it is read, how many digits are shown, and what it says.
type Column = (&'static str, fn(&Measures) -> f64, usize, &'static str);

const COLUMNS: [Column; 13] = [
    (
        "bcubed_precision",
        |m| m.b_cubed.precision,
        4,
        "share of a call's profile that is its person's",
    ),
    (
        "bcubed_recall",
        |m| m.b_cubed.recall,
        4,
        "share of a person's calls on a call's profile",
    ),
    ("bcubed_f1", |m| m.b_cubed.f1(), 4, "harmonic mean of both"),
    (
        "pair_precision",
        |m| m.pairs.precision,
        4,
        "joined pairs of calls that are right",
    ),
    (
        "pair_recall",
        |m| m.pairs.recall,
        4,
        "pairs to be joined that are",
    ),
    (
        "exact_recall",
        |m| m.exact.recall,
        4,
        "people with exactly one profile of their own",
    ),
    (
        "adjusted_rand",
        |m| m.adjusted_rand,
        4,
        "agreement beyond chance",
    ),
    (
        "wrong_person",
        |m| m.on_the_wrong_person,
        4,
        "calls on somebody else's profile; a purchase weighs 10",
    ),
    (
        "over_merged",
        |m| m.over_merged,
        4,
        "people who share a profile",
    ),
    (
        "under_merged",
        |m| m.under_merged,
        4,
        "people who are spread",
    ),
    (
        "splits",
        |m| m.splits as f64,
        0,
        "cuts to repair it, which no API offers",
    ),
    ("merges", |m| m.merges as f64, 0, "joins to repair it"),
    (
        "blast_radius",
        |m| m.blast_radius as f64,
        0,
        "people in the fullest profile",
    ),
];

/// The columns that a terminal has room for.
const IN_THE_TABLE: [&str; 8] = [
    "bcubed_precision",
    "bcubed_recall",
    "exact_recall",
    "wrong_person",
    "over_merged",
    "under_merged",
    "splits",
    "blast_radius",
];

/// For a terminal.
pub fn table(compared: &[Compared]) -> String {
    let shown = || {
        COLUMNS
            .iter()
            .filter(|column| IN_THE_TABLE.contains(&column.0))
    };
    let name = compared.iter().map(|one| one.contestant.name().len());
    let width = name.max().unwrap_or(0).max("strategy".len());
    let mut text = format!("{:width$}  {:10}", "strategy", "evidence");
    for (name, ..) in shown() {
        let _ = write!(text, "  {name:>}");
    }
    text += "  ns_per_call\n";
    for one in compared {
        let (_, label, _) = one.contestant.about();
        let _ = write!(
            text,
            "{:width$}  {:10}",
            one.contestant.name(),
            label.name()
        );
        for (name, value, digits, _) in shown() {
            let _ = write!(
                text,
                "  {:>width$.digits$}",
                value(&one.measures),
                width = name.len()
            );
        }
        let _ = writeln!(text, "  {:>11.0}", nanos(one));
    }
    text
}

/// For a terminal: what the order of six calls decides.
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

/// Nanoseconds for one call, while the other contestants ran beside it.
fn nanos(one: &Compared) -> f64 {
    one.took.as_nanos() as f64 / one.measures.calls.max(1) as f64
}

/// For programs; `origin` says what repeats the run.
pub fn json(compared: &[Compared], origin: &Value) -> Value {
    let rows = compared.iter().map(|one| {
        let (by, label, leaves_out) = one.contestant.about();
        let mut row = json!({
            "strategy": one.contestant.name(),
            "as_published_by": by,
            "evidence": label.name(),
            "leaves_out": leaves_out,
            "calls": one.measures.calls,
            "people": one.measures.people,
            "profiles": one.measures.profiles,
            "variation_of_information": one.measures.variation_of_information,
            "ns_per_call": nanos(one),
        });
        for (name, value, ..) in COLUMNS {
            row[name] = value(&one.measures).into();
        }
        row
    });
    json!({"origin": origin, "strategies": Vec::from_iter(rows)})
}

/// For a spreadsheet.
pub fn csv(compared: &[Compared]) -> String {
    let names = COLUMNS.iter().map(|column| column.0);
    let mut text = format!(
        "strategy,evidence,{},ns_per_call\n",
        Vec::from_iter(names).join(",")
    );
    for one in compared {
        let (_, label, _) = one.contestant.about();
        let values = COLUMNS
            .iter()
            .map(|column| (column.1)(&one.measures).to_string());
        let values = Vec::from_iter(values).join(",");
        let name = one.contestant.name();
        let _ = writeln!(text, "{name},{},{values},{:.0}", label.name(), nanos(one));
    }
    text
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}\
table{border-collapse:collapse;display:block;overflow-x:auto}th,td{padding:.2rem .6rem;text-align:right;border-bottom:1px solid #8886}\
th:first-child,td:first-child{text-align:left;white-space:nowrap}svg{max-width:100%;height:auto}svg text{fill:currentColor;font-size:11px}\
code{overflow-wrap:anywhere}";

/// One page that loads nothing.
pub fn html(compared: &[Compared], origin: &Value) -> String {
    let calls = compared.first().map_or(0, |one| one.measures.calls);
    let people = compared.first().map_or(0, |one| one.measures.people);
    let page = page! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                title { "Merge strategies compared" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { "Merge strategies compared" }
                p { (calls) " calls of " (people) " people. Repeat it with " code { (text(origin, "command")) } " (twinfold " (text(origin, "version")) ")." }
                p { "The models follow public documents and are not the products. No rule dominates: what keeps strangers apart also keeps people apart from themselves." }
                h2 { "Strangers kept apart, people kept together" }
                (plot(compared))
                h2 { "Measures" }
                (measures(compared))
                h2 { "Strategies" }
                table {
                    tr { th { "strategy" } th { "as published by" } th { "evidence" } th { "the model leaves out" } }
                    @for one in compared {
                        @let (by, label, leaves_out) = one.contestant.about();
                        tr { td { (one.contestant.name()) } td { (by) } td { (label.name()) } td { (leaves_out) } }
                    }
                }
            }
        }
    };
    page.into_string()
}

fn text<'v>(origin: &'v Value, key: &str) -> &'v str {
    origin[key].as_str().unwrap_or_default()
}

fn measures(compared: &[Compared]) -> Markup {
    page! {
        table {
            tr { th { "strategy" } @for (name, _, _, says) in COLUMNS { th title=(says) { (name.replace('_', " ")) } } }
            @for one in compared {
                tr {
                    td { (one.contestant.name()) }
                    @for (_, value, digits, _) in COLUMNS { td { (format!("{:.digits$}", value(&one.measures))) } }
                }
            }
        }
        dl { @for (name, _, _, says) in COLUMNS { dt { (name.replace('_', " ")) } dd { (says) } } }
    }
}

/// The width and height of the plot's field, and its margin.
const FIELD: (f64, f64, f64) = (720.0, 420.0, 60.0);

/// B-cubed precision over recall; the field begins a little below the least of each.
fn plot(compared: &[Compared]) -> Markup {
    let (width, height, margin) = FIELD;
    let least = |value: fn(&Measures) -> f64| {
        let least = compared
            .iter()
            .map(|one| value(&one.measures))
            .fold(1.0, f64::min);
        (least * 20.0).floor() / 20.0 - 0.01
    };
    let (left, low) = (least(|m| m.b_cubed.recall), least(|m| m.b_cubed.precision));
    let x = |recall: f64| margin + (recall - left) / (1.0 - left) * width;
    let y = |precision: f64| margin + (1.0 - precision) / (1.0 - low) * height;
    let ticks = |from: f64| [from, f64::midpoint(from, 1.0), 1.0];
    page! {
        svg viewBox=(format!("0 0 {} {}", width + 4.0 * margin, height + 2.0 * margin)) role="img"
            aria-label="B-cubed precision over B-cubed recall of each strategy" {
            rect x=(margin) y=(margin) width=(width) height=(height) fill="none" stroke="currentColor" opacity="0.4" {}
            text x=(margin + width / 2.0) y=(height + 1.8 * margin) text-anchor="middle" { "B-cubed recall: people kept together" }
            text x=(margin) y=(margin - 12.0) { "B-cubed precision: strangers kept apart" }
            @for tick in ticks(left) { text x=(x(tick)) y=(height + 1.35 * margin) text-anchor="middle" { (format!("{tick:.3}")) } }
            @for tick in ticks(low) { text x=(margin - 6.0) y=(y(tick) + 4.0) text-anchor="end" { (format!("{tick:.3}")) } }
            @for (at, one) in compared.iter().enumerate() {
                @let quality = one.measures.b_cubed;
                circle cx=(x(quality.recall)) cy=(y(quality.precision)) r="5" fill="#36c" opacity="0.7" {
                    title { (one.contestant.name()) (format!(": precision {:.4}, recall {:.4}", quality.precision, quality.recall)) }
                }
                text x=(x(quality.recall) + 8.0) y=(y(quality.precision) + 4.0 + (at % 3) as f64 * 9.0 - 9.0) { (at + 1) }
            }
        }
        ol { @for one in compared { li { (one.contestant.name()) } } }
    }
}
