//! A repair of a served project: a plan that doubts its ID type is applied only when the type is named.

use serde_json::json;

use super::{code, twinfold};

/// In a shop of customer numbers, giving a guest an address as `registered` would keep it apart for ever.
#[tokio::test]
async fn a_plan_that_doubts_its_type_is_not_applied_unasked() {
    let projects = twinfold_server::Projects::with_default_project();
    let server = twinfold_server::Server::start([127, 0, 0, 1].into(), 0, projects);
    let server = server.await.unwrap();
    let (url, project) = (
        server.base_url(),
        twinfold_server::Credentials::of_default_project(),
    );
    let http = reqwest::Client::new();
    for ids in [
        json!({"registered": "880"}),
        json!({"registered": "881"}),
        json!({"cookie": "guest"}),
    ] {
        let body = json!({"customer_ids": ids, "properties": {"email": "ada@example.com"}});
        let customers = format!("{url}/track/v2/projects/{}/customers", project.token);
        let request = http
            .post(customers)
            .basic_auth(&project.api_key_id, Some(&project.api_secret));
        assert!(
            request
                .body(body.to_string())
                .send()
                .await
                .unwrap()
                .status()
                .is_success()
        );
    }
    for (more, expected, says) in [
        (vec![], 2, "nothing was sent"),
        (vec!["--email-type", "registered"], 1, "1 call made"),
    ] {
        let mut command = twinfold();
        command.args(["fix", "--url", &url, "--apply"]).args(&more);
        let (found, text) = tokio::task::spawn_blocking(move || code(&mut command))
            .await
            .unwrap();
        assert_eq!(found, Some(expected), "{text}");
        assert!(text.contains(says), "{text}");
    }
}

/// A diagnosis follows Engagement's rules; a project of other rules is told so. An import is tried on a copy, by its own.
#[tokio::test]
async fn a_project_of_other_rules_is_told_whose_rules_are_meant() {
    let projects = twinfold_server::Projects::with_default_project();
    let server = twinfold_server::Server::start([127, 0, 0, 1].into(), 0, projects);
    let server = server.await.unwrap();
    let url = server.base_url();
    let made = reqwest::Client::new()
        .post(format!("{url}/_twinfold/projects"))
        .body(json!({"strategy": "never-merge"}).to_string())
        .send();
    let made = made.await.unwrap().text().await.unwrap();
    let made: serde_json::Value = serde_json::from_str(&made).unwrap();
    let key = |name: &str| made[name].as_str().unwrap_or_default().to_owned();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("people.csv");
    std::fs::write(&file, "registered\nada\n").unwrap();
    let file = file.display().to_string();
    for (asked, is_told) in [
        (vec!["diagnose"], true),
        (
            vec![
                "import",
                &file,
                "--dry-run",
                "--id",
                "registered=registered",
            ],
            false,
        ),
    ] {
        let mut command = twinfold();
        command.args(&asked).args(["--url", &url]);
        command.args(["--project", &key("token")]);
        command.args(["--api-key-id", &key("api_key_id")]);
        command.args(["--api-secret", &key("api_secret")]);
        let (found, text) = tokio::task::spawn_blocking(move || code(&mut command))
            .await
            .unwrap();
        assert_eq!(found, Some(0), "{asked:?}: {text}");
        let told = text.contains("the project answers by `never-merge`");
        assert_eq!(told, is_told, "{asked:?}: {text}");
    }
}
