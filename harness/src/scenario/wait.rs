//! Waiting for a delayed effect: a reading request is repeated on the project's clock until its reply is as expected.
//! Only that clock moves between two tries; nothing sleeps.

use super::{block::Block, clock};
use crate::problem::Problem;

const TRIES_DEFAULT: u64 = 100;

const TRIES_MAX: u64 = 1_000;

/// For how long, and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wait {
    pub(crate) until: u64,
    pub(crate) every: u64,
}

impl Wait {
    /// What `until` and `every` say; nothing without `until`.
    pub(crate) fn of(block: &Block) -> Result<Option<Self>, Problem> {
        let Some(until) = span(block, "until")? else {
            return match block.argument("every") {
                None => Ok(None),
                Some(every) => Err(Problem::new(
                    block.body.source(),
                    every.span.clone(),
                    "`every` needs `until`, or the waiting would have no end",
                )
                .expected("`until=+10m every=+30s`")),
            };
        };
        let every = span(block, "every")?.unwrap_or((until / TRIES_DEFAULT).max(1));
        if every > until {
            let argument = block.argument("every").or(block.argument("until"));
            let span = argument.map_or(block.info.clone(), |argument| argument.span.clone());
            let says = "the pause `every` is longer than the whole time `until`";
            return Err(Problem::new(block.body.source(), span, says)
                .expected(format!("at most `every=+{}`", clock::shown(until))));
        }
        if until / every > TRIES_MAX {
            let argument = block.argument("every");
            let span = argument.map_or(block.info.clone(), |argument| argument.span.clone());
            let says = format!("the request would be sent more than {TRIES_MAX} times");
            let problem = Problem::new(block.body.source(), span, says);
            let least = clock::shown(until.div_ceil(TRIES_MAX));
            return Err(problem.expected(format!("at least `every=+{least}`")));
        }
        Ok(Some(Self { until, every }))
    }
}

fn span(block: &Block, name: &str) -> Result<Option<u64>, Problem> {
    let Some(argument) = block.argument(name) else {
        return Ok(None);
    };
    let seconds = clock::span(&argument.value).ok_or_else(|| {
        let span = argument.span.clone();
        let says = format!("`{name}` is no time span");
        Problem::new(block.body.source(), span, says).expected(format!("`{name}=+10m`"))
    })?;
    Ok(Some(seconds))
}
