//! The query of a list of items: which match, in which order, and which page of them.

use std::{cmp::Ordering, collections::BTreeMap};

use serde_json::Value;

use crate::{catalogs::ItemProperties, error::Error, wire::data};

/// How many items come unless asked otherwise (documented).
const COUNT_DEFAULT: usize = 20;

/// What `count` and `skip` may be together (documented).
const REACH_MAX: usize = 1_001;

/// What was asked for.
#[derive(Debug, Default)]
pub(super) struct ItemQuery {
    part: Option<String>,
    field: Option<String>,
    order: Vec<(String, Direction)>,
    pub(super) count: usize,
    pub(super) skip: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Direction {
    Ascending,
    Descending,
}

/// An item with its ID.
type Item<'c> = (&'c String, &'c ItemProperties);

impl ItemQuery {
    pub(super) fn read(given: &[(String, String)]) -> Result<Self, Error> {
        let mut query = Self {
            count: COUNT_DEFAULT,
            ..Self::default()
        };
        for (name, value) in given {
            match name.as_str() {
                "query" => query.part = Some(value.to_lowercase()).filter(|part| !part.is_empty()),
                "field" => query.field = Some(value.clone()).filter(|field| !field.is_empty()),
                "count" => query.count = number("count", value)?,
                "skip" => query.skip = number("skip", value)?,
                "order" => query.order.extend(order(value)?),
                _ => {}
            }
        }
        match query.count.saturating_add(query.skip) > REACH_MAX {
            true => {
                let says = format!("count and skip must not be more than {REACH_MAX} together");
                Err(Error::DataField("count", says))
            }
            false => Ok(query),
        }
    }

    /// The items that match, in order; items of equal rank by ID.
    pub(super) fn matches<'c>(&self, items: &'c BTreeMap<String, ItemProperties>) -> Vec<Item<'c>> {
        let mut matched: Vec<_> = items.iter().filter(|item| self.holds(*item)).collect();
        matched.sort_by(|a, b| {
            let ranks = self.order.iter().map(|(field, direction)| {
                let ascending = compare(&value(*a, field), &value(*b, field));
                match direction {
                    Direction::Ascending => ascending,
                    Direction::Descending => ascending.reverse(),
                }
            });
            ranks.fold(Ordering::Equal, Ordering::then)
        });
        matched
    }

    fn holds(&self, item: Item<'_>) -> bool {
        let Some(part) = &self.part else {
            return true;
        };
        let has = |value: &Value| shown(value).to_lowercase().contains(part.as_str());
        match &self.field {
            Some(field) => has(&value(item, field)),
            None => {
                let (id, properties) = item;
                let mut values = properties.values().map(|value| data::value(value));
                id.to_lowercase().contains(part.as_str()) || values.any(|value| has(&value))
            }
        }
    }
}

fn number(name: &'static str, written: &str) -> Result<usize, Error> {
    let must_be = "Must be a whole number that is not negative";
    let number = written.parse();
    number.map_err(|_| Error::DataField(name, must_be.into()))
}

fn order(written: &str) -> Result<Vec<(String, Direction)>, Error> {
    let words: Vec<&str> = written.split(',').map(str::trim).collect();
    let pairs = words.chunks(2).map(|pair| {
        let direction = match pair {
            [_, "asc"] => Direction::Ascending,
            [_, "desc"] => Direction::Descending,
            _ => return None,
        };
        Some((pair[0].to_owned(), direction))
    });
    let pairs: Option<Vec<_>> = pairs.collect();
    let must_be = "Must be `field, asc` or `field, desc`, and more of them";
    pairs.ok_or_else(|| Error::DataField("order", must_be.into()))
}

fn value((id, properties): Item<'_>, field: &str) -> Value {
    if field == "item_id" {
        return Value::from(id.as_str());
    }
    properties
        .get(field)
        .map_or(Value::Null, |value| data::value(value))
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Numbers before texts, and nothing before all.
fn compare(a: &Value, b: &Value) -> Ordering {
    let rank = |value: &Value| match value {
        Value::Null => 0,
        Value::Number(_) => 1,
        _ => 2,
    };
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        _ => rank(a).cmp(&rank(b)).then_with(|| shown(a).cmp(&shown(b))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items() -> BTreeMap<String, ItemProperties> {
        let item = |id: &str, title: &str, price: &str| {
            let title = ("title".to_owned(), format!("\"{title}\""));
            (
                id.to_owned(),
                BTreeMap::from([title, ("price".into(), price.into())]),
            )
        };
        BTreeMap::from([
            item("a", "Red shoe", "20"),
            item("b", "Blue hat", "9"),
            item("c", "red hat", "9"),
        ])
    }

    #[test]
    fn a_query_finds_and_orders_items() {
        for (query, found) in [
            ("", "a b c"),
            ("query=RED", "a c"),
            ("query=9", "b c"),
            ("query=b", "b"),
            ("query=b&field=title", "b"),
            ("query=a&field=title", "b c"),
            ("query=9&field=none", ""),
            ("order=price, asc", "b c a"),
            ("order=price, desc", "a b c"),
            ("order=price, asc, title, desc", "c b a"),
            ("order=item_id,desc", "c b a"),
            ("unknown=1", "a b c"),
        ] {
            let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
            let asked = ItemQuery::read(&pairs.collect::<Vec<_>>()).unwrap();
            let items = items();
            let ids: Vec<&str> = asked
                .matches(&items)
                .iter()
                .map(|(id, _)| id.as_str())
                .collect();
            assert_eq!(ids.join(" "), found, "{query}");
        }
    }

    #[test]
    fn a_query_that_cannot_be_read_is_refused() {
        for query in [
            "count=-1",
            "count=x",
            "skip=1.5",
            "order=price",
            "order=price,up",
            "count=1000&skip=2",
        ] {
            let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
            let refused = ItemQuery::read(&pairs.collect::<Vec<_>>());
            assert!(refused.is_err(), "{query}");
        }
    }
}
