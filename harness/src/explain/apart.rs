//! What keeps two IDs apart, and the one call that would join them, tried on a copy of the project.
//! Where no single call can, it says why.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value};
use twinfold_engine::{InternalId, Label, Project, Timestamp};

use super::{
    effects, near,
    told::{self, Told},
};
use crate::{
    history::{Carried, History, Id, Step, holder},
    traffic::{Properties, Sent, SentAction, SentId},
};

/// So many calls are tried before it is said that none was found; each takes a copy of the project.
const TRIES_MAX: usize = 64;

/// Two IDs of two customers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Apart {
    /// The two IDs.
    pub ids: [Id; 2],
    /// Their customers, by number.
    pub customers: [u32; 2],
    /// What keeps them apart.
    pub reasons: Vec<Reason>,
    /// The one call that would join them.
    pub join: JoiningCall,
}

/// Something that keeps two customers apart.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "reason")]
pub enum Reason {
    /// Each has its own value of a hard type, so they never merge.
    HardIds {
        /// The two values.
        ids: [Id; 2],
        /// They differ in case or white space only.
        differ_in_form_only: bool,
        /// How well that is known.
        label: &'static str,
        /// The fact behind it.
        fact: &'static str,
    },
    /// A command that parted IDs of the two, or that carried both and did not join them.
    Parted {
        /// The command.
        by: Told,
    },
    /// A command with IDs of both was rejected.
    Rejected {
        /// The command.
        by: Told,
    },
    /// No accepted command carried an ID of both.
    NeverTogether,
    /// One of the IDs points to several customers.
    Ambiguous {
        /// The ID.
        id: Id,
        /// The customers, by number.
        customers: Vec<u32>,
    },
    /// The project does not answer by Engagement's rules, so that nothing follows from those.
    OtherStrategy {
        /// The strategy by which it does.
        strategy: String,
    },
}

/// Whether one call would join two customers.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "join")]
pub enum JoiningCall {
    /// This one does; it was tried on a copy.
    Call(Call),
    /// None does.
    None {
        /// Why.
        because: String,
        /// A call that brings the two IDs to one customer while the customers stay two, if there is one; tried as well.
        moves: Option<Call>,
    },
}

/// An update of customer properties with these IDs and no property.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Call {
    /// The IDs.
    pub ids: [Id; 2],
    /// The weakest label of the rules by which it does so.
    pub label: &'static str,
    /// What it did on the copy, in words.
    pub did: String,
}

impl Call {
    /// The body of the request.
    pub fn body(&self) -> Value {
        let ids = self.ids.iter();
        let ids: Map<String, Value> = ids
            .map(|id| (id.id_type.clone(), Value::from(id.value.clone())))
            .collect();
        serde_json::json!({"customer_ids": ids, "properties": {}})
    }

    /// The same call as a command that comes after all others.
    pub(super) fn sent(ids: &[Id; 2], at: Timestamp) -> Sent {
        let sent_ids = ids.iter().map(|id| SentId::text(&id.id_type, &id.value));
        Sent {
            seq: 0,
            at,
            source: "api".into(),
            request: "POST /track/v2/projects/{token}/customers".into(),
            item: None,
            action: SentAction::Customers {
                ids: sent_ids.collect(),
                properties: Properties::Object(Vec::new()),
                update_timestamp: None,
            },
        }
    }
}

pub(super) fn apart(history: &History<'_>, ids: [Id; 2], customers: [InternalId; 2]) -> Apart {
    let held = customers.map(|customer| history.ids_of(customer));
    Apart {
        reasons: reasons(history, &ids, &held, customers),
        join: join(history, &ids, &held, customers),
        customers: customers.map(InternalId::number),
        ids,
    }
}

fn reasons(
    history: &History<'_>,
    asked: &[Id; 2],
    held: &[Vec<Id>; 2],
    customers: [InternalId; 2],
) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = clashes(history, held).map(hard_ids).collect();
    let numbers = customers.map(InternalId::number);
    // IDs that a command has brought together with one of the other customer.
    let mut together = BTreeSet::<&Id>::new();
    for step in &history.steps {
        let told = || told::tell(history, step);
        let of = |which: usize| {
            let ids = step.ids.iter().map(|carried| &carried.id);
            ids.filter(move |id| held[which].contains(id))
        };
        // Under some strategies both hold one ID, which alone does not bring them together.
        let both = of(0).any(|one| of(1).any(|other| one != other));
        if both && step.result.is_err() {
            reasons.push(Reason::Rejected { by: told() });
            continue;
        }
        let mut parts = moves_between(history, step, numbers)
            || effects::cuts(step).any(|ends| is_of_both(&ends, held))
            || step.moved().any(|(id, _)| together.contains(id))
            || step.forgotten.iter().any(|id| together.contains(id));
        if both {
            together.extend(of(0).chain(of(1)));
            let left = |carried: &Carried| !carried.is_survivors && together.contains(&carried.id);
            parts |= step.ids.iter().any(left);
        }
        if parts {
            reasons.push(Reason::Parted { by: told() });
        }
    }
    let has_met = |reason: &Reason| matches!(reason, Reason::Parted { .. });
    if !reasons.iter().any(has_met) && together.is_empty() {
        reasons.push(Reason::NeverTogether);
    }
    if !effects::is_engagement(history) {
        reasons.extend(asked.iter().filter_map(|id| ambiguous(history, id)));
        let strategy = history.project.settings().strategy.name();
        reasons.push(Reason::OtherStrategy { strategy });
    }
    reasons
}

/// Whether each holds one of the two.
fn is_of_both([one, other]: &[Id; 2], held: &[Vec<Id>; 2]) -> bool {
    let are = |one: &Id, other: &Id| held[0].contains(one) && held[1].contains(other);
    are(one, other) || are(other, one)
}

fn ambiguous(history: &History<'_>, id: &Id) -> Option<Reason> {
    let customers = near::customers_of(history, id);
    (customers.len() > 1).then(|| Reason::Ambiguous {
        id: id.clone(),
        customers,
    })
}

/// Hard types of which each has a value of its own, which Engagement never joins; other strategies may.
fn clashes<'h>(
    history: &'h History<'_>,
    held: &'h [Vec<Id>; 2],
) -> impl Iterator<Item = (&'h Id, &'h Id)> {
    let counts = effects::is_engagement(history);
    let own = held[0]
        .iter()
        .filter(move |id| counts && history.is_hard(id));
    own.filter_map(|id| {
        let mut theirs = held[1].iter();
        Some((id, theirs.find(|other| other.id_type == id.id_type)?))
    })
}

fn hard_ids((one, other): (&Id, &Id)) -> Reason {
    let form = |id: &Id| id.value.trim().to_lowercase();
    Reason::HardIds {
        differ_in_form_only: form(one) == form(other),
        ids: [one.clone(), other.clone()],
        label: Label::Documented.name(),
        fact: "3.5",
    }
}

/// Whether a step took an ID from one of the two for the other.
fn moves_between(history: &History<'_>, step: &Step<'_>, customers: [u32; 2]) -> bool {
    effects::ways(step).any(|(from, to)| {
        let (from, to) = (history.last(from), history.last(to));
        from != to && customers.contains(&from) && customers.contains(&to)
    })
}

fn join(
    history: &History<'_>,
    ids: &[Id; 2],
    held: &[Vec<Id>; 2],
    customers: [InternalId; 2],
) -> JoiningCall {
    let clash = clashes(history, held).next();
    let calls = calls(ids, held);
    // Where a hard type stands against it, one try is enough: the engine says no to every other call as well.
    let tries = if clash.is_some() { 1 } else { TRIES_MAX };
    let is_engagement = effects::is_engagement(history);
    let joins = |project: &Project| {
        let last = customers.map(|customer| project.survivor_of(customer));
        let are_one = last[0].is_some() && last[0] == last[1];
        are_one && (is_engagement || are_together(project, ids))
    };
    let tried_calls = calls.iter().take(tries);
    match tried_calls
        .clone()
        .find_map(|ids| tried(history, ids, &joins))
    {
        Some(call) => JoiningCall::Call(call),
        None if is_engagement => JoiningCall::None {
            because: why_none(held, clash),
            moves: clash.and_then(|_| move_only(history, ids)),
        },
        None => JoiningCall::None {
            because: none_does(history, held, tried_calls.len(), calls.len()),
            moves: move_only(history, ids),
        },
    }
}

/// Every pair with an ID of each, the two that were asked about first. One call carries one value of a type.
fn calls(asked: &[Id; 2], held: &[Vec<Id>; 2]) -> Vec<[Id; 2]> {
    let pairs = held[0].iter().flat_map(|one| {
        let others = held[1].iter();
        others.map(move |other| [one.clone(), other.clone()])
    });
    let others = pairs.filter(|pair| pair != asked);
    let all = [asked.clone()].into_iter().chain(others);
    all.filter(|[one, other]| one.id_type != other.id_type)
        .collect()
}

/// The call, if it leads to what is wanted; tried on a copy, under the project's own strategy.
fn tried(
    history: &History<'_>,
    ids: &[Id; 2],
    is_wanted: &dyn Fn(&Project) -> bool,
) -> Option<Call> {
    let last = history.traffic.commands.last()?;
    let mut project = history.project.clone();
    let sent = Call::sent(ids, last.at);
    let outcome = sent.apply_to(&mut project).ok()?;
    let label = outcome.because.weakest_label();
    is_wanted(&project).then(|| Call {
        ids: ids.clone(),
        label: label.unwrap_or(Label::Documented).name(),
        did: effects::clauses(project.schema(), &sent, &outcome.decision).join("; "),
    })
}

/// The call that brings the two IDs together although their customers stay apart.
fn move_only(history: &History<'_>, ids: &[Id; 2]) -> Option<Call> {
    if ids[0].id_type == ids[1].id_type {
        return None;
    }
    tried(history, ids, &|project| are_together(project, ids))
}

fn are_together(project: &Project, ids: &[Id; 2]) -> bool {
    let holders = [0, 1].map(|which: usize| holder(project, &ids[which]));
    holders[0].is_some() && holders[0] == holders[1]
}

/// Why no call joins the two by Engagement's rules.
fn why_none(held: &[Vec<Id>; 2], clash: Option<(&Id, &Id)>) -> String {
    match clash {
        Some((one, other)) => format!(
            "{one} and {other} are two values of one hard type, and customers with these never merge"
        ),
        None => format!(
            "{}; two calls with one new hard ID, one for each, would join them",
            one_type_only(held)
        ),
    }
}

/// That no call joins the two, as far as it was tried; another strategy's reasons are not known.
fn none_does(history: &History<'_>, held: &[Vec<Id>; 2], tried: usize, all: usize) -> String {
    let strategy = history.project.settings().strategy.name();
    let does = format!("on a copy under `{strategy}`, and none joins them");
    match (tried, all) {
        (_, 0) => one_type_only(held),
        (1, 1) => format!(
            "the only call with one ID of each was tried on a copy under `{strategy}`, and it does not join them"
        ),
        (tried, all) if tried < all => {
            format!("{tried} of the {all} calls with one ID of each were tried {does}")
        }
        (_, all) => format!("the {all} calls with one ID of each were all tried {does}"),
    }
}

fn one_type_only(held: &[Vec<Id>; 2]) -> String {
    format!(
        "a call carries one value of each ID type, and the two have nothing but values of {}",
        held[0].first().map_or("one type", |id| id.id_type.as_str())
    )
}
