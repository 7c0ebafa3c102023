//! What a repair planned and what came of it, as a value and in words.

use serde::Serialize;

use super::{Applied, CurlTarget, Plan, Verification, counted};

/// What a repair did.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The plan.
    pub plan: Plan,
    /// What came of it.
    pub outcome: Outcome,
    /// Where the calls go, for lines that make them by hand.
    #[serde(skip)]
    pub curl: CurlTarget,
}

/// What came of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Nothing was sent.
    Planned,
    /// The calls were made.
    Applied {
        /// What was done.
        applied: Applied,
        /// What was proved.
        verification: Verification,
    },
}

impl Report {
    /// Plan and outcome in words, with a curl line for every call.
    pub fn text(&self) -> String {
        self.plan.markdown(&self.curl) + &self.outcome_text()
    }

    /// What came of the plan, in words.
    pub fn outcome_text(&self) -> String {
        self.outcome.text()
    }
}

impl Outcome {
    fn text(&self) -> String {
        match self {
            Self::Planned => "\nDry run: nothing was sent.\n".to_owned(),
            Self::Applied {
                applied,
                verification,
            } => applied_text(applied) + &verification.text(),
        }
    }
}

fn applied_text(applied: &Applied) -> String {
    let mut text = format!(
        "\n{} made, {} not needed any more\n",
        counted(applied.sent, "call"),
        applied.already
    );
    for skipped in &applied.skipped {
        text.push_str(&format!(
            "  left out {} for `{}`: {}\n",
            skipped.own, skipped.key, skipped.note
        ));
    }
    text
}
