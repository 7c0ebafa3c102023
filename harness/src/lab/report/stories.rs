//! The stories of a page: where two strategies part, with both decisions, and whom each served worst, with the identity
//! graph and the calls that did it.

use maud::{Markup, html as page};

use super::{
    super::{
        compare::{Comparison, Found},
        parting::{Parting, Side},
        worst::Worst,
    },
    page::{key, number_of},
};
use crate::scenario::graph;

pub(super) fn partings(comparison: &Comparison, found: &Found) -> Markup {
    let told: Vec<&Parting> = found
        .partings
        .iter()
        .filter(|one| one.first.is_some())
        .collect();
    page! {
        p {
            "The share of calls, of the first population, about which two strategies decide otherwise: on whose profile the call "
            "is and whose became part of it, where a profile is named by its first call."
        }
        (matrix(comparison, found))
        p { "The first call that parts two, with both decisions. From there on they see different profiles." }
        @for (one, other) in alike(found) {
            p { "No call parts " (named(comparison, one)) " and " (named(comparison, other)) "." }
        }
        @for batch in comparison.contestants.iter().filter(|one| one.runs_batches()) {
            p { (named(comparison, comparison.place(*batch))) " decides by a batch run behind all calls, which is not part of this." }
        }
        @for parting in told {
            @if let Some((one, other)) = &parting.first { (parting_in_full(comparison, parting, one, other)) }
        }
    }
}

fn named(comparison: &Comparison, place: usize) -> Markup {
    key(place + 1, &comparison.contestants[place].name())
}

/// Those who decided about every call alike.
fn alike(found: &Found) -> impl Iterator<Item = (usize, usize)> {
    let never = found.partings.iter().filter(|parting| parting.calls == 0);
    never.map(|parting| parting.between)
}

fn matrix(comparison: &Comparison, found: &Found) -> Markup {
    let calls = found
        .rows
        .first()
        .map_or(0, |row| row.measures.calls)
        .max(1);
    let share = |one: usize, other: usize| {
        let mut partings = found.partings.iter();
        let both = [(one, other), (other, one)];
        let parting = partings.find(|parting| both.contains(&parting.between))?;
        Some(format!(
            "{:.1}",
            100.0 * parting.calls as f64 / calls as f64
        ))
    };
    let all = || 0..comparison.contestants.len();
    page! {
        div.wide { table.small {
            tr { th { "% of calls" } @for other in all() { th.n { (other + 1) } } }
            @for one in all() {
                tr {
                    td { (key(one + 1, &comparison.contestants[one].name())) }
                    @for other in all() { td.n { (share(one, other).unwrap_or_default()) } }
                }
            }
        } }
    }
}

fn parting_in_full(comparison: &Comparison, parting: &Parting, one: &Side, other: &Side) -> Markup {
    let name = |place: usize| named(comparison, place);
    let told = &one.told;
    page! {
        details {
            summary { "call " (told.call) ": " (name(parting.between.0)) " and " (name(parting.between.1)) }
            p {
                (told.says()) " from " (told.source) " with "
                @for (place, id) in told.ids.iter().enumerate() { @if place > 0 { ", " } code { (id) } }
            }
            dl {
                dt { (name(parting.between.0)) } dd { (told.decided()) "; then on it: " (company(one)) }
                dt { (name(parting.between.1)) } dd { (other.told.decided()) "; then on it: " (company(other)) }
            }
        }
    }
}

fn company(side: &Side) -> String {
    let people = side.company.iter();
    let people = people.map(|(person, calls)| format!("{calls} calls of person {person}"));
    Vec::from_iter(people).join(", ")
}

pub(super) fn worst_people(comparison: &Comparison, found: &Found) -> Markup {
    let rows = found.rows.iter().filter(|row| !row.worst.is_empty());
    page! {
        p {
            "By calls on somebody else's profile, strangers' calls on their own, and profiles over which they are spread. The "
            "calls of each and of up to three people on the same profiles are taken again without anybody else's; drawn are "
            "at most ten that changed who is who, before all others those that brought people together or parted them. Where a "
            "strategy puts a graph together anew, IDs of other calls and earlier "
            "calls move as well."
        }
        @for row in rows {
            h3 { (key(number_of(comparison, row), &row.contestant.name())) }
            @for worst in &row.worst { (worst_person(worst)) }
        }
    }
}

fn worst_person(worst: &Worst) -> Markup {
    let entries: Vec<_> = worst.story.iter().map(|told| told.entry()).collect();
    page! {
        details {
            summary {
                "Person " (worst.person) ": " (worst.calls) " calls on " (worst.profiles) " profiles, "
                (worst.elsewhere) " of them on somebody else's; " (worst.strangers) " calls of others"
                @if !worst.shares_with.is_empty() {
                    "; with "
                    @for (place, person) in worst.shares_with.iter().enumerate() { @if place > 0 { ", " } (person) }
                }
            }
            @if worst.not_retaken > 0 {
                p { "Only the first of their calls were taken again, all but " (worst.not_retaken) "." }
            }
            (graph(&entries))
            ol.small { @for told in &worst.story {
                li value=(told.call) {
                    (told.says()) " from " (told.source) ": " (told.decided())
                }
            } }
        }
    }
}
