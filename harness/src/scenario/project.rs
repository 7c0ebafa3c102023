//! The project of a scenario on the server: made, its journal read, deleted.

use serde_json::Value;

use crate::target::{CONTROL, ProjectClient, Reply, Request, Target, TargetError};

/// Written as bytes, because the order of the ID types counts.
pub(super) async fn create(
    target: &Target,
    settings: Vec<u8>,
) -> Result<ProjectClient, TargetError> {
    let path = format!("{CONTROL}/projects");
    let request = Request {
        body: settings,
        ..Request::post(path.clone(), &Value::Null)
    };
    let reply = target.send(request).await?;
    if !(200..300).contains(&reply.status) {
        return Err(refused("POST", path, &reply));
    }
    let credentials = serde_json::from_slice(&reply.body).map_err(|_| TargetError::NotJson {
        status: reply.status,
        beginning: String::from_utf8_lossy(&reply.body)
            .chars()
            .take(120)
            .collect(),
    })?;
    Ok(ProjectClient::new(target.clone(), credentials))
}

/// The whole journal of the project, page by page.
pub(super) async fn journal(client: &ProjectClient) -> Result<Vec<Value>, TargetError> {
    let mut entries = Vec::new();
    let mut after = 0;
    loop {
        let path = client.control_path(&format!("/journal?after={after}&limit=1000"));
        let mut page = client.accepted(Request::get(path)).await?;
        let news = page["entries"].as_array_mut().map(std::mem::take);
        let news = news.unwrap_or_default();
        let Some(last) = news.iter().filter_map(|entry| entry["seq"].as_u64()).max() else {
            return Ok(entries);
        };
        entries.extend(news);
        after = last;
    }
}

pub(super) async fn delete(client: &ProjectClient) -> Result<(), TargetError> {
    let path = client.control_path("");
    let request = Request {
        method: http::Method::DELETE,
        ..Request::get(path.clone())
    };
    let reply = client.send(request).await?;
    if (200..300).contains(&reply.status) {
        return Ok(());
    }
    Err(refused("DELETE", path, &reply))
}

fn refused(method: &str, path: String, reply: &Reply) -> TargetError {
    TargetError::Refused {
        method: method.into(),
        path,
        status: reply.status,
        body: String::from_utf8_lossy(&reply.body).into_owned(),
    }
}
