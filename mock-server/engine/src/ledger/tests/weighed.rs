//! Values that are weighed by how often or by whom they were given, against a slow recount of all calls of a profile.

use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use core::cmp::Reverse;

use proptest::{collection, prelude::*};

use super::{
    super::{
        GivenProperty, Ledger, LedgerAction, LedgerCommand, LedgerId, LedgerSettings,
        LedgerStrategy, ProfileNumber, PropertyWrite,
    },
    history::TYPES,
    named::moment,
};
use crate::store::Json;

/// A call with a value, the place of its source, and when the value was set: no two at the same time, and some arrive late.
#[derive(Clone, Debug)]
struct Weighed {
    ids: Vec<LedgerId>,
    json: String,
    rank: u8,
    set_at: u32,
}

fn calls() -> impl Strategy<Value = Vec<Weighed>> {
    let id = (0_u8..3, 0_u32..5).prop_map(|(id_type, value)| LedgerId { id_type, value });
    let one = (collection::vec(id, 1..3), 0_u8..4, 0_u8..3);
    collection::vec(one, 1..24).prop_flat_map(|calls| {
        let times: Vec<u32> = (0..calls.len() as u32).collect();
        Just(times).prop_shuffle().prop_map(move |times| {
            let calls = calls.iter().zip(times);
            let weighed = calls.map(|((ids, value, rank), set_at)| Weighed {
                ids: ids.clone(),
                json: format!("{value}"),
                rank: *rank,
                set_at,
            });
            weighed.collect()
        })
    })
}

fn run(strategy: &str, calls: &[Weighed]) -> Ledger {
    let strategy = LedgerStrategy::from_name(strategy).unwrap();
    let mut ledger = Ledger::new(strategy, LedgerSettings::of_types(TYPES.to_vec()));
    for (number, call) in (0..).zip(calls) {
        let given = GivenProperty {
            name: "city",
            value: Json(&call.json),
            write: PropertyWrite::Replaces,
            set_at: moment(f64::from(call.set_at)),
            rank: call.rank,
        };
        ledger.apply(&LedgerCommand {
            at: moment(f64::from(number)),
            action: LedgerAction::Call {
                ids: &call.ids,
                properties: &[given],
                event: Some(number),
            },
        });
    }
    ledger
}

/// The value of each profile by looking at all of its calls.
fn recounted<'c, W: Ord>(
    ledger: &Ledger,
    calls: &'c [Weighed],
    weight: impl Fn(&[&Weighed], &str) -> W,
) -> BTreeMap<ProfileNumber, &'c str> {
    let mut own: BTreeMap<ProfileNumber, Vec<&Weighed>> = BTreeMap::new();
    for (number, call) in (0..).zip(calls) {
        let owner = ledger.owner_of_event(number).unwrap();
        own.entry(owner).or_default().push(call);
    }
    let heaviest = |calls: Vec<&'c Weighed>| {
        let values = calls.iter().map(|call| &*call.json);
        values.max_by_key(|json| weight(&calls, json)).unwrap()
    };
    own.into_iter()
        .map(|(profile, calls)| (profile, heaviest(calls)))
        .collect()
}

fn same<'c>(calls: &'c [&Weighed], json: &'c str) -> impl Iterator<Item = &'c &'c Weighed> {
    calls.iter().filter(move |call| call.json == json)
}

fn kept(ledger: &Ledger, profile: ProfileNumber) -> String {
    let mut properties = ledger.properties_of(profile);
    properties.next().unwrap().1.0.into()
}

proptest! {
    #[test]
    fn the_value_that_was_given_most_often_stays(calls in calls()) {
        let ledger = run("plain-closure:properties=most_frequent", &calls);
        let expected = recounted(&ledger, &calls, |calls, json| {
            let last = same(calls, json).map(|call| call.set_at).max();
            (same(calls, json).count(), last)
        });
        for (profile, json) in expected {
            prop_assert_eq!(kept(&ledger, profile), json);
        }
    }

    #[test]
    fn the_value_of_the_first_source_stays(calls in calls()) {
        let ledger = run("plain-closure:properties=source_order", &calls);
        let expected = recounted(&ledger, &calls, |calls, json| {
            same(calls, json).map(|call| (Reverse(call.rank), call.set_at)).max()
        });
        for (profile, json) in expected {
            prop_assert_eq!(kept(&ledger, profile), json);
        }
    }
}
