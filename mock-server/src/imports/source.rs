//! Where the file of an import is: in the definition itself, or at a URL.

use std::sync::Arc;

use serde::Deserialize;
use utoipa::ToSchema;

use super::fetch::fetch;

/// Where the file is, as it is sent.
#[derive(Deserialize, ToSchema)]
pub(super) struct SourceBody {
    /// `url`, or `inline`, which is ours.
    source_type: Option<String>,
    /// `http://`, on loopback.
    import_url: Option<String>,
    auth: Option<Auth>,
    /// Of an inline source: the CSV, up to 64 MiB.
    content: Option<String>,
}

/// Basic authentication at the source.
#[derive(Clone, Deserialize, ToSchema)]
pub(crate) struct Auth {
    pub(crate) username: String,
    pub(crate) password: String,
}

/// Where the file is.
#[derive(Clone)]
pub(crate) enum Source {
    Inline,
    Url { url: String, auth: Option<Auth> },
}

impl SourceBody {
    pub(super) fn read(self) -> Result<(Source, Option<String>), String> {
        match self.source_type.as_deref() {
            Some("inline") => Ok((Source::Inline, self.content)),
            Some("url") => {
                let url = self.import_url.ok_or("`source.import_url` is missing")?;
                if !url.starts_with("http://") && !url.starts_with("https://") {
                    return Err(format!(
                        "`source.import_url`: `{url}` is no URL such as `http://127.0.0.1:8000/customers.csv`"
                    ));
                }
                let auth = self.auth;
                Ok((Source::Url { url, auth }, None))
            }
            Some(other) => Err(format!(
                "`source.source_type`: `{other}` is not emulated; use `url` or `inline`"
            )),
            None => Err("`source.source_type` is missing".into()),
        }
    }
}

/// The bytes of the file. Nothing of the project is held meanwhile.
pub(crate) async fn load(
    source: &Source,
    content: Option<&Arc<str>>,
    path: Option<String>,
) -> Result<Vec<u8>, String> {
    match (source, path) {
        (Source::Inline, Some(_)) => {
            Err("an import whose content is inline has no path to overwrite".into())
        }
        (Source::Inline, None) => {
            let content = content.ok_or("`source.content` is missing")?;
            Ok(content.as_bytes().to_vec())
        }
        (Source::Url { url, auth }, path) => {
            let url = path.map_or_else(|| url.clone(), |path| overwritten(url, &path));
            fetch(&url, auth.as_ref()).await
        }
    }
}

/// A whole URL replaces the URL, a path its path.
fn overwritten(url: &str, path: &str) -> String {
    if path.contains("://") {
        return path.to_owned();
    }
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let host = rest.split('/').next().unwrap_or_default();
    format!("{scheme}://{host}/{}", path.trim_start_matches('/'))
}
