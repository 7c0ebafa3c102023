//! Values of properties that are believed by their source.

use serde_json::json;

use super::{super::*, traffic, visit};

/// A person is known to two systems, and the one that is believed first is right.
#[test]
fn the_order_of_sources_decides_whose_value_stays() {
    let from = |source: &str, value: &str| json!({"properties": {"tier": value}, "source": source});
    let calls = [
        (1, 1, json!({"cookie": "c"}), from("web", "none")),
        (2, 1, json!({"cookie": "c"}), from("import", "silver")),
        (3, 1, json!({"cookie": "d"}), from("crm", "gold")),
        (4, 1, json!({"registered": "a", "cookie": "c"}), visit()),
        (5, 1, json!({"registered": "a", "cookie": "d"}), visit()),
    ];
    let strategy = "plain-closure:properties=source_order";
    let Contestant::Ledger(by) = Contestant::from_name(strategy).unwrap() else {
        panic!("it is a strategy of the ledger");
    };
    for (order, kept) in [
        (["crm", "web"], "\"gold\""),
        (["web", "crm"], "\"none\""),
        (["import", "web"], "\"silver\""),
        // Those that are not named are believed alike, and the newest of them stays.
        (["shop", "till"], "\"gold\""),
    ] {
        let traffic = traffic(&calls).in_source_order(&order.map(String::from));
        let ready = running::Ready::new(Contestant::Ledger(by), &traffic);
        let mut running = ready.start();
        (0..traffic.calls()).for_each(|number| drop(running.take(&traffic.call(number))));
        let profile = running.profile_of(0);
        assert_eq!(
            running.property(profile, "tier").as_deref(),
            Some(kept),
            "{order:?}"
        );
    }
}
