//! One command as it was sent, owned, with everything that the engine needs to carry it out again.
//! Property values and event properties are canonical JSON texts, as the journal holds them.

use twinfold_engine::{
    Action, Command, GivenId, GivenValue, InternalId, Json, Outcome, Project, PropertiesGiven,
    Rejection, Timestamp, Who,
};

/// One command of the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    /// Its place in the journal, from 1.
    pub seq: u64,
    /// When it arrived, by the project's clock.
    pub at: Timestamp,
    /// Who sent it: `js-sdk`, `api`, `import`, ...
    pub source: String,
    /// Method and path with `{token}`.
    pub request: String,
    /// Position in the batch, or row of the import.
    pub item: Option<u32>,
    /// What it asks for.
    pub action: SentAction,
}

/// What a command asks for; see [`Action`].
#[derive(Clone, Debug, PartialEq)]
pub enum SentAction {
    /// Set properties.
    Customers {
        /// The IDs in the order of the journal.
        ids: Vec<SentId>,
        /// Names with canonical values.
        properties: Properties<Vec<(String, String)>>,
        /// The time of the values, if the command names one.
        update_timestamp: Option<Timestamp>,
    },
    /// Track an event.
    Event {
        /// The IDs in the order of the journal.
        ids: Vec<SentId>,
        /// Its type, if the command names one.
        event_type: Option<String>,
        /// Its time, if the command names one.
        timestamp: Option<Timestamp>,
        /// One canonical object.
        properties: Properties<String>,
    },
    /// A link with identity transfer was opened.
    OpenLink {
        /// The recipient's IDs and the cookie.
        ids: Vec<SentId>,
    },
    /// Anonymize.
    Anonymize {
        /// Whom.
        who: SentWho,
        /// The fresh cookie.
        fresh: String,
    },
}

/// Properties as they were sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Properties<T> {
    /// An object, an absent key, or `null`.
    Object(T),
    /// An array or a scalar.
    NotAnObject,
}

/// Whom a command anonymizes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SentWho {
    /// The customer with these IDs.
    Ids(Vec<SentId>),
    /// The customer with this internal ID.
    Internal(InternalId),
}

/// One ID as it was sent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SentId {
    /// The name of its type.
    pub id_type: String,
    /// Its value.
    pub value: SentValue,
}

/// The value of an ID by its JSON type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SentValue {
    /// `null`.
    Null,
    /// A string.
    Text(String),
    /// A number, as it was written.
    Number(String),
    /// A boolean, an array or an object.
    Other,
}

impl Sent {
    /// Whether it names a customer by the project's own number.
    pub(crate) fn is_by_number(&self) -> bool {
        let who = match &self.action {
            SentAction::Anonymize { who, .. } => Some(who),
            _ => None,
        };
        matches!(who, Some(SentWho::Internal(_)))
    }
}

impl SentId {
    /// An ID whose value is a string.
    pub fn text(id_type: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            id_type: id_type.into(),
            value: SentValue::Text(value.into()),
        }
    }

    /// The value as a text; nothing if it is `null` or no value of an ID.
    pub fn value(&self) -> Option<&str> {
        match &self.value {
            SentValue::Text(text) | SentValue::Number(text) => Some(text),
            SentValue::Null | SentValue::Other => None,
        }
    }

    /// The customer who holds it now.
    pub fn owner(&self, project: &Project) -> Option<InternalId> {
        project.find(&[self.given()]).ok().flatten()
    }

    fn given(&self) -> GivenId<'_> {
        GivenId {
            id_type: &self.id_type,
            value: match &self.value {
                SentValue::Null => GivenValue::Null,
                SentValue::Text(text) => GivenValue::Text(text),
                SentValue::Number(text) => GivenValue::Number(text),
                SentValue::Other => GivenValue::Other,
            },
        }
    }
}

impl SentAction {
    /// Its IDs; none if it names the customer by internal ID.
    pub fn ids(&self) -> &[SentId] {
        match self {
            Self::Customers { ids, .. }
            | Self::Event { ids, .. }
            | Self::OpenLink { ids }
            | Self::Anonymize {
                who: SentWho::Ids(ids),
                ..
            } => ids,
            Self::Anonymize {
                who: SentWho::Internal(_),
                ..
            } => &[],
        }
    }

    /// Its IDs, to be changed; nothing if it names the customer by internal ID.
    pub fn ids_mut(&mut self) -> Option<&mut Vec<SentId>> {
        match self {
            Self::Customers { ids, .. }
            | Self::Event { ids, .. }
            | Self::OpenLink { ids }
            | Self::Anonymize {
                who: SentWho::Ids(ids),
                ..
            } => Some(ids),
            Self::Anonymize {
                who: SentWho::Internal(_),
                ..
            } => None,
        }
    }
}

impl Sent {
    /// Carries the command out, at its own time.
    pub fn apply_to(&self, project: &mut Project) -> Result<Outcome, Rejection> {
        self.apply_at(self.at, project)
    }

    /// Carries the command out as if it had arrived at another time.
    pub fn apply_at(&self, at: Timestamp, project: &mut Project) -> Result<Outcome, Rejection> {
        self.with_command(at, |command| project.apply(command))
    }

    /// Does something with the command as the engine takes it.
    pub fn with_command<T>(&self, at: Timestamp, take: impl FnOnce(&Command<'_>) -> T) -> T {
        let given: Vec<GivenId<'_>> = self.action.ids().iter().map(SentId::given).collect();
        let apply = |action| take(&Command { at, action });
        match &self.action {
            SentAction::Customers {
                properties,
                update_timestamp,
                ..
            } => {
                let pairs: Vec<_> = match properties {
                    Properties::Object(pairs) => pairs.iter().map(json).collect(),
                    Properties::NotAnObject => Vec::new(),
                };
                apply(Action::SetProperties {
                    ids: &given,
                    properties: properties.given(|_| &*pairs),
                    update_timestamp: *update_timestamp,
                })
            }
            SentAction::Event {
                event_type,
                timestamp,
                properties,
                ..
            } => apply(Action::TrackEvent {
                ids: &given,
                event_type: event_type.as_deref(),
                timestamp: *timestamp,
                properties: properties.given(|object| Json(object)),
            }),
            SentAction::OpenLink { .. } => apply(Action::OpenLink { ids: &given }),
            SentAction::Anonymize { who, fresh } => {
                let who = match who {
                    SentWho::Ids(_) => Who::Ids(&given),
                    SentWho::Internal(customer) => Who::Internal(*customer),
                };
                apply(Action::Anonymize { who, fresh })
            }
        }
    }
}

fn json((name, value): &(String, String)) -> (&str, Json<'_>) {
    (name, Json(value))
}

impl<T> Properties<T> {
    fn given<'t, G>(&'t self, object: impl FnOnce(&'t T) -> G) -> PropertiesGiven<G> {
        match self {
            Self::Object(properties) => PropertiesGiven::Object(object(properties)),
            Self::NotAnObject => PropertiesGiven::NotAnObject,
        }
    }
}
