//! One or two short sentences about a command: who sends what, and what becomes of it.

use twinfold_engine::{Displaced, Effect, Happened, Outcome, Rejection};

use crate::{
    fixup::counted,
    traffic::{Properties, Sent, SentAction, SentId},
};

/// What the command does, for a reader who knows the tables of a scenario.
pub(super) fn says(sent: &Sent, result: &Result<Outcome, Rejection>) -> String {
    let consequence = match result {
        Ok(outcome) => consequence(sent, outcome),
        Err(rejection) => format!(" It is rejected as {}.", rejection.slug()),
    };
    format!(
        "{} {}.{consequence}",
        who(&sent.source),
        action(&sent.action)
    )
}

fn who(source: &str) -> &'static str {
    match source {
        "js-sdk" => "The web page",
        "app-sdk" => "The app",
        "import" => "The import",
        "link" => "The link of a mail",
        "repair" => "The repair",
        _ => "The backend",
    }
}

fn action(action: &SentAction) -> String {
    let ids = listed(action.ids());
    match action {
        SentAction::Customers { properties, .. } => match (properties, action.ids()) {
            (Properties::NotAnObject, _) => {
                format!("sends properties that are no object, for {ids}")
            }
            (Properties::Object(pairs), [_, _, ..]) if pairs.is_empty() => format!("ties {ids}"),
            (Properties::Object(pairs), _) if pairs.is_empty() => format!("sends just {ids}"),
            (Properties::Object(pairs), _) => {
                let names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
                format!("sets {} of {ids}", joined(&names))
            }
        },
        SentAction::Event { event_type, .. } => match event_type {
            Some(event_type) => format!("tracks `{event_type}` for {ids}"),
            None => format!("tracks an event without a type for {ids}"),
        },
        SentAction::OpenLink { .. } => format!("is opened with {ids}"),
        SentAction::Anonymize { .. } => format!("anonymizes {ids}"),
    }
}

fn consequence(sent: &Sent, outcome: &Outcome) -> String {
    let decision = &outcome.decision;
    let survivor = decision.survivor.number();
    let mut clauses = Vec::new();
    if decision.created {
        clauses.push(format!("That is a new customer, #{survivor}"));
    }
    for absorbed in &decision.absorbed {
        clauses.push(format!("#{survivor} absorbs #{}", absorbed.number()));
    }
    for effect in &decision.effects {
        clauses.extend(moved(sent, effect, survivor));
    }
    if outcome.happened == Happened::DuplicateEventDropped {
        clauses.push("The event is there already and is dropped".into());
    }
    let sentences = clauses.iter().map(|clause| format!(" {clause}."));
    sentences.collect()
}

fn moved(sent: &Sent, effect: &Effect, survivor: u32) -> Option<String> {
    let shown = |given: &u16| {
        let id = sent.action.ids().get(usize::from(*given))?;
        Some(one(id))
    };
    match effect {
        Effect::Moved { given, from, .. } => Some(format!(
            "{} moves from #{} to #{survivor}",
            shown(given)?,
            from.number()
        )),
        Effect::Kept { given, by } => Some(format!("{} stays at #{}", shown(given)?, by.number())),
        Effect::Dropped { given, .. } => Some(format!("{} takes no part", shown(given)?)),
        Effect::Displaced(gone) => Some(format!("{} is forgotten", named(gone))),
        Effect::Released { given, from, .. } => Some(format!(
            "{} leaves #{} and leads nowhere",
            shown(given)?,
            from.number()
        )),
        Effect::Shared { given, with } => Some(format!(
            "{} points to #{} and to #{survivor}",
            shown(given)?,
            with.number()
        )),
        Effect::Ambiguous { given } => Some(format!("{} points to several people", shown(given)?)),
        Effect::Regrouped(one) => Some(format!(
            "{} goes from #{} to #{}",
            named(&one.id),
            one.from.number(),
            one.to.number()
        )),
        Effect::Unlinked(ends) => Some(format!(
            "the link of {} and {} is cut",
            named(&ends[0]),
            named(&ends[1])
        )),
        Effect::Split { customer } => Some(format!("#{} is split off", customer.number())),
        Effect::Reattributed(moved) => Some(format!(
            "{} of {} move from #{} to #{}",
            counted(moved.events as usize, "event"),
            named(&moved.id),
            moved.from.number(),
            moved.to.number()
        )),
        Effect::Added { .. } => None,
    }
}

fn named(id: &Displaced) -> String {
    format!("`{}={}`", id.id_type, id.value)
}

fn listed(ids: &[SentId]) -> String {
    if ids.is_empty() {
        return "nobody".into();
    }
    let each: Vec<String> = ids.iter().map(one).collect();
    joined(&each.iter().map(String::as_str).collect::<Vec<_>>())
}

fn one(id: &SentId) -> String {
    format!("`{}={}`", id.id_type, id.value().unwrap_or("null"))
}

fn joined(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [word] => (*word).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
