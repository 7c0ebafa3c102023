//! The bad ends that traffic can be reduced to: a closed list, each with its word on the command line.
//! A goal is met by one command on the way, or by the project at the end.

use std::str::FromStr;

use twinfold_engine::{Effect, Outcome, Project, Rejection};

use crate::{
    fixup::{PlanOptions, duplicates_of, email_key},
    problem::nearest,
    traffic::SentId,
};

/// How a goal is written, with what it asks for.
pub const GOALS: [(&str, &str); 7] = [
    ("duplicate", "some e-mail address has two profiles"),
    ("duplicate=ADDRESS", "this address has"),
    ("merge", "some command merges customers"),
    ("moved", "a soft ID moves from one customer to another"),
    (
        "rejection",
        "a command is rejected; rejection=KIND, such as hard-id-conflict, for one kind",
    ),
    (
        "joined TYPE=VALUE TYPE=VALUE",
        "both IDs are one customer's in the end",
    ),
    (
        "apart TYPE=VALUE TYPE=VALUE",
        "the two IDs are two customers' in the end",
    ),
];

const WORDS: [&str; 6] = [
    "duplicate",
    "merge",
    "moved",
    "rejection",
    "joined",
    "apart",
];

/// Every rejection of the engine, by slug.
pub(super) const REJECTIONS: [&str; 11] = [
    "no-id",
    "no-valid-id",
    "id-too-long",
    "unknown-id-type",
    "event-type-missing",
    "properties-not-an-object",
    "hard-id-conflict",
    "customer-not-found",
    "no-soft-type",
    "fresh-id-taken",
    "nothing-taken",
];

/// The end that the smallest traffic must still come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Some e-mail address has more than one profile.
    Duplicate,
    /// The address with this key has more than one profile.
    DuplicateOf(String),
    /// A command merges customers.
    Merge,
    /// A soft ID moves from one customer to another.
    Moved,
    /// A command is rejected.
    Rejection,
    /// A command is rejected in this way, named by its slug.
    RejectionOf(String),
    /// Both IDs are one customer's.
    Joined([SentId; 2]),
    /// The IDs are two customers'.
    Apart([SentId; 2]),
}

impl Goal {
    /// Whether what became of a command meets the goal, whatever comes after it.
    pub(super) fn met_by(&self, result: &Result<Outcome, Rejection>) -> bool {
        match (self, result) {
            (Self::Merge, Ok(outcome)) => !outcome.decision.absorbed.is_empty(),
            (Self::Moved, Ok(outcome)) => {
                let moved = |effect: &Effect| matches!(effect, Effect::Moved { .. });
                outcome.decision.effects.iter().any(moved)
            }
            (Self::Rejection, Err(_)) => true,
            (Self::RejectionOf(kind), Err(rejection)) => rejection.slug() == kind,
            _ => false,
        }
    }

    /// Whether the project meets the goal at the end.
    pub(super) fn met_at_the_end(&self, project: &Project, options: &PlanOptions) -> bool {
        let owner = |id: &SentId| id.owner(project);
        match self {
            Self::Duplicate => !duplicates_of(project, options).is_empty(),
            Self::DuplicateOf(key) => duplicates_of(project, options).contains(key),
            Self::Joined([one, other]) => owner(one).is_some() && owner(one) == owner(other),
            Self::Apart([one, other]) => {
                matches!((owner(one), owner(other)), (Some(one), Some(other)) if one != other)
            }
            Self::Merge | Self::Moved | Self::Rejection | Self::RejectionOf(_) => false,
        }
    }

    /// What the traffic comes to, as the title of a scenario.
    pub(super) fn title(&self) -> String {
        let both = |[one, other]: &[SentId; 2]| format!("{} and {}", shown(one), shown(other));
        match self {
            Self::Duplicate => "One e-mail address has two profiles".into(),
            Self::DuplicateOf(key) => format!("The address {key} has two profiles"),
            Self::Merge => "Customers merge".into(),
            Self::Moved => "A soft ID moves to another customer".into(),
            Self::Rejection => "A command is rejected".into(),
            Self::RejectionOf(kind) => format!("A command is rejected as {kind}"),
            Self::Joined(ids) => format!("{} become one customer", both(ids)),
            Self::Apart(ids) => format!("{} are two customers", both(ids)),
        }
    }

    /// The IDs that the goal names.
    pub(super) fn ids_mut(&mut self) -> &mut [SentId] {
        match self {
            Self::Joined(ids) | Self::Apart(ids) => ids,
            _ => &mut [],
        }
    }
}

fn shown(id: &SentId) -> String {
    format!("{}={}", id.id_type, id.value().unwrap_or_default())
}

impl FromStr for Goal {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut words = text.split_whitespace();
        let (first, rest) = (words.next().unwrap_or_default(), words.collect::<Vec<_>>());
        let (word, value) = match first.split_once('=') {
            None => (first, None),
            Some((word, value)) => (word, Some(value)),
        };
        match (word, value, rest.as_slice()) {
            ("duplicate", None, []) => Ok(Self::Duplicate),
            ("duplicate", Some(address), []) => {
                let key = email_key(address);
                key.map(Self::DuplicateOf)
                    .ok_or_else(|| format!("`{address}` is no e-mail address"))
            }
            ("merge", None, []) => Ok(Self::Merge),
            ("moved", None, []) => Ok(Self::Moved),
            ("rejection", None, []) => Ok(Self::Rejection),
            ("rejection", Some(kind), []) if REJECTIONS.contains(&kind) => {
                Ok(Self::RejectionOf(kind.to_owned()))
            }
            ("rejection", Some(kind), []) => Err(unknown("rejection", kind, &REJECTIONS)),
            ("joined", None, [one, other]) => Ok(Self::Joined([id(one)?, id(other)?])),
            ("apart", None, [one, other]) => Ok(Self::Apart([id(one)?, id(other)?])),
            ("joined" | "apart", ..) => Err(format!(
                "`{word}` needs two IDs: --goal \"{word} registered=ada cookie=laptop\""
            )),
            _ if WORDS.contains(&word) => Err(format!("`{word}` takes no such value; see --help")),
            _ => Err(unknown("goal", word, &WORDS)),
        }
    }
}

fn id(text: &str) -> Result<SentId, String> {
    let parts = text.split_once('=');
    let parts = parts.filter(|(id_type, value)| !id_type.is_empty() && !value.is_empty());
    parts
        .map(|(id_type, value)| SentId::text(id_type, value))
        .ok_or_else(|| format!("`{text}` is no ID; write it as TYPE=VALUE"))
}

fn unknown(what: &str, word: &str, known: &[&str]) -> String {
    let meant =
        nearest(word, known).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    format!(
        "unknown {what} `{word}`{meant}; there are: {}",
        known.join(", ")
    )
}
