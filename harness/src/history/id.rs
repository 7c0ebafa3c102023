//! An external ID as a project stores it, and how it is written: `type=value`.
//! Reading the IDs of a command follows the project's transformations.

use std::fmt;

use serde::Serialize;
use twinfold_engine::{Project, UnknownIdType};

use crate::{scenario::shown_id, traffic::SentAction};

/// An external ID as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Id {
    /// The name of its type.
    pub id_type: String,
    /// The value as it is stored.
    pub value: String,
}

impl Id {
    /// An ID of a type.
    pub fn new(id_type: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            id_type: id_type.into(),
            value: value.into(),
        }
    }

    /// The ID that is written `type=value`.
    pub fn parse(written: &str) -> Option<Self> {
        let (id_type, value) = written.split_once('=')?;
        (!id_type.is_empty() && !value.is_empty()).then(|| Self::new(id_type, value))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.id_type, shown_id(&self.value))
    }
}

/// Several IDs in a row; a type is named once for the values that follow it.
pub(crate) fn written(ids: &[Id]) -> String {
    let mut text = String::new();
    let mut last = None;
    for id in ids {
        let value = if last == Some(&id.id_type) {
            shown_id(&id.value)
        } else {
            id.to_string()
        };
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&value);
        last = Some(&id.id_type);
    }
    text
}

/// The IDs of a command as the project would store them, with their positions; what it would not take is left out.
pub(super) fn read(action: &SentAction, project: &Project) -> Vec<(usize, Id)> {
    let ids = action.ids().iter().enumerate();
    let read = ids.filter_map(|(position, sent)| {
        let raw = sent.value()?;
        let declares = project.settings().switches.unknown_id_type == UnknownIdType::DeclareSoft;
        let value = match project.schema().get(&sent.id_type) {
            Some(id_type) => id_type.normalise(raw),
            None if declares => raw.trim().into(),
            None => return None,
        };
        let is_valid = twinfold_engine::IdType::soft("any").takes(value.trim());
        is_valid.then(|| (position, Id::new(sent.id_type.clone(), value)))
    });
    read.collect()
}
