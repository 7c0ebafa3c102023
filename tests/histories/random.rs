//! Random histories of few people and few devices, and what must hold of everything that is said about them.

use proptest::{collection::vec, prelude::*, sample::select};
use twinfold::{
    anomaly::{self, Anomaly, Findings},
    explain::{Answer, Apart, Joined, JoiningCall, Proof, explain_two},
    history::{History, Id, holder},
    traffic::{Properties, Sent, SentAction, SentId, SentWho, Traffic, replay},
};
use twinfold_engine::{
    ContestedSoftId, HardIdConflict, IdSchema, IdType, PropertyConflict, Settings, Switches,
    Timestamp,
};

const VALUES: [(&str, &[&str]); 3] = [
    ("registered", &["1", "2", "A", "a"]),
    ("email_id", &["x@example.com", "y@example.com"]),
    ("cookie", &["b", "c", "d", "e"]),
];

fn settings() -> impl Strategy<Value = Settings> {
    let switches = (
        select(HardIdConflict::ALL),
        select(ContestedSoftId::ALL),
        select(PropertyConflict::ALL),
    );
    (switches, 1..=4u16).prop_map(
        |((hard_id_conflict, contested_soft_id, property_conflict), cap)| {
            let cookie = IdType {
                values_max: cap,
                ..IdType::soft("cookie")
            };
            let types = vec![IdType::hard("registered"), IdType::hard("email_id"), cookie];
            Settings {
                schema: IdSchema::new(types).unwrap(),
                switches: Switches {
                    hard_id_conflict,
                    contested_soft_id,
                    property_conflict,
                    ..Switches::default()
                },
                ..Settings::default()
            }
        },
    )
}

fn ids() -> impl Strategy<Value = Vec<SentId>> {
    let of = |(id_type, values): (&'static str, &'static [&'static str])| {
        proptest::option::weighted(0.5, select(values))
            .prop_map(move |value| value.map(|value| SentId::text(id_type, value)))
    };
    let [one, two, three] = VALUES.map(of);
    (one, two, three)
        .prop_map(|(one, two, three)| [one, two, three].into_iter().flatten().collect())
}

fn action() -> impl Strategy<Value = SentAction> {
    let name = select(&["\"ada\"", "\"bob\"", "\"x@example.com\""][..]);
    let property = (select(&["first_name", "email"][..]), name);
    let action = select(
        &[
            "{}",
            r#"{"category":"n","action":"accept","valid_until":"unlimited"}"#,
            r#"{"category":"n"}"#,
        ][..],
    );
    prop_oneof![
        6 => (ids(), vec(property, 0..2)).prop_map(|(ids, properties)| SentAction::Customers {
            ids,
            properties: Properties::Object(
                properties.into_iter().map(|(name, value)| (name.into(), value.into())).collect(),
            ),
            update_timestamp: None,
        }),
        3 => (ids(), action).prop_map(|(ids, properties)| SentAction::Event {
            ids,
            event_type: Some("consent".into()),
            timestamp: None,
            properties: Properties::Object(properties.into()),
        }),
        1 => ids().prop_map(|ids| SentAction::Anonymize {
            who: SentWho::Ids(ids),
            fresh: String::new(),
        }),
    ]
}

fn traffic(most: usize) -> impl Strategy<Value = Traffic> {
    (settings(), vec(action(), 1..most)).prop_map(|(settings, actions)| Traffic {
        settings,
        commands: (1..)
            .zip(actions)
            .map(|(seq, action)| sent(seq, action))
            .collect(),
        folded: 0,
    })
}

fn sent(seq: u64, mut action: SentAction) -> Sent {
    if let SentAction::Anonymize { fresh, .. } = &mut action {
        *fresh = format!("fresh-{seq}");
    }
    Sent {
        seq,
        at: Timestamp::new(seq as f64).unwrap(),
        source: if seq.is_multiple_of(3) {
            "import"
        } else {
            "api"
        }
        .into(),
        request: String::new(),
        item: None,
        action,
    }
}

/// Wherever an anomaly is found, what it implies is found about the same customers at least.
pub(crate) fn implications_hold(findings: &Findings) {
    for finding in &findings.all {
        for implied in Anomaly::ALL
            .into_iter()
            .filter(|one| finding.anomaly.implies(*one))
        {
            let found = findings.all.iter().any(|other| {
                let of = |customer| other.customers.contains(customer);
                other.anomaly == implied && finding.customers.iter().all(of)
            });
            assert!(found, "{} without {implied:?}", finding.line());
        }
    }
}

fn are_joined(traffic: &Traffic, without: &[u64], [one, other]: &[Id; 2]) -> bool {
    let kept = traffic
        .commands
        .iter()
        .filter(|sent| !without.contains(&sent.seq));
    let project = replay(&traffic.settings, kept);
    holder(&project, one).is_some() && holder(&project, one) == holder(&project, other)
}

fn check_joined(traffic: &Traffic, joined: &Joined) {
    let [one, other] = &joined.ids;
    if one == other {
        return;
    }
    let ends = [
        joined.chain.first().map(|link| &link.from),
        joined.chain.last().map(|link| &link.to),
    ];
    assert_eq!(ends, [Some(one), Some(other)]);
    assert!(
        joined
            .chain
            .windows(2)
            .all(|pair| pair[0].to == pair[1].from)
    );
    let without = joined.without.as_ref().unwrap();
    assert!(
        !are_joined(traffic, &without.commands, &joined.ids),
        "{without:?}"
    );
    for command in &without.commands {
        let fewer: Vec<u64> = without
            .commands
            .iter()
            .copied()
            .filter(|one| one != command)
            .collect();
        assert!(
            are_joined(traffic, &fewer, &joined.ids),
            "{without:?} without {command}"
        );
    }
    // The sets of one are few enough to be tried here again.
    if without.commands.len() > 1 && without.proof == Proof::Smallest {
        for sent in &traffic.commands {
            assert!(
                are_joined(traffic, &[sent.seq], &joined.ids),
                "{without:?} {}",
                sent.seq
            );
        }
    }
}

/// Whether an update with these two IDs makes one customer of those who hold them.
fn joins(history: &History<'_>, ids: [&Id; 2]) -> bool {
    let before = ids.map(|id| history.holder(id).unwrap());
    let mut project = history.project.clone();
    let call = sent(
        1_000,
        SentAction::Customers {
            ids: ids.map(|id| SentId::text(&id.id_type, &id.value)).to_vec(),
            properties: Properties::Object(Vec::new()),
            update_timestamp: None,
        },
    );
    let _rejected_or_not = call.apply_to(&mut project);
    let after = before.map(|customer| project.survivor_of(customer));
    after[0] == after[1]
}

fn check_apart(history: &History<'_>, apart: &Apart) {
    assert!(!apart.reasons.is_empty());
    let [one, other] = apart
        .ids
        .each_ref()
        .map(|id| history.ids_of(history.holder(id).unwrap()));
    match &apart.join {
        JoiningCall::Call(call) => assert!(joins(history, call.ids.each_ref())),
        JoiningCall::None { .. } => {
            for a in &one {
                for b in other.iter().filter(|b| b.id_type != a.id_type) {
                    assert!(!joins(history, [a, b]), "{a} {b} would join {apart:?}");
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn explanations_are_true(traffic in traffic(14)) {
        let history = History::of(&traffic);
        let customers = history.project.customers();
        let held: Vec<Id> = customers.flat_map(|customer| history.ids_of(customer)).collect();
        for one in &held {
            for other in &held {
                match explain_two(&traffic, one, other).answer {
                    Answer::Joined(joined) => check_joined(&traffic, &joined),
                    Answer::Apart(apart) => check_apart(&history, &apart),
                    answer => panic!("{answer:?}"),
                }
            }
        }
    }

    #[test]
    fn findings_are_about_customers_and_commands_that_exist(traffic in traffic(40)) {
        let findings = anomaly::find(&traffic);
        implications_hold(&findings);
        let project = traffic.replay();
        let customers: Vec<u32> = project.customers().map(|customer| customer.number()).collect();
        for finding in &findings.all {
            prop_assert!(finding.customers.iter().all(|one| customers.contains(one)), "{}", finding.line());
            prop_assert!(!finding.by.is_empty() && finding.by.is_sorted(), "{}", finding.line());
        }
        prop_assert_eq!(&findings, &anomaly::find(&traffic));
    }
}
