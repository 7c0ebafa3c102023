//! The readings of a journal at the command line: what depends on the order, the smallest journal that still shows it,
//! what looks wrong, and how an ID came to its customer.

use serde_json::{Value, json};

use super::{code, twinfold};

/// A scenario whose two logins do not commute, and one of strangers.
#[test]
fn order_says_whether_the_end_depends_on_it() {
    let directory = tempfile::tempdir().unwrap();
    let front = "---\ntitle: Two logins\nevidence: documented\nsource: a test\nids: {registered: hard, cookie: soft}\n---\n";
    let login = |name: &str, browser: &str| {
        format!("\n```js browser={browser}\nexponea.identify(\"{name}\")\n```\n")
    };
    for (second, expected) in [("laptop", 1), ("phone", 0)] {
        let file = directory.path().join(format!("{second}.md"));
        let text = format!("{front}{}{}", login("ada", "laptop"), login("bob", second));
        std::fs::write(&file, text).unwrap();
        let (found, text) = code(twinfold().arg("order").arg(&file));
        assert_eq!(found, Some(expected), "{text}");
        let (found, text) = code(twinfold().arg("order").arg(&file).args(["--print", "json"]));
        let report: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(found, Some(expected));
        assert_eq!(report["swap"].is_null(), expected == 0, "{text}");
    }
}

#[test]
fn what_shrink_writes_passes() {
    let directory = tempfile::tempdir().unwrap();
    let (journal, shrunk) = (
        directory.path().join("journal.json"),
        directory.path().join("shrunk.md"),
    );
    let entries = [
        json!({"seq": 1, "at": 1, "command": {"kind": "customers", "customer_ids": {"registered": "Mia@shop.example"}, "properties": {"a": 1}}}),
        json!({"seq": 2, "at": 2, "command": {"kind": "event", "customer_ids": {"cookie": "x"}, "event_type": "view", "properties": {}}}),
        json!({"seq": 3, "at": 3, "command": {"kind": "customers", "customer_ids": {"cookie": "y"}, "properties": {"email": "mia@shop.example"}}}),
    ];
    let project = json!({"id_type_order": ["registered", "cookie"],
        "id_types": {"registered": {"kind": "hard"}, "cookie": {"kind": "soft"}}});
    let file = json!({"project": project, "folded": 0, "entries": entries});
    std::fs::write(&journal, file.to_string()).unwrap();
    let shrink = |goal: &str| {
        let mut command = twinfold();
        let command = command
            .arg("shrink")
            .arg(&journal)
            .args(["--goal", goal, "--made-up", "-o"]);
        code(command.arg(&shrunk))
    };
    let (found, text) = shrink("duplicate");
    assert_eq!(
        (found, text.contains("2 of 3 commands left")),
        (Some(0), true),
        "{text}"
    );
    let (found, text) = code(twinfold().arg("run").arg(&shrunk));
    assert_eq!(found, Some(0), "{text}");
    assert!(
        !std::fs::read_to_string(&shrunk)
            .unwrap()
            .to_lowercase()
            .contains("mia")
    );
    for (goal, says) in [
        ("merge", "do not come to this goal"),
        ("merg", "did you mean `merge`?"),
    ] {
        let (found, text) = shrink(goal);
        assert_eq!((found, text.contains(says)), (Some(2), true), "{text}");
    }
}

const PLACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios");

#[test]
fn anomalies_are_found_by_name_and_none_where_all_is_well() {
    for (scenario, expected, named) in [
        (
            "sdk/update-instead-of-identify.md",
            0,
            "no anomaly was found",
        ),
        ("hard-ids/address-changed.md", 1, "stolen-soft-id"),
        (
            "sdk/app-queue-sent-after-delete.md",
            1,
            "re-created-after-anonymize",
        ),
    ] {
        let file = format!("{PLACE}/{scenario}");
        let (found, text) = code(twinfold().args(["anomalies", &file]));
        assert_eq!(
            (found, text.contains(named)),
            (Some(expected), true),
            "{text}"
        );
        let (found, text) = code(twinfold().args(["anomalies", &file, "--print", "json"]));
        let printed: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(found, Some(expected));
        assert_eq!(printed.to_string().contains(named), expected == 1, "{text}");
    }
    let (found, text) = code(twinfold().args(["anomalies", "--list"]));
    assert_eq!(
        (found, text.contains("split-by-case")),
        (Some(0), true),
        "{text}"
    );
}

#[test]
fn explain_names_the_command_and_the_label_and_knows_nobody() {
    let file = format!("{PLACE}/sdk/update-instead-of-identify.md");
    for (ids, expected, says) in [
        (vec!["cookie=phone"], Some(0), "documented"),
        (
            vec!["cookie=phone", "cookie=laptop"],
            Some(0),
            "absorbed #2",
        ),
        (vec!["cookie=tablet"], Some(1), "cookie=tablet"),
        (vec!["cookie"], Some(2), "write an ID as TYPE=VALUE"),
    ] {
        let mut command = twinfold();
        let command = command.arg("explain").args(&ids);
        let (found, text) = code(command.args(["--scenario", &file]));
        assert_eq!(
            (found, text.contains(says)),
            (expected, true),
            "{ids:?}: {text}"
        );
    }
}

/// A shadow names the first command that made a difference; one of the same strategy has nothing to say.
#[test]
fn shadow_tells_where_strategies_part() {
    let story = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../scenarios/strategies/guarded-identify-new-target.md"
    );
    let shadow = |names: &str, print: &str| {
        let mut command = twinfold();
        let command = command.args(["shadow", story, "--strategy", names, "--print", print]);
        code(command)
    };
    let (found, text) = shadow("engagement", "text");
    assert_eq!(found, Some(1), "{text}");
    for line in [
        "  3 api POST /track/v2/projects/{token}/customers: cookie=k1 registered=odd",
        "      here   #1 added registered=odd; because guarded-identify target-joins-source (observed)",
        "    together here as #1, apart there: #1 registered=mira | #2 cookie=k1 registered=odd",
    ] {
        assert!(text.lines().any(|other| other == line), "{text}");
    }
    let (found, text) = shadow("guarded-identify", "text");
    assert_eq!(found, Some(0), "{text}");
    let (found, text) = shadow("engagement,demote-and-retry", "json");
    let shown: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(found, Some(1));
    assert_eq!(
        shown[0]["shadows"][1]["divergences"][0]["since"], 3,
        "{text}"
    );
    let (found, text) = shadow("guess", "text");
    assert_eq!(found, Some(2), "{text}");
}

#[test]
fn a_shadow_is_asked_for_once() {
    for (names, says) in [
        ("plain-closure,plain-closure", "plain-closure"),
        (
            "dangerous-identify,guarded-identify:guard=off",
            "dangerous-identify",
        ),
    ] {
        let mut shadow = twinfold();
        let (refused, text) = code(shadow.args(["shadow", "none.md", "--strategy", names]));
        let says = format!("error: `--strategy` takes `{says}` twice\n");
        assert_eq!((refused, text), (Some(2), says));
    }
}
