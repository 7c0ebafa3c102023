//! `twinfold generate`: the traffic of a made-up shop, with the truth beside it.
//! Printed as lines, or sent to a project of a twinfold server that is made for it.

use clap::Args;

use super::{Ended, Failure, outlet::Outlet, shop::Shop};
use crate::population;

/// Print the calls of made-up people whose identity is known, one a line, in the order in which they arrive
///
/// A line is {"time", "source", "path", "body"}. The same seed gives the same bytes on every machine. `--list` names the
/// presets and every rate.
#[derive(Debug, Args)]
pub(super) struct Generate {
    /// List the presets and the rates with their defaults
    #[arg(long, exclusive = true)]
    list: bool,
    #[command(flatten)]
    shop: Shop,
    #[command(flatten)]
    outlet: Outlet,
}

impl Generate {
    pub(super) fn run(self) -> Result<Ended, Failure> {
        if self.list {
            print!("{}", population::tables());
            return Ok(Ended::Well);
        }
        self.outlet.check(&[])?;
        let population = self.shop.population()?;
        let project = population.project();
        self.outlet
            .pour(population.traffic(), project, population.people)
    }
}
