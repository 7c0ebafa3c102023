//! Explanations of the golden stories, as they are read.

mod strategies;

use twinfold_engine::{IdSchema, IdType, Settings, Timestamp};

use super::*;
use crate::traffic::{Properties, Sent, SentAction, SentId};

type Ids = [(&'static str, &'static str)];

/// One update a second, each with these IDs.
fn story(commands: &[&Ids]) -> Traffic {
    let types = [
        IdType::hard("registered"),
        IdType::hard("email_id"),
        IdType::soft("cookie"),
    ];
    let sent = |(seq, ids): (u64, &&Ids)| Sent {
        seq,
        at: Timestamp::new(seq as f64).unwrap(),
        source: "api".into(),
        request: String::new(),
        item: None,
        action: SentAction::Customers {
            ids: ids
                .iter()
                .map(|(id_type, value)| SentId::text(*id_type, *value))
                .collect(),
            properties: Properties::Object(Vec::new()),
            update_timestamp: None,
        },
    };
    Traffic {
        settings: Settings {
            schema: IdSchema::new(types.to_vec()).unwrap(),
            ..Settings::default()
        },
        commands: (1..).zip(commands).map(sent).collect(),
        folded: 0,
    }
}

fn id(written: &str) -> Id {
    Id::parse(written).unwrap()
}

fn told(traffic: &Traffic, ids: &[&str]) -> String {
    let explanation = match ids {
        [one, other] => explain_two(traffic, &id(one), &id(other)),
        _ => explain_one(traffic, &id(ids[0])),
    };
    format!(
        "> explain {}\n\n{}",
        ids.join(" "),
        explanation.text(&CurlBase::default())
    )
}

const R1: (&str, &str) = ("registered", "1");
const R2: (&str, &str) = ("registered", "2");
const C: (&str, &str) = ("cookie", "C");
const D: (&str, &str) = ("cookie", "D");
const E: (&str, &str) = ("email_id", "e@example.com");

#[test]
fn the_golden_stories_are_told() {
    let golden: [(&str, &[&Ids], &[&str]); 4] = [
        ("G1 create by hard ID", &[&[R1]], &["registered=1"]),
        ("G2 create by soft ID", &[&[C]], &["cookie=C"]),
        (
            "G3 look up by ID",
            &[&[R1, C], &[R1]],
            &["registered=1", "cookie=C"],
        ),
        (
            "G4 identify an anonymous customer",
            &[&[C], &[R1, C]],
            &["registered=1", "cookie=C"],
        ),
    ];
    let told =
        golden.map(|(name, commands, ids)| format!("# {name}\n\n{}", told(&story(commands), ids)));
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn what_joins_and_what_keeps_apart_is_told() {
    let stories: [(&str, &[&Ids], &[&str]); 9] = [
        (
            "a chain of three",
            &[&[R1, C], &[E, D], &[C, E]],
            &["registered=1", "cookie=D"],
        ),
        (
            "two ways to the same",
            &[&[R1, C], &[C, E], &[R1, E]],
            &["registered=1", "email_id=e@example.com"],
        ),
        (
            "a cookie that moved",
            &[&[R1, C], &[R2, C]],
            &["registered=1", "cookie=C"],
        ),
        (
            "case variants",
            &[&[("registered", "A")], &[("registered", "a")]],
            &["registered=A", "registered=a"],
        ),
        (
            "never together",
            &[&[R1], &[E]],
            &["registered=1", "email_id=e@example.com"],
        ),
        ("two cookies", &[&[C], &[D]], &["cookie=C", "cookie=D"]),
        (
            "a rejected command",
            &[&[R1, E], &[R2], &[R2, E]],
            &["registered=2", "email_id=e@example.com"],
        ),
        (
            "a slip of the pen",
            &[&[("registered", "ada@example.com")]],
            &["registered=ada@exmaple.com"],
        ),
        ("an unknown type", &[&[C]], &["shoe_size=C"]),
    ];
    let told =
        stories.map(|(name, commands, ids)| format!("# {name}\n\n{}", told(&story(commands), ids)));
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_journal_that_has_forgotten_its_beginning_says_so() {
    let mut traffic = story(&[&[R1, C]]);
    traffic.folded = 7;
    let text = told(&traffic, &["registered=1"]);
    assert!(text.contains("has forgotten its first 7 entries"), "{text}");
    assert!(crate::anomaly::find(&traffic).limits[0].contains("its first 7 entries"));
}
