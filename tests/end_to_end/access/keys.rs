//! The keys of a group: rotated, the old one stays valid for a day; revoked, none is.

use serde_json::{Value, json};

use super::{ask, authorization, set, with_groups};

#[tokio::test]
async fn a_rotated_key_stays_valid_for_a_day_and_a_revoked_one_not_at_all() {
    let (client, groups) = with_groups(json!([
        {"name": "app", "kind": "public", "permissions": {}},
        {"name": "shop", "kind": "private"},
    ]))
    .await;
    let control = |rest: &str| format!("/projects/{}{rest}", client.project.token);
    let unknown = json!("access key not found");
    let wrong = json!("invalid secret");
    let revoked = json!("The access key was revoked");
    let track = client.track("/customers");
    for (group, expired, old_is) in [(&groups[0], 401, &unknown), (&groups[1], 403, &wrong)] {
        let name = group["name"].as_str().unwrap();
        let rotate = control(&format!("/access-groups/{name}/rotate"));
        let old = authorization(group);
        let (status, rotated) = client.control("POST", &rotate, Value::Null).await;
        let new = authorization(&rotated);
        assert_eq!(status, 200, "{rotated}");
        assert_eq!(rotated["api_key_id"], group["api_key_id"]);
        assert_ne!(old, new);
        for key in [&old, &new] {
            assert_eq!(ask(&client, key, &track, &set(json!({}))).await.0, 200);
        }
        for (advance, status) in [(86_399.0, 200), (1.0, expired)] {
            let clock = json!({"advance": advance});
            assert_eq!(
                client.control("POST", &control("/clock"), clock).await.0,
                200
            );
            let (found, reply) = ask(&client, &old, &track, &set(json!({}))).await;
            assert_eq!(found, status, "{name}: {reply}");
            assert_eq!(ask(&client, &new, &track, &set(json!({}))).await.0, 200);
        }
        assert_eq!(
            &ask(&client, &old, &track, &set(json!({}))).await.1["error"],
            old_is
        );

        let revoke = control(&format!("/access-groups/{name}/revoke"));
        assert_eq!(client.control("POST", &revoke, Value::Null).await.0, 200);
        let (status, reply) = ask(&client, &new, &track, &set(json!({}))).await;
        assert_eq!((status, &reply["error"]), (403, &revoked));
        let (_, rotated) = client.control("POST", &rotate, Value::Null).await;
        assert_eq!(rotated["old_key_valid_until"], Value::Null);
        let newest = authorization(&rotated);
        assert_eq!(ask(&client, &newest, &track, &set(json!({}))).await.0, 200);
        assert_eq!(ask(&client, &new, &track, &set(json!({}))).await.0, 403);
    }
    let nobody = control("/access-groups/nobody/rotate");
    assert_eq!(client.control("POST", &nobody, Value::Null).await.0, 404);
}
