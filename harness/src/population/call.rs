//! One call of a population: what the API receives, and who is behind it.

use serde_json::{Map, Value, json};

/// One call, with its truth.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// When it happened, in seconds since 1970.
    pub happened_at: u64,
    /// When it arrives, in seconds since 1970; not before it happened.
    pub arrives_at: u64,
    /// Who sends it, as in the header `twinfold-source`.
    pub source: &'static str,
    /// The person behind it; people are numbered by household and place in it.
    pub person: u64,
    /// The IDs.
    pub customer_ids: Map<String, Value>,
    /// What it asks for.
    pub what: What,
}

/// What a call asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// Set properties.
    Customers(Map<String, Value>),
    /// Track an event of this type.
    Event(&'static str, Map<String, Value>),
}

impl Call {
    /// The name of the command in a batch.
    pub fn command(&self) -> &'static str {
        match self.what {
            What::Customers(_) => "customers",
            What::Event(..) => "customers/events",
        }
    }

    /// The body of the call, as it goes to `/track/v2/projects/{token}/{command}`.
    pub fn body(&self) -> Value {
        match &self.what {
            What::Customers(properties) => json!({
                "customer_ids": self.customer_ids,
                "properties": properties,
                "update_timestamp": self.happened_at,
            }),
            What::Event(event_type, properties) => json!({
                "customer_ids": self.customer_ids,
                "event_type": event_type,
                "timestamp": self.happened_at,
                "properties": properties,
            }),
        }
    }

    /// The call as a line of a traffic: arrival, source, command, body.
    pub fn line(&self) -> Value {
        json!({
            "at": self.arrives_at,
            "source": self.source,
            "command": self.command(),
            "data": self.body(),
        })
    }
}
