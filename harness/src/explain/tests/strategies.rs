//! Explanations in projects that answer by another strategy: nothing is said for a reason of Engagement's.

use super::*;

/// The explanation of two IDs, or of one, in a project that answers by a strategy.
fn told_by(strategy: &str, commands: &[&Ids], ids: &[&str]) -> String {
    let mut traffic = story(commands);
    traffic.settings.strategy = Strategy::from_name(strategy).unwrap();
    told(&traffic, ids)
}

const MIRA: (&str, &str) = ("registered", "mira");
const LENA: (&str, &str) = ("registered", "lena");
const ODD: (&str, &str) = ("registered", "odd");
const K1: (&str, &str) = ("cookie", "k1");
const K2: (&str, &str) = ("cookie", "k2");
const K3: (&str, &str) = ("cookie", "k3");

/// Two who never met.
const STRANGERS: &[&Ids] = &[&[MIRA, K1], &[LENA, K3]];
/// Two hard IDs on one customer, and a third one whose merge with it is refused.
const REFUSED: &[&Ids] = &[&[MIRA, K1], &[LENA, K1], &[ODD, K2], &[ODD, K1]];
/// A shared browser, looked at again after a log-out.
const SHARED: &[&Ids] = &[&[C], &[R1, C], &[C], &[R2, C], &[C]];

/// What Engagement's rules would say.
const ENGAGEMENTS: [&str; 8] = [
    "never merge (",
    "never merge.",
    "two calls with one new hard ID",
    "only move the soft ID",
    "for good",
    "Its type was full",
    "did not take",
    "so nothing links them",
];

#[test]
fn nothing_is_told_for_a_reason_of_engagement() {
    let stories: [&[&Ids]; 3] = [STRANGERS, REFUSED, SHARED];
    let ids = [R1, R2, C, MIRA, LENA, ODD, K1, K2, K3]
        .map(|(id_type, value)| format!("{id_type}={value}"));
    for strategy in Strategy::names().filter(|name| *name != "engagement") {
        for commands in stories {
            for one in &ids {
                for other in &ids {
                    let text = told_by(strategy, commands, &[one, other]);
                    let said = ENGAGEMENTS.iter().find(|says| text.contains(**says));
                    assert_eq!(said, None, "{strategy}: {text}");
                }
            }
        }
    }
}

#[test]
fn other_strategies_are_told_by_what_they_did() {
    let rows: [(&str, &[&Ids], &[&str]); 14] = [
        (
            "plain-closure",
            STRANGERS,
            &["registered=mira", "registered=lena"],
        ),
        (
            "dangerous-identify",
            STRANGERS,
            &["registered=mira", "registered=lena"],
        ),
        (
            "guarded-identify",
            REFUSED,
            &["registered=mira", "registered=odd"],
        ),
        ("never-merge", SHARED, &["registered=1", "cookie=C"]),
        ("lookup-isolation", SHARED, &["registered=1", "cookie=C"]),
        (
            "oldest-wins-fork",
            STRANGERS,
            &["registered=mira", "cookie=k3"],
        ),
        ("oldest-wins-fork", STRANGERS, &["cookie=k1", "cookie=k3"]),
        (
            "unique-namespace-replay",
            &[&[MIRA, K1], &[LENA, K3], &[K3]],
            &["registered=mira", "cookie=k3"],
        ),
        (
            "guarded-identify",
            &[&[K1], &[MIRA], &[MIRA, K1]],
            &["registered=mira"],
        ),
        ("lookup-link", &[&[K3], &[MIRA, K3]], &["cookie=k3"]),
        (
            "oldest-wins-fork",
            &[&[R1, C], &[R2, C], &[E, C]],
            &["cookie=C"],
        ),
        (
            "oldest-wins-fork",
            &[&[R1, C], &[R2, C], &[C]],
            &["cookie=C"],
        ),
        (
            "oldest-wins-fork",
            &[&[R1, C], &[R2, C], &[C]],
            &["registered=1", "cookie=C"],
        ),
        (
            "unique-namespace-replay",
            &[&[R1, C], &[E, C], &[R2, E]],
            &["registered=2", "cookie=C"],
        ),
    ];
    let told = rows.map(|(strategy, commands, ids)| {
        format!("# {strategy}\n\n{}", told_by(strategy, commands, ids))
    });
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn events_that_follow_an_id_are_told_by_their_number() {
    let mut traffic = story(&[&[MIRA, K1], &[LENA, K3], &[K3]]);
    traffic.settings.strategy = Strategy::from_name("unique-namespace-replay").unwrap();
    traffic.commands[2].action = SentAction::Event {
        ids: vec![SentId::text(K3.0, K3.1)],
        event_type: Some("view".into()),
        timestamp: None,
        properties: Properties::Object("{}".into()),
    };
    let text = told(&traffic, &["registered=mira", "cookie=k3"]);
    assert!(
        text.contains("1 event of cookie=k3 went from #2 to #1"),
        "{text}"
    );
}
