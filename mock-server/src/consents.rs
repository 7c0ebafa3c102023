//! Consent categories of a project, as it defines them and as apps read them (quirk 31).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Where consents of a category may come from, by the names that apps read.
const SOURCES: [&str; 6] = [
    "crm",
    "import",
    "page",
    "private_api",
    "public_api",
    "scenario",
];

/// One category of consents.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentCategory {
    /// What consent events call it.
    pub id: String,
    /// What people call it; its ID if left out.
    pub name: Option<String>,
    /// Whether it holds without anybody's consent.
    #[serde(default)]
    pub legitimate_interest: bool,
    /// Where its consents may come from; from everywhere if left out.
    pub sources: Option<Vec<String>>,
    /// By language: `name`, `description`; the name in English if left out.
    #[serde(default)]
    pub translations: BTreeMap<String, BTreeMap<String, String>>,
}

/// The categories that a project has unless it names its own.
pub(crate) fn default_categories() -> Vec<ConsentCategory> {
    let category = |id: &str, name: &str| ConsentCategory {
        id: id.into(),
        name: Some(name.into()),
        legitimate_interest: false,
        sources: None,
        translations: BTreeMap::new(),
    };
    vec![
        category("newsletter", "Newsletter"),
        category("sms", "Text messages"),
    ]
}

/// What is wrong with these categories.
pub(crate) fn check(categories: &[ConsentCategory]) -> Result<(), String> {
    if categories.is_empty() {
        return Err(
            "consent_categories: apps need at least one; leave it out for the default ones".into(),
        );
    }
    for category in categories {
        let mut sources = category.sources.iter().flatten();
        if let Some(unknown) = sources.find(|source| !SOURCES.contains(&source.as_str())) {
            let (id, known) = (&category.id, SOURCES.join(", "));
            return Err(format!(
                "consent_categories: `{id}`: source `{unknown}` is none of {known}"
            ));
        }
    }
    Ok(())
}

impl ConsentCategory {
    /// What people call it.
    pub(crate) fn shown_name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.id)
    }

    /// As the Data API lists it.
    pub(crate) fn described(&self) -> Value {
        let allowed = |source: &str| {
            let listed = self.sources.as_ref();
            listed.is_none_or(|listed| listed.iter().any(|other| other == source))
        };
        let sources: Map<String, Value> = SOURCES
            .iter()
            .map(|source| ((*source).to_owned(), json!(allowed(source))))
            .collect();
        let mut translations = self.translations.clone();
        if translations.is_empty() {
            let name = ("name".to_owned(), self.shown_name().to_owned());
            let description = ("description".to_owned(), String::new());
            translations.insert("en".into(), BTreeMap::from([name, description]));
        }
        json!({
            "id": self.id,
            "legitimate_interest": self.legitimate_interest,
            "sources": sources,
            "translations": translations,
        })
    }
}
