//! Clients from the registries, in pinned versions. A driver beside this file uses every method of one client.

use std::{path::Path, process::Command};

use serde_json::{Value, json};
use twinfold_tests::{client::Client, environment};

/// Where the clients are installed.
const FOLDER: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/clients");

/// The Python clients use whatever `requests` there is; only the first declares it.
const REQUESTS: &str = "requests==2.34.2";

#[tokio::test]
async fn exponea_python_sdk_0_2_0() {
    python("exponea_sdk.py", &["exponea-python-sdk==0.2.0", REQUESTS]).await;
}

#[tokio::test]
async fn exponea_python_sdk_0_1_5() {
    python("exponea_sdk.py", &["exponea-python-sdk==0.1.5", REQUESTS]).await;
}

#[tokio::test]
async fn infinario_2_0_1() {
    python("infinario_sdk.py", &["infinario==2.0.1", REQUESTS]).await;
}

#[tokio::test]
async fn bloomreach_segmentation_0_0_16() {
    let client = project(json!({"definitions": {"segmentations": {"s1": {
        "name": "Loyalty",
        "category": "content",
        "segments": [
            {"name": "gold", "id": "g", "when": [{"property": "plan", "operator": "equals", "value": "gold"}]},
            {"name": "others", "id": "o"},
        ],
    }}}}))
    .await;
    let ids = json!({"cookie": "laptop"});
    let body = json!({"customer_ids": ids, "properties": {"plan": "gold"}});
    assert_eq!(client.post(&client.track("/customers"), body).await.0, 200);
    drive(&client, |folder| {
        let (manifest, lock) = (
            include_str!("package.json"),
            include_str!("package-lock.json"),
        );
        let modules = environment::node(folder, "segmentation", manifest, lock);
        let mut node = Command::new("node");
        node.arg(script("segmentation.mjs"));
        node.env("TWINFOLD_MODULES", modules);
        node.env(
            "TWINFOLD_SEGMENTS",
            r#"[{"id":"g","segmentation_id":"s1"}]"#,
        );
        node
    })
    .await;
}

async fn python(driver: &'static str, packages: &'static [&'static str]) {
    let client = project(json!({})).await;
    drive(&client, move |folder| {
        let mut python = Command::new(environment::python(folder, packages));
        python
            .arg(script(driver))
            .env("PYTHONDONTWRITEBYTECODE", "1");
        python
    })
    .await;
}

/// A server with a project of the client's own.
async fn project(settings: Value) -> Client {
    let mut client = Client::start().await;
    client.create(settings).await;
    client
}

fn script(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("clients")
        .join(name)
}

/// Runs a driver while the server answers, and shows its lines if it fails.
async fn drive(client: &Client, command: impl FnOnce(&Path) -> Command + Send + 'static) {
    let project = &client.project;
    let variables = [
        ("TWINFOLD_URL", client.base_url()),
        ("TWINFOLD_TOKEN", project.token.clone()),
        ("TWINFOLD_KEY_ID", project.api_key_id.clone()),
        ("TWINFOLD_SECRET", project.api_secret.clone()),
    ];
    let ran = tokio::task::spawn_blocking(move || {
        let mut command = command(Path::new(FOLDER));
        command.envs(variables).output().unwrap()
    });
    let output = ran.await.unwrap();
    let says = String::from_utf8_lossy(&output.stdout);
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{says}\n{wrong}");
    assert!(!says.is_empty(), "the driver did nothing\n{wrong}");
}
