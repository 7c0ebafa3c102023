//! Explanations: how an ID came to its customer, what joined two IDs, or what keeps them apart.
//! Everything said is read from a replayed history; what would have been otherwise is replayed as well.

mod apart;
mod chain;
mod effects;
mod near;
mod story;
#[cfg(test)]
mod tests;
mod text;
mod told;
mod without;

use serde::{Serialize, Serializer};
use twinfold_engine::Strategy;

use crate::{
    anomaly::forgotten,
    history::{History, Id},
    traffic::Traffic,
};

pub use apart::{Apart, Call, JoiningCall, Reason};
pub use chain::{Joined, Link};
pub use near::Unknown;
pub use story::Story;
pub use text::CurlBase;
pub use told::{Told, ToldRule};
pub use without::{Proof, Without};

/// What is to be said about one ID or two.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// The answer.
    #[serde(flatten)]
    pub answer: Answer,
    /// The strategy by which the project answers.
    #[serde(serialize_with = "by_name")]
    pub strategy: Strategy,
    /// What it means that the journal has forgotten its beginning, if it has.
    pub forgotten: Option<String>,
}

/// The answer to a question about IDs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "answer")]
pub enum Answer {
    /// Nobody holds one of the IDs.
    Unknown(Unknown),
    /// One ID: its customer, and how everything came to it.
    One(Story),
    /// Two IDs of one customer: what joined them.
    Joined(Joined),
    /// Two IDs of two customers: what keeps them apart.
    Apart(Apart),
}

/// Explains how an ID came to its customer.
pub fn explain_one(traffic: &Traffic, id: &Id) -> Explanation {
    let history = History::of(traffic);
    let id = stored(&history, id);
    let answer = match history.holder(&id) {
        Some(customer) => Answer::One(story::tell(&history, customer)),
        None => Answer::Unknown(near::unknown(&history, id)),
    };
    explanation(traffic, answer)
}

/// Explains what joined two IDs, or what keeps them apart.
pub fn explain_two(traffic: &Traffic, one: &Id, other: &Id) -> Explanation {
    let history = History::of(traffic);
    let (one, other) = (stored(&history, one), stored(&history, other));
    let answer = match (history.holder(&one), history.holder(&other)) {
        (None, _) => Answer::Unknown(near::unknown(&history, one)),
        (_, None) => Answer::Unknown(near::unknown(&history, other)),
        (Some(a), Some(b)) if a == b => Answer::Joined(chain::joined(&history, one, other, a)),
        (Some(a), Some(b)) => Answer::Apart(apart::apart(&history, [one, other], [a, b])),
    };
    explanation(traffic, answer)
}

/// What the commands of a traffic sent and did, one line each.
pub fn in_words(traffic: &Traffic) -> Vec<String> {
    let history = History::of(traffic);
    let steps = history.steps.iter();
    let told = steps.map(|step| told::tell(&history, step));
    told.map(|told| format!("{} sent {}: {}", told.source, told.sent, told.did))
        .collect()
}

fn explanation(traffic: &Traffic, answer: Answer) -> Explanation {
    Explanation {
        answer,
        strategy: traffic.settings.strategy,
        forgotten: (traffic.folded > 0).then(|| forgotten(traffic.folded)),
    }
}

fn by_name<S: Serializer>(strategy: &Strategy, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&strategy.name())
}

/// The ID as the project would store it.
fn stored(history: &History<'_>, id: &Id) -> Id {
    match history.project.schema().get(&id.id_type) {
        Some(id_type) => Id::new(&id.id_type, id_type.normalise(&id.value)),
        None => id.clone(),
    }
}
