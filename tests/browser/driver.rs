//! A headless Chromium, driven by the WebDriver protocol: sessions, pages, scripts.
//! Spoken directly, because thirtyfour turns on `serde_json/preserve_order`, which would change the server under test.

use std::process::Stdio;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};
use twinfold_tests::install;

/// A browser that ends when it is dropped.
pub(crate) struct Browser {
    http: reqwest::Client,
    session: String,
    /// Both are kept for as long as the browser runs.
    _driver: Child,
    _profile: TempDir,
}

impl Browser {
    /// A browser that has never been anywhere.
    pub(crate) async fn start() -> Self {
        install::debian(&[
            ("chromium", "chromium"),
            ("chromedriver", "chromium-driver"),
        ]);
        let (driver, port) = driver().await;
        let profile = tempfile::tempdir().unwrap();
        let profile_flag = format!("--user-data-dir={}", profile.path().display());
        let flags = json!([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            profile_flag,
        ]);
        let capabilities = json!({"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": {"args": flags}}});
        let http = reqwest::Client::new();
        let base = format!("http://127.0.0.1:{port}/session");
        let started = post(&http, &base, json!({"capabilities": capabilities})).await;
        let id = started["sessionId"].as_str().unwrap();
        Self {
            http,
            session: format!("{base}/{id}"),
            _driver: driver,
            _profile: profile,
        }
    }

    pub(crate) async fn open(&self, url: &str) {
        let path = format!("{}/url", self.session);
        post(&self.http, &path, json!({"url": url})).await;
    }

    /// What an expression of the page comes to, once it is there.
    pub(crate) async fn evaluate(&self, expression: &str) -> Value {
        let path = format!("{}/execute/sync", self.session);
        let script = format!("return (async () => {expression})();");
        post(&self.http, &path, json!({"script": script, "args": []})).await
    }

    pub(crate) async fn close(self) {
        self.http.delete(&self.session).send().await.unwrap();
    }
}

/// The driver on a free port, which it says itself.
async fn driver() -> (Child, u16) {
    let mut driver = Command::new("chromedriver");
    let driver = driver
        .arg("--port=0")
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    let mut driver = driver.spawn().unwrap();
    let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
    while let Some(line) = lines.next_line().await.unwrap() {
        let port = line.split("started successfully on port ").nth(1);
        if let Some(port) = port {
            return (driver, port.trim_end_matches('.').parse().unwrap());
        }
    }
    panic!("chromedriver names no port");
}

async fn post(http: &reqwest::Client, url: &str, body: Value) -> Value {
    let reply = http.post(url).body(body.to_string()).send().await.unwrap();
    let text = reply.text().await.unwrap();
    let mut reply: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(reply["value"]["error"], Value::Null, "{text}");
    reply["value"].take()
}
