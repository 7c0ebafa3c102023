//! A shadow run: the commands of a journal answered a second time by another strategy, and where the two differ.
//! Both are projects like any other; nothing is compared but who is who, command by command.

mod by_name;
mod comparison;
mod fan;
mod report;
#[cfg(test)]
mod tests;

use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};

use crate::{
    command::{Action, Command, Outcome, Rejection, Who},
    decision::{Displaced, Effect, InternalId},
    ids::{GivenId, GivenValue, IdKind, read},
    project::Project,
    settings::Settings,
};
pub use by_name::{by_name, others};
use comparison::{Comparison, Owner, Side};
pub use report::{Cause, Divergence, Kind, Part, Report};

/// Of so many commands the decisions are kept, and so many healed divergences; what is more is counted.
pub const TOLD_MAX: usize = 10_000;

/// A project that answers, and its shadow.
#[derive(Clone, Debug)]
pub struct Shadow {
    here: Project,
    there: Project,
    comparison: Comparison,
    causes: BTreeMap<u64, Cause>,
    commands: u64,
}

impl Shadow {
    /// Two empty projects: `here` answers, `there` is its shadow.
    pub fn new(here: Settings, there: Settings) -> Self {
        Self {
            here: Project::new(here),
            there: Project::new(there),
            comparison: Comparison::default(),
            causes: BTreeMap::new(),
            commands: 0,
        }
    }

    /// The project that answers.
    pub fn here(&self) -> &Project {
        &self.here
    }

    /// The shadow.
    pub fn there(&self) -> &Project {
        &self.there
    }

    /// Lets both answer a command, which is named by a number that grows.
    pub fn apply(&mut self, number: u64, command: &Command<'_>) {
        self.commands += 1;
        let mut touched = self.touched(command);
        let named = self.named_by_ids(command);
        let named: Option<Vec<GivenId<'_>>> = named.as_ref().map(|ids| given(ids));
        let here = self.here.apply(command);
        let there = self.there.apply(&for_shadow(command, named.as_deref()));
        for outcome in [&here, &there].into_iter().flatten() {
            touched.extend(outcome.decision.effects.iter().filter_map(named_by));
        }
        self.comparison.begin(number);
        for (side, outcome) in [(Side::Here, &here), (Side::There, &there)] {
            self.fold(side, outcome);
        }
        let Self {
            here: answering,
            there: shadow,
            comparison,
            ..
        } = self;
        let owners = touched.into_iter().map(|id| {
            let owners = [holder(answering, &id), holder(shadow, &id)];
            (id, owners)
        });
        let (answering, shadow) = (&*answering, &*shadow);
        comparison.settle(owners, |side, owner| match side {
            Side::Here => root(answering, owner),
            Side::There => root(shadow, owner),
        });
        if comparison.has_opened() && self.causes.len() < TOLD_MAX {
            let ids = ids_of(&command.action).iter().map(as_sent).collect();
            self.causes.insert(number, Cause { ids, here, there });
        }
    }

    /// Where the two differ now, and where they differed before.
    pub fn report(&self) -> Report {
        report::report(self)
    }

    fn fold(&mut self, side: Side, outcome: &Result<Outcome, Rejection>) {
        let Ok(outcome) = outcome else { return };
        let survivor = Owner::Customer(outcome.decision.survivor.index());
        for absorbed in &outcome.decision.absorbed {
            let absorbed = Owner::Customer(absorbed.index());
            self.comparison.fold(side, absorbed, survivor);
        }
    }

    /// The IDs of the command as they are stored, and all those that an anonymization takes away.
    fn touched(&self, command: &Command<'_>) -> Vec<Displaced> {
        let mut touched = Vec::new();
        for project in [&self.here, &self.there] {
            match command.action {
                Action::Anonymize { who, fresh } => {
                    let named = self.named_by_ids(command).unwrap_or_default();
                    let named = given(&named);
                    let whom = match who {
                        Who::Ids(ids) => project.find(ids),
                        Who::Internal(_) => project.find(&named),
                    };
                    let held = whom.ok().flatten().map(|one| ids_held(project, one));
                    touched.extend(held.unwrap_or_default());
                    let soft = project.schema().of_kind(IdKind::Soft).next();
                    touched.extend(soft.map(|id_type| Displaced {
                        id_type: id_type.name.clone(),
                        value: id_type.normalise(fresh).into_owned(),
                    }));
                }
                _ => touched.extend(as_stored(project, ids_of(&command.action))),
            }
        }
        touched.sort_unstable();
        touched.dedup();
        touched
    }

    /// Whom an anonymization by internal ID means, by external IDs: the shadow counts its customers otherwise.
    fn named_by_ids(&self, command: &Command<'_>) -> Option<Vec<Displaced>> {
        match command.action {
            Action::Anonymize {
                who: Who::Internal(customer),
                ..
            } => Some(ids_held(&self.here, customer)),
            _ => None,
        }
    }
}

/// The command as the shadow gets it.
fn for_shadow<'c>(command: &Command<'c>, named: Option<&'c [GivenId<'c>]>) -> Command<'c> {
    match (command.action, named) {
        (Action::Anonymize { fresh, .. }, Some(ids)) => Command {
            at: command.at,
            action: Action::Anonymize {
                who: Who::Ids(ids),
                fresh,
            },
        },
        _ => *command,
    }
}

fn given(ids: &[Displaced]) -> Vec<GivenId<'_>> {
    let ids = ids.iter();
    ids.map(|id| GivenId::text(&id.id_type, &id.value))
        .collect()
}

fn ids_of<'c>(action: &Action<'c>) -> &'c [GivenId<'c>] {
    match *action {
        Action::SetProperties { ids, .. }
        | Action::TrackEvent { ids, .. }
        | Action::OpenLink { ids }
        | Action::Anonymize {
            who: Who::Ids(ids), ..
        } => ids,
        Action::Anonymize {
            who: Who::Internal(_),
            ..
        } => &[],
    }
}

fn as_sent(id: &GivenId<'_>) -> Displaced {
    Displaced {
        id_type: id.id_type.to_string(),
        value: match id.value {
            GivenValue::Text(text) | GivenValue::Number(text) => text.to_string(),
            GivenValue::Null | GivenValue::Other => String::new(),
        },
    }
}

/// The IDs that take part, as the project stores them; none if it rejects them.
fn as_stored(project: &Project, ids: &[GivenId<'_>]) -> Vec<Displaced> {
    let unknown = project.settings.switches.unknown_id_type;
    let Ok(read) = read(project.schema(), unknown, ids) else {
        return Vec::new();
    };
    let known = project.schema().types();
    let name = |position: u16| match known.get(usize::from(position)) {
        Some(id_type) => id_type.name.clone(),
        None => read.declared[usize::from(position) - known.len()].to_string(),
    };
    let ids = read.ids.iter();
    ids.map(|id| Displaced {
        id_type: name(id.id_type),
        value: id.key.text.to_string(),
    })
    .collect()
}

/// The IDs of a customer, hard ones first.
fn ids_held(project: &Project, customer: InternalId) -> Vec<Displaced> {
    let customer = customer.index();
    if !project.store.customers.exists(customer) {
        return Vec::new();
    }
    let store = &project.store;
    let held = store.hard_ids(customer).chain(store.soft_ids(customer));
    held.map(|(id_type, at)| Displaced {
        id_type: project.schema().at(id_type).name.clone(),
        value: store.ids.text(at),
    })
    .collect()
}

/// An ID that an effect names and the command may not have carried.
fn named_by(effect: &Effect) -> Option<Displaced> {
    match effect {
        Effect::Displaced(displaced) => Some(Displaced::clone(displaced)),
        Effect::Regrouped(regrouped) => Some(regrouped.id.clone()),
        _ => None,
    }
}

/// Who an owner is today.
fn root(project: &Project, owner: Owner) -> Owner {
    match owner {
        Owner::Customer(customer) => Owner::Customer(project.store.customers.survivor_of(customer)),
        nobody => nobody,
    }
}

fn holder(project: &Project, id: &Displaced) -> Option<u32> {
    let position = project.schema().position(&id.id_type)?;
    let at = project.store.find(position, &id.value)?;
    Some(project.store.owner(at))
}
