//! The groups of a project: listed without secrets, copied with other keys, and refused where they mean nothing.

use serde_json::{Value, json};

use super::{ask, authorization, set, with_groups};
use crate::client::Client;

#[tokio::test]
async fn groups_are_listed_without_secrets_and_copied_with_other_keys() {
    let (mut client, groups) =
        with_groups(json!([{"name": "shop", "kind": "private", "permissions": {
        "properties": {"get": "all", "set": ["b", "a"]}, "actions": ["anonymize"]}}]))
        .await;
    let listed = client.of_project("/access-groups").await;
    let names: Vec<&Value> = listed["access_groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|g| &g["name"])
        .collect();
    assert_eq!(json!(names), json!(["private", "public", "shop"]));
    let shop = &listed["access_groups"][2];
    assert_eq!(
        shop["permissions"],
        json!({"properties": {"get": "all", "set": ["a", "b"]}, "events": {"get": "none", "set": "none"},
            "new_properties": false, "new_events": false, "actions": ["anonymize"]})
    );
    assert_eq!(shop["api_key_id"], groups[0]["api_key_id"]);
    let text = listed.to_string();
    for secret in [&client.project.api_secret, &client.project.public_token] {
        assert!(!text.contains(secret.as_str()));
    }
    assert!(!text.contains(groups[0]["api_secret"].as_str().unwrap()));

    let fork = format!("/projects/{}/fork", client.project.token);
    let (_, fork) = client.control("POST", &fork, Value::Null).await;
    client.adopt(&fork);
    let track = client.track("/customers");
    let (own, copied) = (
        authorization(&groups[0]),
        authorization(&fork["access_groups"][0]),
    );
    assert_eq!(ask(&client, &own, &track, &set(json!({}))).await.0, 401);
    let (status, reply) = ask(&client, &copied, &track, &set(json!({"c": 1}))).await;
    assert_eq!((status, &reply["success"]), (200, &json!(false)));
}

#[tokio::test]
async fn groups_that_mean_nothing_are_refused() {
    let client = Client::start().await;
    for (groups, says) in [
        (
            json!([{"name": "x"}]),
            "access_groups[0]: missing field `kind`",
        ),
        (
            json!([{"name": "x", "kind": "secret"}]),
            "access_groups[0]: unknown variant `secret`",
        ),
        (
            json!([{"name": "public", "kind": "public"}]),
            "access_groups[0]: another group has the name `public`",
        ),
        (
            json!([{"name": "x", "kind": "public"}, {"name": "x", "kind": "public"}]),
            "access_groups[1]: another group",
        ),
        (
            json!([{"name": "a/b", "kind": "public"}]),
            "access_groups[0]: a group needs a name without",
        ),
        (
            json!([{"name": "x", "kind": "public", "permissions": {"actions": ["fly"]}}]),
            "unknown variant `fly`",
        ),
        (
            json!([{"name": "x", "kind": "public", "permissions": {"events": {"get": "some"}}}]),
            "\"some\" is neither \"all\" nor \"none\" nor a list of names",
        ),
        (
            json!([{"name": "x", "kind": "public", "permissions": {"event": {}}}]),
            "unknown field `event`",
        ),
    ] {
        let settings = json!({"access_groups": groups});
        let (status, reply) = client.control("POST", "/projects", settings).await;
        let error = reply["error"].as_str().unwrap_or_default();
        assert_eq!(status, 400, "{groups}");
        assert!(error.contains(says), "{groups}: {error}");
    }
}
