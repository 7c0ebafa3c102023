//! In which order a comparison believes sources, for the strategies that ask for it.

use super::{Failure, grid::given_once};
use crate::lab::Comparison;

/// Refuses an order that is missing, that nobody asks for, or that names what sends no call.
pub(super) fn check(comparison: &Comparison) -> Result<(), Failure> {
    let order = &comparison.source_order;
    let known: Vec<&str> = {
        let settings = comparison.settings.iter();
        let mut known: Vec<_> = settings.flat_map(|one| one.people.sources()).collect();
        known.sort_unstable();
        known.dedup();
        known
    };
    let sources = known.join(", ");
    let mut contestants = comparison.contestants.iter();
    let asks = contestants.find(|one| one.asks_for_sources());
    let wrong = match (asks, order.is_empty()) {
        (None, true) => return Ok(()),
        (Some(asks), true) => format!(
            "`{}` believes sources in an order; say it with `--source-order`, the first one first: calls come from {sources}",
            asks.name()
        ),
        (None, false) => "`--source-order` is for strategies with `:properties=source_order`, and none of these has it; leave it out"
            .to_owned(),
        (Some(_), false) => {
            given_once("--source-order", order).map_err(Failure::Input)?;
            let unknown = order.iter().find(|one| !known.contains(&one.as_str()));
            let Some(unknown) = unknown else {
                return Ok(());
            };
            format!("`--source-order {unknown}`: no call comes from it; calls come from {sources}")
        }
    };
    Err(Failure::Input(wrong))
}
