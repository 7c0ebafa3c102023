//! Two people on one profile, and values that draw strangers together. Both are judgements: a history knows IDs and
//! values, not people, so it is judged by addresses and names that differ where no hard ID vouches for the change.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use twinfold_engine::{InternalId, Label};

use super::{
    Anomaly, Finding,
    duplicates::{EMAIL, address_set, listed, text_set},
};
use crate::{
    fixup::{PLACEHOLDER_NAMES, email_key},
    history::{History, Id, Step},
    import::PLACEHOLDERS,
    traffic::SentAction,
};

/// The properties that hold a name.
const NAMES: [&str; 2] = ["first_name", "last_name"];

/// From so many strangers on, an ID that they have in common is a magnet.
const STRANGERS_MIN: usize = 3;

/// The same for a value that looks like nobody's.
const STRANGERS_OF_A_PLACEHOLDER_MIN: usize = 2;

pub(super) fn find(history: &History<'_>) -> Vec<Finding> {
    let mut merged = BTreeMap::<u32, Evidence>::new();
    judge(history, &mut merged);
    let mut found = Vec::new();
    for ((id, customer), around) in magnets(history) {
        let by = || around.by.iter().copied();
        let says = format!(
            "{} people with nothing else in common came to #{customer} through {id}.",
            around.strangers
        );
        let anomaly = Anomaly::PlaceholderMagnet;
        let finding = Finding::new(anomaly, history, [customer], [id.clone()], by());
        found.push(finding.says(says).rests_on(Label::Assumed));
        let evidence = merged.entry(customer).or_default();
        evidence.marks.insert(id);
        evidence.by.extend(by());
    }
    let over_merged = merged.into_iter().map(|(customer, evidence)| {
        let says = format!(
            "#{customer} is judged to be several people: {} came together, and no hard ID of the profile vouches for it.",
            listed(&evidence.marks)
        );
        let anomaly = Anomaly::OverMerge;
        let finding = Finding::new(anomaly, history, [customer], evidence.marks, evidence.by);
        finding.says(says).rests_on(Label::Assumed)
    });
    found.extend(over_merged);
    found
}

/// What speaks for two people: marks that differ, and the steps that brought them.
#[derive(Clone, Debug, Default)]
struct Evidence {
    marks: BTreeSet<Id>,
    by: BTreeSet<usize>,
}

/// By what a person is known: addresses, and the names used last.
#[derive(Clone, Debug, Default)]
struct Marks {
    addresses: BTreeMap<String, usize>,
    names: BTreeMap<&'static str, (String, usize)>,
}

fn judge(history: &History<'_>, merged: &mut BTreeMap<u32, Evidence>) {
    let mut known = HashMap::<InternalId, Marks>::new();
    for (position, step) in history.steps.iter().enumerate() {
        let Some(survivor) = step.survivor() else {
            continue;
        };
        if let SentAction::Anonymize { .. } = step.sent.action {
            known.remove(&survivor);
            continue;
        }
        let brought = Marks::of(step, history, position);
        let joined: Vec<InternalId> = joined(step, survivor);
        let mut evidence = Evidence::default();
        for (index, one) in joined.iter().enumerate() {
            let Some(marks) = known.get(one) else {
                continue;
            };
            if !is_vouched_for(history, step, *one) {
                marks.differ(&brought, &mut evidence);
            }
            for other in &joined[index + 1..] {
                let vouched =
                    is_vouched_for(history, step, *one) && is_vouched_for(history, step, *other);
                if let Some(theirs) = known.get(other).filter(|_| !vouched) {
                    marks.differ(theirs, &mut evidence);
                }
            }
        }
        if !evidence.marks.is_empty() {
            let all = merged.entry(history.last(survivor)).or_default();
            all.marks.append(&mut evidence.marks);
            all.by.append(&mut evidence.by);
            all.by.insert(position);
        }
        let mut marks = known.remove(&survivor).unwrap_or_default();
        for absorbed in step.absorbed() {
            marks.take(known.remove(absorbed).unwrap_or_default());
        }
        marks.take(brought);
        known.insert(survivor, marks);
    }
}

/// Those who are one customer from this step on and were there before.
fn joined(step: &Step<'_>, survivor: InternalId) -> Vec<InternalId> {
    let is_joined = |one: &&InternalId| **one == survivor || step.absorbed().contains(one);
    step.reached.iter().filter(is_joined).copied().collect()
}

/// Whether the command names the customer by a hard ID that it had.
fn is_vouched_for(history: &History<'_>, step: &Step<'_>, customer: InternalId) -> bool {
    let mut ids = step.ids.iter();
    ids.any(|carried| carried.held_by == Some(customer) && history.is_hard(&carried.id))
}

impl Marks {
    fn of(step: &Step<'_>, history: &History<'_>, position: usize) -> Self {
        let hard = step.survivors_ids().filter(|id| history.is_hard(id));
        let addresses = hard.filter_map(|id| email_key(&id.value));
        let addresses = addresses.chain(address_set(&step.sent.action));
        let names = NAMES.into_iter().filter_map(|name| {
            let value = text_set(&step.sent.action, name)?.trim().to_lowercase();
            (!value.is_empty()).then_some((name, (value, position)))
        });
        Self {
            addresses: addresses.map(|address| (address, position)).collect(),
            names: names.collect(),
        }
    }

    /// Notes what of the two cannot be one person's.
    fn differ(&self, other: &Self, evidence: &mut Evidence) {
        let mut note = |name: &str, value: &str, position: usize| {
            evidence.marks.insert(Id::new(name, value));
            evidence.by.insert(position);
        };
        let shared = self
            .addresses
            .keys()
            .any(|address| other.addresses.contains_key(address));
        if !shared && !self.addresses.is_empty() && !other.addresses.is_empty() {
            for (address, position) in self.addresses.iter().chain(&other.addresses) {
                note(EMAIL, address, *position);
            }
        }
        for (name, (value, position)) in &self.names {
            if let Some((theirs, at)) = other
                .names
                .get(name)
                .filter(|(theirs, _)| are_two_names(value, theirs))
            {
                note(name, value, *position);
                note(name, theirs, *at);
            }
        }
    }

    fn take(&mut self, other: Self) {
        for (address, position) in other.addresses {
            self.addresses.entry(address).or_insert(position);
        }
        self.names.extend(other.names);
    }
}

/// Whether two names are not one: `jon` may be `jonas`.
fn are_two_names(one: &str, other: &str) -> bool {
    !one.starts_with(other) && !other.starts_with(one)
}

/// What came together around an ID.
#[derive(Default)]
struct Around {
    groups: Vec<BTreeSet<Id>>,
    by: BTreeSet<usize>,
    strangers: usize,
}

/// IDs through which strangers came to one profile, with the profile.
fn magnets(history: &History<'_>) -> BTreeMap<(Id, u32), Around> {
    let mut around = BTreeMap::<(Id, u32), Around>::new();
    for (position, step) in history.steps.iter().enumerate() {
        let Some(survivor) = step.survivor() else {
            continue;
        };
        let customer = history.last(survivor);
        for id in step.survivors_ids() {
            let company = company(step, id);
            if !company.is_empty() {
                let around = around.entry((id.clone(), customer)).or_default();
                around.meet(company);
                around.by.insert(position);
            }
        }
    }
    around.retain(|(id, _), around| {
        let is_placeholder = is_placeholder(&id.value);
        let groups = around.groups.iter();
        around.strangers = groups
            .filter(|group| is_placeholder || group.iter().any(is_a_person))
            .count();
        around.strangers
            >= if is_placeholder {
                STRANGERS_OF_A_PLACEHOLDER_MIN
            } else {
                STRANGERS_MIN
            }
    });
    around
}

/// What a command says of a person beside this ID: an address, a name, other IDs.
fn company(step: &Step<'_>, id: &Id) -> BTreeSet<Id> {
    let own = email_key(&id.value);
    let address = address_set(&step.sent.action).filter(|address| Some(address) != own.as_ref());
    let names = NAMES.map(|name| text_set(&step.sent.action, name).unwrap_or_default());
    let name = names.join(" ").trim().to_lowercase();
    let others = step.survivors_ids().filter(|other| *other != id).cloned();
    let address = address.map(|address| Id::new(EMAIL_MARK, address));
    let name = (!name.is_empty()).then(|| Id::new(NAME_MARK, name));
    others.chain(address).chain(name).collect()
}

// No ID type begins with a blank, so these cannot be taken for one.
const EMAIL_MARK: &str = " email";
const NAME_MARK: &str = " name";

fn is_a_person(mark: &Id) -> bool {
    mark.id_type == EMAIL_MARK || mark.id_type == NAME_MARK
}

impl Around {
    /// Joins the groups that share anything with those who have come.
    fn meet(&mut self, mut company: BTreeSet<Id>) {
        self.groups.retain_mut(|group| {
            let is_strange = group.is_disjoint(&company);
            if !is_strange {
                company.append(group);
            }
            is_strange
        });
        self.groups.push(company);
    }
}

/// Whether a value stands for nobody.
fn is_placeholder(value: &str) -> bool {
    let value = value.trim().to_lowercase();
    let local = value.split_once('@').map(|(local, _)| local);
    PLACEHOLDERS.contains(&value.as_str())
        || local.is_some_and(|local| PLACEHOLDER_NAMES.contains(&local))
}
