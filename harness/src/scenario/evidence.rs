//! How sure it is that the real service behaves as a scenario shows.
//! The three words are those of the engine's labels.

/// How sure it is that the real service behaves as a scenario shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Evidence {
    /// The vendor says so.
    Documented,
    /// Seen in what real clients send and read.
    Observed,
    /// Concluded, without a source that says it.
    #[default]
    Assumed,
}

impl Evidence {
    /// The word for it in a scenario file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Observed => "observed",
            Self::Assumed => "assumed",
        }
    }

    pub(super) fn of(word: &str) -> Self {
        match word {
            "documented" => Self::Documented,
            "observed" => Self::Observed,
            _ => Self::Assumed,
        }
    }
}
