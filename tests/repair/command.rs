//! One command of a history: what a shop, an SDK or an import sends about a person.
//! It owns its parts and prints in one line, so that a failing history can be read.

use std::fmt;

use proptest::{
    option,
    prelude::{Just, Strategy, prop_oneof},
    sample::select,
    strategy::BoxedStrategy,
};
use serde_json::{Map, Value, json};
use twinfold::import::{Mapping, PropertyColumn};

use crate::{
    history::UNDECLARED,
    people::{NOBODYS, PEOPLE},
};

/// IDs by type, each type once.
pub(crate) type Ids = Vec<(&'static str, &'static str)>;

/// A command for those of its ID types that a project knows.
#[derive(Clone)]
pub(crate) struct Command {
    pub(crate) ids: Ids,
    pub(crate) does: Does,
}

/// What it does beside carrying IDs.
#[derive(Clone, Debug)]
pub(crate) enum Does {
    Update {
        properties: Ids,
        update_timestamp: Option<f64>,
    },
    /// A row of an import.
    Import {
        properties: Ids,
        update_timestamp: Option<f64>,
    },
    /// The form of a sign-up, confirmed by the link in its mail.
    OptIn {
        address: &'static str,
    },
    Anonymize,
    Track {
        event_type: &'static str,
        timestamp: Option<f64>,
        item: &'static str,
    },
}

/// A command as it is sent.
#[derive(Clone, Debug)]
pub(crate) enum Sent {
    /// By the tracking API, alone or in a batch: its name and its data.
    Track(&'static str, Value),
    /// An import that runs at once.
    Import(Value),
    /// A form event; its mail's link is opened by the browser with this cookie.
    OptIn(Value, &'static str),
    Anonymize(Value),
}

impl Command {
    /// What is sent to a project that knows these ID types; nothing if no ID is left.
    pub(crate) fn sent(&self, knows: impl Fn(&str) -> bool) -> Option<Sent> {
        let known = self.ids.iter().filter(|(id_type, _)| knows(id_type));
        let ids: Ids = known.copied().collect();
        let customer_ids: Map<String, Value> = ids.iter().map(pair).collect();
        if customer_ids.is_empty() {
            return None;
        }
        let mut body = json!({"customer_ids": customer_ids});
        let mut time = |name: &str, at: &Option<f64>| {
            if let Some(at) = at {
                body[name] = json!(at);
            }
        };
        Some(match &self.does {
            Does::Update {
                properties,
                update_timestamp,
            } => {
                time("update_timestamp", update_timestamp);
                body["properties"] = properties.iter().map(pair).collect();
                Sent::Track("customers", body)
            }
            Does::Track {
                event_type,
                timestamp,
                item,
            } => {
                time("timestamp", timestamp);
                body["event_type"] = json!(event_type);
                body["properties"] = json!({"item": item});
                Sent::Track("customers/events", body)
            }
            Does::Import {
                properties,
                update_timestamp,
            } => Sent::Import(import(&ids, properties, *update_timestamp)),
            Does::OptIn { address } => {
                body["event_type"] = json!("double_opt_in");
                body["properties"] =
                    json!({"action": "new", "email": address, "consent_list": ["newsletter"]});
                let cookie = ids.iter().find(|(id_type, _)| *id_type == "cookie");
                Sent::OptIn(body, cookie.map_or("another browser", |(_, value)| value))
            }
            Does::Anonymize => Sent::Anonymize(body),
        })
    }
}

/// An import of one row whose columns are called as what they are mapped to.
fn import(ids: &Ids, properties: &Ids, update_timestamp: Option<f64>) -> Value {
    let name = |(name, _): &(&str, &str)| (*name).to_owned();
    let mapping = Mapping {
        ids: ids
            .iter()
            .map(name)
            .map(|name| (name.clone(), name))
            .collect(),
        properties: properties
            .iter()
            .map(|property| PropertyColumn {
                name: name(property),
                column: name(property),
                kind: "string".to_owned(),
            })
            .collect(),
        update_timestamp: update_timestamp.map(|_| "at".to_owned()),
        ..Mapping::default()
    };
    let at = update_timestamp.map(|at| at.to_string());
    let cells = ids.iter().chain(properties).copied();
    let cells = cells.chain(at.iter().map(|at| ("at", at.as_str())));
    let (header, row): (Vec<_>, Vec<_>) = cells.map(|(n, v)| (n, format!("\"{v}\""))).unzip();
    mapping.definition(&format!("{}\n{}\n", header.join(","), row.join(",")))
}

fn pair((name, value): &(&'static str, &'static str)) -> (String, Value) {
    ((*name).to_owned(), json!(value))
}

/// Any command about one of the first `people`.
pub(crate) fn command(people: usize) -> BoxedStrategy<Command> {
    let update = (0..people).prop_flat_map(move |person| {
        let update = |(ids, properties, update_timestamp)| Command {
            ids,
            does: Does::Update {
                properties,
                update_timestamp,
            },
        };
        (ids(person, people), properties(person, people), time()).prop_map(update)
    });
    prop_oneof![
        20 => update,
        8 => event(people),
        2 => row(people),
        2 => opt_in(people),
        1 => anonymize(people),
    ]
    .boxed()
}

fn row(people: usize) -> impl Strategy<Value = Command> {
    let row = (0..people)
        .prop_flat_map(move |person| (ids(person, people), properties(person, people), time()));
    row.prop_map(|(ids, properties, update_timestamp)| Command {
        ids,
        does: Does::Import {
            properties,
            update_timestamp,
        },
    })
}

fn opt_in(people: usize) -> impl Strategy<Value = Command> {
    let form = (0..people).prop_flat_map(move |person| {
        let address = select(&PEOPLE[person].spellings[..]);
        (whose(person, people).prop_flat_map(browser), address)
    });
    form.prop_map(|(browser, address)| Command {
        ids: vec![browser],
        does: Does::OptIn { address },
    })
}

fn anonymize(people: usize) -> impl Strategy<Value = Command> {
    let ids = (0..people).prop_flat_map(move |person| ids(person, people));
    ids.prop_map(|ids| Command {
        ids,
        does: Does::Anonymize,
    })
}

fn event(people: usize) -> impl Strategy<Value = Command> {
    let ids = (0..people).prop_flat_map(move |person| ids(person, people));
    let event_type = select(&["view", "purchase", "newsletter_banner"][..]);
    let timestamp = option::of(select(&[1.0, 2.0, 2.5][..]));
    (ids, event_type, timestamp, select(&["hat", "shoe"][..])).prop_map(
        |(ids, event_type, timestamp, item)| Command {
            ids,
            does: Does::Track {
                event_type,
                timestamp,
                item,
            },
        },
    )
}

/// One's own, or somebody else's: a shared device, a family's account, a slip of the hand.
fn whose(person: usize, people: usize) -> BoxedStrategy<usize> {
    prop_oneof![7 => Just(person), 1 => 0..people].boxed()
}

/// The IDs that one sender knows of a person.
fn ids(person: usize, people: usize) -> BoxedStrategy<Ids> {
    let of = |strategy: fn(usize) -> BoxedStrategy<(&'static str, &'static str)>| {
        whose(person, people).prop_flat_map(strategy)
    };
    let one = |id: (&'static str, &'static str)| vec![id];
    let two = |(a, b)| vec![a, b];
    prop_oneof![
        8 => of(browser).prop_map(one),
        4 => (of(account), of(browser)).prop_map(two),
        3 => of(account).prop_map(one),
        5 => of(crm).prop_map(one),
        3 => (of(crm), of(browser)).prop_map(two),
        2 => (of(crm), of(account)).prop_map(two),
        3 => of(loyalty).prop_map(one),
        2 => (of(loyalty), of(crm)).prop_map(two),
        1 => (of(loyalty), of(browser)).prop_map(two),
        2 => of(number).prop_map(one),
        1 => (of(number), of(browser)).prop_map(two),
        1 => Just(vec![(UNDECLARED, "s1")]),
        1 => of(browser).prop_map(|id| vec![id, (UNDECLARED, "s2")]),
    ]
    .boxed()
}

fn browser(person: usize) -> BoxedStrategy<(&'static str, &'static str)> {
    let cookies = select(&PEOPLE[person].cookies[..]).prop_map(|value| ("cookie", value));
    let devices = select(&PEOPLE[person].devices[..]).prop_map(|value| ("device", value));
    prop_oneof![4 => cookies, 1 => devices].boxed()
}

fn account(person: usize) -> BoxedStrategy<(&'static str, &'static str)> {
    let own = prop_oneof![
        6 => Just(PEOPLE[person].spellings[0]),
        4 => select(&PEOPLE[person].spellings[..]),
        1 => Just(PEOPLE[person].second_address),
        1 => select(&NOBODYS[..]),
    ];
    own.prop_map(|value| ("registered", value)).boxed()
}

fn number(person: usize) -> BoxedStrategy<(&'static str, &'static str)> {
    Just(("registered", PEOPLE[person].number)).boxed()
}

fn crm(person: usize) -> BoxedStrategy<(&'static str, &'static str)> {
    let [usual, seldom] = PEOPLE[person].crm;
    let value = prop_oneof![4 => Just(usual), 1 => Just(seldom)];
    value.prop_map(|value| ("crm", value)).boxed()
}

fn loyalty(person: usize) -> BoxedStrategy<(&'static str, &'static str)> {
    Just(("loyalty", PEOPLE[person].loyalty)).boxed()
}

fn properties(person: usize, people: usize) -> impl Strategy<Value = Ids> {
    let address = whose(person, people).prop_flat_map(|person| {
        prop_oneof![
            10 => select(&PEOPLE[person].spellings[..]),
            1 => Just(PEOPLE[person].second_address),
            3 => select(&NOBODYS[..]),
        ]
    });
    let name = whose(person, people).prop_map(|person| PEOPLE[person].first_name);
    let city = select(&["Brno", "Praha", ""][..]);
    let of = |name: &'static str, value: Option<&'static str>| value.map(|value| (name, value));
    (
        option::weighted(0.7, address),
        option::weighted(0.3, name),
        option::weighted(0.4, city),
    )
        .prop_map(move |(address, name, city)| {
            let all = [
                of("email", address),
                of("first_name", name),
                of("city", city),
            ];
            all.into_iter().flatten().collect()
        })
}

/// Before, among and after the times of the project's own clock.
fn time() -> impl Strategy<Value = Option<f64>> {
    option::weighted(0.3, select(&[990.0, 1005.0, 1015.0, 2000.0][..]))
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (id_type, value) in &self.ids {
            write!(f, "{id_type}={value:?} ")?;
        }
        match &self.does {
            Does::Update {
                properties,
                update_timestamp,
            } => {
                write!(f, "set {properties:?}")?;
                update_timestamp.map_or(Ok(()), |at| write!(f, " at {at}"))
            }
            Does::Import {
                properties,
                update_timestamp,
            } => {
                write!(f, "import {properties:?}")?;
                update_timestamp.map_or(Ok(()), |at| write!(f, " at {at}"))
            }
            Does::OptIn { address } => write!(f, "double opt-in of {address:?}"),
            Does::Anonymize => write!(f, "anonymize"),
            Does::Track {
                event_type,
                timestamp,
                item,
            } => {
                write!(f, "{event_type} {item}")?;
                timestamp.map_or(Ok(()), |at| write!(f, " at {at}"))
            }
        }
    }
}
