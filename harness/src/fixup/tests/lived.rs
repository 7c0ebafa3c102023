//! A project of a real server, in process, that was sent a few calls by named sources.
//! Its journal is what diagnoses and verifications read.

use serde_json::{Value, json};
use twinfold_server::{Projects, router};

use crate::{
    fixup::{IdKind, IdSchema, IdType},
    target::{Credentials, InProcess, ProjectClient, Request, Target},
};

pub(super) fn types(trim: bool) -> IdSchema {
    let registered = IdType {
        trim,
        ..IdType::new("registered", IdKind::Hard)
    };
    let others = [
        IdType::new("crm", IdKind::Hard),
        IdType::new("cookie", IdKind::Soft),
    ];
    IdSchema::new([vec![registered], others.to_vec()].concat()).unwrap()
}

/// A project that was sent these: source, path behind `customers`, body.
pub(super) async fn lived(trim: bool, sent: &[(&str, &str, Value)]) -> ProjectClient {
    let target = Target::InProcess(InProcess::new(router(Projects::new())));
    let id_types = json!({
        "registered": {"kind": "hard", "trim": trim}, "crm": {"kind": "hard"}, "cookie": {"kind": "soft"},
    });
    let create = Request::post("/_twinfold/projects", &json!({"id_types": id_types}));
    let created = target.send(create).await.unwrap().json().unwrap();
    let credentials: Credentials = serde_json::from_value(created).unwrap();
    let client = ProjectClient::new(target, credentials);
    for (source, path, body) in sent {
        let request = Request::post(client.track_path(&format!("/customers{path}")), body);
        let request = request.header("twinfold-source", *source);
        let reply = client.send(request).await.unwrap();
        assert_eq!(reply.status, 200, "{body}");
    }
    client
}

pub(super) fn set(ids: Value, properties: Value) -> Value {
    json!({"customer_ids": ids, "properties": properties})
}
