//! A run as one page that can be mailed: no script, nothing to load, light and dark.
//! Every story stands with its verdict, its timeline and its identity graph.

mod graph;
mod prose;
mod timeline;

use maud::{DOCTYPE, Markup, PreEscaped, html as page};

use super::{Report, path_of};
use crate::{
    problem::Problem,
    scenario::{
        FrontMatter,
        verdict::{Record, Verdict},
    },
};

pub(crate) use graph::graph;

/// The look of every report.
const STYLE: &str = include_str!("page.css");

/// The head of every report; `own_style` is what only this one needs.
pub(crate) fn head(title: &str, own_style: &str) -> Markup {
    page! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            title { (title) }
            style { (PreEscaped(STYLE)) (PreEscaped(own_style)) }
        }
    }
}

/// The page.
pub(super) fn html(verdicts: &[Verdict], report: &Report) -> String {
    let written = page! {
        (DOCTYPE)
        html lang="en" {
            (head("twinfold: scenarios", ""))
            body {
                h1 { "Scenarios" }
                p { "Run " (report.place) " in " (format!("{:.2}", report.elapsed.as_secs_f64())) " s." }
                (counts(verdicts))
                (index(verdicts))
                @for (number, verdict) in verdicts.iter().enumerate() {
                    (article(number, verdict))
                }
            }
        }
    };
    written.into_string()
}

fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict {
            was_left_out: true, ..
        } => "left out",
        _ if verdict.failed() => "failed",
        _ => "passed",
    }
}

fn counts(verdicts: &[Verdict]) -> Markup {
    let of = |label: &str, is: &str| {
        let both = |one: &&Verdict| one.evidence.word() == label && word(one) == is;
        verdicts.iter().filter(both).count()
    };
    page! {
        div.wide { table {
            thead { tr { th { "evidence" } th { "passed" } th { "failed" } th { "left out" } } }
            tbody {
                @for label in ["documented", "observed", "assumed"] {
                    tr {
                        th { (label) }
                        @for is in ["passed", "failed", "left out"] { td { (of(label, is)) } }
                    }
                }
            }
        } }
    }
}

fn index(verdicts: &[Verdict]) -> Markup {
    page! {
        nav aria-label="Scenarios" { ol {
            @for (number, verdict) in verdicts.iter().enumerate() {
                li {
                    (mark(verdict)) " "
                    a href=(format!("#s{}", number + 1)) { (verdict.title) } " "
                    small { (verdict.evidence.word()) }
                }
            }
        } }
    }
}

fn mark(verdict: &Verdict) -> Markup {
    let word = word(verdict);
    page! { span class=(format!("mark {}", word.replace(' ', "-"))) { (word) } }
}

fn article(number: usize, verdict: &Verdict) -> Markup {
    page! {
        article id=(format!("s{}", number + 1)) {
            h2 { (verdict.title) }
            p {
                (mark(verdict)) " " span.label { (verdict.evidence.word()) } " "
                code { (path_of(verdict)) } " " small { (verdict.elapsed.as_millis()) " ms" }
            }
            @if let Some(scenario) = &verdict.scenario { (facts(scenario.front())) }
            @for problem in &verdict.problems { (trouble(problem)) }
            @if let Some(scenario) = &verdict.scenario {
                details open { summary { "Story" } (prose::story(scenario.text())) }
                @let id_types = crate::scenario::schema::names(&scenario.front().ids);
                @for record in &verdict.records { (happened(record, &id_types)) }
            }
        }
    }
}

fn facts(front: &FrontMatter) -> Markup {
    let named = [
        ("source", &front.source),
        ("cause", &front.cause),
        ("effect", &front.effect),
        ("remedy", &front.remedy),
    ];
    page! {
        dl {
            @for (name, value) in named.into_iter().filter(|(_, value)| !value.is_empty()) {
                dt { (name) } dd { (value) }
            }
        }
    }
}

fn trouble(problem: &Problem) -> Markup {
    page! {
        div.problem { p { strong { (problem.to_string()) } } pre { (problem.details()) } }
    }
}

fn happened(record: &Record, id_types: &[String]) -> Markup {
    let variant = match record.variant.as_str() {
        "" => String::new(),
        values => format!(" ({values})"),
    };
    page! {
        details open { summary { "Identity graph" (variant) } (graph::graph(&record.entries)) }
        details { summary { "Timeline" (variant) } (timeline::timeline(&record.entries, id_types)) }
    }
}

#[cfg(test)]
mod tests;
