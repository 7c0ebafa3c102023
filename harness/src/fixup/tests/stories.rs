//! Repairs of a served project from reading to proof, with faults, moving cookies and a journal.

use serde_json::{Value, json};

use super::router::Served;
use crate::fixup::{
    Before, FixUpError, FromTraffic, IdSchema, Known, Mode, Outcome, PlanOptions, Problem, Unseen,
    apply, diagnose, plan, read_profiles, repair, verify,
};

const ADA: &str = "ada@example.com";

/// Ada has an account, and her phone knows the address as a property only.
fn ada() -> Served {
    let served = Served::new(IdSchema::default());
    served.write(
        json!({"registered": ADA, "cookie": "laptop"}),
        json!({"email": ADA, "first_name": "Ada", "city": "Brno"}),
        &["purchase"],
    );
    served.write(
        json!({"cookie": "phone"}),
        json!({"email": ADA, "city": "Zlin"}),
        &["purchase", "page_visit"],
    );
    served
}

async fn repaired(served: &Served, mode: Mode) -> Result<(Outcome, String), FixUpError> {
    let report = repair(
        &served.client(),
        &IdSchema::default(),
        &PlanOptions::default(),
        mode,
    )
    .await?;
    let text = report.text();
    Ok((report.outcome, text))
}

#[tokio::test]
async fn a_dry_run_sends_nothing() {
    let served = ada();
    let (outcome, text) = repaired(&served, Mode::DryRun).await.expect("a plan");
    assert_eq!(outcome, Outcome::Planned);
    assert!(served.behind().updates.is_empty());
    for part in [
        "2 profiles, 1 address with more than one profile, 1 call, 0 addresses left to a human",
        "joins #1, #2 for good",
        "may give up one of `city` = \"Brno\" and \"Zlin\"",
        "curl -X POST \"http://127.0.0.1:8080/track/v2/projects/shop/customers\" -u \"$API_KEY_ID:$API_SECRET\"",
        r#"-d '{"customer_ids":{"cookie":"phone","registered":"ada@example.com"},"properties":{}}'"#,
        "a merge cannot be undone",
        "Dry run: nothing was sent.",
    ] {
        assert!(text.contains(part), "{part} is in\n{text}");
    }
}

#[tokio::test]
async fn the_documented_remedy_joins_and_is_proved() {
    let served = ada();
    let (outcome, text) = repaired(&served, Mode::Apply).await.expect("a repair");
    let Outcome::Applied {
        applied,
        verification,
    } = outcome
    else {
        unreachable!("it was applied")
    };
    assert_eq!(
        (applied.sent, applied.already, applied.skipped.len()),
        (1, 0, 0)
    );
    assert!(verification.is_proved(), "{text}");
    assert_eq!(
        (verification.profiles_before, verification.profiles_after),
        (2, 1)
    );
    assert_eq!(verification.events_compared, 3);
    let behind = served.behind();
    let expected =
        json!({"customer_ids": {"cookie": "phone", "registered": ADA}, "properties": {}});
    assert_eq!(behind.updates, [("repair".to_owned(), expected)]);
}

#[tokio::test]
async fn a_repeated_plan_finds_everything_done() {
    let served = ada();
    let client = served.client();
    let profiles = read_profiles(&client).await.expect("an export");
    let plan = plan(&profiles, &IdSchema::default(), &PlanOptions::default());
    apply(&plan, &client).await.expect("applied");
    let again = apply(&plan, &client).await.expect("applied again");
    assert_eq!((again.sent, again.already), (0, 1));
}

#[tokio::test]
async fn a_cookie_that_moved_is_left_alone() {
    let changes: [(Value, Value, &str); 3] = [
        (
            json!({"cookie": "phone"}),
            json!({"email": "bob@example.com"}),
            "its address changed",
        ),
        (
            json!({"cookie": "phone", "registered": "bob@example.com"}),
            json!({}),
            "its hard IDs changed",
        ),
        (json!({"cookie": "phone", "registered": ADA}), json!({}), ""),
    ];
    for (ids, set, note) in changes {
        let served = ada();
        let client = served.client();
        let profiles = read_profiles(&client).await.expect("an export");
        let plan = plan(&profiles, &IdSchema::default(), &PlanOptions::default());
        served.write(ids, set, &[]);
        let applied = apply(&plan, &client).await.expect("applied");
        assert_eq!(applied.sent, 0);
        match applied.skipped.first() {
            Some(skipped) => assert!(
                !note.is_empty() && skipped.note.starts_with(note),
                "{skipped:?}"
            ),
            None => assert_eq!((note, applied.already), ("", 1)),
        }
    }
}

#[tokio::test]
async fn a_refusal_stops_the_repair_and_a_second_run_ends_it() {
    for status in [429, 503] {
        let served = ada();
        served.write(
            json!({"cookie": "tablet"}),
            json!({"email": ADA}),
            &["purchase"],
        );
        served.behind().fault = Some((1, status));
        let stopped = repaired(&served, Mode::Apply).await;
        let error = stopped.expect_err("it stops").to_string();
        for part in [
            "call 2 of 2 for `ada@example.com`",
            "try later",
            "calls made in this run: 1",
            "run the repair again",
        ] {
            assert!(error.contains(part), "{part} is in {error}");
        }
        let (outcome, text) = repaired(&served, Mode::Apply).await.expect("a second run");
        assert!(matches!(outcome, Outcome::Applied { applied, .. } if applied.sent == 1));
        assert!(text.contains("proved: every key"), "{text}");
        assert_eq!(served.behind().project.customers.len(), 1);
    }
}

#[tokio::test]
async fn what_was_lost_is_said() {
    let served = ada();
    let client = served.client();
    let (types, options) = (IdSchema::default(), PlanOptions::default());
    let profiles = read_profiles(&client).await.expect("an export");
    let plan = plan(&profiles, &types, &options);
    let before = Before::read(&client, &plan, &Unseen).await.expect("events");
    let applied = apply(&plan, &client).await.expect("applied");
    {
        let mut behind = served.behind();
        let customer = behind.project.customers.get_mut(&1).expect("Ada");
        customer.properties.remove("first_name");
        customer.events.retain(|event| event.kind != "page_visit");
        let double = customer.events[0].clone();
        customer.events.push(double);
    }
    served.write(json!({"cookie": "new"}), json!({"email": ADA}), &[]);
    served.write(
        json!({"registered": "eve@example.com"}),
        json!({"email": "bob@example.com"}),
        &[],
    );
    served.write(
        json!({"cookie": "other"}),
        json!({"email": "bob@example.com"}),
        &[],
    );
    let verification = verify(&client, &before, &plan, &applied, &types, &Unseen)
        .await
        .expect("a reading");
    let names: Vec<String> = verification
        .problems
        .iter()
        .map(|p| json!(p)["problem"].as_str().unwrap_or("").to_owned())
        .collect();
    assert_eq!(names, ["value-lost", "event-lost", "event-doubled"]);
    let traffic: Vec<_> = verification.traffic.iter().collect();
    assert!(
        matches!(
            traffic[..],
            [
                FromTraffic {
                    difference: Problem::StillDuplicate { .. },
                    known: Known::Likely
                },
                FromTraffic {
                    difference: Problem::StillDuplicate { .. },
                    known: Known::Likely
                },
                FromTraffic {
                    difference: Problem::CallsLeft { calls: 2 },
                    known: Known::Likely
                },
            ]
        ),
        "{traffic:?}"
    );
    assert!(
        matches!(&verification.problems[0], Problem::ValueLost { property, .. } if property == "first_name")
    );
    assert!(verification.text().starts_with("not proved: 3 problems"));
}

#[tokio::test]
async fn a_hard_type_that_is_not_there_is_an_error() {
    let options = PlanOptions {
        email_type: "cookie".to_owned(),
        ..PlanOptions::default()
    };
    let result = diagnose(&ada().client(), &IdSchema::default(), &options).await;
    let error = result.expect_err("a soft type").to_string();
    assert_eq!(
        error,
        "the project has no hard ID type `cookie`; name one of: registered"
    );
}

#[tokio::test]
async fn the_journal_proves_who_wrote_it_and_gives_the_numbers() {
    let served = ada();
    // A third customer came and was absorbed: the phone is #2 by position and #4 by creation.
    let phone = served
        .behind()
        .project
        .customers
        .remove(&2)
        .expect("the phone");
    served.behind().project.customers.insert(4, phone);
    let lines = diagnose(
        &served.client(),
        &IdSchema::default(),
        &PlanOptions::default(),
    )
    .await
    .expect("lines");
    assert_eq!(
        lines[0].line(),
        "ada@example.com  #1 hard ID, #2 property  written by unknown source  cause update-instead-of-identify"
    );
    assert!(!lines[0].certain);
    served.behind().journal = Some(json!({"folded": 0, "last": 3, "entries": [
        {"seq": 1, "source": "js-sdk", "command": {"kind": "customers", "customer_ids": {"registered": ADA, "cookie": "laptop"}, "properties": {"email": ADA}}, "decision": {"survivor": 1, "absorbed": []}},
        {"seq": 2, "source": "js-sdk", "command": {"kind": "customers", "customer_ids": {"cookie": "phone"}, "properties": {"email": "Ada@example.com"}}, "decision": {"survivor": 4, "absorbed": []}},
        {"seq": 3, "source": "api", "command": {"kind": "customers", "customer_ids": {"cookie": "phone"}, "properties": {"email": ADA}}, "decision": {"survivor": 4, "absorbed": []}},
    ]}));
    let lines = diagnose(
        &served.client(),
        &IdSchema::default(),
        &PlanOptions::default(),
    )
    .await
    .expect("lines");
    assert_eq!(
        lines[0].line(),
        "ada@example.com  #1 hard ID, #4 property  written by js-sdk+api  cause update-instead-of-identify"
    );
    assert!(lines[0].certain);
    let seqs: Vec<_> = lines[0]
        .writes
        .iter()
        .map(|write| (write.member, write.seq))
        .collect();
    assert_eq!(seqs, [(1, 1), (4, 2), (4, 3)]);
}
