//! Random projects and random commands over small alphabets: few people, few devices, few times.
//! Small, so that merges, contested IDs, displacements and every rejection happen often.

use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any, prop_oneof},
    sample::select,
    strategy::BoxedStrategy,
};
use twinfold_engine::{
    ContestedSoftId, GivenId, GivenValue, HardIdConflict, IdSchema, IdType, PropertyConflict,
    Settings, Switches, UnknownIdType,
};

use crate::step::{Asks, Step, Whom};

const HARD: [&str; 3] = ["registered", "email_id", "customer_id"];
const SOFT: [&str; 2] = ["cookie", "device"];
const UNDECLARED: [&str; 2] = ["shoe_size", "shop"];

/// 1-3 hard and 0-2 soft types with small caps, in any order; every combination of switches.
pub(crate) fn settings() -> impl Strategy<Value = Settings> {
    let types = (
        1..=3usize,
        prop_oneof![1 => Just(0), 4 => Just(1), 5 => Just(2)],
    );
    let types = types.prop_flat_map(|(hard, soft)| {
        let names = HARD[..hard].iter().map(|name| IdType::hard(*name));
        let names = names.chain(SOFT[..soft].iter().map(|name| IdType::soft(*name)));
        names.map(id_type).collect::<Vec<_>>().prop_shuffle()
    });
    // The generated properties have five names, so that some projects have no room for all of them.
    let attributes_max = prop_oneof![3 => Just(255), 1 => 0..=4u16];
    (types, switches(), attributes_max).prop_map(|(types, switches, attributes_max)| Settings {
        schema: IdSchema::new(types).expect("generated names differ"),
        switches,
        customer_attributes_max: attributes_max,
        ..Settings::default()
    })
}

fn id_type(plain: IdType) -> BoxedStrategy<IdType> {
    let soft = plain.kind == twinfold_engine::IdKind::Soft;
    let trim = prop_oneof![4 => Just(true), 1 => Just(false)];
    (trim, any::<bool>(), 1..=3u16)
        .prop_map(move |(trim, lowercase, cap)| IdType {
            trim,
            lowercase,
            values_max: if soft { cap } else { plain.values_max },
            ..plain.clone()
        })
        .boxed()
}

fn switches() -> impl Strategy<Value = Switches> {
    let switches = (
        select(UnknownIdType::ALL),
        select(HardIdConflict::ALL),
        select(ContestedSoftId::ALL),
        select(PropertyConflict::ALL),
    );
    switches.prop_map(|(unknown, hard, contested, property)| Switches {
        unknown_id_type: unknown,
        hard_id_conflict: hard,
        contested_soft_id: contested,
        property_conflict: property,
    })
}

/// Any command.
pub(crate) fn step(schema: &IdSchema) -> BoxedStrategy<Step> {
    let asks = prop_oneof![
        6 => set(schema),
        6 => track(schema),
        4 => link_ids(schema).prop_map(|ids| Asks::Open { ids }),
        1 => anonymize(schema),
    ];
    (1..=5u8, asks)
        .prop_map(|(at, asks)| Step {
            at: at.into(),
            asks,
        })
        .boxed()
}

fn set(schema: &IdSchema) -> impl Strategy<Value = Asks> + use<> {
    let update_timestamp = proptest::option::of((0..=6u8).prop_map(f64::from));
    (object_ids(schema), properties(), update_timestamp).prop_map(
        |(ids, properties, update_timestamp)| Asks::Set {
            ids,
            properties,
            update_timestamp,
        },
    )
}

fn properties() -> impl Strategy<Value = Option<Vec<(&'static str, &'static str)>>> {
    let property = prop_oneof![
        3 => (select(&["email", "city", "phone"][..]), select(&["\"a\"", "\"b\"", "1", "null"][..])),
        1 => (Just("add_first_session"), select(&["true", "false"][..])),
        1 => (Just("__exponea_ab_banner"), select(&["\"A\"", "\"B\""][..])),
    ];
    let object = vec(property, 0..=3).prop_map(|mut properties| {
        let mut seen = Vec::new();
        properties.retain(|(name, _)| {
            let first = !seen.contains(name);
            seen.push(*name);
            first
        });
        Some(properties)
    });
    prop_oneof![25 => object, 1 => Just(None)]
}

fn track(schema: &IdSchema) -> impl Strategy<Value = Asks> + use<> {
    let event_type = prop_oneof![
        12 => Just(Some("view")),
        6 => Just(Some("consent")),
        2 => Just(Some("merge")),
        1 => Just(Some("")),
        1 => Just(None),
    ];
    let timestamp = proptest::option::of(select(&[1.0, 2.0, 2.5, 3.0][..]));
    (
        object_ids(schema),
        event_type,
        timestamp,
        event_properties(),
    )
        .prop_map(|(ids, event_type, timestamp, properties)| Asks::Track {
            ids,
            event_type,
            timestamp,
            properties,
        })
}

fn event_properties() -> impl Strategy<Value = Option<&'static str>> {
    let consents = [
        r#"{"action":"accept","category":"news","valid_until":"unlimited"}"#,
        r#"{"action":"accept","category":"news","valid_until":3}"#,
        r#"{"action":"accept","category":"news"}"#,
        r#"{"action":"reject","category":"news"}"#,
        r#"{"action":"accept","category":"offers","valid_until":"4"}"#,
        r#"{"category":7}"#,
    ];
    prop_oneof![
        6 => Just(Some("{}")),
        4 => Just(Some(r#"{"a":1}"#)),
        5 => select(consents.to_vec()).prop_map(Some),
        1 => Just(None),
    ]
}

fn anonymize(schema: &IdSchema) -> impl Strategy<Value = Asks> + use<> {
    let whom = prop_oneof![
        2 => object_ids(schema).prop_map(Whom::Ids),
        1 => (1..=6u32).prop_map(Whom::Internal),
    ];
    let fresh = [
        "fresh1", "fresh2", "fresh3", " Fresh1 ", "laptop", "phone", "--", "null",
    ];
    (whom, select(fresh.to_vec())).prop_map(|(whom, fresh)| Asks::Anonymize { whom, fresh })
}

/// The IDs of a JSON object: each type at most once.
fn object_ids(schema: &IdSchema) -> impl Strategy<Value = Vec<GivenId<'static>>> + use<> {
    link_ids(schema).prop_map(|mut ids| {
        let mut seen = Vec::new();
        ids.retain(|id| {
            let first = !seen.contains(&id.id_type);
            seen.push(id.id_type);
            first
        });
        ids
    })
}

/// The IDs of a link: the recipient's and the browser's, so a type may come twice.
fn link_ids(schema: &IdSchema) -> impl Strategy<Value = Vec<GivenId<'static>>> + use<> {
    let has = |name: &&'static str| schema.get(name).is_some();
    let hard: Vec<_> = HARD.into_iter().filter(has).collect();
    let soft: Vec<_> = SOFT.into_iter().filter(has).collect();
    let declared: Vec<_> = hard.iter().chain(&soft).chain(&soft).copied().collect();
    let id_type = prop_oneof![30 => select::<&'static str>(declared), 1 => select(&UNDECLARED[..])];
    let one = id_type.prop_flat_map(given_id).boxed();
    let many = |count: usize| vec(one.clone(), count);
    prop_oneof![1 => many(0), 10 => many(1), 16 => many(2), 10 => many(3), 4 => many(4)]
}

fn given_id(id_type: &'static str) -> BoxedStrategy<GivenId<'static>> {
    let plain = match SOFT.contains(&id_type) {
        true => [
            "laptop", "phone", "tablet", "laptop", "phone", "tablet", "tv",
        ]
        .to_vec(),
        false => ["ada", "bob", "ada", "bob", "cyd"].to_vec(),
    };
    let variants = [" ada", "Ada", "ADA ", "Laptop", " laptop ", "7", "0", "n/a"];
    let invalid = [
        "",
        "  ",
        "--",
        "null",
        " null ",
        "NULL",
        "undefined",
        "Undefined",
    ];
    let value = prop_oneof![
        30 => select(plain).prop_map(GivenValue::Text),
        3 => select(variants.to_vec()).prop_map(GivenValue::Text),
        1 => select(invalid.to_vec()).prop_map(GivenValue::Text),
        1 => select(&["7", "7.0", "0"][..]).prop_map(GivenValue::Number),
        1 => select(&[GivenValue::Null, GivenValue::Other][..]),
    ];
    value
        .prop_map(move |value| GivenId { id_type, value })
        .boxed()
}
