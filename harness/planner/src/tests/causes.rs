//! Each cause by the profiles that show it, and by the journal that proves it.

use serde_json::{Value, json};

use super::laws::{profiles, types};
use crate::{Cause, Evidence, Journal, JournalPage, PlanOptions, diagnose_profiles, plan};

#[test]
fn causes_without_a_journal_are_inferred() {
    let many: Vec<String> = (0..120)
        .map(|n| format!("cookie=c{n} email=shop@x.cz"))
        .collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let cases: [(&[&str], Cause); 12] = [
        (
            &["registered=a@x.cz", "cookie=1 email=a@x.cz"],
            Cause::UpdateInsteadOfIdentify,
        ),
        (
            &["registered=a@x.cz", "registered=A@x.cz"],
            Cause::CaseVariant,
        ),
        (
            &["registered=a@x.cz", "registered=_a@x.cz"],
            Cause::WhiteSpace,
        ),
        (
            &["registered=a@x.cz", "registered=b@x.cz email=a@x.cz"],
            Cause::TwoAccounts,
        ),
        (
            &[
                "registered=7 email=a@x.cz first_name=Ada",
                "registered=8 email=a@x.cz first_name=Bob",
            ],
            Cause::SharedAddress,
        ),
        (
            &["registered=7 email=a@x.cz", "registered=8 email=a@x.cz"],
            Cause::TwoAccounts,
        ),
        (
            &["registered=a@x.cz", "registered=7 email=a@x.cz"],
            Cause::ApiWrongId,
        ),
        (
            &["registered=a@x.cz", "crm=7 email=a@x.cz"],
            Cause::HardTypePerChannel,
        ),
        (
            &["registered=a@x.cz", "cookie=a@x.cz email=a@x.cz"],
            Cause::ApiWrongId,
        ),
        (
            &["registered=test@x.cz", "cookie=1 email=test@x.cz"],
            Cause::Placeholder,
        ),
        (&many, Cause::Placeholder),
        // Compared with the owner that is written as the key.
        (
            &[
                "registered=A@x.cz",
                "registered=a@x.cz crm=2",
                "crm=3 email=a@x.cz",
            ],
            Cause::TwoAccounts,
        ),
    ];
    for (rows, cause) in cases {
        let plan = plan(&profiles(rows), &types(), &PlanOptions::default());
        assert_eq!(plan.keys[0].diagnosis.cause, cause, "{rows:?}");
        assert!(!plan.keys[0].diagnosis.certain);
    }
}

#[test]
fn foreign_members_show_what_they_hold() {
    let rows = ["registered=a@x.cz", "registered=b@x.cz email=a@x.cz"];
    let plan = plan(&profiles(&rows), &types(), &PlanOptions::default());
    assert_eq!(
        plan.keys[0].diagnosis.line(),
        "a@x.cz  #1 hard ID, #2 property beside registered=b@x.cz  written by unknown source  cause two-accounts"
    );
}

fn entry(source: &str, command: Value) -> Value {
    json!({"seq": 2, "source": source, "command": command, "decision": {"survivor": 2, "absorbed": []}})
}

#[test]
fn the_journal_tells_apart_what_looks_alike() {
    let rows = ["registered=a@x.cz", "cookie=1 email=a@x.cz"];
    let set = json!({"kind": "customers", "customer_ids": {"cookie": "1"}, "properties": {"email": "A@x.cz"}});
    let event =
        |kind: &str| json!({"kind": "event", "customer_ids": {"cookie": "1"}, "event_type": kind});
    let cases = [
        (
            vec![entry("js-sdk", set.clone())],
            "js-sdk",
            Cause::UpdateInsteadOfIdentify,
        ),
        (
            vec![entry("app-sdk", set.clone())],
            "app-sdk",
            Cause::UpdateInsteadOfIdentify,
        ),
        (
            vec![entry("import", set.clone())],
            "import",
            Cause::ImportMapping,
        ),
        (vec![entry("api", set.clone())], "api", Cause::ApiWrongId),
        (
            vec![
                entry("js-sdk", set.clone()),
                entry("js-sdk", event("double_opt_in")),
            ],
            "js-sdk",
            Cause::DoubleOptIn,
        ),
        (
            vec![
                entry("js-sdk", set.clone()),
                // A cookie banner tracks consents too.
                entry("js-sdk", event("consent")),
            ],
            "js-sdk",
            Cause::UpdateInsteadOfIdentify,
        ),
        (
            vec![
                entry("js-sdk", set.clone()),
                entry("link", event("campaign")),
            ],
            "js-sdk",
            Cause::DoubleOptIn,
        ),
        (
            vec![
                entry("js-sdk", set.clone()),
                entry("js-sdk", event("newsletter_form")),
            ],
            "js-sdk",
            Cause::AnonymousSignUp,
        ),
        (vec![entry("repair", set.clone())], "repair", Cause::Unknown),
        (
            vec![entry("js-sdk", set.clone()), entry("import", set)],
            "js-sdk+import",
            Cause::UpdateInsteadOfIdentify,
        ),
    ];
    for (entries, source, cause) in cases {
        let page = json!({"entries": entries, "folded": 0, "last": 2});
        let page: JournalPage = serde_json::from_value(page).expect("the journal's shape");
        let evidence = Evidence::Journal(Journal::new([page]));
        let found = diagnose_profiles(
            &profiles(&rows),
            &types(),
            &PlanOptions::default(),
            &evidence,
        );
        let expected =
            format!("a@x.cz  #1 hard ID, #2 property  written by {source}  cause {cause}");
        assert_eq!(found[0].line(), expected);
        assert!(found[0].certain);
    }
}

#[test]
fn an_event_with_an_email_property_writes_no_address() {
    let rows = ["registered=a@x.cz", "cookie=1 email=a@x.cz"];
    let event = json!({"kind": "event", "customer_ids": {"cookie": "1"}, "event_type": "form", "properties": {"email": "a@x.cz"}});
    let page = json!({"entries": [entry("js-sdk", event)], "folded": 7, "last": 2});
    let page: JournalPage = serde_json::from_value(page).expect("the journal's shape");
    let evidence = Evidence::Journal(Journal::new([page]));
    let found = diagnose_profiles(
        &profiles(&rows),
        &types(),
        &PlanOptions::default(),
        &evidence,
    );
    assert!(found[0].writes.is_empty() && !found[0].certain);
}

/// Without a journal no cause is named as if it were known: what else fits stands behind it, with what would settle it.
#[test]
fn what_nothing_proves_has_candidates_in_order() {
    use Cause::{
        AnonymousSignUp, ApiWrongId, CaseVariant, DoubleOptIn, HardTypePerChannel, ImportMapping,
        SharedAddress, TwoAccounts, UpdateInsteadOfIdentify,
    };
    let cases: [(&[&str], &[Cause]); 6] = [
        (
            &["registered=a@x.cz", "cookie=1 email=a@x.cz"],
            &[
                UpdateInsteadOfIdentify,
                AnonymousSignUp,
                DoubleOptIn,
                ImportMapping,
                ApiWrongId,
            ],
        ),
        (
            &["registered=a@x.cz", "crm=7 email=a@x.cz"],
            &[HardTypePerChannel, ImportMapping],
        ),
        // The values themselves show it, whoever wrote them.
        (&["registered=a@x.cz", "registered=A@x.cz"], &[CaseVariant]),
        (
            &["registered=7 email=a@x.cz", "registered=8 email=a@x.cz"],
            &[TwoAccounts, SharedAddress],
        ),
        (
            &[
                "registered=7 email=a@x.cz first_name=Ada",
                "registered=8 email=a@x.cz first_name=Ada",
            ],
            &[TwoAccounts],
        ),
        (
            &["registered=a@x.cz", "registered=7 email=a@x.cz"],
            &[ApiWrongId, ImportMapping],
        ),
    ];
    for (rows, causes) in cases {
        let plan = plan(&profiles(rows), &types(), &PlanOptions::default());
        let diagnosis = &plan.keys[0].diagnosis;
        let found: Vec<_> = diagnosis.candidates.iter().map(|one| one.cause).collect();
        assert_eq!(found, causes, "{rows:?}");
        assert_eq!(found[0], diagnosis.cause);
        for candidate in &diagnosis.candidates {
            assert!(!candidate.settled_by.is_empty(), "{candidate:?}");
        }
    }
}
