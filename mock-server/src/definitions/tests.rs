//! Definitions over one customer, as tables of (definition, value).

use serde_json::json;
use twinfold_engine::{
    InternalId, Timestamp,
    profile::{StoredEvent, StoredProperty},
};

use super::*;

fn ada() -> Profile {
    let properties =
        json!({"city": "Brno", "age": 36, "points": "40", "tags": ["vip", 7], "gone": null});
    let properties = properties.as_object().unwrap().iter().map(|(name, value)| {
        let at = Timestamp::default();
        (
            name.clone(),
            StoredProperty {
                value: value.to_string(),
                at,
            },
        )
    });
    let events = [
        (10.0, "purchase", json!({"price": 5, "shop": "Brno"})),
        (15.0, "visit", json!({"price": 99})),
        (20.0, "purchase", json!({"price": "2.5"})),
        (30.0, "purchase", json!({"price": null, "shop": "Praha"})),
    ];
    let events = events
        .into_iter()
        .map(|(at, event_type, properties)| StoredEvent {
            event_type: event_type.into(),
            at: Timestamp::new(at).unwrap(),
            properties: properties.to_string(),
        });
    Profile {
        internal_id: InternalId::from_number(1).unwrap(),
        ids: Vec::new(),
        properties: properties.collect(),
        events: events.collect(),
    }
}

fn value(definitions: Value, kind: Kind, until: f64) -> Value {
    let definitions: Definitions = serde_json::from_value(definitions).unwrap();
    definitions.check().unwrap();
    let mut profile = ada();
    profile.events.retain(|event| event.at.seconds() <= until);
    let reading = Reading {
        definitions: &definitions,
        profile: &profile,
    };
    reading.value(kind, "d").unwrap()
}

#[test]
fn conditions_look_at_one_property() {
    for (condition, holds) in [
        (
            json!({"property": "city", "operator": "equals", "value": "Brno"}),
            true,
        ),
        (
            json!({"property": "city", "operator": "equals", "value": "brno"}),
            false,
        ),
        (
            json!({"property": "age", "operator": "equals", "value": 36.0}),
            true,
        ),
        (
            json!({"property": "points", "operator": "equals", "value": 40}),
            true,
        ),
        (
            json!({"property": "city", "operator": "not_equals", "value": "Praha"}),
            true,
        ),
        (
            json!({"property": "unset", "operator": "not_equals", "value": "Praha"}),
            true,
        ),
        (
            json!({"property": "unset", "operator": "equals", "value": "Praha"}),
            false,
        ),
        (
            json!({"property": "city", "operator": "contains", "value": "rn"}),
            true,
        ),
        (
            json!({"property": "city", "operator": "contains", "value": "x"}),
            false,
        ),
        (
            json!({"property": "tags", "operator": "contains", "value": "vip"}),
            true,
        ),
        (
            json!({"property": "tags", "operator": "contains", "value": "vi"}),
            false,
        ),
        (json!({"property": "city", "operator": "is_set"}), true),
        (json!({"property": "gone", "operator": "is_set"}), false),
        (json!({"property": "unset", "operator": "is_not_set"}), true),
        (json!({"property": "city", "operator": "is_not_set"}), false),
        (
            json!({"property": "age", "operator": "less_than", "value": 37}),
            true,
        ),
        (
            json!({"property": "age", "operator": "less_than", "value": 36}),
            false,
        ),
        (
            json!({"property": "points", "operator": "greater_than", "value": 9}),
            true,
        ),
        (
            json!({"property": "city", "operator": "greater_than", "value": 9}),
            false,
        ),
        (
            json!({"property": "city", "operator": "in", "value": ["Praha", "Brno"]}),
            true,
        ),
        (
            json!({"property": "city", "operator": "in", "value": []}),
            false,
        ),
    ] {
        let segments = json!([{"name": "yes", "when": [condition]}]);
        let definitions = json!({"segmentations": {"d": {"name": "s", "segments": segments}}});
        let expected = if holds { json!("yes") } else { Value::Null };
        assert_eq!(
            value(definitions, Kind::Segmentation, 99.0),
            expected,
            "{condition}"
        );
    }
}

#[test]
fn the_first_segment_that_holds_has_the_customer() {
    let of_city = |city: &str| json!({"property": "city", "operator": "equals", "value": city});
    let grown = json!({"property": "age", "operator": "greater_than", "value": 50});
    for (segments, name) in [
        (
            json!([{"name": "a", "when": [of_city("Brno")]}, {"name": "b"}]),
            json!("a"),
        ),
        (
            json!([{"name": "a", "when": [of_city("Brno"), grown]}, {"name": "b"}]),
            json!("b"),
        ),
        (
            json!([{"name": "a", "when": [of_city("Praha")]}]),
            Value::Null,
        ),
        (json!([]), Value::Null),
    ] {
        let definitions = json!({"segmentations": {"d": {"name": "s", "segments": segments}}});
        assert_eq!(
            value(definitions, Kind::Segmentation, 99.0),
            name,
            "{segments}"
        );
    }
}

#[test]
fn aggregates_look_at_events_of_one_type() {
    let of = |aggregate: &str, property: Value| json!({"event_type": "purchase", "aggregate": aggregate, "property": property});
    for (aggregate, until, expected) in [
        (of("count", Value::Null), 99.0, json!(3)),
        (of("count", Value::Null), 20.0, json!(2)),
        (of("count", json!("price")), 99.0, json!(2)),
        (of("sum", json!("price")), 99.0, json!(7.5)),
        (of("sum", json!("price")), 10.0, json!(5)),
        (of("sum", json!("price")), 1.0, json!(0)),
        (of("average", json!("price")), 99.0, json!(3.75)),
        (of("average", json!("price")), 1.0, Value::Null),
        (of("min", json!("price")), 99.0, json!(2.5)),
        (of("max", json!("price")), 99.0, json!(5)),
        (of("max", json!("shop")), 99.0, Value::Null),
        (of("first", json!("shop")), 99.0, json!("Brno")),
        (of("last", json!("shop")), 99.0, json!("Praha")),
        (of("last", json!("none")), 99.0, Value::Null),
    ] {
        let definitions = json!({"aggregates": {"d": aggregate}});
        assert_eq!(
            value(definitions, Kind::Aggregate, until),
            expected,
            "{aggregate}"
        );
    }
}

#[test]
fn expressions_calculate() {
    for (expression, expected) in [
        (json!({"property": "city"}), json!("Brno")),
        (json!({"property": "unset"}), Value::Null),
        (json!({"constant": [1]}), json!([1])),
        (json!({"aggregate": "bought"}), json!(3)),
        (
            json!({"add": [{"property": "age"}, {"property": "points"}, {"constant": 1}]}),
            json!(77),
        ),
        (
            json!({"subtract": [{"property": "age"}, {"constant": 0.5}]}),
            json!(35.5),
        ),
        (
            json!({"multiply": [{"aggregate": "bought"}, {"constant": -2}]}),
            json!(-6),
        ),
        (
            json!({"divide": [{"property": "age"}, {"aggregate": "bought"}]}),
            json!(12),
        ),
        (
            json!({"divide": [{"property": "age"}, {"constant": 0}]}),
            Value::Null,
        ),
        (
            json!({"add": [{"property": "city"}, {"constant": 1}]}),
            Value::Null,
        ),
    ] {
        let bought = json!({"event_type": "purchase", "aggregate": "count"});
        let definitions =
            json!({"aggregates": {"bought": bought}, "expressions": {"d": expression}});
        assert_eq!(
            value(definitions, Kind::Expression, 99.0),
            expected,
            "{expression}"
        );
    }
}

#[test]
fn predictions_and_recommendations_are_what_the_test_states() {
    let definitions =
        json!({"predictions": {"d": 0.4}, "recommendations": {"d": [{"item_id": "1"}]}});
    assert_eq!(
        value(definitions.clone(), Kind::Prediction, 1.0),
        json!(0.4)
    );
    assert_eq!(
        value(definitions, Kind::Recommendation, 1.0),
        json!([{"item_id": "1"}])
    );
}

#[test]
fn what_is_wrong_with_definitions_is_said_with_its_place() {
    for (definitions, says) in [
        (
            json!({"segmentations": {"s": {"name": "n", "segments": [{"name": "a", "when": [
                {"property": "p", "operator": "in", "value": 1}]}]}}}),
            "definitions.segmentations.s.segments[0]: the condition on `p` needs a list as its `value`",
        ),
        (
            json!({"aggregates": {"a": {"event_type": "e", "aggregate": "sum"}}}),
            "definitions.aggregates.a: needs the `property` whose values are aggregated",
        ),
        (
            json!({"expressions": {"e": {"aggregate": "none"}}}),
            "definitions.expressions.e: there is no aggregate `none`",
        ),
        (
            json!({"expressions": {"e": {"add": [{"constant": 1}]}}}),
            "definitions.expressions.e: a calculation needs at least two parts",
        ),
    ] {
        let read: Definitions = serde_json::from_value(definitions).unwrap();
        assert_eq!(read.check(), Err(says.to_owned()));
    }
}
