//! `/imports/v1`, and the routes that start an import (facts, end of section 7).
//! A run is over when its request is answered; the vendor's goes on behind it (assumed: the outcome is the same).

use std::{borrow::Cow, sync::Arc};

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};
use serde::Deserialize;
use serde_json::{Value, json};
use twinfold_engine::Label;
use utoipa::ToSchema;

use super::Endpoint;
use crate::{
    access::{Action, FileCall, PrivateCall},
    error::Error,
    evidence::Evidence,
    imports::{self, Definition, File, Import, ImportBody, Source},
    journal::{Origin, Route, Step},
    projects::Hosted,
    shapes::{Done, ImportDefined, ImportRan, ImportShown, ImportsListed},
    wire::reply,
};

/// For this run only.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
struct RunBody {
    /// Instead of the URL, or of its path.
    path_to_overwrite: Option<String>,
    /// The connection is tested by the run itself, whatever this says.
    #[allow(dead_code, reason = "it is read so that its type is checked")]
    test_connection: Option<bool>,
}

/// For this run only.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
struct StartBody {
    /// Instead of the URL, or of its path.
    path: Option<String>,
    /// The connection is tested by the run itself, whatever this says.
    #[allow(dead_code, reason = "it is read so that its type is checked")]
    test_connection: Option<bool>,
}

type ImportPath = Path<(String, String)>;

pub(super) fn endpoints() -> Vec<Endpoint> {
    let start = |path: &'static str| {
        Endpoint::post(path, start, "runs an import whose file is at a URL")
            .body::<StartBody>()
            .answers::<Done>()
    };
    vec![
        Endpoint::post(
            "/imports/v1/{token}",
            create,
            "defines an import; with `trigger_type: now` it runs at once",
        )
        .label(Label::Observed)
        .body::<ImportBody>()
        .answers::<ImportDefined>(),
        Endpoint::get("/imports/v1/{token}", list, "every import of the project")
            .label(Label::Observed)
            .answers::<ImportsListed>(),
        Endpoint::get(
            "/imports/v1/{token}/{import_id}",
            show,
            "one import, with the report of its runs",
        )
        .label(Label::Observed)
        .answers::<ImportShown>(),
        Endpoint::delete(
            "/imports/v1/{token}/{import_id}",
            remove,
            "deletes an import; what it wrote stays",
        )
        .label(Label::Observed)
        .answers::<Done>(),
        Endpoint::post(
            "/imports/v1/{token}/{import_id}/run",
            run_again,
            "runs an import and reports on it",
        )
        .label(Label::Observed)
        .body::<RunBody>()
        .answers::<ImportRan>(),
        start("/data/v2/projects/{token}/imports/{import_id}/start"),
        start("/data/v2/workspaces/{token}/imports/{import_id}/start"),
    ]
}

async fn create(FileCall(call): FileCall) -> Result<Response, Error> {
    call.may(Action::TriggerImports)?;
    let mut sent: Value = serde_json::from_slice(&call.body).map_err(|_| Error::InvalidJson)?;
    if !sent.is_object() {
        return Err(Error::InvalidJson);
    }
    let definition = read(&call.project, &sent.to_string())?;
    let content = definition.content.clone().map(Arc::from);
    if let Some(source) = sent.get_mut("source").and_then(Value::as_object_mut) {
        source.remove("content");
    }
    // What cannot be read is not defined: the file and its columns are looked at first.
    let has_file = definition.runs_now || matches!(definition.source, Source::Inline);
    let bytes = match has_file {
        true => imports::load(&definition.source, content.as_ref(), None)
            .await
            .map(Some),
        false => Ok(None),
    };
    let bytes = match (bytes, &definition.source) {
        // The vendor fetches behind the scenes, so that its client has an import in any case.
        (Err(says), Source::Url { .. }) => return Ok(unfetched(&call.project, &sent, says)),
        (bytes, _) => bytes.map_err(refused)?,
    };
    let file = bytes.as_deref().map(File::read).transpose();
    let file = file.map_err(refused)?;
    if let Some(file) = &file {
        imports::check(&definition, file).map_err(refused)?;
    }
    let import_id = define(&call.project, &sent, content.as_deref());
    let mut evidence = Evidence::default();
    let mut body = json!({"import_id": import_id});
    if let Some(file) = file.filter(|_| definition.runs_now) {
        let ran = imports::run(&call.project, &import_id, &definition, &file).await;
        let (run, of_rows) = ran.map_err(refused)?;
        (body["run"], evidence) = (json!(run), of_rows);
    }
    if has_file {
        evidence.add_label(Label::Assumed);
    }
    Ok(evidence.under(reply::json(200, &body)))
}

/// The import is there, and the report of its run says why no file was.
fn unfetched(project: &Hosted, sent: &Value, says: String) -> Response {
    let import_id = define(project, sent, None);
    let run = imports::fail(project, &import_id, says);
    let body = json!({"import_id": import_id, "run": run});
    assumed(&body)
}

fn define(project: &Hosted, sent: &Value, content: Option<&str>) -> String {
    let mut world = project.world();
    let id = world.state().imports.next_id();
    let step = Step::DefineImport {
        id: Cow::Borrowed(&id),
        definition: Cow::Owned(sent.to_string()),
        content: content.map(Cow::Borrowed),
    };
    world.note(origin(), &step);
    id
}

async fn list(PrivateCall(call): PrivateCall) -> Response {
    let world = call.project.world();
    let imports = world.state().imports.all().iter();
    let shown = imports
        .map(|import| json!({"import_id": import.id, "import_definition": import.definition()}));
    reply::json(200, &shown.collect())
}

async fn show(
    Path((_, import_id)): ImportPath,
    PrivateCall(call): PrivateCall,
) -> Result<Response, Error> {
    let import = find(&call.project, &import_id)?;
    let shown = json!({
        "import_id": import.id,
        "import_definition": import.definition(),
        "runs": import.runs(),
    });
    Ok(assumed(&shown))
}

async fn remove(
    Path((_, import_id)): ImportPath,
    PrivateCall(call): PrivateCall,
) -> Result<Response, Error> {
    find(&call.project, &import_id)?;
    let id = Cow::Borrowed(import_id.as_str());
    let mut world = call.project.world();
    world.note(origin(), &Step::RemoveImport { id });
    Ok(assumed(&json!({"success": true})))
}

async fn run_again(
    Path((_, import_id)): ImportPath,
    PrivateCall(call): PrivateCall,
) -> Result<Response, Error> {
    call.may(Action::TriggerImports)?;
    let body: RunBody = optional(&call.body)?;
    let import = find(&call.project, &import_id)?;
    let definition = read(&call.project, import.body())?;
    let (run, mut evidence) =
        run(&call.project, &import, &definition, body.path_to_overwrite).await?;
    evidence.add_label(Label::Assumed);
    let body = json!({"success": true, "run": run});
    Ok(evidence.under(reply::json(200, &body)))
}

async fn start(
    Path((_, import_id)): ImportPath,
    call: Result<PrivateCall, Error>,
) -> Result<Response, Response> {
    let PrivateCall(call) = call.map_err(not_let_in)?;
    call.may(Action::TriggerImports)
        .map_err(Error::into_response)?;
    started(&call.project, &import_id, &call.body)
        .await
        .map_err(Error::into_response)
}

async fn started(project: &Hosted, import_id: &str, body: &[u8]) -> Result<Response, Error> {
    let body: StartBody = optional(body)?;
    let import = find(project, import_id)?;
    let definition = read(project, import.body())?;
    if matches!(definition.source, Source::Inline) {
        let says = "an import whose content was pasted cannot be started; use POST /imports/v1/{token}/{import_id}/run";
        return Err(refused(says.into()));
    }
    let (_, mut evidence) = run(project, &import, &definition, body.path).await?;
    // The vendor starts only those that were made in its app, which this server does not have.
    evidence.add_label(Label::Assumed);
    Ok(evidence.under(reply::json(200, &json!({"success": true}))))
}

/// How the vendor refuses here: it asks for a login, or says `_global` what permission is missing.
fn not_let_in(error: Error) -> Response {
    const NO_PERMISSION: &str = "No permission to allow trigger imports. Check Project settings -> Access management -> API -> Imports -> Allow trigger imports.";
    let login = HeaderValue::from_static("Basic realm=\"Login Required\"");
    match error.status() {
        401 => {
            let mut response = error.into_response();
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, login);
            response
        }
        403 if error == Error::PrivateAccessNeeded => {
            Error::DataGlobal(403, NO_PERMISSION.into()).into_response()
        }
        403 => Error::DataGlobal(403, error.to_string()).into_response(),
        _ => error.into_response(),
    }
}

async fn run(
    project: &Hosted,
    import: &Import,
    definition: &Definition,
    path: Option<String>,
) -> Result<(imports::Run, Evidence), Error> {
    let bytes = imports::load(&definition.source, import.content.as_ref(), path).await;
    let bytes = bytes.map_err(refused)?;
    let file = File::read(&bytes).map_err(refused)?;
    let ran = imports::run(project, &import.id, definition, &file).await;
    ran.map_err(refused)
}

fn read(project: &Hosted, sent: &str) -> Result<Definition, Error> {
    let world = project.world();
    let settings = world.project().settings();
    let unknown = settings.switches.unknown_id_type;
    Definition::read(sent, world.project().schema(), unknown).map_err(refused)
}

fn find(project: &Hosted, import_id: &str) -> Result<Import, Error> {
    let world = project.world();
    let found = world.state().imports.find(import_id);
    found.cloned().ok_or(Error::NoSuchImport)
}

/// A body that may be left out.
fn optional<'a, T: Default + Deserialize<'a>>(body: &'a [u8]) -> Result<T, Error> {
    match body.trim_ascii() {
        b"" => Ok(T::default()),
        body if body.starts_with(b"{") => {
            serde_json::from_slice(body).map_err(|error| refused(error.to_string()))
        }
        _ => Err(Error::InvalidJson),
    }
}

/// A reply whose route is known from clients, and whose body is not.
fn assumed(body: &Value) -> Response {
    Evidence::of(Label::Assumed).under(reply::json(200, body))
}

fn refused(says: String) -> Error {
    Error::DataGlobal(400, says)
}

fn origin() -> Origin<'static> {
    Origin {
        source: Cow::Borrowed("import"),
        route: Route::Import,
        item: None,
    }
}
