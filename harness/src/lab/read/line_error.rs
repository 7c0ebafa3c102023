//! What can be wrong with the files of a traffic, each with its line and with what to do.

use std::io;

/// What is wrong with a line of a file.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// The file ends in the middle, or is no text.
    #[error("line {0} cannot be read: {1}")]
    Unreadable(u64, io::Error),
    /// Nothing is in it, and more comes after it.
    #[error("line {0} is empty; leave it out")]
    Blank(u64),
    /// It is something else.
    #[error(
        "line {0} is no call: {1}; a line is {{\"time\", \"source\", \"path\", \"body\"}}, as `twinfold generate` writes it"
    )]
    NoCall(u64, serde_json::Error),
    /// It is something else.
    #[error(
        "line {0} is no person: {1}; a line is {{\"person\", \"calls\"}} and more, as `--truth` of `twinfold generate` writes it"
    )]
    NoPerson(u64, serde_json::Error),
    /// It goes elsewhere.
    #[error("line {0} goes to `{1}`; only `customers` and `customers/events` can be compared")]
    Path(u64, String),
    /// Time runs backwards.
    #[error("line {0} arrives at {1}, before the line above it; sort the lines by `time`")]
    Order(u64, u64),
    /// It is not in seconds.
    #[error(
        "line {0} arrives at {1}, which is no time in seconds since 1970; write `time` in seconds"
    )]
    Time(u64, u64),
    /// Nor is when it happened.
    #[error(
        "line {0} has the `{1}` {2}, which is no time in seconds since 1970; write `{1}` in seconds"
    )]
    HappenedAt(u64, &'static str, u64),
    /// The project would refuse it.
    #[error("line {0} is an event without `event_type`; say which event it is")]
    NoEventType(u64),
    /// It is half of each.
    #[error(
        "line {0} is a property update and has the `event_type` `{1}`; send events to `customers/events`"
    )]
    UpdateWithEventType(u64, String),
    /// It is nobody's, and a project would refuse it.
    #[error("line {0} has no ID; name at least one in `customer_ids`, or leave the call out")]
    NoId(u64),
    /// No ID can be so.
    #[error("line {0} has {2} as its `{1}`; an ID is a text or a number")]
    Id(u64, String, &'static str),
    /// More kinds than a comparison counts.
    #[error(
        "line {0} is of one kind too many; leave out types of events, sources or properties until there are {1}"
    )]
    Kinds(u64, &'static str),
    /// An ID type of which nothing is known.
    #[error(
        "line {0} has an ID of the type `{1}`; say what that is with `--hard {1}` or `--soft {1}`"
    )]
    IdType(u64, String),
    /// An ID type that was named for nothing.
    #[error("`{0} {1}`: no line has an ID of that type; lines have {2}")]
    Unused(&'static str, String, String),
    /// Nobody made it.
    #[error(
        "nobody is behind line {0}; give the truth that was written with these calls, or write the calls with `--with-person`"
    )]
    Nobody(u64),
    /// Two say so.
    #[error(
        "line {0} is the call of person {1} there and of person {2} in the truth; give the truth that was written with these calls"
    )]
    TwoTruths(u64, u64, u64),
    /// Two people made it.
    #[error(
        "line {0} has the call {1}, which is that of person {2} as well; a call is one person's"
    )]
    TwoPeople(u64, u64, u64),
    /// There is no such call.
    #[error("line {0} has the call 0; calls are lines of the traffic, counted from 1")]
    CallZero(u64),
    /// The files do not belong together.
    #[error(
        "it ends with line {0}, and the truth has the call {1}; give the truth that was written with these calls"
    )]
    TooShort(u64, u64),
    /// There is nothing in it.
    #[error("there is no call in it")]
    Empty,
}
