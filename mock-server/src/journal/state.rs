//! Everything of a project that its steps change: the engine's project, the outbox, imports, catalogs, definitions.
//! `apply` is the only way, for a request now as for a replay later.

use std::sync::Arc;

use smallvec::SmallVec;
use twinfold_engine::{
    Action, Command, GivenId, InternalId, Json, Outcome, Project, PropertiesGiven, Rejection,
    Timestamp, Who,
};

use super::Step;
use crate::{
    catalogs::Catalogs,
    definitions::Definitions,
    imports::Imports,
    outbox::{Mail, Outbox},
    wire::given::Id,
};

/// What steps change.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) project: Project,
    pub(crate) outbox: Outbox,
    pub(crate) imports: Imports,
    pub(crate) catalogs: Catalogs,
    pub(crate) definitions: Arc<Definitions>,
}

impl State {
    /// How many things it holds, each about as dear to copy as an event.
    pub(crate) fn held(&self) -> u64 {
        let counts = self.project.counts();
        let of_project = counts.customers + counts.absorbed + counts.ids + counts.events;
        let items = self.catalogs.all().map(|(_, catalog)| catalog.items.len());
        let besides = items.sum::<usize>() + self.outbox.mails().len();
        of_project + besides as u64
    }

    /// Applies one step; the outcome if it concerned the engine.
    pub(crate) fn apply(
        &mut self,
        at: Timestamp,
        step: &Step<'_>,
    ) -> Result<Option<Outcome>, Rejection> {
        match step {
            Step::Catalog(change) => {
                self.catalogs.apply(change);
                Ok(None)
            }
            Step::Define(definitions) => {
                // They were read from this text before they became a step.
                self.definitions = Arc::new(serde_json::from_str(definitions).unwrap_or_default());
                Ok(None)
            }
            Step::SendMail(mail) => {
                self.outbox.send(Mail::clone(mail));
                Ok(None)
            }
            Step::OpenLink { mail, link, ids } => {
                self.outbox.open(*mail, *link);
                if ids.is_empty() {
                    return Ok(None);
                }
                self.engine(at, step)
            }
            Step::AnonymizeInternal { customer: 0, .. } => Err(Rejection::CustomerNotFound),
            Step::DefineImport {
                id,
                definition,
                content,
            } => {
                self.imports.define(id, definition, content.as_deref());
                Ok(None)
            }
            Step::RemoveImport { id } => {
                self.imports.remove(id);
                Ok(None)
            }
            Step::FinishImport { id, run } => {
                self.imports.finish(id, run);
                Ok(None)
            }
            Step::Refused { .. } => Ok(None),
            Step::Customers { .. }
            | Step::Event { .. }
            | Step::Anonymize { .. }
            | Step::AnonymizeInternal { .. } => self.engine(at, step),
        }
    }

    fn engine(&mut self, at: Timestamp, step: &Step<'_>) -> Result<Option<Outcome>, Rejection> {
        let project = &mut self.project;
        asked(step, |action| project.apply(&Command { at, action })).transpose()
    }
}

/// What a step asks of the engine; nothing if it does not concern it.
pub(crate) fn asked<T>(step: &Step<'_>, answer: impl FnOnce(Action<'_>) -> T) -> Option<T> {
    match step {
        Step::Customers {
            ids,
            properties,
            update_timestamp,
        } => {
            let values: Option<Few<(&str, Json<'_>)>> = properties.as_ref().map(|properties| {
                let pairs = properties.iter();
                pairs.map(|(name, value)| (&**name, Json(value))).collect()
            });
            Some(answer(Action::SetProperties {
                ids: &given(ids),
                properties: match &values {
                    Some(values) => PropertiesGiven::Object(values),
                    None => PropertiesGiven::NotAnObject,
                },
                update_timestamp: update_timestamp.and_then(Timestamp::new),
            }))
        }
        Step::Event {
            ids,
            event_type,
            timestamp,
            properties,
        } => Some(answer(Action::TrackEvent {
            ids: &given(ids),
            event_type: event_type.as_deref(),
            timestamp: timestamp.and_then(Timestamp::new),
            properties: match properties {
                Some(object) => PropertiesGiven::Object(Json(object)),
                None => PropertiesGiven::NotAnObject,
            },
        })),
        Step::Anonymize { ids, fresh } => Some(answer(Action::Anonymize {
            who: Who::Ids(&given(ids)),
            fresh,
        })),
        Step::AnonymizeInternal { customer, fresh } => {
            let who = Who::Internal(InternalId::from_number(*customer)?);
            Some(answer(Action::Anonymize { who, fresh }))
        }
        Step::OpenLink { ids, .. } if !ids.is_empty() => {
            Some(answer(Action::OpenLink { ids: &given(ids) }))
        }
        _ => None,
    }
}

/// Most commands bring no more, so that they need no memory of their own.
type Few<T> = SmallVec<[T; 8]>;

fn given<'a>(ids: &'a [Id<'_>]) -> Few<GivenId<'a>> {
    ids.iter().map(Id::given).collect()
}
