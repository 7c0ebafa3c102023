//! The kinds of conflict: why a profile stays apart, and what a human must decide about it.

use serde::{Deserialize, Serialize};

/// Why a profile stays apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConflictKind {
    /// Two owners whose addresses differ in case or inner form only.
    CaseVariant,
    /// Its own hard ID is another address.
    AnotherAddress,
    /// Its own hard ID is no address.
    NoAddress,
    /// The same key with a different value of another hard type.
    AnotherHardType,
    /// Joining it needs a guess.
    Ambiguous,
    /// No call can name it, or none can set the address.
    Unreachable,
}

impl ConflictKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::CaseVariant,
        Self::AnotherAddress,
        Self::NoAddress,
        Self::AnotherHardType,
        Self::Ambiguous,
        Self::Unreachable,
    ];

    /// Its name in files and reports.
    pub fn slug(self) -> &'static str {
        self.about().0
    }

    /// What it is, in a few words.
    pub fn name(self) -> &'static str {
        self.about().1
    }

    /// What a human must decide.
    pub fn question(self) -> &'static str {
        self.about().2
    }

    fn about(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::CaseVariant => (
                "case-variant",
                "the address in another spelling",
                "Two hard IDs of one type never merge. Decide whether both spellings are one person, and which is kept.",
            ),
            Self::AnotherAddress => (
                "another-address",
                "an account with another address",
                "This account belongs to another address. Decide whether its `email` is wrong, or the person has two accounts.",
            ),
            Self::NoAddress => (
                "no-address",
                "an account whose hard ID is no address",
                "This account is identified by something else. Decide whether it is the same person, and which account is kept.",
            ),
            Self::AnotherHardType => (
                "another-hard-type",
                "a different hard ID of another type",
                "The address is the same and another hard ID differs. Decide whether they are one person, and which hard ID is given up.",
            ),
            Self::Ambiguous => (
                "ambiguous",
                "could join more than one",
                "Some of these fit two accounts that exclude each other, and a merge cannot be undone. Decide which account they belong to.",
            ),
            Self::Unreachable => (
                "unreachable",
                "cannot be named in a call",
                "The project changes or refuses every ID that would name or join it. Mend the stored ID with the vendor, or leave it.",
            ),
        }
    }
}

/// What remains of a key beyond its canonical profile, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// What kind.
    pub kind: ConflictKind,
    /// The numbers of the profiles that stay apart.
    pub members: Vec<u64>,
    /// The numbers of the profiles that they could belong to.
    pub candidates: Vec<u64>,
    /// What a human must decide.
    pub explanation: String,
}
