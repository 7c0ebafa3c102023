//! A call as the lines that a developer changes: the web SDK, an app, the API, the mapping of an import, a switch.
//! Values are those of the journal; where it does not hold one, the line says so in words.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{ColumnMapping, MappedColumn, PlanOptions, journal::Command};

type Named = BTreeMap<String, Value>;

/// Some lines of code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snippet {
    /// What they are in.
    pub language: Language,
    /// What they change, in a few words.
    pub says: String,
    /// The lines.
    pub text: String,
}

/// What lines are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// The web SDK.
    Js,
    /// A mobile SDK, written as its documentation does.
    App,
    /// A shell.
    Sh,
    /// A mapping or a setting.
    Yaml,
    /// Part of a body.
    Json,
}

impl Language {
    /// What Markdown calls it.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Js | Self::App => "js",
            Self::Sh => "sh",
            Self::Yaml => "yaml",
            Self::Json => "json",
        }
    }
}

fn snippet(language: Language, says: &str, text: String) -> Snippet {
    Snippet {
        language,
        says: says.to_owned(),
        text,
    }
}

/// A call of the web SDK; `first` is the hard type that a bare value is of.
pub(super) fn js(
    ids: &Named,
    properties: &Named,
    command: &Command,
    first: &str,
    says: &str,
) -> Snippet {
    let properties = object(properties);
    let bare = ids.get(first).filter(|_| ids.len() == 1);
    let text = match (&command.event_type, ids.is_empty(), bare) {
        (Some(kind), ..) => format!("exponea.track({}, {properties})", json!(kind)),
        (None, true, _) => format!("exponea.update({properties})"),
        (None, false, Some(value)) => format!("exponea.identify({value}, {properties})"),
        (None, false, None) => format!("exponea.identify({}, {properties})", object(ids)),
    };
    snippet(Language::Js, says, text)
}

/// A call of a mobile SDK.
pub(super) fn app(ids: &Named, properties: &Named, command: &Command, says: &str) -> Snippet {
    let text = match &command.event_type {
        Some(kind) => format!("trackEvent({}, {})", json!(kind), object(properties)),
        None => format!("identifyCustomer({}, {})", object(ids), object(properties)),
    };
    snippet(Language::App, says, text)
}

/// A call of the API.
pub(super) fn curl(ids: &Named, properties: &Named, command: &Command, says: &str) -> Snippet {
    let (path, body) = match &command.event_type {
        Some(kind) => (
            "customers/events",
            json!({"customer_ids": ids, "event_type": kind, "properties": properties}),
        ),
        None => (
            "customers",
            json!({"customer_ids": ids, "properties": properties}),
        ),
    };
    let body = body.to_string().replace('\'', r"'\''");
    let text = format!(
        "curl -X POST \"$BASE_URL/track/v2/projects/$PROJECT_TOKEN/{path}\" -u \"$API_KEY_ID:$API_SECRET\" -H 'content-type: application/json' -d '{body}'"
    );
    snippet(Language::Sh, says, text)
}

/// The mapping of an import: as it is, or with the column of the address paired with an ID type.
pub(super) fn import_of(
    mapping: Option<&ColumnMapping>,
    ids: &Named,
    options: &PlanOptions,
    by_address: Option<&str>,
    says: &str,
) -> Snippet {
    let column_of = |mapped: &[MappedColumn], to: &str| {
        let found = mapped.iter().find(|mapped| mapped.to() == to);
        found.map(|mapped| mapped.from_column.clone())
    };
    let id_columns = |name: &str| mapping.and_then(|m| column_of(&m.id_mappings, name));
    let property = &options.email_property;
    let address = mapping.and_then(|m| column_of(&m.property_mappings, property));
    let pairs = ids.keys().map(|name| {
        let column = match by_address {
            Some(email_type) if email_type == name => address
                .clone()
                .unwrap_or_else(|| format!("<the column of the property {property}>")),
            _ => id_columns(name).unwrap_or_else(|| format!("<the column of {name}>")),
        };
        format!("{name}: {column}")
    });
    let mut text = format!("ids: {{{}}}", pairs.collect::<Vec<_>>().join(", "));
    if let Some(mapping) = mapping.filter(|mapping| !mapping.property_mappings.is_empty()) {
        let pairs = mapping.property_mappings.iter();
        let pairs = pairs.map(|mapped| format!("{}: {}", mapped.to(), mapped.from_column));
        let pairs: Vec<_> = pairs.collect();
        text.push_str(&format!("\nproperties: {{{}}}", pairs.join(", ")));
    }
    snippet(Language::Yaml, says, text)
}

/// The switch of an ID type, as the front matter of a scenario writes it.
pub(super) fn id_type(name: &str, switch: &str) -> Snippet {
    let says = "or, for every source at once, the transformation of the ID type";
    let text = format!("ids: {{{name}: {{kind: hard, {switch}: true}}}}");
    snippet(Language::Yaml, says, text)
}

/// What makes the link of a mail carry identity.
pub(super) fn transfer_identity() -> Snippet {
    let says = "and in the mail with the link of the confirmation";
    let text = "\"transfer_identity\": \"enabled\"".to_owned();
    snippet(Language::Json, says, text)
}

/// JSON as a page writes it: names bare where they may be.
fn object(named: &Named) -> String {
    if named.is_empty() {
        return "{}".to_owned();
    }
    let pairs = named
        .iter()
        .map(|(name, value)| format!("{}: {}", bare(name), literal(value)));
    format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
}

fn literal(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let pairs = map
                .iter()
                .map(|(name, value)| format!("{}: {}", bare(name), literal(value)));
            format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

fn bare(name: &str) -> String {
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '$');
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    match starts && name.chars().all(is_name) {
        true => name.to_owned(),
        false => json!(name).to_string(),
    }
}
