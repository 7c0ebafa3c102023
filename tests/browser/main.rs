//! A page of another origin calls the server as the web SDK does, in a real browser: CORS, preflights, cookies, beacons.
//! The page is ours; the browser is Chromium, installed when it is missing.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

mod driver;

use std::{net::Ipv4Addr, time::Duration};

use axum::{Router, response::Html, routing::get};
use http::header;
use serde_json::{Value, json};
use twinfold_server::{CONTROL_PREFIX, Credentials, Projects, Server};

use driver::Browser;

/// The server, the shop's page on another origin, and the browser.
struct Stage {
    server: Server,
    token: String,
    shop: String,
    browser: Browser,
}

impl Stage {
    async fn set() -> Self {
        let projects = Projects::with_default_project();
        Self {
            server: Server::start(Ipv4Addr::LOCALHOST.into(), 0, projects)
                .await
                .unwrap(),
            token: Credentials::of_default_project().token,
            shop: shop().await,
            browser: Browser::start().await,
        }
    }

    /// Opens the shop and starts the SDK; what the first bulk was answered.
    async fn visit(&self, ids: Value) -> Value {
        self.browser.open(&self.shop).await;
        let (target, token) = (self.server.base_url(), &self.token);
        let start = format!("sdk.start({}, {}, {ids})", json!(target), json!(token));
        self.browser.evaluate(&start).await
    }

    async fn customers(&self) -> Vec<Value> {
        let base = self.server.base_url();
        let url = format!("{base}{CONTROL_PREFIX}/projects/{}/customers", self.token);
        let text = reqwest::get(url).await.unwrap().text().await.unwrap();
        let mut body: Value = serde_json::from_str(&text).unwrap();
        serde_json::from_value(body["customers"].take()).unwrap()
    }

    /// Waits until the customer has an event of this type.
    async fn until_tracked(&self, number: usize, event_type: &str) {
        let tracked = async {
            while !types(&self.customers().await[number - 1]).contains(&event_type.to_owned()) {
                tokio::task::yield_now().await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(20), tracked).await;
        assert!(waited.is_ok(), "no `{event_type}` reached #{number}");
    }
}

/// The shop's page on a port of its own, so that the server is another origin to it. It is the same site, as it is to a
/// shop with a tracking domain of its own: a browser that blocks third-party cookies does not send them to another site.
async fn shop() -> String {
    let script = [(header::CONTENT_TYPE, "text/javascript")];
    let pages = Router::new()
        .route("/", get(Html(include_str!("page.html"))))
        .route("/sdk.js", get((script, include_str!("sdk.js"))));
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    let listener = listener.await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, pages).await });
    format!("http://127.0.0.1:{port}/")
}

fn types(customer: &Value) -> Vec<String> {
    let events = customer["events"].as_array().unwrap().iter();
    let mut types: Vec<String> = events
        .map(|event| event["type"].as_str().unwrap().to_owned())
        .collect();
    types.sort_unstable();
    types
}

#[tokio::test]
async fn a_page_of_another_origin_is_served_as_by_the_service() {
    let stage = Stage::set().await;
    let browser = &stage.browser;

    // The first bulk: its events have no ID at all and reach the customer that the cookie makes.
    let results = stage.visit(json!({})).await;
    let cookie = results[0]["data"]["cookie"].clone();
    assert!(cookie.is_string(), "{results}");
    assert!(results[1]["data"]["time"].is_f64() && results[2]["errors"].is_array());
    assert_eq!(results[3], json!({"status": "ok", "data": []}));
    let customers = stage.customers().await;
    assert_eq!(customers.len(), 1);
    assert_eq!(customers[0]["ids"], json!({"cookie": [cookie]}));
    assert_eq!(types(&customers[0]), ["page_visit", "session_ping"]);

    // The server's cookie was set, and the browser sends it again.
    assert_eq!(browser.evaluate("sdk.remembered()").await, cookie);
    assert_eq!(browser.evaluate("sdk.bundle()").await["success"], true);

    // Signing in keeps the customer; leaving sends a beacon, which asks with a preflight first.
    browser
        .evaluate("sdk.identify('ada', {city: 'Brno'})")
        .await;
    browser.evaluate("sdk.track('purchase')").await;
    browser.open("about:blank").await;
    stage.until_tracked(1, "session_end").await;
    let customers = stage.customers().await;
    assert_eq!(customers.len(), 1);
    assert_eq!(
        customers[0]["ids"],
        json!({"registered": ["ada"], "cookie": [cookie]})
    );
    assert_eq!(customers[0]["properties"]["city"]["value"], "Brno");

    // A page that knows the hard ID only: the same cookie still, the same customer.
    let results = stage.visit(json!({"registered": "ada"})).await;
    assert_eq!(results[0]["data"]["cookie"], cookie);
    assert_eq!(stage.customers().await.len(), 1);

    // A second account on the same browser takes the cookie; the events stay.
    browser.evaluate("sdk.identify('bob', {})").await;
    let customers = stage.customers().await;
    assert_eq!(customers[0]["ids"], json!({"registered": ["ada"]}));
    assert_eq!(
        customers[1]["ids"],
        json!({"registered": ["bob"], "cookie": [cookie]})
    );
    assert!(types(&customers[0]).contains(&"purchase".to_owned()));

    // Anonymizing announces a cookie of the page's own: a new profile, and the browser keeps it.
    let results = browser.evaluate("sdk.anonymize()").await;
    let fresh = results[0]["data"]["cookie"].clone();
    assert_ne!(fresh, cookie);
    assert_eq!(browser.evaluate("sdk.remembered()").await, fresh);
    let customers = stage.customers().await;
    assert_eq!(customers[2]["ids"], json!({"cookie": [fresh]}));
    assert_eq!(types(&customers[2]), ["session_start"]);

    stage.browser.close().await;
}

#[tokio::test]
async fn an_account_that_is_known_is_merged_with_the_browser() {
    let stage = Stage::set().await;
    stage.visit(json!({})).await;
    let known = json!({"project_id": stage.token, "ids": "ada", "properties": {"city": "Brno"}});
    let url = format!("{}/crm/customers", stage.server.base_url());
    let known = reqwest::Client::new().post(url).body(known.to_string());
    assert!(known.send().await.unwrap().status().is_success());
    assert_eq!(stage.customers().await.len(), 2);
    stage.browser.evaluate("sdk.identify('ada', {})").await;
    let customers = stage.customers().await;
    assert_eq!(customers.len(), 1);
    assert_eq!(
        types(&customers[0]),
        ["merge", "page_visit", "session_ping"]
    );
    assert_eq!(customers[0]["properties"]["city"]["value"], "Brno");
    stage.browser.close().await;
}
