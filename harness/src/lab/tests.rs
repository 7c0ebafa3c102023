//! A few calls of a few people, and what the measures say of them, worked out by hand.

mod sources;

use serde_json::{Value, json};
use twinfold_engine::ledger::LedgerStrategy;

use super::{close_look::worlds, *};
use crate::population::{Population, Preset};

/// The calls of people, each with its time, its person, its IDs and its properties or its event; and its source, if it matters.
fn traffic(calls: &[(u64, u64, Value, Value)]) -> Traffic {
    let lines = calls.iter().map(|(time, person, ids, what)| {
        let mut body = what.clone();
        body["customer_ids"] = ids.clone();
        let source = body.as_object_mut().unwrap().remove("source");
        let source = source.unwrap_or("test".into());
        let route = match body["event_type"] {
            Value::Null => "customers",
            _ => "customers/events",
        };
        let path = format!("/track/v2/projects/{{token}}/{route}");
        let line =
            json!({"time": time, "source": source, "path": path, "person": person, "body": body});
        format!("{line}\n")
    });
    let lines: String = lines.collect();
    TrafficFile::read(
        lines.as_bytes(),
        TrueCalls::default(),
        IdTypes::named(&[], &[]),
    )
    .unwrap()
}

fn population(preset: Preset, people: u64) -> Population {
    Population {
        seed: 5,
        people,
        rates: preset.rates(),
    }
}

fn compared(strategy: &str, traffic: Traffic, sample: usize) -> Compared {
    let comparison = Comparison {
        contestants: vec![Contestant::from_name(strategy).unwrap()],
        settings: vec![Setting {
            name: "by hand".into(),
            swept: Vec::new(),
            people: People::Read(traffic.into()),
        }],
        source_order: Vec::new(),
        sample,
        worst: 1,
    };
    compare(&comparison, &|_| {}).rows.remove(0)
}

fn sets(name: &str, value: &str) -> Value {
    json!({"properties": {name: value}})
}

fn visit() -> Value {
    json!({"event_type": "visit"})
}

fn consent(action: &str) -> Value {
    json!({"event_type": "consent", "properties": {"category": "newsletter", "action": action}})
}

/// A newer value comes first; the older one is late.
#[test]
fn a_late_value_does_not_take_the_place_of_a_newer_one() {
    for strategy in [
        "engagement",
        "plain-closure",
        "demote-and-retry",
        "never-merge",
    ] {
        let set_at =
            |value: &str, at: u64| json!({"properties": {"tier": value}, "update_timestamp": at});
        let calls = [
            (200, 1, json!({"registered": "a"}), set_at("new", 200)),
            (300, 1, json!({"registered": "a"}), set_at("old", 100)),
        ];
        let properties = compared(strategy, traffic(&calls), 0)
            .customer_side
            .properties;
        let expected = Properties {
            all: 1,
            lost: 0,
            wrong: 0,
        };
        assert_eq!(properties, expected, "{strategy}");
    }
}

/// Two people share a device. One profile for both holds the newer address only; a batch that parts them gives each its own.
#[test]
fn properties_go_where_a_batch_puts_their_calls() {
    let calls = [
        (
            1,
            1,
            json!({"registered": "a", "cookie": "c"}),
            sets("email", "a@example.com"),
        ),
        (
            2,
            2,
            json!({"registered": "b", "cookie": "c"}),
            sets("email", "b@example.com"),
        ),
        (3, 1, json!({"registered": "a"}), visit()),
        (4, 2, json!({"registered": "b"}), visit()),
    ];
    for (strategy, wrong, right) in [
        ("plain-closure", 1, 0.0),
        ("closure-waterfall", 0, 1.0),
        ("oracle", 0, 1.0),
    ] {
        let row = compared(strategy, traffic(&calls), 1);
        let expected = Properties {
            all: 2,
            lost: 0,
            wrong,
        };
        assert_eq!(row.customer_side.properties, expected, "{strategy}");
        assert_eq!(row.measures.exact.recall, right, "{strategy}");
        assert_eq!(row.close.unwrap().time.right, right, "{strategy}");
    }
}

/// What is right in the end is right by the calls of all, where one neighbourhood is all there is.
#[test]
fn people_are_right_in_the_end_as_exact_profiles_are() {
    for contestant in Contestant::all() {
        let traffic = Traffic::record(&population(Preset::Marketplace, 4), |_| {});
        assert!(traffic.people() <= 8);
        let row = compared(&contestant.name(), traffic, 1);
        let close = row.close.unwrap();
        assert_eq!(close.worlds, 1);
        assert_eq!(
            close.time.right,
            row.measures.exact.recall,
            "{}",
            contestant.name()
        );
    }
}

/// Two devices, each alone at first; the log-in on the second brings them together with the fourth call.
#[test]
fn a_profile_is_right_from_the_call_that_made_it_so() {
    let calls = [
        (1, 1, json!({"cookie": "c1"}), visit()),
        (2, 1, json!({"cookie": "c2"}), visit()),
        (3, 1, json!({"registered": "a", "cookie": "c1"}), visit()),
        (4, 1, json!({"registered": "a", "cookie": "c2"}), visit()),
    ];
    let time = compared("engagement", traffic(&calls), 1)
        .close
        .unwrap()
        .time;
    let expected = TimeToRight {
        right: 1.0,
        calls_median: 4,
        calls_of_9_in_10: 4,
        got_worse: 1.0,
    };
    assert_eq!(time, expected);
    let time = compared("never-merge", traffic(&calls), 1)
        .close
        .unwrap()
        .time;
    assert_eq!((time.right, time.got_worse), (0.0, 1.0));
}

/// One says yes by a log-in and no on a device that is not known yet: Engagement mails on the yes, the truth does not.
#[test]
fn a_missed_no_leaks_a_consent() {
    let calls = [
        (
            1,
            1,
            json!({"registered": "a"}),
            sets("email", "a@example.com"),
        ),
        (2, 1, json!({"registered": "a"}), consent("accept")),
        (3, 1, json!({"cookie": "z"}), consent("reject")),
    ];
    for (strategy, sent) in [("engagement", 1), ("oracle", 0)] {
        let messages = compared(strategy, traffic(&calls), 0)
            .customer_side
            .messages;
        let expected = Messages {
            sent,
            consent_leaked: sent,
            ..Messages::default()
        };
        assert_eq!(messages, expected, "{strategy}");
    }
}

/// One says yes, the other gives the shared profile its own address: the mail goes to the other.
#[test]
fn a_mail_goes_to_the_address_on_the_profile() {
    let calls = [
        (
            1,
            1,
            json!({"registered": "a", "cookie": "c"}),
            sets("email", "a@example.com"),
        ),
        (
            2,
            1,
            json!({"registered": "a", "cookie": "c"}),
            consent("accept"),
        ),
        (3, 1, json!({"cookie": "c"}), visit()),
        (4, 2, json!({"cookie": "c"}), sets("email", "b@example.com")),
    ];
    let side = compared("engagement", traffic(&calls), 0).customer_side;
    let messages = Messages {
        sent: 1,
        twice: 0,
        to_the_wrong_person: 1,
        consent_leaked: 1,
        missed: 1,
    };
    assert_eq!(side.messages, messages);
    assert_eq!(
        side.properties,
        Properties {
            all: 2,
            lost: 0,
            wrong: 1
        }
    );
    let right = compared("oracle", traffic(&calls), 0).customer_side;
    assert_eq!(
        right.messages,
        Messages {
            sent: 1,
            ..Messages::default()
        }
    );
}

/// Whose profile an anonymous call reaches depends on who logged in last, or will be the first.
#[test]
fn the_order_decides_on_a_shared_device() {
    let calls = [
        (1, 1, json!({"registered": "a", "cookie": "c"}), visit()),
        (2, 2, json!({"registered": "b", "cookie": "c"}), visit()),
        (3, 2, json!({"cookie": "c"}), visit()),
    ];
    let order = compared("engagement", traffic(&calls), 1)
        .close
        .unwrap()
        .order;
    assert_eq!((order.sensitive, order.outcomes), (1.0, 2.0));
    let order = compared("plain-closure", traffic(&calls), 1)
        .close
        .unwrap()
        .order;
    assert_eq!((order.sensitive, order.outcomes), (0.0, 1.0));
}

/// A wrong call needs a device and a stranger's hard ID; people whose numbers have gaps are neighbours all the same.
#[test]
fn wrong_calls_are_tried_where_they_can_be_made() {
    let soft = [
        (1, 1, json!({"cookie": "c1"}), visit()),
        (2, 2, json!({"cookie": "c2"}), visit()),
    ];
    let row = compared("engagement", traffic(&soft), 1);
    assert_eq!(row.close.unwrap().blast.tried, 0);
    let blast = COLUMNS.iter().find(|column| column.name == "blast_events");
    assert_eq!((blast.unwrap().value)(&row), None);
    let both = [
        (
            1,
            1_000_000_007,
            json!({"registered": "a", "cookie": "c1"}),
            visit(),
        ),
        (
            2,
            2_000_000_014,
            json!({"registered": "b", "cookie": "c2"}),
            visit(),
        ),
    ];
    let blast = compared("plain-closure", traffic(&both), 1)
        .close
        .unwrap()
        .blast;
    // The closure joins both people, whichever the device is.
    let expected = BlastRadius {
        tried: 4,
        profiles: 2.0,
        events: 2.0,
        events_max: 2,
        segments: 0.0,
    };
    assert_eq!(blast, expected);
}

/// As many neighbourhoods as were asked for, spread over all; one with too many calls is never among them.
#[test]
fn the_close_look_is_at_as_many_as_asked() {
    let calls = (0..30 * 8).map(|person| {
        (
            person,
            person,
            json!({"cookie": person.to_string()}),
            visit(),
        )
    });
    let mut calls = Vec::from_iter(calls);
    for (sample, places) in [(20, 20), (30, 30), (100, 30)] {
        let worlds = worlds(&traffic(&calls), sample);
        assert_eq!(worlds.len(), places);
        assert!(worlds.iter().all(|world| world.len() == 8));
    }
    calls.extend((0..2_000).map(|_| (300, 0, json!({"cookie": "0"}), visit())));
    assert_eq!(worlds(&traffic(&calls), 100).len(), 29);
    assert_eq!(worlds(&traffic(&calls), 0).len(), 0);
}

/// The end of a log-in is a blank, which Engagement's project may trim or not; other strategies take it as it is written.
#[test]
fn a_project_that_does_not_trim_tells_blanks_apart() {
    let rates = |trims| {
        let mut population = population(Preset::Clean, 60);
        population.rates.white_space = 1.0;
        population.rates.trims_ids = trims;
        population
    };
    let profiles = |strategy: &str, trims| {
        let traffic = Traffic::record(&rates(trims), |_| {});
        compared(strategy, traffic, 0).measures.profiles
    };
    assert!(profiles("engagement", 0.0) > profiles("engagement", 1.0));
    assert_eq!(profiles("never-merge", 0.0), profiles("never-merge", 1.0));
}

/// A shop asks that the device's past becomes the person's at the log-in, and not that one person becomes another.
#[test]
fn merges_are_asked_for_at_a_log_in() {
    let calls = [
        (1, 1, json!({"cookie": "c1"}), visit()),
        (2, 1, json!({"registered": "a"}), visit()),
        (3, 1, json!({"registered": "a", "cookie": "c1"}), visit()),
        (4, 2, json!({"registered": "b", "cookie": "c1"}), visit()),
    ];
    let presets = LedgerStrategy::presets().map(|preset| Contestant::Ledger(preset.strategy));
    for contestant in presets.filter(|one| one.merges_when_asked()) {
        let measures = compared(&contestant.name(), traffic(&calls), 0).measures;
        // Some products leave the past where it was, with or without a profile that anybody can reach.
        let joined = measures.exact.recall == 1.0 && measures.profiles == 2;
        let left_behind = measures.profiles == 3 && measures.over_merged == 0.0;
        assert!(joined || left_behind, "{}: {measures:?}", contestant.name());
    }
    let profiles = |strategy| compared(strategy, traffic(&calls), 0).measures.profiles;
    assert_eq!(
        (profiles("explicit-merge"), profiles("never-merge")),
        (2, 3)
    );
}
