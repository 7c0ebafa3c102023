//! Where the profiles of a repair or a diagnosis come from: an export file, or a project of a server.
//! The ID types are named, asked of our own server, or told by the values.

use std::path::PathBuf;

use clap::Args;
use serde_json::Value;
use twinfold_engine::IdSchema;

use super::{
    Failure, hooks,
    project::{Key, schema_named, schema_shown, shown},
};
use crate::{
    fixup::{Export, FixUpError, PlanOptions, Schema},
    target::ProjectClient,
};

/// Where profiles come from.
#[derive(Debug, Args)]
pub(super) struct From {
    /// An export file: JSON lines as export-one gives them, or the reply of customers/export
    #[arg(required_unless_present = "url", conflicts_with = "url")]
    pub(super) export: Option<PathBuf>,
    /// Base URL of a server with the Engagement API, instead of a file
    #[arg(long)]
    pub(super) url: Option<String>,
    #[command(flatten)]
    key: Key,
    /// ID types in schema order, such as registered=hard,cookie=soft; registered=hard:no-trim or :lowercase where a type is
    /// so; asked of our own server, else told by the values: lists are soft
    #[arg(long, value_delimiter = ',', value_name = "TYPE=KIND")]
    ids: Vec<String>,
    /// Hard ID type that holds e-mail addresses [default: registered, else email_id, else the first]
    #[arg(long)]
    pub(super) email_type: Option<String>,
    /// Property that holds e-mail addresses
    #[arg(long, default_value = "email")]
    email_property: String,
}

/// Profiles to work on, with their schema.
pub(super) enum Found {
    File(Export),
    Live(ProjectClient, IdSchema),
}

impl Found {
    pub(super) fn schema(&self) -> &IdSchema {
        match self {
            Self::File(export) => &export.types,
            Self::Live(_, types) => types,
        }
    }
}

impl From {
    pub(super) async fn find(&self) -> Result<Found, Failure> {
        let given = schema_named(&self.ids)?;
        if let Some(path) = &self.export {
            let schema = given.map_or(Schema::Inferred, Schema::Given);
            let export = Export::read(path, schema);
            return Ok(Found::File(
                export.map_err(|error| Failure::Input(error.to_string()))?,
            ));
        }
        let url = self.url.as_deref().unwrap_or_default();
        let client = self.key.client(url)?;
        let schema = match given {
            Some(schema) => schema,
            None => {
                let project = shown(&client).await?;
                mind_strategy(&project);
                schema_shown(&project)?
            }
        };
        Ok(Found::Live(client, schema))
    }

    pub(super) fn options(&self, schema: &IdSchema) -> PlanOptions {
        let mut options = hooks::options(schema);
        if let Some(email_type) = &self.email_type {
            options.email_type.clone_from(email_type);
        }
        options.email_property.clone_from(&self.email_property);
        options
    }
}

/// What joins profiles, and what keeps them apart, is known of Engagement's rules only.
fn mind_strategy(project: &Value) {
    let strategy = project["strategy"].as_str().unwrap_or_default();
    if strategy != "engagement" {
        eprintln!(
            "mind: the project answers by `{strategy}`; the diagnosis and the plan follow Engagement's rules"
        );
    }
}

pub(super) fn failure(error: FixUpError) -> Failure {
    match error {
        FixUpError::Export(_)
        | FixUpError::NoSuchHardType { .. }
        | FixUpError::NoRunLog { .. }
        | FixUpError::NoPlan { .. }
        | FixUpError::OtherTypes { .. }
        | FixUpError::Log(_) => Failure::Input(error.to_string()),
        other => Failure::Server(other.to_string()),
    }
}
