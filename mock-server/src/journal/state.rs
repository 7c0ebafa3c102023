//! Everything of a project that its steps change: the engine's project, the outbox, imports, catalogs, definitions.
//! `apply` is the only way, for a request now as for a replay later.

use std::{borrow::Cow, sync::Arc};

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
    /// Applies one step; the outcome if it concerned the engine.
    pub(crate) fn apply(
        &mut self,
        at: Timestamp,
        step: &Step<'_>,
    ) -> Result<Option<Outcome>, Rejection> {
        match step {
            Step::Customers {
                ids,
                properties,
                update_timestamp,
            } => self.set_properties(at, ids, properties.as_deref(), *update_timestamp),
            Step::Event {
                ids,
                event_type,
                timestamp,
                properties,
            } => self.engine(
                at,
                Action::TrackEvent {
                    ids: &given(ids),
                    event_type: event_type.as_deref(),
                    timestamp: timestamp.and_then(Timestamp::new),
                    properties: match properties {
                        Some(object) => PropertiesGiven::Object(Json(object)),
                        None => PropertiesGiven::NotAnObject,
                    },
                },
            ),
            Step::Anonymize { ids, fresh } => self.engine(
                at,
                Action::Anonymize {
                    who: Who::Ids(&given(ids)),
                    fresh,
                },
            ),
            Step::AnonymizeInternal { customer, fresh } => {
                let customer = InternalId::from_number(*customer);
                let who = Who::Internal(customer.ok_or(Rejection::CustomerNotFound)?);
                self.engine(at, Action::Anonymize { who, fresh })
            }
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
                self.engine(at, Action::OpenLink { ids: &given(ids) })
            }
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
        }
    }

    fn set_properties(
        &mut self,
        at: Timestamp,
        ids: &[Id<'_>],
        properties: Option<&[(Cow<'_, str>, Cow<'_, str>)]>,
        update_timestamp: Option<f64>,
    ) -> Result<Option<Outcome>, Rejection> {
        let values: Option<Vec<(&str, Json<'_>)>> = properties.map(|properties| {
            let pairs = properties.iter();
            pairs.map(|(name, value)| (&**name, Json(value))).collect()
        });
        self.engine(
            at,
            Action::SetProperties {
                ids: &given(ids),
                properties: match &values {
                    Some(values) => PropertiesGiven::Object(values),
                    None => PropertiesGiven::NotAnObject,
                },
                update_timestamp: update_timestamp.and_then(Timestamp::new),
            },
        )
    }

    fn engine(&mut self, at: Timestamp, action: Action<'_>) -> Result<Option<Outcome>, Rejection> {
        self.project.apply(&Command { at, action }).map(Some)
    }
}

fn given<'a>(ids: &'a [Id<'_>]) -> Vec<GivenId<'a>> {
    ids.iter().map(Id::given).collect()
}
