//! The traffic is what the rates say, the same for the same seed, and in order.

mod causes;

use std::collections::{BTreeMap, BTreeSet};

use super::*;

fn population(preset: Preset, people: u64, seed: u64) -> Population {
    Population {
        seed,
        people,
        rates: preset.rates(),
    }
}

#[test]
fn a_seed_gives_the_same_calls_for_ever() {
    let lines = |seed| -> Vec<String> {
        let population = population(Preset::SmallShop, 40, seed);
        population
            .calls()
            .map(|call| {
                let mut line = Vec::new();
                call.write_line(&mut line).unwrap();
                String::from_utf8(line).unwrap()
            })
            .collect()
    };
    assert_eq!(lines(1), lines(1));
    assert_ne!(lines(1), lines(2));
    // Committed, so that another machine or a newer library that draws otherwise is noticed.
    insta::assert_snapshot!(lines(1)[..6].join("\n"));
}

#[test]
fn calls_arrive_in_order_and_never_before_they_happened() {
    for preset in Preset::ALL {
        let population = population(preset, 300, 7);
        let (mut last, mut people) = (0, BTreeSet::new());
        for call in population.calls() {
            assert!(call.arrives_at >= last && call.arrives_at >= call.happened_at);
            last = call.arrives_at;
            people.insert(call.person);
        }
        // A few people never visit a page of their own, but everybody visits at least once.
        assert!((300..304).contains(&people.len()), "{}", people.len());
    }
}

#[test]
fn memory_holds_only_the_active_households() {
    let population = Population {
        rates: Rates {
            new_households_per_day: 20.0,
            active_days: 10.0,
            ..Rates::default()
        },
        ..population(Preset::SmallShop, 6_000, 3)
    };
    let mut calls = population.calls();
    let mut held_max = 0;
    while calls.next().is_some() {
        held_max = held_max.max(calls.held().0);
    }
    // 20 a day for 10 days, and those whose late calls are under way.
    assert!(held_max < 20 * 12, "{held_max} households at a time");
}

#[test]
fn a_rate_of_zero_means_never() {
    let mut rates = Rates::default();
    for (name, ..) in Rates::ALL {
        if ![
            "new_households_per_day",
            "active_days",
            "visits_per_person",
            "trims_ids",
            "logs_in",
        ]
        .contains(name)
        {
            rates.set(name, 0.0).unwrap();
        }
    }
    let population = Population {
        seed: 5,
        people: 200,
        rates,
    };
    let mut cookies = BTreeMap::new();
    for call in population.calls() {
        assert_eq!((call.source, call.happened_at), ("js-sdk", call.arrives_at));
        let cookie = call.customer_ids.get("cookie").unwrap().to_string();
        assert_eq!(*cookies.entry(cookie).or_insert(call.person), call.person);
    }
    assert_eq!(cookies.len(), 200, "one device each, never lost");
    assert_eq!(
        Rates::default().set("visits", 1.0).unwrap_err().to_string(),
        "there is no rate `visits`"
    );
}

/// The share of happenings comes near its rate.
#[test]
fn the_rates_are_kept() {
    let population = population(Preset::SmallShop, 4_000, 11);
    let (mut views, mut logins, mut repeated, mut all) = (0.0, 0.0, BTreeMap::new(), 0.0);
    for call in population.calls() {
        all += 1.0;
        views += f64::from(u8::from(matches!(call.what, What::Event("view_item", _))));
        logins += f64::from(u8::from(
            matches!(call.what, What::Customers(_)) && call.source.ends_with("sdk"),
        ));
        *repeated
            .entry((call.person, call.body().to_string()))
            .or_insert(0.0) += 1.0;
    }
    let repeated: f64 = repeated.values().map(|count: &f64| count - 1.0).sum();
    for (name, seen, rate) in [
        ("views", views / 4_000.0, 10.0),
        ("logs_in", logins / views, 0.25),
        ("repeated", repeated / all, 0.01),
    ] {
        assert!(
            (seen / rate - 1.0).abs() < 0.15,
            "{name}: {seen}, not about {rate}"
        );
    }
}
