//! How a shadow run is shown: each divergence, and the commands that caused them with both decisions.
//! The control API answers it, and the command line prints it.

use serde_json::{Map, Value, json};
use twinfold_engine::{
    Counts, Displaced, IdSchema, Outcome, Rejection, Settings,
    shadow::{Cause, Divergence, Kind, Part, Report},
};

use super::{
    entry::{decision, ids_shown},
    given::Id,
};
use crate::journal::RecordedDecision;

/// One shadow of a project.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// What answered in the shadow.
    pub name: String,
    /// What was found.
    pub report: Report,
}

/// All shadows of a project: how many entries were forgotten, and how many of the others are left out for that; `answers` is
/// its own strategy, `command` shows where the command of a number came from.
pub fn shown(
    settings: &Settings,
    schema: &IdSchema,
    (folded, left_out): (u64, usize),
    runs: &[Run],
    command: impl Fn(u64) -> Value,
) -> Value {
    let shadows: Vec<Value> = runs
        .iter()
        .map(|run| run_shown(schema, run, &command))
        .collect();
    json!({
        "answers": settings.strategy.name(),
        "shadows": shadows,
        "limits": limits(folded, left_out),
    })
}

fn limits(folded: u64, left_out: usize) -> Vec<String> {
    let forgotten = format!(
        "the journal has forgotten its first {folded} entries, so both sides begin after them, and numbers of customers \
         are not those of the project"
    );
    let by_number = format!(
        "anonymizations by a customer's number are left out ({left_out}), because it is not known whom they meant"
    );
    let limits = [(folded > 0, forgotten), (left_out > 0, by_number)];
    let limits = limits.into_iter().filter(|(is_one, _)| *is_one);
    limits.map(|(_, says)| says).collect()
}

fn run_shown(schema: &IdSchema, run: &Run, command: &impl Fn(u64) -> Value) -> Value {
    let report = &run.report;
    let causes = report.causes.iter();
    let causes = causes.map(|(number, cause)| {
        let mut shown = command(*number);
        shown["seq"] = json!(number);
        add_cause(&mut shown, schema, cause);
        shown
    });
    json!({
        "strategy": run.name,
        "commands": report.commands,
        "here": counts(report.here),
        "there": counts(report.there),
        "divergences": report.divergences.iter().map(divergence).collect::<Vec<_>>(),
        "untold": report.untold,
        "causes": causes.collect::<Vec<_>>(),
    })
}

fn counts(counts: Counts) -> Value {
    json!({"customers": counts.customers, "absorbed": counts.absorbed, "ids": counts.ids})
}

fn divergence(one: &Divergence) -> Value {
    let kind = match one.kind {
        Kind::TogetherHere => "together-here",
        Kind::ApartHere => "apart-here",
    };
    json!({
        "kind": kind,
        "together": one.together,
        "apart": one.apart.iter().map(part).collect::<Vec<_>>(),
        "since": one.since,
        "healed": one.healed,
    })
}

fn part(part: &Part) -> Value {
    json!({"customer": part.customer, "ids": by_type(&part.ids), "more": part.more})
}

/// Values by type.
fn by_type(ids: &[Displaced]) -> Map<String, Value> {
    let mut shown = Map::new();
    for id in ids {
        let values = shown.entry(&id.id_type).or_insert_with(|| json!([]));
        if let Value::Array(values) = values {
            values.push(json!(id.value));
        }
    }
    shown
}

fn add_cause(shown: &mut Value, schema: &IdSchema, cause: &Cause) {
    let ids = cause.ids.iter();
    let ids: Vec<Id<'static>> = ids.map(|id| Id::text(&id.id_type, &id.value)).collect();
    shown["customer_ids"] = json!(ids_shown(&ids));
    shown["here"] = answer(schema, &ids, &cause.here);
    shown["there"] = answer(schema, &ids, &cause.there);
}

fn answer(schema: &IdSchema, ids: &[Id<'_>], result: &Result<Outcome, Rejection>) -> Value {
    match result {
        Ok(outcome) => json!({"decision": decision(schema, ids, &RecordedDecision::of(outcome))}),
        Err(rejection) => json!({"rejection": {
            "kind": rejection.slug(),
            "message": rejection.to_string(),
            "label": rejection.label().name(),
        }}),
    }
}
