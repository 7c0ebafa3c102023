//! A history: traffic replayed on the engine command by command, with what each of them did to which ID.
//! What asks why things are as they are reads it: the anomalies and the explanation.

mod id;
mod ledger;

use twinfold_engine::{Effect, GivenId, IdKind, InternalId, Label, Outcome, Project, Rejection};

use crate::traffic::{Sent, SentAction, Traffic};
use ledger::Ledger;

pub use id::Id;
pub(crate) use id::written;

/// Traffic with what came of it.
#[derive(Clone, Debug)]
pub struct History<'t> {
    /// The traffic.
    pub traffic: &'t Traffic,
    /// Its commands in order.
    pub steps: Vec<Step<'t>>,
    /// The project after all of them.
    pub project: Project,
}

/// One command and what came of it.
#[derive(Clone, Debug)]
pub struct Step<'t> {
    /// The command.
    pub sent: &'t Sent,
    /// Its IDs as they are stored, each once, in the order sent; those that take no part are left out.
    pub ids: Vec<Carried>,
    /// What it did.
    pub result: Result<Outcome, Rejection>,
    /// IDs that nobody holds any more because of it.
    pub forgotten: Vec<Id>,
    /// The ID that an anonymized customer got.
    pub fresh: Option<Id>,
    /// The customers that it reached before anything changed, oldest first.
    pub reached: Vec<InternalId>,
}

/// An ID that a command carried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The ID.
    pub id: Id,
    /// Who held it before.
    pub held_by: Option<InternalId>,
    /// Whether the customer that the command ended on holds it afterwards.
    pub is_survivors: bool,
}

impl<'t> History<'t> {
    /// Replays the traffic.
    pub fn of(traffic: &'t Traffic) -> Self {
        let mut project = Project::new(traffic.settings.clone());
        let mut ledger = Ledger::default();
        let steps = traffic.commands.iter();
        let steps = steps
            .map(|sent| step(sent, &mut project, &mut ledger))
            .collect();
        Self {
            traffic,
            steps,
            project,
        }
    }

    /// The customer into which this one was folded in the end, by number.
    pub fn last(&self, customer: InternalId) -> u32 {
        let last = self.project.survivor_of(customer);
        last.unwrap_or(customer).number()
    }

    /// Who holds an ID in the end.
    pub fn holder(&self, id: &Id) -> Option<InternalId> {
        holder(&self.project, id)
    }

    /// Whether a type is hard; one that the schema lacks is not.
    pub fn is_hard(&self, id: &Id) -> bool {
        let id_type = self.project.schema().get(&id.id_type);
        id_type.is_some_and(|id_type| id_type.kind == IdKind::Hard)
    }

    /// These IDs in the order of the schema, in which people read them.
    pub fn in_schema_order<'i>(&self, ids: impl IntoIterator<Item = &'i Id>) -> Vec<&'i Id> {
        let types = self.project.schema().types();
        let mut ids: Vec<&Id> = ids.into_iter().collect();
        ids.sort_by_key(|id| types.iter().position(|one| one.name == id.id_type));
        ids
    }

    /// The IDs of a customer in the end, in schema order.
    pub fn ids_of(&self, customer: InternalId) -> Vec<Id> {
        let profile = self.project.profile(customer);
        let ids = profile.into_iter().flat_map(|profile| profile.ids);
        ids.flat_map(|(id_type, values)| {
            values
                .into_iter()
                .map(move |value| Id::new(id_type.clone(), value))
        })
        .collect()
    }
}

impl Step<'_> {
    /// The customer that the command ended on; nobody if it was rejected.
    pub fn survivor(&self) -> Option<InternalId> {
        let outcome = self.result.as_ref().ok()?;
        Some(outcome.decision.survivor)
    }

    /// Those who were folded into the survivor.
    pub fn absorbed(&self) -> &[InternalId] {
        match &self.result {
            Ok(outcome) => &outcome.decision.absorbed,
            Err(_) => &[],
        }
    }

    /// The weakest label of the rules that it rests on.
    pub fn label(&self) -> Label {
        match &self.result {
            Ok(outcome) => outcome.because.weakest_label(),
            Err(rejection) => Some(rejection.label()),
        }
        .unwrap_or(Label::Documented)
    }

    /// The IDs that the survivor holds because the command carried them.
    pub fn survivors_ids(&self) -> impl Iterator<Item = &Id> {
        let held = self.ids.iter().filter(|carried| carried.is_survivors);
        held.map(|carried| &carried.id)
    }

    /// The soft IDs that it took from others, with whom it took them from.
    pub fn moved(&self) -> impl Iterator<Item = (&Id, InternalId)> {
        let survivor = self.survivor();
        self.ids.iter().filter_map(move |carried| {
            let from = carried.held_by.filter(|_| carried.is_survivors)?;
            let joined = Some(from) == survivor || self.absorbed().contains(&from);
            (!joined).then_some((&carried.id, from))
        })
    }
}

/// Who holds an ID.
pub fn holder(project: &Project, id: &Id) -> Option<InternalId> {
    project.schema().get(&id.id_type)?;
    let given = [GivenId::text(&id.id_type, &id.value)];
    project.find(&given).ok().flatten()
}

fn step<'t>(sent: &'t Sent, project: &mut Project, ledger: &mut Ledger) -> Step<'t> {
    let read = id::read(&sent.action, project);
    let mut ids: Vec<Carried> = Vec::new();
    let mut given = Vec::new();
    for (position, id) in read {
        if ids.iter().any(|carried| carried.id == id) {
            continue;
        }
        given.push(position);
        ids.push(Carried {
            held_by: holder(project, &id),
            id,
            is_survivors: false,
        });
    }
    let forgets = ledger.would_forget(&sent.action, &ids, project);
    let result = sent.apply_to(project);
    let mut forgotten = Vec::new();
    if let Ok(outcome) = &result {
        forgotten.extend(displaced(outcome));
        forgotten.extend(forgets);
        for (carried, position) in ids.iter_mut().zip(given) {
            if is_released(outcome, position) {
                forgotten.push(carried.id.clone());
            }
            // An anonymization names a customer and ties nothing to it.
            let ties = !matches!(sent.action, SentAction::Anonymize { .. });
            let stays = ties && takes_part(outcome, position) && !forgotten.contains(&carried.id);
            carried.is_survivors = stays;
        }
    }
    let fresh = fresh(sent, project).filter(|_| result.is_ok());
    let mut reached: Vec<_> = ids.iter().filter_map(|carried| carried.held_by).collect();
    reached.sort_unstable();
    reached.dedup();
    let step = Step {
        sent,
        ids,
        result,
        fresh,
        forgotten,
        reached,
    };
    ledger.follow(&step);
    step
}

/// The ID that an anonymization gives: of the first soft type.
fn fresh(sent: &Sent, project: &Project) -> Option<Id> {
    let SentAction::Anonymize { fresh, .. } = &sent.action else {
        return None;
    };
    let id_type = project.schema().of_kind(IdKind::Soft).next()?;
    Some(Id::new(&id_type.name, id_type.normalise(fresh)))
}

/// Whether the ID at this position leads nowhere from now on.
fn is_released(outcome: &Outcome, position: usize) -> bool {
    let mut effects = outcome.decision.effects.iter();
    effects.any(|effect| {
        matches!(effect, Effect::Released { given, .. } if usize::from(*given) == position)
    })
}

/// Whether the ID at this position ends with the survivor.
fn takes_part(outcome: &Outcome, position: usize) -> bool {
    let effects = outcome.decision.effects.iter();
    !effects.into_iter().any(|effect| match effect {
        Effect::Kept { given, .. }
        | Effect::Dropped { given, .. }
        | Effect::Released { given, .. }
        | Effect::Shared { given, .. }
        | Effect::Ambiguous { given } => usize::from(*given) == position,
        _ => false,
    })
}

fn displaced(outcome: &Outcome) -> impl Iterator<Item = Id> {
    let effects = outcome.decision.effects.iter();
    effects.filter_map(|effect| match effect {
        Effect::Displaced(displaced) => {
            Some(Id::new(displaced.id_type.clone(), displaced.value.clone()))
        }
        _ => None,
    })
}
