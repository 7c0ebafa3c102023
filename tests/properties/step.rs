//! One step of a history: a command that owns its parts, so that it can be generated, printed and shrunk.
//! It prints in one line, as a history reads.

use std::fmt;

use twinfold_engine::{
    Action, Command, GivenId, GivenValue, InternalId, Json, PropertiesGiven, Timestamp, Who,
};

/// A command and its clock reading.
#[derive(Clone)]
pub(crate) struct Step {
    pub(crate) at: f64,
    pub(crate) asks: Asks,
}

/// What it asks for; `None` for properties is "no object".
#[derive(Clone, Debug)]
pub(crate) enum Asks {
    Set {
        ids: Vec<GivenId<'static>>,
        properties: Option<Vec<(&'static str, &'static str)>>,
        update_timestamp: Option<f64>,
    },
    Track {
        ids: Vec<GivenId<'static>>,
        event_type: Option<&'static str>,
        timestamp: Option<f64>,
        properties: Option<&'static str>,
    },
    Open {
        ids: Vec<GivenId<'static>>,
    },
    Anonymize {
        whom: Whom,
        fresh: &'static str,
    },
}

#[derive(Clone, Debug)]
pub(crate) enum Whom {
    Ids(Vec<GivenId<'static>>),
    Internal(u32),
}

impl Step {
    /// Hands the step over as the engine's command.
    pub(crate) fn with<R>(&self, apply: impl FnOnce(&Command<'_>) -> R) -> R {
        let at = time(self.at);
        let properties_given: Vec<(&str, Json<'_>)>;
        let action = match &self.asks {
            Asks::Set {
                ids,
                properties,
                update_timestamp,
            } => {
                let given = properties.iter().flatten();
                properties_given = given.map(|(name, value)| (*name, Json(value))).collect();
                Action::SetProperties {
                    ids,
                    properties: match properties {
                        Some(_) => PropertiesGiven::Object(&properties_given),
                        None => PropertiesGiven::NotAnObject,
                    },
                    update_timestamp: update_timestamp.map(time),
                }
            }
            Asks::Track {
                ids,
                event_type,
                timestamp,
                properties,
            } => Action::TrackEvent {
                ids,
                event_type: *event_type,
                timestamp: timestamp.map(time),
                properties: match properties {
                    Some(json) => PropertiesGiven::Object(Json(json)),
                    None => PropertiesGiven::NotAnObject,
                },
            },
            Asks::Open { ids } => Action::OpenLink { ids },
            Asks::Anonymize { whom, fresh } => Action::Anonymize {
                who: match whom {
                    Whom::Ids(ids) => Who::Ids(ids),
                    Whom::Internal(number) => Who::Internal(internal(*number)),
                },
                fresh,
            },
        };
        apply(&Command { at, action })
    }

    /// The IDs it gives.
    pub(crate) fn ids(&self) -> &[GivenId<'static>] {
        match &self.asks {
            Asks::Set { ids, .. } | Asks::Track { ids, .. } | Asks::Open { ids } => ids,
            Asks::Anonymize { whom, .. } => match whom {
                Whom::Ids(ids) => ids,
                Whom::Internal(_) => &[],
            },
        }
    }
}

pub(crate) fn time(seconds: f64) -> Timestamp {
    Timestamp::new(seconds).expect("histories have finite times")
}

pub(crate) fn internal(number: u32) -> InternalId {
    InternalId::from_number(number).expect("histories count customers from 1")
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.at)?;
        match &self.asks {
            Asks::Set {
                ids,
                properties,
                update_timestamp,
            } => {
                write!(f, "set {} {properties:?}", line(ids))?;
                update_timestamp.map_or(Ok(()), |at| write!(f, " update_timestamp={at}"))
            }
            Asks::Track {
                ids,
                event_type,
                timestamp,
                properties,
            } => write!(
                f,
                "track {} {event_type:?} at {timestamp:?} {properties:?}",
                line(ids)
            ),
            Asks::Open { ids } => write!(f, "open link {}", line(ids)),
            Asks::Anonymize {
                whom: Whom::Ids(ids),
                fresh,
            } => write!(f, "anonymize {} fresh={fresh:?}", line(ids)),
            Asks::Anonymize {
                whom: Whom::Internal(number),
                fresh,
            } => write!(f, "anonymize #{number} fresh={fresh:?}"),
        }
    }
}

fn line(ids: &[GivenId<'_>]) -> String {
    let each = ids.iter().map(|id| match id.value {
        GivenValue::Null => format!("{}:null", id.id_type),
        GivenValue::Text(text) => format!("{}:{text:?}", id.id_type),
        GivenValue::Number(number) => format!("{}:{number}", id.id_type),
        GivenValue::Other => format!("{}:[]", id.id_type),
    });
    format!("{{{}}}", each.collect::<Vec<_>>().join(", "))
}
