//! Over whose traffic a comparison runs: made-up people, or the people of a file.

use std::sync::Arc;

use super::traffic::Traffic;
use crate::population::{Population, SOURCES};

/// A population and how it is named in a report.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The preset, or the file.
    pub name: String,
    /// The rates that are swept, with their values here.
    pub swept: Vec<(String, f64)>,
    /// The people.
    pub people: People,
}

/// Whose traffic it is.
#[derive(Clone, Debug)]
pub enum People {
    /// Made-up people's, whose calls are recorded when their turn comes.
    MadeUp(Box<Population>),
    /// That of a file.
    Read(Arc<Traffic>),
}

impl People {
    /// The made-up people, if they are.
    pub fn made_up(&self) -> Option<&Population> {
        match self {
            Self::MadeUp(population) => Some(population),
            Self::Read(_) => None,
        }
    }

    /// The sources from which their calls may come.
    pub fn sources(&self) -> Vec<&str> {
        match self {
            Self::MadeUp(_) => SOURCES.to_vec(),
            Self::Read(traffic) => traffic.sources().collect(),
        }
    }
}
