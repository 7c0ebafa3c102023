//! The requests of one client as a file has them: `requests/CLIENT.yaml`, in the order in which the client sends them.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;
use serde_json::Value;

/// The requests of one client.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Client {
    /// Which client, and which release if that is known.
    pub(crate) client: String,
    /// Where its requests are known from.
    pub(crate) source: String,
    /// The settings of its project.
    #[serde(default)]
    pub(crate) project: BTreeMap<String, Value>,
    /// Headers of every request.
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    /// Words that the client takes for a failure wherever they stand.
    pub(crate) never: Option<String>,
    pub(crate) requests: Vec<Row>,
}

/// One request, and what the client reads in the reply.
/// `{token}`, `{public}`, `{basic}`, `{url}` and what was kept stand in for the project's own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    pub(crate) says: String,
    /// Numbers of the quirks that it shows.
    #[serde(default)]
    pub(crate) quirks: Vec<u8>,
    /// Method and path.
    pub(crate) request: String,
    /// Added to those of every request; an empty one takes the header away.
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    /// As it is sent.
    #[serde(default)]
    pub(crate) body: String,
    /// Instead of `body`, for what is no text.
    pub(crate) body_base64: Option<String>,
    pub(crate) status: u16,
    /// Headers of the reply.
    #[serde(default)]
    pub(crate) sees: BTreeMap<String, String>,
    /// JSON pointers into the reply, and what stands there: a value, or one of [`Kind`]'s words.
    #[serde(default)]
    pub(crate) reads: BTreeMap<String, Value>,
    /// Names for parts of the reply, by JSON pointer.
    #[serde(default)]
    pub(crate) keep: BTreeMap<String, String>,
}

/// Every file of the folder.
pub(crate) fn all() -> Vec<Client> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/requests");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files.iter().map(|file| read(file)).collect()
}

fn read(file: &Path) -> Client {
    let text = fs::read_to_string(file).unwrap();
    serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// What may stand in place of a value that no file can know.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Absent,
    Boolean,
    Text,
    /// Seconds since 1970, with a fraction.
    Seconds,
    List,
    FilledList,
    Object,
}

impl Kind {
    /// `<seconds>` and the like.
    pub(crate) fn of(expected: &Value) -> Option<Self> {
        Some(match expected.as_str()? {
            "<absent>" => Self::Absent,
            "<boolean>" => Self::Boolean,
            "<text>" => Self::Text,
            "<seconds>" => Self::Seconds,
            "<list>" => Self::List,
            "<filled list>" => Self::FilledList,
            "<object>" => Self::Object,
            _ => return None,
        })
    }

    pub(crate) fn takes(self, found: Option<&Value>) -> bool {
        let Some(found) = found else {
            return matches!(self, Self::Absent);
        };
        match self {
            Self::Absent => false,
            Self::Boolean => found.is_boolean(),
            Self::Text => found.as_str().is_some_and(|text| !text.is_empty()),
            Self::Seconds => found.is_f64() && (1.4e9..1e10).contains(&found.as_f64().unwrap()),
            Self::List => found.is_array(),
            Self::FilledList => found.as_array().is_some_and(|list| !list.is_empty()),
            Self::Object => found.is_object(),
        }
    }
}
