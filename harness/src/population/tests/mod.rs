//! The traffic is what the rates say, the same for the same seed, and in order.

mod causes;
mod project;
mod records;
mod truth;

use std::collections::{BTreeMap, BTreeSet};

use super::*;

fn population(preset: Preset, people: u64, seed: u64) -> Population {
    Population {
        seed,
        people,
        rates: preset.rates(),
    }
}

/// A digest of all lines for each preset, committed, so that another machine or a newer library that draws otherwise is
/// noticed. Whoever changes what people do changes it on purpose.
#[test]
fn a_seed_gives_the_same_bytes_for_ever() {
    let digests: Vec<String> = Preset::ALL
        .into_iter()
        .map(|preset| {
            let (lines, bytes, digest) = digest(&population(preset, 300, 1));
            let name = preset.about().0;
            format!("{name}: {lines} lines, {bytes} bytes, {digest:016x}")
        })
        .collect();
    insta::assert_snapshot!(digests.join("\n"));
    let of = |seed| digest(&population(Preset::SmallShop, 40, seed));
    assert_eq!(of(1), of(1));
    assert_ne!(of(1), of(2));
}

/// Lines, bytes, and the 64-bit FNV-1a hash of the bytes.
fn digest(population: &Population) -> (usize, usize, u64) {
    let (mut lines, mut bytes) = (0, Vec::new());
    for call in population.calls() {
        call.write_line(&mut bytes).unwrap();
        lines += 1;
    }
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (lines, bytes.len(), hash)
}

#[test]
fn a_line_is_what_the_api_would_receive() {
    let population = population(Preset::SmallShop, 40, 1);
    let mut calls = population.calls();
    let call = calls.find(|call| call.command() == "customers").unwrap();
    let (mut line, mut named) = (Vec::new(), Vec::new());
    call.write_line(&mut line).unwrap();
    call.write_line_with_person(&mut named).unwrap();
    insta::assert_snapshot!(String::from_utf8(line.clone()).unwrap());
    let mut line: serde_json::Value = serde_json::from_slice(&line).unwrap();
    assert_eq!(line["body"], call.body());
    line["person"] = call.person.into();
    let named: serde_json::Value = serde_json::from_slice(&named).unwrap();
    assert_eq!(named, line);
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
        assert!(last < population.ends_before());
        // A few people never visit a page of their own, but everybody visits at least once.
        assert!((300..304).contains(&people.len()), "{}", people.len());
    }
}

/// What is held at once does not depend on how many people there are, only on how many are active.
#[test]
fn memory_holds_only_the_active_households() {
    let held_max = |people| {
        let population = Population {
            rates: Rates {
                new_households_per_day: 20.0,
                active_days: 10.0,
                late: 0.1,
                ..Rates::default()
            },
            ..population(Preset::SmallShop, people, 3)
        };
        let mut calls = population.calls();
        let mut held_max = [0; 3];
        while calls.next().is_some() {
            for (most, held) in held_max.iter_mut().zip(calls.held()) {
                *most = held.max(*most);
            }
        }
        held_max
    };
    for people in [1_500, 15_000] {
        let [households, calls, departed] = held_max(people);
        // 20 a day for 10 days, and a third as long again those whose consents are still to be withdrawn.
        assert!((150..300).contains(&households), "{households} of {people}");
        assert!(calls < 300, "{calls} calls under way of {people}");
        assert_eq!(departed, 0);
    }
}

#[test]
fn every_source_is_listed() {
    let shops = Preset::ALL.into_iter();
    let sources = shops.flat_map(|preset| {
        let population = population(preset, 300, 3);
        let calls = population.calls();
        calls.map(|call| call.source).collect::<Vec<_>>()
    });
    let seen: BTreeSet<&str> = sources.collect();
    assert_eq!(seen, SOURCES.into());
}

#[test]
fn a_rate_of_zero_means_never() {
    let mut rates = Rates::default();
    for (name, ..) in Rates::ALL {
        let can_be_zero = Rates::check(name, 0.0).is_ok();
        if can_be_zero && !["trims_ids", "logs_in"].contains(name) {
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
        "there is no rate `visits`; `twinfold generate --list` names them"
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
