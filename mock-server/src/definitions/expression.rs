//! Expressions: a property, an aggregate, a constant, or two and more of them calculated.
//! What cannot be calculated (no number, a division by zero) is `null`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Aggregate, Kind, Reading, number, written};

/// `{"property": name}`, `{"aggregate": id}`, `{"constant": value}`, `{"add": [...]}` and so on.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Expression {
    /// The value of a property.
    Property(String),
    /// The value of an aggregate, by its ID.
    Aggregate(String),
    /// This value.
    Constant(Value),
    /// The sum.
    Add(Vec<Expression>),
    /// The first less all others.
    Subtract(Vec<Expression>),
    /// The product.
    Multiply(Vec<Expression>),
    /// The first by all others.
    Divide(Vec<Expression>),
}

impl Expression {
    /// What is wrong with it.
    pub(super) fn check(&self, aggregates: &BTreeMap<String, Aggregate>) -> Result<(), String> {
        match self {
            Self::Property(_) | Self::Constant(_) => Ok(()),
            Self::Aggregate(id) if aggregates.contains_key(id) => Ok(()),
            Self::Aggregate(id) => Err(format!("there is no aggregate `{id}`")),
            Self::Add(parts)
            | Self::Subtract(parts)
            | Self::Multiply(parts)
            | Self::Divide(parts) => {
                if parts.len() < 2 {
                    return Err("a calculation needs at least two parts".into());
                }
                parts.iter().try_for_each(|part| part.check(aggregates))
            }
        }
    }

    /// Its value for a customer.
    pub(super) fn of(&self, reading: &Reading<'_>) -> Value {
        let calculated = |parts: &[Self], calculate: fn(f64, f64) -> f64| {
            let numbers = parts.iter().map(|part| number(&part.of(reading)));
            let numbers: Option<Vec<f64>> = numbers.collect();
            let result = numbers.and_then(|numbers| numbers.into_iter().reduce(calculate));
            result.map_or(Value::Null, written)
        };
        match self {
            Self::Property(name) => reading.property(name).unwrap_or_default(),
            Self::Aggregate(id) => reading.value(Kind::Aggregate, id).unwrap_or_default(),
            Self::Constant(value) => value.clone(),
            Self::Add(parts) => calculated(parts, |a, b| a + b),
            Self::Subtract(parts) => calculated(parts, |a, b| a - b),
            Self::Multiply(parts) => calculated(parts, |a, b| a * b),
            Self::Divide(parts) => calculated(parts, |a, b| a / b),
        }
    }
}
