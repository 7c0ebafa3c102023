//! The block `clock`: time passes in the project.
//! Only the project's own clock moves; nothing waits.

use serde_json::json;

use super::{block::Block, world::World};
use crate::{problem::Problem, target::Request};

const UNITS: [(char, u64); 5] = [
    ('s', 1),
    ('m', 60),
    ('h', 3_600),
    ('d', 86_400),
    ('w', 604_800),
];

/// How many seconds pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Clock {
    seconds: u64,
}

impl Clock {
    pub(crate) fn parse(block: &Block) -> Result<Self, Problem> {
        block.only(&[])?;
        let text = block.body.text();
        let trimmed = text.trim();
        let start = text.len() - text.trim_start().len();
        let wrong = || {
            let problem = match trimmed {
                "" => block.problem("the block `clock` says no time span"),
                _ => block
                    .body
                    .problem(start..start + trimmed.len(), "this is no time span"),
            };
            problem.expected("`+` and a span such as `30s`, `15m`, `2h`, `2d`, `1w` or `1d12h`")
        };
        let seconds = span(trimmed).ok_or_else(wrong)?;
        Ok(Self { seconds })
    }

    pub(crate) async fn run(self, block: &Block, world: &World) -> Result<(), Problem> {
        advance(block, world, self.seconds).await
    }
}

/// So many seconds pass in the project.
pub(crate) async fn advance(block: &Block, world: &World, seconds: u64) -> Result<(), Problem> {
    let path = world.client.control_path("/clock");
    let request = Request::post(path, &json!({"advance": seconds}));
    let reply = world.client.accepted(request).await;
    reply
        .map(drop)
        .map_err(|error| block.problem(error.to_string()))
}

/// The seconds of a span such as `+1d12h`.
pub(crate) fn span(text: &str) -> Option<u64> {
    seconds(text.strip_prefix('+')?)
}

/// Seconds as a span, such as `1d12h`.
pub(crate) fn shown(seconds: u64) -> String {
    let (mut rest, mut text) = (seconds, String::new());
    for (letter, unit) in UNITS.iter().rev() {
        if rest >= *unit {
            text.push_str(&format!("{}{letter}", rest / unit));
            rest %= unit;
        }
    }
    if text.is_empty() { "0s".into() } else { text }
}

fn seconds(span: &str) -> Option<u64> {
    let mut total = 0_u64;
    let mut digits = String::new();
    for character in span.chars().filter(|character| !character.is_whitespace()) {
        if character.is_ascii_digit() {
            digits.push(character);
            continue;
        }
        let (_, unit) = UNITS.iter().find(|(letter, _)| *letter == character)?;
        let count: u64 = std::mem::take(&mut digits).parse().ok()?;
        total = total.checked_add(count.checked_mul(*unit)?)?;
    }
    (digits.is_empty() && total > 0).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read() {
        for (span, expected) in [
            ("2d", Some(172_800)),
            ("1d12h", Some(129_600)),
            ("30s", Some(30)),
            ("1w 1m", Some(604_860)),
            ("2", None),
            ("d", None),
            ("0s", None),
            ("2y", None),
            ("99999999999999999999w", None),
        ] {
            assert_eq!(seconds(span), expected, "{span}");
        }
    }
}
