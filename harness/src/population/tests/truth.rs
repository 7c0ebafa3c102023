//! The truth names every call once, of the person who caused it, and every ID with whose it is.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::population;
use crate::population::{Call, Population, Preset, Traffic, TruthWriter, slip::Slip};

/// The calls, and the truth as it was written while they went by.
fn told(population: &Population) -> (Vec<Call>, Vec<Value>) {
    let (mut calls, mut written) = (Vec::new(), Vec::new());
    let mut truth = TruthWriter::new(&mut written);
    let mut traffic = population.traffic();
    while let Some(call) = traffic.next() {
        truth.note(&call);
        for person in traffic.departed() {
            truth.write(&person).unwrap();
        }
        calls.push(call);
    }
    for person in traffic.departed() {
        truth.write(&person).unwrap();
    }
    let lines = written.split(|byte| *byte == b'\n');
    let lines = lines.filter(|line| !line.is_empty());
    let read = lines.map(|line| serde_json::from_slice(line).unwrap());
    (calls, read.collect())
}

#[test]
fn every_call_is_told_of_the_person_behind_it() {
    for preset in Preset::ALL {
        let (calls, people) = told(&population(preset, 300, 4));
        let mut heard = BTreeSet::new();
        for person in &people {
            for line in person["calls"].as_array().unwrap() {
                let line = line.as_u64().unwrap() as usize;
                assert_eq!(json!(calls[line - 1].person), person["person"]);
                assert!(heard.insert(line), "line {line} has two people");
            }
        }
        assert_eq!(heard.len(), calls.len());
        let mut numbers: Vec<u64> = people
            .iter()
            .filter_map(|one| one["person"].as_u64())
            .collect();
        numbers.sort_unstable();
        let all: Vec<u64> = (0..people.len() as u64).collect();
        assert_eq!(numbers, all, "{preset:?}");
    }
}

#[test]
fn in_a_clean_shop_every_id_is_truly_its_senders() {
    let (calls, people) = told(&population(Preset::Clean, 300, 4));
    let by_number: BTreeMap<u64, &Value> = people
        .iter()
        .map(|person| (person["person"].as_u64().unwrap(), &person["ids"]))
        .collect();
    for call in &calls {
        for (name, value) in call.customer_ids.iter() {
            let own = by_number[&call.person][name].as_array().unwrap();
            assert!(own.contains(value), "{name}={value} of {}", call.person);
        }
    }
    assert!(people.iter().all(|person| person["slips"] == json!([])));
}

/// Who has a number of somebody else: both send it as an ID, and nobody's number is another's without a slip.
#[test]
fn a_recycled_number_was_sent_by_somebody_before() {
    for seed in 1..=5 {
        let (calls, people) = told(&population(Preset::CallCentre, 400, seed));
        let mut senders: BTreeMap<&str, BTreeSet<u64>> = BTreeMap::new();
        for call in &calls {
            if let Some(phone) = call.customer_ids.get("phone").and_then(Value::as_str) {
                senders.entry(phone).or_default().insert(call.person);
            }
        }
        let met = |person: &&Value| person["slips"].to_string().contains("recycled_phone");
        let recycled: BTreeSet<u64> = people
            .iter()
            .filter(met)
            .filter_map(|person| person["person"].as_u64())
            .collect();
        assert!((16..=21).contains(&recycled.len()), "{recycled:?}");
        for person in &recycled {
            let sent = senders.values().find(|sent| sent.contains(person)).unwrap();
            let first = sent.iter().find(|one| !recycled.contains(one)).unwrap();
            assert!(first < person, "{sent:?}");
        }
        let shared = senders.values().filter(|sent| sent.len() > 1);
        assert!(
            shared
                .flatten()
                .filter(|one| recycled.contains(one))
                .count()
                == recycled.len()
        );
        for sent in senders.values() {
            let own = sent.iter().filter(|one| !recycled.contains(one));
            assert!(own.count() <= 1, "{sent:?}");
        }
    }
}

#[test]
fn slips_meet_as_many_people_as_their_rates_say() {
    let population = population(Preset::EveryCause, 2_000, 4);
    let (_, people) = told(&population);
    let slips = people
        .iter()
        .flat_map(|one| one["slips"].as_array().unwrap());
    let mut met = BTreeMap::new();
    for slip in slips {
        *met.entry(slip.as_str().unwrap()).or_insert(0_u32) += 1;
    }
    for slip in Slip::ALL {
        let (name, rate) = slip.rate(&population.rates);
        let (met, due) = (
            f64::from(*met.get(name).unwrap_or(&0)),
            rate * people.len() as f64,
        );
        // One row may have begun, and some people may have been passed over.
        assert!(
            (due - 4.0..=due + 1.0).contains(&met),
            "{name}: {met}, not {due}"
        );
    }
    let several = people
        .iter()
        .filter(|one| one["slips"].as_array().unwrap().len() > 1);
    assert!(several.count() < people.len() / 50);
}
