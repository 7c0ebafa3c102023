//! Root causes from journals written as rows: the shape of the wrong call, whether it goes on, and its correction.

use serde_json::{Value, json};

use super::laws::{profiles, types};
use crate::{
    Activity, Cause, Evidence, Journal, JournalPage, PlanOptions, RootCause, Source, root_causes_of,
};

/// `SOURCE NUMBER IDS | PROPERTIES`, such as `js-sdk 2 cookie=phone | email=a@x.cz`; `_` stands for a blank.
fn entry(at: usize, row: &str) -> Value {
    let (call, properties) = row.split_once('|').unwrap();
    let mut words = call.split_whitespace();
    let (source, number) = (words.next().unwrap(), words.next().unwrap());
    let pairs = |words: &mut dyn Iterator<Item = &str>| -> Value {
        let pairs = words.map(|word| word.split_once('=').unwrap());
        pairs
            .map(|(name, value)| (name.to_owned(), json!(value.replace('_', " "))))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    json!({
        "seq": at + 1, "at": at, "source": source,
        "request": "POST /track/v2/projects/{token}/customers",
        "command": {"kind": "customers", "customer_ids": pairs(&mut words), "properties": pairs(&mut properties.split_whitespace())},
        "decision": {"survivor": number.parse::<u64>().unwrap(), "absorbed": []},
    })
}

fn evidence(rows: &[&str]) -> Evidence {
    let entries = rows.iter().enumerate().map(|(at, row)| entry(at, row));
    let page = json!({"entries": entries.collect::<Value>(), "folded": 0, "last": rows.len()});
    let page: JournalPage = serde_json::from_value(page).unwrap();
    Evidence::Journal(Journal::new([page]))
}

fn roots(profiles_: &[&str], rows: &[&str]) -> Vec<RootCause> {
    let options = PlanOptions::default();
    root_causes_of(&profiles(profiles_), &types(), &options, &evidence(rows))
}

const ADA: [&str; 2] = [
    "registered=a@x.cz email=a@x.cz",
    "cookie=phone email=a@x.cz",
];
const LOGIN: &str = "js-sdk 1 registered=a@x.cz cookie=laptop | email=a@x.cz";
const CHECKOUT: &str = "js-sdk 2 cookie=phone | email=a@x.cz";
const MENDED: &str = "js-sdk 3 registered=b@x.cz cookie=cafe | email=b@x.cz";

#[test]
fn a_cause_is_active_until_its_source_does_it_right_more_often_than_before() {
    use Activity::{Active, Mended, Unsure};
    let other_source = "api 3 registered=b@x.cz | email=b@x.cz";
    let harmless = "js-sdk 1 cookie=laptop | email=a@x.cz";
    let again = "js-sdk 4 cookie=tablet | email=c@x.cz";
    for (rows, activity, calls, right_since) in [
        (vec![CHECKOUT], Active, 1, 0),
        (vec![LOGIN, CHECKOUT], Active, 1, 0),
        // Another source proves nothing, nor does a property of somebody who is identified.
        (vec![LOGIN, CHECKOUT, other_source, harmless], Active, 1, 0),
        // One login before and one after: the checkout may be as it was.
        (vec![LOGIN, CHECKOUT, MENDED], Unsure, 1, 1),
        (vec![LOGIN, CHECKOUT, MENDED, MENDED], Mended, 1, 2),
        (vec![CHECKOUT, MENDED], Mended, 1, 1),
        // A wrong call that made no duplicate yet is the same habit.
        (vec![LOGIN, CHECKOUT, MENDED, MENDED, again], Active, 2, 0),
        (
            vec![LOGIN, CHECKOUT, MENDED, MENDED, again, MENDED],
            Unsure,
            2,
            1,
        ),
    ] {
        let found = roots(&ADA, &rows);
        assert_eq!(found.len(), 1, "{rows:?}");
        let root = &found[0];
        let expected = (activity, calls, right_since, 1);
        let seen = (root.activity, root.calls, root.right_since, root.keys);
        assert_eq!(seen, expected, "{rows:?}");
        assert_eq!(root.example.seq, if rows[0] == LOGIN { 2 } else { 1 });
        assert_eq!(root.cause, Cause::UpdateInsteadOfIdentify);
    }
}

#[test]
fn every_shape_of_call_is_a_cause_of_its_own_and_active_ones_come_first() {
    let rows = [
        LOGIN,
        CHECKOUT,
        "import 3 crm=7 | email=a@x.cz",
        "import 4 crm=8 | email=b@x.cz",
        MENDED,
        MENDED,
    ];
    let people = [
        ADA[0],
        ADA[1],
        "crm=7 email=a@x.cz",
        "crm=8 email=b@x.cz",
        "registered=b@x.cz cookie=cafe",
    ];
    let found = roots(&people, &rows);
    let lines: Vec<_> = found.iter().map(RootCause::headline).collect();
    assert_eq!(
        lines,
        [
            "active: import-mapping by import, 2 addresses",
            "mended: update-instead-of-identify by js-sdk, 1 address",
        ]
    );
    assert_eq!(
        found[0].shape.words(),
        "`customers` by `crm`, the address as the property `email`"
    );
    assert_eq!((found[0].first.seq, found[0].last.seq), (3, 4));
}

#[test]
fn a_repair_is_no_root_cause_and_without_a_journal_nothing_is_said() {
    let repaired = "repair 2 cookie=phone | email=a@x.cz";
    assert!(roots(&ADA, &[LOGIN, repaired]).is_empty());
    let options = PlanOptions::default();
    let found = root_causes_of(&profiles(&ADA), &types(), &options, &Evidence::ProfilesOnly);
    assert!(found.is_empty());
}

#[test]
fn the_line_to_change_is_written_in_the_words_of_its_source() {
    let key = "a@x.cz";
    let account = "registered=a@x.cz";
    let cases: [(&[&str], &str, &str, &[&str]); 9] = [
        (
            &ADA,
            CHECKOUT,
            r#"exponea.update({ email: "a@x.cz" })"#,
            &[r#"exponea.identify("a@x.cz", { email: "a@x.cz" })"#],
        ),
        (
            &ADA,
            "app-sdk 2 cookie=phone | email=a@x.cz",
            r#"identifyCustomer({}, { email: "a@x.cz" })"#,
            &[r#"identifyCustomer({ registered: "a@x.cz" }, { email: "a@x.cz" })"#],
        ),
        (
            &ADA,
            "api 2 cookie=phone | email=a@x.cz",
            r#"curl -X POST "$BASE_URL/track/v2/projects/$PROJECT_TOKEN/customers" -u "$API_KEY_ID:$API_SECRET" -H 'content-type: application/json' -d '{"customer_ids":{"cookie":"phone"},"properties":{"email":"a@x.cz"}}'"#,
            &[
                r#"curl -X POST "$BASE_URL/track/v2/projects/$PROJECT_TOKEN/customers" -u "$API_KEY_ID:$API_SECRET" -H 'content-type: application/json' -d '{"customer_ids":{"cookie":"phone","registered":"a@x.cz"},"properties":{"email":"a@x.cz"}}'"#,
            ],
        ),
        (
            &[account, "crm=7 email=a@x.cz"],
            "import 2 crm=7 | email=a@x.cz",
            "ids: {crm: <the column of crm>}",
            &["ids: {crm: <the column of crm>, registered: <the column of the property email>}"],
        ),
        (
            &[account, "crm=7 email=a@x.cz"],
            "js-sdk 2 crm=7 | email=a@x.cz",
            r#"exponea.identify({ crm: "7" }, { email: "a@x.cz" })"#,
            &[r#"exponea.identify({ crm: "7", registered: "a@x.cz" }, { email: "a@x.cz" })"#],
        ),
        (
            &[account, "registered=A@x.cz"],
            "js-sdk 2 registered=A@x.cz | email=A@x.cz",
            r#"exponea.identify("A@x.cz", { email: "A@x.cz" })"#,
            &[
                r#"exponea.identify("a@x.cz", { email: "A@x.cz" })"#,
                "ids: {registered: {kind: hard, lowercase: true}}",
            ],
        ),
        (
            &[account, "cookie=a@x.cz email=a@x.cz"],
            "app-sdk 2 cookie=a@x.cz | email=a@x.cz",
            r#"identifyCustomer({ cookie: "a@x.cz" }, { email: "a@x.cz" })"#,
            &[r#"identifyCustomer({ registered: "a@x.cz" }, { email: "a@x.cz" })"#],
        ),
        // An account by number is found by its number.
        (
            &["registered=880 email=a@x.cz", "cookie=phone email=a@x.cz"],
            CHECKOUT,
            r#"exponea.update({ email: "a@x.cz" })"#,
            &[r#"exponea.identify("880", { email: "a@x.cz" })"#],
        ),
        // What is about people has no call to correct.
        (
            &[account, "registered=b@x.cz email=a@x.cz"],
            "js-sdk 2 registered=b@x.cz | email=a@x.cz",
            r#"exponea.identify("b@x.cz", { email: "a@x.cz" })"#,
            &[],
        ),
    ];
    for (people, row, original, corrected) in cases {
        let found = roots(people, &[row]);
        assert_eq!(found.len(), 1, "{row}");
        let correction = &found[0].correction;
        assert_eq!(found[0].example.key, key);
        assert_eq!(correction.original.as_ref().unwrap().text, original);
        let lines: Vec<_> = correction.corrected.iter().map(|s| &s.text).collect();
        assert_eq!(lines, corrected, "{row}");
        assert_eq!(correction.call.is_some(), !corrected.is_empty());
    }
}

#[test]
fn a_mapping_is_corrected_with_the_columns_of_its_import() {
    let mut rows = vec![entry(1, "import 2 crm=7 | email=a@x.cz")];
    rows.insert(
        0,
        json!({"seq": 1, "source": "import", "command": {"kind": "import-defined", "import_id": "i1", "column_mapping": {
            "id_mappings": [{"from_column": "card_no", "to_id": "crm"}],
            "property_mappings": [{"from_column": "e_mail", "to_column": "email"}]}}}),
    );
    rows.push(json!({"seq": 3, "source": "import", "command": {"kind": "import-finished", "import_id": "i1"}}));
    let page = json!({"entries": rows, "folded": 0, "last": 3});
    let page: JournalPage = serde_json::from_value(page).unwrap();
    let people = profiles(&["registered=a@x.cz", "crm=7 email=a@x.cz"]);
    let evidence = Evidence::Journal(Journal::new([page]));
    let found = root_causes_of(&people, &types(), &PlanOptions::default(), &evidence);
    let correction = &found[0].correction;
    assert_eq!(found[0].source, Source::Import);
    assert_eq!(
        correction.original.as_ref().unwrap().text,
        "ids: {crm: card_no}\nproperties: {email: e_mail}"
    );
    assert_eq!(
        correction.corrected[0].text,
        "ids: {crm: card_no, registered: e_mail}\nproperties: {email: e_mail}"
    );
}
