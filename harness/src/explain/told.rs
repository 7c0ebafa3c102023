//! A command of a history in words: who sent what, what it did to identities, and by which rules.

use serde::Serialize;
use twinfold_engine::{Label, Rule};

use super::effects;
use crate::{
    anomaly::listed,
    history::{History, Step},
    traffic::SentAction,
};

/// A command and what it did.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Told {
    /// Its number in the journal.
    pub seq: u64,
    /// Who sent it.
    pub source: String,
    /// What was sent, in words.
    pub sent: String,
    /// What it did to identities, in words.
    pub did: String,
    /// The rules of its decision.
    pub because: Vec<ToldRule>,
    /// The weakest label among them.
    pub label: &'static str,
}

/// A rule with its evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ToldRule {
    /// Its name.
    pub rule: &'static str,
    /// The rule in a sentence.
    pub says: &'static str,
    /// How well it is known.
    pub label: &'static str,
    /// Where the evidence stands.
    pub fact: &'static str,
}

impl From<Rule> for ToldRule {
    fn from(rule: Rule) -> Self {
        Self {
            rule: rule.slug(),
            says: rule.says(),
            label: rule.label().name(),
            fact: rule.fact(),
        }
    }
}

/// A step in words.
pub(super) fn tell(history: &History<'_>, step: &Step<'_>) -> Told {
    let rules: Vec<Rule> = match &step.result {
        Ok(outcome) => outcome.decision.because.iter().collect(),
        Err(rejection) => vec![rejection.rule()],
    };
    let label = rules.iter().map(|rule| rule.label()).max();
    Told {
        seq: step.sent.seq,
        source: step.sent.source.clone(),
        sent: sent(history, step),
        did: did(history, step),
        because: rules.into_iter().map(ToldRule::from).collect(),
        label: label.unwrap_or(Label::Documented).name(),
    }
}

/// Whether a step did anything to identities.
pub(super) fn is_telling(step: &Step<'_>) -> bool {
    match &step.result {
        Ok(outcome) => {
            let decision = &outcome.decision;
            decision.created
                || !decision.absorbed.is_empty()
                || !decision.effects.is_empty()
                || !step.forgotten.is_empty()
        }
        Err(_) => false,
    }
}

fn sent(history: &History<'_>, step: &Step<'_>) -> String {
    let ids = step.ids.iter().map(|carried| &carried.id);
    let ids = listed(history.in_schema_order(ids));
    match &step.sent.action {
        SentAction::Customers { .. } if step.sent.source == "import" => match step.sent.item {
            Some(row) => format!("row {row} of an import with {ids}"),
            None => format!("a row of an import with {ids}"),
        },
        SentAction::Customers { .. } => format!("an update of {ids}"),
        SentAction::Event { event_type, .. } => {
            let event_type = event_type.as_deref().unwrap_or("without a type");
            format!("an event `{event_type}` of {ids}")
        }
        SentAction::OpenLink { .. } => format!("a click on a link of a mail, which ties {ids}"),
        SentAction::Anonymize { .. } if step.ids.is_empty() => {
            "an anonymization by internal ID".into()
        }
        SentAction::Anonymize { .. } => format!("an anonymization of {ids}"),
    }
}

fn did(history: &History<'_>, step: &Step<'_>) -> String {
    let outcome = match &step.result {
        Ok(outcome) => outcome,
        Err(rejection) if rejection.is_answered_as_success() => return rejection.to_string(),
        Err(rejection) => return format!("it was rejected: {rejection}"),
    };
    let decision = &outcome.decision;
    let number = decision.survivor.number();
    if let SentAction::Anonymize { .. } = step.sent.action {
        return format!(
            "#{number} lost {} and got a fresh ID",
            listed(&step.forgotten)
        );
    }
    let mut clauses = effects::clauses(history.project.schema(), step.sent, decision);
    if clauses.is_empty() {
        clauses.push(format!("all of them were #{number}'s already"));
    }
    let last = history.last(decision.survivor);
    if last != number {
        clauses.push(format!("#{number} is part of #{last} today"));
    }
    clauses.join("; ")
}
