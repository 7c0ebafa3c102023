//! Which project of which server a command talks to, and what can be asked of our own.

use std::net::IpAddr;

use clap::Args;
use serde_json::Value;
use twinfold_engine::{IdKind, IdSchema, IdType};
use twinfold_server::Credentials as DefaultCredentials;

use super::Failure;
use crate::target::{
    CONTROL, Credentials, HttpTarget, ProjectClient, Request, Target, TargetError,
};

/// The project and its key.
#[derive(Debug, Args)]
pub(super) struct Key {
    /// Project token
    #[arg(long, env = "TWINFOLD_PROJECT", default_value_t = DefaultCredentials::of_default_project().token)]
    project: String,
    /// API key ID
    #[arg(long, env = "TWINFOLD_API_KEY_ID", hide_env_values = true, default_value_t = DefaultCredentials::of_default_project().api_key_id)]
    api_key_id: String,
    /// API secret
    #[arg(long, env = "TWINFOLD_API_SECRET", hide_env_values = true, default_value_t = DefaultCredentials::of_default_project().api_secret)]
    api_secret: String,
}

impl Key {
    /// A client of the project at this base URL.
    pub(super) fn client(&self, url: &str) -> Result<ProjectClient, Failure> {
        let target = HttpTarget::new(url).map_err(|error| Failure::Server(error.to_string()))?;
        let credentials = Credentials {
            token: self.project.clone(),
            api_key_id: self.api_key_id.clone(),
            api_secret: self.api_secret.clone(),
            public_token: String::new(),
            access_groups: Vec::new(),
        };
        Ok(ProjectClient::new(Target::Http(target), credentials))
    }
}

/// The schema of a project of our own server.
pub(super) async fn schema_of(client: &ProjectClient) -> Result<IdSchema, Failure> {
    schema_shown(&shown(client).await?)
}

/// What the control API shows of a project of our own server.
pub(super) async fn shown(client: &ProjectClient) -> Result<Value, Failure> {
    let request = Request::get(format!("{CONTROL}/projects/{}", client.credentials.token));
    client.accepted(request).await.map_err(|error| match error {
        TargetError::Unreachable { .. } => Failure::Server(error.to_string()),
        _ => Failure::Server(format!(
            "the ID types of the project are not known ({error}); for a server other than twinfold, name them with --ids"
        )),
    })
}

/// The schema in what the control API shows of a project.
pub(super) fn schema_shown(shown: &Value) -> Result<IdSchema, Failure> {
    let order = shown["id_type_order"].as_array();
    let types = order.into_iter().flatten().filter_map(|name| {
        let name = name.as_str()?;
        let shape = &shown["id_types"][name];
        let kind = match shape["kind"].as_str()? {
            "hard" => IdKind::Hard,
            _ => IdKind::Soft,
        };
        let mut id_type = IdType::new(name, kind);
        id_type.trim = shape["trim"].as_bool()?;
        id_type.lowercase = shape["lowercase"].as_bool()?;
        id_type.values_max = u16::try_from(shape["values_max"].as_u64()?).ok()?;
        Some(id_type)
    });
    IdSchema::new(types.collect()).map_err(|error| Failure::Server(error.to_string()))
}

fn id_type(written: &str) -> Option<IdType> {
    let (name, about) = written.split_once('=')?;
    let mut words = about.split(':');
    let mut id_type = match words.next()? {
        "hard" => IdType::hard(name),
        "soft" => IdType::soft(name),
        _ => return None,
    };
    for word in words {
        match word {
            "no-trim" => id_type.trim = false,
            "lowercase" => id_type.lowercase = true,
            _ => return None,
        }
    }
    Some(id_type)
}

/// Whether a URL is on this machine.
pub(super) fn is_loopback(url: &str) -> bool {
    let host = url.parse::<http::Uri>().ok();
    let host = host.as_ref().and_then(http::Uri::host).unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// The schema that `NAME=hard` and `NAME=soft` name, with `:no-trim` and `:lowercase` behind where a type is so; nothing if
/// nothing is named.
pub(super) fn schema_named(ids: &[String]) -> Result<Option<IdSchema>, Failure> {
    if ids.is_empty() {
        return Ok(None);
    }
    let types = ids.iter().map(|written| {
        id_type(written).ok_or_else(|| {
            Failure::Input(format!(
                "`{written}` in --ids is no ID type; write NAME=hard or NAME=soft, with :no-trim or :lowercase behind if it is so"
            ))
        })
    });
    let schema = IdSchema::new(types.collect::<Result<_, _>>()?);
    schema
        .map(Some)
        .map_err(|error| Failure::Input(format!("--ids: {error}")))
}
