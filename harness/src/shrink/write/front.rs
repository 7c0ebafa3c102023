//! The front matter of a shrunk scenario: what it shows, how sure that is, and the settings that matter.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use twinfold_engine::{IdKind, IdType, Label, Rule, Settings, Switches};

use super::{super::Shrunk, Done};

pub(super) fn front_matter(shrunk: &Shrunk, done: &[Done<'_>]) -> String {
    let rules = rules(done);
    let label = rules.iter().map(|rule| rule.label()).max();
    let settings = &shrunk.traffic.settings;
    let mut text = format!(
        "---\ntitle: {}\nevidence: {}\nsource: {}\nids: {}\n",
        yaml(&shrunk.goal.title()),
        label.unwrap_or(Label::Documented).name(),
        yaml(&sources(&rules, label)),
        ids(settings),
    );
    let switches = switches(settings);
    if !switches.is_empty() {
        text += &format!("switches: {{{}}}\n", switches.join(", "));
    }
    let usual = Settings::default();
    if settings.strategy != usual.strategy {
        text += &format!("strategy: {}\n", yaml(&settings.strategy.name()));
    }
    let mut project = Vec::new();
    if settings.private_properties != usual.private_properties {
        project.push(format!(
            "private_properties: {}",
            json!(settings.private_properties)
        ));
    }
    if settings.customer_attributes_max != usual.customer_attributes_max {
        let max = settings.customer_attributes_max;
        project.push(format!("customer_attributes_max: {max}"));
    }
    if !project.is_empty() {
        text += &format!("project: {{{}}}\n", project.join(", "));
    }
    text + "tags: [shrunk]\n---\n"
}

fn rules(done: &[Done<'_>]) -> BTreeSet<Rule> {
    let of = |(_, result): &Done<'_>| match result {
        Ok(outcome) => outcome.because.iter().collect::<Vec<_>>(),
        Err(rejection) => vec![rejection.rule()],
    };
    done.iter().flat_map(of).collect()
}

/// The sources of the rules that are known least well; the others are named by the block `decisions`.
fn sources(rules: &BTreeSet<Rule>, weakest: Option<Label>) -> String {
    let weak = rules.iter().filter(|rule| Some(rule.label()) == weakest);
    let mut sources: Vec<&str> = weak.map(|rule| rule.source()).collect();
    sources.sort_unstable();
    sources.dedup();
    match sources.is_empty() {
        true => "a recorded journal".into(),
        false => sources.join("; "),
    }
}

fn ids(settings: &Settings) -> String {
    let types = settings.schema.types().iter();
    let types = types.map(|id_type| format!("{}: {}", key(&id_type.name), shape(id_type)));
    format!("{{{}}}", types.collect::<Vec<_>>().join(", "))
}

fn shape(id_type: &IdType) -> String {
    let kind = match id_type.kind {
        IdKind::Hard => "hard",
        IdKind::Soft => "soft",
    };
    let usual = IdType::new(id_type.name.clone(), id_type.kind);
    if *id_type == usual {
        return kind.into();
    }
    let mut parts = vec![format!("kind: {kind}")];
    if id_type.trim != usual.trim {
        parts.push(format!("trim: {}", id_type.trim));
    }
    if id_type.lowercase != usual.lowercase {
        parts.push(format!("lowercase: {}", id_type.lowercase));
    }
    if id_type.values_max != usual.values_max {
        parts.push(format!("values_max: {}", id_type.values_max));
    }
    format!("{{{}}}", parts.join(", "))
}

fn switches(settings: &Settings) -> Vec<String> {
    let (own, usual) = (settings.switches, Switches::default());
    let each = [
        (
            "unknown_id_type",
            own.unknown_id_type.slug(),
            usual.unknown_id_type.slug(),
        ),
        (
            "hard_id_conflict",
            own.hard_id_conflict.slug(),
            usual.hard_id_conflict.slug(),
        ),
        (
            "contested_soft_id",
            own.contested_soft_id.slug(),
            usual.contested_soft_id.slug(),
        ),
        (
            "property_conflict",
            own.property_conflict.slug(),
            usual.property_conflict.slug(),
        ),
    ];
    let other = each.into_iter().filter(|(_, own, usual)| own != usual);
    other
        .map(|(name, own, _)| format!("{name}: {own}"))
        .collect()
}

fn key(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    match name.chars().all(plain) && name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        true => name.to_owned(),
        false => Value::from(name).to_string(),
    }
}

/// A text bare where it cannot be misread, else quoted.
fn yaml(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || " ./-_;,()@=".contains(c);
    match text.chars().all(plain) && text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        true => text.to_owned(),
        false => Value::from(text).to_string(),
    }
}
