//! What a decision did to identities, in words that are read from its effects alone: they hold under every strategy.

use twinfold_engine::{Decision, Displaced, Effect, IdSchema, InternalId, Rule, Strategy};

use crate::{
    anomaly::{listed, numbers},
    fixup::counted,
    history::{History, Id, Step},
    traffic::Sent,
};

/// Whether the project answers by Engagement's rules.
pub(super) fn is_engagement(history: &History<'_>) -> bool {
    history.project.settings().strategy == Strategy::Engagement
}

/// The effects of a step; a rejected one has none.
pub(super) fn of<'s>(step: &'s Step<'_>) -> impl Iterator<Item = &'s Effect> {
    let outcome = step.result.as_ref().ok().into_iter();
    outcome.flat_map(|outcome| &outcome.decision.effects)
}

/// The customers whose IDs or events an effect concerns, besides the survivor.
pub(super) fn customers(effect: &Effect) -> Vec<InternalId> {
    match effect {
        Effect::Moved { from, .. } | Effect::Released { from, .. } => vec![*from],
        Effect::Kept { by: with, .. } | Effect::Shared { with, .. } => vec![*with],
        Effect::Regrouped(regrouped) => vec![regrouped.from, regrouped.to],
        Effect::Reattributed(moved) => vec![moved.from, moved.to],
        Effect::Split { customer } => vec![*customer],
        Effect::Added { .. }
        | Effect::Dropped { .. }
        | Effect::Displaced(_)
        | Effect::Ambiguous { .. }
        | Effect::Unlinked(_) => Vec::new(),
    }
}

/// The IDs that a step gave to another customer than its survivor.
pub(super) fn regrouped(step: &Step<'_>) -> Vec<Id> {
    let ids = of(step).filter_map(|effect| match effect {
        Effect::Regrouped(regrouped) => Some(named(&regrouped.id)),
        _ => None,
    });
    ids.collect()
}

/// The way of an ID that left one customer for another; one that leads nowhere from now on left for the survivor's sake.
pub(super) fn ways(step: &Step<'_>) -> impl Iterator<Item = (InternalId, InternalId)> {
    let survivor = step.survivor();
    of(step).filter_map(move |effect| match effect {
        Effect::Moved { from, .. } | Effect::Released { from, .. } => Some((*from, survivor?)),
        Effect::Regrouped(regrouped) => Some((regrouped.from, regrouped.to)),
        _ => None,
    })
}

/// The two IDs of each link that a step cut.
pub(super) fn cuts(step: &Step<'_>) -> impl Iterator<Item = [Id; 2]> {
    of(step).filter_map(|effect| match effect {
        Effect::Unlinked(ends) => Some([named(&ends[0]), named(&ends[1])]),
        _ => None,
    })
}

/// Who absorbed whom, with what their numbers say of their ages.
pub(super) fn absorbed(survivor: InternalId, absorbed: &[InternalId]) -> String {
    let age = if absorbed.iter().all(|one| survivor < *one) {
        ", which is older,"
    } else if absorbed.iter().all(|one| survivor > *one) {
        ", which is newer,"
    } else {
        ""
    };
    let gone = numbers(absorbed.iter().map(|one| one.number()));
    format!("#{}{age} absorbed {gone}", survivor.number())
}

/// Everything that a decision on a command did, as clauses.
pub(super) fn clauses(schema: &IdSchema, sent: &Sent, decision: &Decision) -> Vec<String> {
    let number = decision.survivor.number();
    let id = |given: u16| {
        let sent = sent.action.ids().get(usize::from(given));
        let id = sent.and_then(|sent| {
            let raw = sent.value()?;
            let id_type = schema.get(&sent.id_type);
            let value = id_type.map_or(raw.trim().into(), |id_type| id_type.normalise(raw));
            Some(Id::new(&sent.id_type, value).to_string())
        });
        id.unwrap_or_else(|| "an ID".into())
    };
    let added = decision.effects.iter().filter_map(|effect| match effect {
        Effect::Added { given } => Some(id(*given)),
        _ => None,
    });
    let added: Vec<String> = added.collect();
    let was_full = decision.because.contains(Rule::SoftIdDisplaced);
    let mut clauses = Vec::new();
    match (decision.created, added.is_empty()) {
        (true, true) => clauses.push(format!("#{number} was created")),
        (true, false) => clauses.push(format!("#{number} was created with {}", listed(&added))),
        (false, true) => {}
        (false, false) => clauses.push(format!("#{number} got {}", listed(&added))),
    }
    if !decision.absorbed.is_empty() {
        clauses.push(absorbed(decision.survivor, &decision.absorbed));
    }
    clauses.extend(decision.effects.iter().filter_map(|effect| {
        Some(match effect {
            Effect::Added { .. } => return None,
            Effect::Moved { given, from, .. } => {
                format!("#{number} took {} from #{}", id(*given), from.number())
            }
            Effect::Kept { given, by } => format!("#{} kept {}", by.number(), id(*given)),
            Effect::Dropped { given, .. } => format!("{} took no part", id(*given)),
            Effect::Displaced(gone) if was_full => {
                format!("its type was full, so {} was forgotten", named(gone))
            }
            Effect::Displaced(gone) => format!("{} leads to nobody any more", named(gone)),
            Effect::Released { given, from, .. } => format!(
                "{} left #{} and leads to nobody any more",
                id(*given),
                from.number()
            ),
            Effect::Shared { given, with } => format!(
                "{} stayed with #{} and points to #{number} as well",
                id(*given),
                with.number()
            ),
            Effect::Ambiguous { given } => format!(
                "{} points to several customers, so it did not say who is meant",
                id(*given)
            ),
            Effect::Regrouped(regrouped) => format!(
                "{} went from #{} to #{}",
                named(&regrouped.id),
                regrouped.from.number(),
                regrouped.to.number()
            ),
            Effect::Unlinked(ends) => {
                format!(
                    "the link of {} and {} was cut",
                    named(&ends[0]),
                    named(&ends[1])
                )
            }
            Effect::Split { customer } => {
                format!("#{} was made for IDs that left theirs", customer.number())
            }
            Effect::Reattributed(moved) => format!(
                "{} of {} went from #{} to #{}",
                counted(moved.events as usize, "event"),
                named(&moved.id),
                moved.from.number(),
                moved.to.number()
            ),
        })
    }));
    clauses
}

fn named(id: &Displaced) -> Id {
    Id::new(&id.id_type, &id.value)
}
