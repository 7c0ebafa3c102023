//! What live traffic changes between export and verification is told apart from what the repair does, by the journal of
//! a real server. Each row is what came in after the calls were made, and what the verification says of it.

use serde_json::{Value, json};

use super::lived::{lived, set};
use crate::{
    fixup::{
        Before, IdSchema, Known, PlanOptions, Problem, Repair, Unseen, Verification, apply, verify,
    },
    target::{ProjectClient, Request},
};

const ADA: &str = "ada@example.com";

async fn send(client: &ProjectClient, source: &str, path: &str, body: &Value) {
    let request = Request::post(path, body).header("twinfold-source", source);
    let reply = client.send(request).await.unwrap();
    assert_eq!(reply.status, 200, "{body}");
}

/// Ada's account and her phone, repaired; then this comes in.
async fn verified(meanwhile: &[(&str, &str, Value)]) -> Verification {
    let account = set(
        json!({"registered": ADA, "cookie": "laptop"}),
        json!({"email": ADA, "city": "Brno"}),
    );
    let phone = set(json!({"cookie": "phone"}), json!({"email": ADA, "tier": 1}));
    let client = lived(true, &[("js-sdk", "", account), ("js-sdk", "", phone)]).await;
    let types: IdSchema = super::lived::types(true);
    let repair = Repair {
        client: &client,
        types: &types,
        progress: &Unseen,
    };
    let plan = repair.plan(&PlanOptions::default()).await.unwrap();
    let before = Before::read(&client, &plan, &Unseen).await.unwrap();
    let applied = apply(&plan, &client).await.unwrap();
    assert_eq!(applied.sent, 1);
    for (source, kind, body) in meanwhile {
        let path = match *kind {
            "anonymize" => client.data_path("/customers/anonymize"),
            _ => client.track_path("/customers"),
        };
        send(&client, source, &path, body).await;
    }
    let verified = verify(&client, &before, &plan, &applied, &types, &Unseen).await;
    verified.unwrap()
}

fn names<'p>(problems: impl Iterator<Item = &'p Problem>) -> Vec<String> {
    let names = problems.map(|problem| json!(problem)["problem"].as_str().unwrap().to_owned());
    names.collect()
}

#[tokio::test]
async fn the_journal_tells_traffic_from_the_repair() {
    let on_laptop = |properties: Value| set(json!({"cookie": "laptop"}), properties);
    let moved = || on_laptop(json!({"city": "Wien"}));
    let tier = || on_laptop(json!({"tier": 2}));
    let new_phone = || set(json!({"cookie": "new"}), json!({"email": ADA}));
    let forget = json!({"customer_ids": {"registered": ADA}});
    type Row<'r> = (Vec<(&'r str, &'r str, Value)>, &'r [&'r str], &'r [&'r str]);
    let rows: [Row<'_>; 7] = [
        (vec![], &[], &[]),
        (vec![("js-sdk", "set", moved())], &[], &["value-lost"]),
        // The same by a repair is a loss of the repair, whatever traffic does beside it.
        (vec![("repair", "set", moved())], &["value-lost"], &[]),
        (
            vec![("repair", "set", moved()), ("js-sdk", "set", tier())],
            &["value-lost"],
            &["value-lost"],
        ),
        (
            vec![("js-sdk", "set", new_phone())],
            &[],
            &["still-duplicate", "calls-left"],
        ),
        (
            vec![("repair", "set", new_phone())],
            &["still-duplicate", "calls-left"],
            &[],
        ),
        (vec![("api", "anonymize", forget)], &[], &["profile-gone"]),
    ];
    for (meanwhile, problems, traffic) in rows {
        let verification = verified(&meanwhile).await;
        let said = verification.text();
        assert_eq!(names(verification.problems.iter()), problems, "{said}");
        let differences = verification.traffic.iter().map(|one| &one.difference);
        assert_eq!(names(differences), traffic, "{said}");
        assert_eq!(verification.is_proved(), problems.is_empty());
        let mut known = verification.traffic.iter().map(|one| one.known);
        assert!(known.all(|known| known == Known::Journal), "{said}");
    }
}
