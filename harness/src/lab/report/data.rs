//! A comparison for programs: JSON with everything, CSV with a row for each population and strategy.
//! What does not apply is `null` in the one and `n/a` in the other, never left out.

use serde_json::{Value, json};

use super::{
    super::{
        compare::{Compared, Comparison, Found},
        parting::{Parting, Side},
        told::Told,
        worst::Worst,
    },
    Origin,
    columns::{COLUMNS, Column, NOT_APPLICABLE},
    table::measured,
};
use crate::population::Rates;

/// The version of the shape; it rises when a field changes its meaning.
const SCHEMA_VERSION: u32 = 2;

/// Everything.
pub fn json(comparison: &Comparison, found: &Found, origin: &Origin) -> Value {
    let settings = comparison.settings.iter().enumerate().map(|(place, setting)| {
        let swept = setting.swept.iter().map(|(name, value)| (name.clone(), json!(value)));
        let made_up = setting.people.made_up();
        let rates = made_up.into_iter().flat_map(|population| population.rates.values());
        let (people, calls) = measured(found, place);
        json!({
            "population": setting.name,
            "people": people,
            "calls": calls,
            "seed": made_up.map(|population| population.seed),
            "swept": Value::Object(swept.collect()),
            "rates": Value::Object(rates.map(|(name, value)| (name.to_owned(), json!(value))).collect()),
        })
    });
    let measures = COLUMNS.iter().map(
        |column| json!({"name": column.name, "group": column.group.slug(), "says": column.says, "better": column.better.word()}),
    );
    json!({
        "schema_version": SCHEMA_VERSION,
        "origin": {"version": origin.version, "command": origin.command},
        "measures": Vec::from_iter(measures),
        "settings": Vec::from_iter(settings),
        "strategies": Vec::from_iter(found.rows.iter().map(row)),
        "partings": Vec::from_iter(found.partings.iter().map(|one| parting(comparison, one))),
    })
}

fn row(row: &Compared) -> Value {
    let (by, label, leaves_out) = row.contestant.about();
    let mut value = json!({
        "strategy": row.contestant.name(),
        "setting": row.setting,
        "as_published_by": by,
        "evidence": label.name(),
        "leaves_out": leaves_out,
        "calls": row.measures.calls,
        "people": row.measures.people,
        "profiles_by_size": row.measures.shape.by_size,
        "worst": Vec::from_iter(row.worst.iter().map(worst)),
    });
    for column in COLUMNS {
        value[column.name] = (column.value)(row).into();
    }
    value
}

fn worst(worst: &Worst) -> Value {
    json!({
        "person": worst.person,
        "calls": worst.calls,
        "profiles": worst.profiles,
        "calls_elsewhere": worst.elsewhere,
        "calls_of_others": worst.strangers,
        "shares_with": worst.shares_with,
        "story": Vec::from_iter(worst.story.iter().map(told)),
        "not_retaken": worst.not_retaken,
    })
}

fn parting(comparison: &Comparison, parting: &Parting) -> Value {
    let name = |place: usize| comparison.contestants.get(place).map(|one| one.name());
    let (one, other) = parting.between;
    let first = parting.first.as_ref();
    json!({
        "between": [name(one), name(other)],
        "calls": parting.calls,
        "first": first.map(|(one, other)| [side(one), side(other)]),
    })
}

fn side(side: &Side) -> Value {
    let mut value = told(&side.told);
    let company = side.company.iter();
    let company = company.map(|(person, calls)| json!({"person": person, "calls": calls}));
    value["company"] = Vec::from_iter(company).into();
    value
}

fn told(told: &Told) -> Value {
    json!({
        "call": told.call,
        "at": told.at,
        "source": told.source,
        "kind": told.kind,
        "person": told.person,
        "ids": told.ids,
        "decided": told.decided(),
    })
}

/// For a spreadsheet: rates that are swept in any population are columns.
pub fn csv(comparison: &Comparison, found: &Found) -> String {
    let swept: Vec<&str> = Rates::ALL
        .iter()
        .map(|rate| rate.0)
        .filter(|name| is_swept(comparison, name))
        .collect();
    let fixed = [
        "population",
        "people",
        "calls",
        "seed",
        "strategy",
        "evidence",
    ];
    let names = COLUMNS.iter().map(|column| column.name);
    let heading = fixed.into_iter().chain(swept.iter().copied()).chain(names);
    let mut text = Vec::from_iter(heading).join(",") + "\n";
    for row in &found.rows {
        let setting = &comparison.settings[row.setting];
        let made_up = setting.people.made_up();
        let (_, label, _) = row.contestant.about();
        let mut cells = vec![
            quoted(&setting.name),
            row.measures.people.to_string(),
            row.measures.calls.to_string(),
            made_up.map_or_else(|| NOT_APPLICABLE.to_owned(), |one| one.seed.to_string()),
            row.contestant.name(),
            label.name().to_owned(),
        ];
        cells.extend(swept.iter().map(|name| {
            let mut rates = made_up.into_iter().flat_map(|one| one.rates.values());
            let rate = rates.find(|rate| rate.0 == *name);
            rate.map(|rate| rate.1.to_string()).unwrap_or_default()
        }));
        cells.extend(COLUMNS.iter().map(|column| cell(column, row)));
        text += &(cells.join(",") + "\n");
    }
    text
}

/// The name of a file may hold what CSV takes for its own.
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text.to_owned()
}

fn is_swept(comparison: &Comparison, name: &str) -> bool {
    let mut swept = comparison
        .settings
        .iter()
        .flat_map(|setting| &setting.swept);
    swept.any(|(one, _)| one == name)
}

fn cell(column: &Column, row: &Compared) -> String {
    let value = (column.value)(row);
    value.map_or_else(|| NOT_APPLICABLE.to_owned(), |value| value.to_string())
}
