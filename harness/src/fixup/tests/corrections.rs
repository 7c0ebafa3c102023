//! A correction is right if the journal, replayed with the corrected call in place of the wrong one, has no duplicate
//! any more. One row for every cause whose correction is a call.

use serde_json::{Value, json};

use super::lived::{lived, set, types};
use crate::{
    fixup::{Cause, CorrectedCall, Mode, PlanOptions, duplicates_of, repair},
    traffic::{Properties, Sent, SentAction, SentId, Traffic, replay},
};

const ADA: &str = "ada@example.com";

fn event(ids: Value, kind: &str) -> Value {
    json!({"customer_ids": ids, "event_type": kind})
}

fn correct(sent: &mut Sent, call: &CorrectedCall) {
    let ids = call.customer_ids.iter();
    let corrected = ids.map(|(name, value)| SentId::text(name, value.as_str().unwrap()));
    *sent.action.ids_mut().unwrap() = corrected.collect();
    if let SentAction::Customers { properties, .. } = &mut sent.action {
        let pairs = call.properties.iter();
        let pairs = pairs.map(|(name, value)| (name.clone(), value.to_string()));
        *properties = Properties::Object(pairs.collect());
    }
}

#[tokio::test]
async fn with_the_corrected_call_in_its_place_no_duplicate_comes_to_be() {
    let phone = || json!({"cookie": "phone"});
    let address = || json!({"email": ADA, "city": "Brno"});
    let guest = |source| vec![(source, "", set(phone(), address()))];
    let with_event = |kind| {
        let mut sent = guest("js-sdk");
        sent.push(("js-sdk", "/events", event(phone(), kind)));
        sent
    };
    let own = |source, ids: Value| vec![(source, "", set(ids, address()))];
    let account = json!({"registered": ADA, "cookie": "laptop"});
    let nobody = "test@example.com";
    let stories = [
        (
            Cause::UpdateInsteadOfIdentify,
            account.clone(),
            guest("js-sdk"),
        ),
        (
            Cause::UpdateInsteadOfIdentify,
            account.clone(),
            guest("app-sdk"),
        ),
        // The account is known by a number, and the guest has to meet it there.
        (
            Cause::UpdateInsteadOfIdentify,
            json!({"registered": "880"}),
            guest("js-sdk"),
        ),
        (
            Cause::AnonymousSignUp,
            account.clone(),
            with_event("newsletter_banner"),
        ),
        (
            Cause::DoubleOptIn,
            account.clone(),
            with_event("double_opt_in"),
        ),
        (Cause::ImportMapping, account.clone(), guest("import")),
        (Cause::ApiWrongId, account.clone(), guest("api")),
        (
            Cause::ApiWrongId,
            account.clone(),
            own("api", json!({"cookie": ADA})),
        ),
        (
            Cause::ApiWrongId,
            account.clone(),
            own("api", json!({"registered": "7"})),
        ),
        (
            Cause::HardTypePerChannel,
            account.clone(),
            own("api", json!({"crm": "7"})),
        ),
        (
            Cause::CaseVariant,
            account.clone(),
            own("js-sdk", json!({"registered": "Ada@Example.com"})),
        ),
        (
            Cause::WhiteSpace,
            account.clone(),
            own("js-sdk", json!({"registered": " ada@example.com"})),
        ),
        (
            Cause::Placeholder,
            json!({"registered": nobody}),
            vec![(
                "api",
                "",
                set(phone(), json!({"email": nobody, "city": "Brno"})),
            )],
        ),
    ];
    for (cause, account, more) in stories {
        let trim = cause != Cause::WhiteSpace;
        let mut sent = vec![("js-sdk", "", set(account, address()))];
        if cause == Cause::Placeholder {
            sent[0].2["properties"]["email"] = json!(nobody);
        }
        sent.extend(more);
        let client = lived(trim, &sent).await;
        let options = PlanOptions::default();
        let report = repair(&client, &types(trim), &options, Mode::DryRun).await;
        let roots = report.unwrap().plan.root_causes;
        assert_eq!(roots.len(), 1, "{cause}: {roots:?}");
        assert_eq!(roots[0].cause, cause);
        let mut traffic = Traffic::read(&client).await.unwrap();
        let duplicates = |traffic: &Traffic| {
            let project = replay(&traffic.settings, &traffic.commands);
            duplicates_of(&project, &options)
        };
        assert_eq!(
            duplicates(&traffic),
            [roots[0].example.key.clone()],
            "{cause}"
        );
        let wrong = traffic.commands.iter_mut();
        let mut wrong = wrong.filter(|sent| sent.seq == roots[0].example.seq);
        let call = roots[0].correction.call.as_ref();
        correct(wrong.next().unwrap(), call.unwrap());
        assert!(duplicates(&traffic).is_empty(), "{cause}: {call:?}");
    }
}
