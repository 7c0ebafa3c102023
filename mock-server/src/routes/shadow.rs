//! The shadow run of the control API: what other strategies would have made of the journal, and where that differs.
//! The journal is read as it stands when the question comes; the project goes on meanwhile.

use std::collections::{BTreeMap, BTreeSet};

use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use serde::Deserialize;
use serde_json::{Value, json};
use twinfold_engine::{
    Command, Settings, Timestamp,
    shadow::{Shadow, by_name, others},
};

use super::control::find;
use crate::{
    error::Error,
    journal::{Entries, Step, asked},
    projects::Projects,
    wire::{
        reply,
        shadow::{Run, shown},
    },
};

#[derive(Deserialize)]
pub(super) struct Asked {
    /// Names, with commas between them; every other way in which the project could answer if left out.
    strategy: Option<String>,
}

pub(super) async fn run(
    State(projects): State<Projects>,
    Path(token): Path<String>,
    Query(query): Query<Asked>,
) -> Result<Response, Error> {
    let project = find(&projects, &token)?;
    let (settings, entries, folded) = {
        let world = project.world();
        let journal = world.journal();
        (
            journal.settings().clone(),
            journal.entries(),
            journal.folded(),
        )
    };
    let shadows = named(&settings, query.strategy.as_deref())
        .map_err(|says| Error::Control(400, format!("strategy: {says}")))?;
    let run = move || body(&settings, &entries, folded, &shadows);
    let body = tokio::task::spawn_blocking(run).await;
    let body = body.map_err(|error| Error::Control(500, format!("the run broke off: {error}")))?;
    Ok(reply::json(200, &body))
}

fn named(settings: &Settings, names: Option<&str>) -> Result<Vec<(String, Settings)>, String> {
    let Some(names) = names else {
        return Ok(others(settings));
    };
    let names = names.split(',');
    names
        .map(|name| Ok((name.to_owned(), by_name(settings, name)?)))
        .collect()
}

fn body(
    settings: &Settings,
    entries: &Entries,
    folded: u64,
    shadows: &[(String, Settings)],
) -> Value {
    let mut schema = settings.schema.clone();
    let mut runs = Vec::new();
    for (name, other) in shadows {
        let mut shadow = Shadow::new(settings.clone(), other.clone());
        let known = |step: &Step<'_>| folded == 0 || !is_by_number(step);
        for (number, entry) in entries.iter().filter(|(_, entry)| known(&entry.step)) {
            let at = Timestamp::new(entry.at).unwrap_or_default();
            asked(&entry.step, |action| {
                shadow.apply(number, &Command { at, action });
            });
        }
        schema = shadow.here().schema().clone();
        runs.push(Run {
            name: name.clone(),
            report: shadow.report(),
        });
    }
    let causes = runs.iter().flat_map(|run| run.report.causes.keys());
    let causes: BTreeSet<u64> = causes.copied().collect();
    let caused = entries.iter().filter(|(number, _)| causes.contains(number));
    let commands: BTreeMap<u64, Value> = caused
        .map(|(number, entry)| {
            let mut shown = json!({
                "at": entry.at,
                "source": entry.origin.source,
                "request": entry.origin.route.request(),
            });
            if let Some(item) = entry.origin.item {
                shown["item"] = json!(item);
            }
            (number, shown)
        })
        .collect();
    let command = |number| commands.get(&number).cloned().unwrap_or_else(|| json!({}));
    let by_number = entries
        .iter()
        .filter(|(_, entry)| is_by_number(&entry.step));
    let left_out = if folded > 0 { by_number.count() } else { 0 };
    shown(settings, &schema, (folded, left_out), &runs, command)
}

/// Whether a step names a customer by a number, which is another one's where the beginning is forgotten.
fn is_by_number(step: &Step<'_>) -> bool {
    matches!(step, Step::AnonymizeInternal { .. })
}
