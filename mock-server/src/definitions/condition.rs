//! Conditions over one property, as segments use them.
//! Numbers are compared as numbers, also when they are digits in a string; everything else as it stands.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::number;

/// `{"property", "operator", "value"}`.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Whose value is looked at.
    pub property: String,
    /// How.
    pub operator: Operator,
    /// Against what; a list for `in`, nothing for `is_set` and `is_not_set`.
    #[serde(default)]
    pub value: Value,
}

/// How a property is compared. Of one that is not set, only `is_not_set` and `not_equals` hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// It has this value.
    Equals,
    /// It has not.
    NotEquals,
    /// It is a text with this part, or a list with this member.
    Contains,
    /// It has a value other than `null`.
    IsSet,
    /// It has none.
    IsNotSet,
    /// It is a smaller number.
    LessThan,
    /// It is a greater number.
    GreaterThan,
    /// It is one of these values.
    In,
}

impl Condition {
    /// What is wrong with it.
    pub(super) fn check(&self) -> Result<(), String> {
        let fits = match self.operator {
            Operator::IsSet | Operator::IsNotSet => self.value.is_null(),
            Operator::In => self.value.is_array(),
            Operator::LessThan | Operator::GreaterThan => number(&self.value).is_some(),
            Operator::Equals | Operator::NotEquals | Operator::Contains => true,
        };
        let says = match self.operator {
            Operator::In => "needs a list as its `value`",
            Operator::LessThan | Operator::GreaterThan => "needs a number as its `value`",
            _ => "takes no `value`",
        };
        match fits {
            true => Ok(()),
            false => Err(format!("the condition on `{}` {says}", self.property)),
        }
    }

    /// Whether it holds of this value of its property.
    pub(super) fn holds(&self, stored: Option<Value>) -> bool {
        let stored = stored.unwrap_or_default();
        let given = &self.value;
        match self.operator {
            Operator::Equals => equal(&stored, given),
            Operator::NotEquals => !equal(&stored, given),
            Operator::Contains => contains(&stored, given),
            Operator::IsSet => !stored.is_null(),
            Operator::IsNotSet => stored.is_null(),
            Operator::LessThan => compare(&stored, given, |a, b| a < b),
            Operator::GreaterThan => compare(&stored, given, |a, b| a > b),
            Operator::In => {
                let mut values = given.as_array().into_iter().flatten();
                values.any(|value| equal(&stored, value))
            }
        }
    }
}

fn equal(a: &Value, b: &Value) -> bool {
    a == b || matches!((number(a), number(b)), (Some(a), Some(b)) if a == b)
}

fn contains(stored: &Value, part: &Value) -> bool {
    match (stored, part) {
        (Value::String(text), Value::String(part)) => text.contains(part.as_str()),
        (Value::Array(members), part) => members.iter().any(|member| equal(member, part)),
        _ => false,
    }
}

fn compare(a: &Value, b: &Value, holds: fn(f64, f64) -> bool) -> bool {
    matches!((number(a), number(b)), (Some(a), Some(b)) if holds(a, b))
}
