//! Identity anomalies: what looks wrong in a history, found from its commands and the state they led to.
//! The catalogue is closed; each anomaly has its evidence, its remedy, what it implies, and a smallest witness.

mod catalogue;
mod consents;
mod duplicates;
mod finding;
mod order;
mod people;
mod soft_ids;
#[cfg(test)]
mod tests;
mod values;
mod witness;

use twinfold_engine::IdSchema;

use crate::{
    history::History,
    target::ProjectClient,
    traffic::{Traffic, TrafficError},
};

pub use catalogue::{About, Anomaly};
pub(crate) use duplicates::{listed, numbers};
pub use finding::Finding;
pub use order::PAIRS_MAX;
pub use witness::witness;

/// What was found, and how far was looked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    /// Every anomaly, also those that another one implies; in the order of the catalogue.
    pub all: Vec<Finding>,
    /// What limits the findings, in sentences; empty if nothing does.
    pub limits: Vec<String>,
}

impl Findings {
    /// Those that no other finding about the same customers implies.
    pub fn strongest(&self) -> impl Iterator<Item = &Finding> {
        let implied = |finding: &&Finding| !self.all.iter().any(|other| other.implies(finding));
        self.all.iter().filter(implied)
    }

    /// One stable line for each of the strongest findings.
    pub fn lines(&self) -> Vec<String> {
        self.strongest().map(Finding::line).collect()
    }
}

/// Finds every anomaly of a traffic.
pub fn find(traffic: &Traffic) -> Findings {
    let history = History::of(traffic);
    let (order, tried_all) = order::find(&history);
    let mut all: Vec<Finding> = [
        duplicates::find(&history),
        people::find(&history),
        soft_ids::find(&history),
        order,
        values::find(&history),
        consents::find(&history),
    ]
    .concat();
    all.sort();
    all.dedup();
    let mut limits = Vec::new();
    if traffic.folded > 0 {
        limits.push(forgotten(traffic.folded));
    }
    if !tried_all {
        limits.push(format!(
            "order-dependent merges: only the first {PAIRS_MAX} pairs of commands that meet were swapped"
        ));
    }
    Findings { all, limits }
}

/// The lines of the block `anomalies`: the strongest findings of a project of our own server.
pub async fn lines(client: &ProjectClient, _ids: &IdSchema) -> Result<Vec<String>, String> {
    let traffic = Traffic::read(client).await;
    let traffic = traffic.map_err(|error: TrafficError| error.to_string())?;
    Ok(find(&traffic).lines())
}

/// What it means that a journal no longer begins at the beginning.
pub(crate) fn forgotten(folded: u64) -> String {
    format!(
        "the journal has forgotten its first {folded} entries, so this is told as if the project had begun after them: \
         customers, IDs and reasons from before are missing, and numbers of customers differ"
    )
}
