//! What an access group may do: per property, per event type, per action (facts 10.3, 4.5, 5).
//! A group has no permission unless it is given.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::Value;
use twinfold_engine::Project;

use crate::{error::Error, journal::Step};

/// The permissions of one access group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Permissions {
    /// Customer properties by name.
    pub properties: GetAndSet,
    /// Events by type.
    pub events: GetAndSet,
    /// May set properties that the project has never seen, as far as `properties.set` reaches them.
    pub new_properties: bool,
    /// May add events of types that the project has never seen, as far as `events.set` reaches them.
    pub new_events: bool,
    /// Everything else.
    pub actions: BTreeSet<Action>,
}

/// Which names may be read, and which written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GetAndSet {
    /// May be read.
    pub get: Names,
    /// May be written.
    pub set: Names,
}

/// `"all"`, `"none"`, or a list of names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Names {
    /// No name.
    #[default]
    None,
    /// Every name.
    All,
    /// These.
    Only(BTreeSet<String>),
}

macro_rules! actions {
    ($($(#[$doc:meta])* $variant:ident = $refusal:literal;)+) => {
        /// What is permitted as a whole.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Action { $($(#[$doc])* $variant,)+ }

        impl Action {
            const ALL: &[Self] = &[$(Self::$variant,)+];

            /// What a group without it is told.
            pub(crate) fn refusal(self) -> &'static str {
                match self { $(Self::$variant => $refusal,)+ }
            }
        }
    };
}

actions! {
    /// GDPR: one customer with everything.
    ExportCustomer = "No permission to export customer";
    /// GDPR: all customers as rows.
    ExportCustomers = "No permission to export customers";
    /// GDPR: one customer or many.
    Anonymize = "No permission to anonymize customer";
    /// Catalogs and their items, read.
    GetCatalogs = "No permission to get catalogs";
    /// Catalogs and their items, written.
    SetCatalogs = "No permission to set catalogs";
    /// Imports, created and started.
    TriggerImports = "No permission to trigger imports";
    /// Consents, read.
    GetConsents = "No permission to get consents";
    /// Segmentations, expressions, aggregates, predictions, recommendations, read.
    GetDefinitions = "No permission to get definitions";
    /// Mails, sent.
    SendEmails = "No permission to send emails";
}

impl Permissions {
    /// Everything, as the groups have it that every project is created with.
    pub fn all() -> Self {
        let both = GetAndSet {
            get: Names::All,
            set: Names::All,
        };
        Self {
            properties: both.clone(),
            events: both,
            new_properties: true,
            new_events: true,
            actions: Action::ALL.iter().copied().collect(),
        }
    }

    /// Whether an action is permitted.
    pub(crate) fn may(&self, action: Action) -> bool {
        self.actions.contains(&action)
    }

    /// Whether a customer property may be read.
    pub(crate) fn get_property(&self, name: &str) -> bool {
        self.properties.get.reaches(name)
    }

    /// Whether events of a type may be read.
    pub(crate) fn get_event(&self, event_type: &str) -> bool {
        self.events.get.reaches(event_type)
    }

    /// Whether a customer property may be written.
    pub(crate) fn set_property(&self, name: &str, project: &Project) -> bool {
        let new = || self.new_properties || project.has_attribute(name);
        self.properties.set.reaches(name) && new()
    }

    /// Whether an event of a type may be added.
    pub(crate) fn add_event(&self, event_type: &str, project: &Project) -> bool {
        let new = || self.new_events || project.has_event_type(event_type);
        self.events.set.reaches(event_type) && new()
    }

    /// Refuses a tracking command of which any part is not permitted.
    pub(crate) fn allow(&self, step: &Step<'_>, project: &Project) -> Result<(), Error> {
        match step {
            Step::Customers { properties, .. } => {
                let mut names = properties.iter().flatten().map(|(name, _)| name);
                let allowed = names.all(|name| self.set_property(name, project));
                allowed.then_some(()).ok_or(Error::PropertyNotPermitted)
            }
            Step::Event {
                event_type: Some(event_type),
                ..
            } => {
                let allowed = event_type.is_empty() || self.add_event(event_type, project);
                allowed.then_some(()).ok_or(Error::EventNotPermitted)
            }
            _ => Ok(()),
        }
    }
}

impl Names {
    fn reaches(&self, name: &str) -> bool {
        match self {
            Self::None => false,
            Self::All => true,
            Self::Only(names) => names.contains(name),
        }
    }
}

impl Serialize for Names {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => serializer.serialize_str("none"),
            Self::All => serializer.serialize_str("all"),
            Self::Only(names) => names.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Value::deserialize(deserializer)?;
        match written.as_str() {
            Some("none") => Ok(Self::None),
            Some("all") => Ok(Self::All),
            _ => match serde_json::from_value(written.clone()) {
                Ok(names) => Ok(Self::Only(names)),
                Err(_) => Err(D::Error::custom(format!(
                    "{written} is neither \"all\" nor \"none\" nor a list of names"
                ))),
            },
        }
    }
}
