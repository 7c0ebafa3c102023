//! One call of a population: what the API receives, and who is behind it.

use std::io;

use serde::Serialize;
use serde_json::Value;

use super::Fields;

/// One call, with its truth.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// When it happened, in seconds since 1970.
    pub happened_at: u64,
    /// When it arrives, in seconds since 1970; not before it happened.
    pub arrives_at: u64,
    /// Who sends it, as in the header `twinfold-source`.
    pub source: &'static str,
    /// The person behind it; people are numbered from 0 on in the order in which they appear.
    pub person: u64,
    /// The IDs.
    pub customer_ids: Fields,
    /// What it asks for.
    pub what: What,
}

/// What a call asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// Set properties.
    Customers(Fields),
    /// Track an event of this type.
    Event(&'static str, Fields),
}

#[derive(Serialize)]
struct Body<'c> {
    customer_ids: &'c Fields,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_type: Option<&'c str>,
    properties: &'c Fields,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    update_timestamp: Option<u64>,
}

#[derive(Serialize)]
struct Line<'c> {
    time: u64,
    source: &'c str,
    path: &'c str,
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<u64>,
    body: Body<'c>,
}

#[derive(Serialize)]
struct Command<'c> {
    name: &'c str,
    data: Body<'c>,
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
        serde_json::to_value(self.wire_body()).unwrap_or_default()
    }

    /// The call as a command of a batch, as JSON.
    pub fn write_command(&self, out: impl io::Write) -> io::Result<()> {
        let command = Command {
            name: self.command(),
            data: self.wire_body(),
        };
        Ok(serde_json::to_writer(out, &command)?)
    }

    /// The call as a line of a traffic, `{"time", "source", "path", "body"}`: when it arrives, who sends it, where it
    /// goes (`{token}` is the project's), and what it says.
    pub fn write_line(&self, out: impl io::Write) -> io::Result<()> {
        self.write(out, None)
    }

    /// The same line with the person behind the call, `{"time", "source", "path", "person", "body"}`.
    pub fn write_line_with_person(&self, out: impl io::Write) -> io::Result<()> {
        self.write(out, Some(self.person))
    }

    fn write(&self, mut out: impl io::Write, person: Option<u64>) -> io::Result<()> {
        let line = Line {
            time: self.arrives_at,
            source: self.source,
            path: match self.what {
                What::Customers(_) => "/track/v2/projects/{token}/customers",
                What::Event(..) => "/track/v2/projects/{token}/customers/events",
            },
            person,
            body: self.wire_body(),
        };
        serde_json::to_writer(&mut out, &line)?;
        out.write_all(b"\n")
    }

    fn wire_body(&self) -> Body<'_> {
        let (event_type, properties) = match &self.what {
            What::Customers(properties) => (None, properties),
            What::Event(event_type, properties) => (Some(*event_type), properties),
        };
        let is_event = event_type.is_some();
        Body {
            customer_ids: &self.customer_ids,
            event_type,
            properties,
            timestamp: is_event.then_some(self.happened_at),
            update_timestamp: (!is_event).then_some(self.happened_at),
        }
    }
}
