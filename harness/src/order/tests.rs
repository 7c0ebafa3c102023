//! Two commands that do not commute, and the shortest order that leaves a duplicate.

use serde_json::json;
use twinfold_engine::{Settings, Timestamp};

use super::*;
use crate::{
    fixup::duplicates_of,
    traffic::{Properties, SentAction, SentId, replay},
};

const OPTIONS: Options = Options {
    orders: 200,
    seed: 1,
    keep_source_order: false,
};

/// IDs as `registered=ada cookie=laptop`, then properties as `email=ada@example.com` or an event as `!view`.
fn traffic(lines: &[&str]) -> Traffic {
    let sent = |(position, line): (usize, &&str)| {
        let (source, rest) = line.split_once(": ").unwrap();
        let (mut ids, mut pairs, mut event) = (Vec::new(), Vec::new(), None);
        for word in rest.split(' ') {
            match (word.strip_prefix('!'), word.split_once('=')) {
                (Some(event_type), _) => event = Some(event_type.to_owned()),
                (_, Some((name @ ("registered" | "cookie"), value))) => {
                    ids.push(SentId::text(name, value))
                }
                (_, Some((name, value))) => pairs.push((name.to_owned(), json!(value).to_string())),
                _ => panic!("{word}"),
            }
        }
        let action = match event {
            None => SentAction::Customers {
                ids,
                properties: Properties::Object(pairs),
                update_timestamp: None,
            },
            event_type => SentAction::Event {
                ids,
                event_type,
                timestamp: None,
                properties: Properties::Object("{}".into()),
            },
        };
        Sent {
            seq: position as u64 + 1,
            at: Timestamp::new(1_000.0 + position as f64).unwrap(),
            source: source.into(),
            request: String::new(),
            item: None,
            action,
        }
    };
    Traffic {
        settings: Settings::default(),
        commands: lines.iter().enumerate().map(sent).collect(),
        folded: 0,
    }
}

fn report(lines: &[&str], options: Options) -> Report {
    check(&traffic(lines), options, &PlanOptions::default())
}

#[test]
fn commands_of_strangers_commute() {
    let report = report(
        &[
            "api: registered=ada city=Brno",
            "api: registered=bob city=Wien",
            "js-sdk: cookie=x a=1",
        ],
        OPTIONS,
    );
    assert!(report.is_independent());
    assert_eq!((report.every_order, report.swap), (true, None));
    assert_eq!(
        report.tried,
        [
            (Variation::Order, 6),
            (Variation::Batches, 3),
            (Variation::Redelivery, 6)
        ]
    );
}

#[test]
fn one_browser_of_two_accounts_belongs_to_the_one_that_came_last() {
    let report = report(
        &[
            "js-sdk: cookie=laptop registered=ada",
            "js-sdk: cookie=laptop registered=bob",
        ],
        OPTIONS,
    );
    assert_eq!(report.ends.len(), 2);
    let swap = report.swap.as_ref().unwrap();
    assert_eq!((swap.order.as_slice(), swap.place), (&[0, 1][..], 0));
    insta::assert_snapshot!(text(&report));
}

#[test]
fn an_event_before_the_login_merges_and_one_after_logout_does_not_matter() {
    let lines = [
        "api: registered=ada email=ada@example.com",
        "js-sdk: cookie=phone email=ada@example.com",
        "js-sdk: cookie=phone registered=ada",
        "js-sdk: cookie=tablet !view",
    ];
    let report = report(&lines, OPTIONS);
    let duplicate = report.duplicate.as_ref().unwrap();
    assert_eq!(
        (duplicate.order.as_slice(), duplicate.is_shortest),
        (&[0, 1][..], true)
    );
    let traffic = traffic(&lines);
    let some = duplicate
        .order
        .iter()
        .map(|&position| &traffic.commands[position]);
    let replayed = replay(&traffic.settings, some);
    assert_eq!(
        duplicates_of(&replayed, &PlanOptions::default()),
        ["ada@example.com"]
    );
    insta::assert_snapshot!(text(&report));
}

#[test]
fn the_same_event_twice_without_a_time_counts_twice_unless_in_one_batch() {
    let report = report(
        &[
            "api: registered=ada !purchase",
            "api: registered=ada !purchase",
        ],
        OPTIONS,
    );
    let ways: Vec<_> = report
        .ends
        .iter()
        .map(|end| (end.deliveries.clone(), end.example.clone()))
        .collect();
    assert_eq!(
        ways,
        [
            (vec![(Variation::Order, 2)], vec![vec![1], vec![2]]),
            (vec![(Variation::Batches, 1)], vec![vec![1, 2]]),
            (
                vec![(Variation::Redelivery, 3)],
                vec![vec![1], vec![1], vec![2]]
            ),
        ]
    );
}

#[test]
fn what_one_browser_sends_can_stay_in_its_order() {
    let lines = [
        "js-sdk: cookie=laptop registered=ada",
        "js-sdk: cookie=laptop registered=bob",
        "js-sdk: cookie=phone !view",
    ];
    let kept = report(
        &lines,
        Options {
            keep_source_order: true,
            ..OPTIONS
        },
    );
    assert_eq!(kept.tried[0], (Variation::Order, 3));
    assert_eq!(kept.swap, None);
    assert!(report(&lines, OPTIONS).swap.is_some());
}

#[test]
fn a_sample_is_the_same_again_and_keeps_the_order_of_a_source() {
    let lines: Vec<String> = (0..12)
        .map(|n| format!("js-sdk: cookie=c{} registered=r{}", n % 3, n % 4))
        .collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let options = Options {
        keep_source_order: true,
        ..OPTIONS
    };
    let traffic = traffic(&lines);
    let (deliveries, every) = deliveries::deliveries(&traffic, &options);
    assert_eq!(
        (deliveries.clone(), every),
        deliveries::deliveries(&traffic, &options)
    );
    assert!(!every);
    let senders = deliveries::senders(&traffic.settings, &traffic.commands);
    for (variation, delivery) in deliveries {
        let mut sorted = delivery.order.clone();
        sorted.sort_unstable();
        if variation == Variation::Order {
            assert!(deliveries::keeps_order(&delivery.order, &senders));
            assert_eq!(sorted, (0..12).collect::<Vec<_>>());
        }
    }
}

#[test]
fn the_swap_that_is_reported_changes_the_end() {
    for seed in 1..=20 {
        let lines: Vec<String> = (0..9)
            .map(|n| {
                format!(
                    "js-sdk: cookie=c{} registered=r{} p={n}",
                    n * seed % 3,
                    n * seed % 5 % 2
                )
            })
            .collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let traffic = traffic(&lines);
        let report = check(&traffic, OPTIONS, &PlanOptions::default());
        let swap = report.swap.unwrap();
        let end = |order: Vec<usize>| {
            let project = Delivery::singly(order).replay(&traffic.settings, &traffic.commands);
            End::of(&project, afterwards(&traffic.commands))
        };
        assert_ne!(end(swap.order.clone()), end(swap.swapped()));
    }
}
