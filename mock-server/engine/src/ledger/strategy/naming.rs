//! The names of strategies: a preset, and behind it the switches that differ: `guarded-identify:guard=off`.

use alloc::{
    collections::BTreeSet,
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use super::LedgerStrategy;

/// Why no strategy is called so; it says which switches or choices there are in the place of one that there is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameError {
    /// No preset has this name.
    Strategy(String),
    /// The strategy has no such switch.
    Switch {
        /// The preset.
        strategy: String,
        /// The switch.
        name: String,
        /// Those that it has.
        known: Vec<&'static str>,
    },
    /// The switch has no such choice.
    Choice {
        /// The switch.
        switch: &'static str,
        /// The choice.
        name: String,
        /// Those that it has.
        known: Vec<&'static str>,
    },
    /// A switch without a choice.
    NoChoice {
        /// The preset.
        strategy: String,
        /// What is written behind it.
        written: String,
    },
    /// A switch with two choices.
    Twice(String),
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Strategy(name) => write!(f, "there is no strategy `{name}`"),
            Self::Switch {
                strategy,
                name,
                known,
            } if known.is_empty() => write!(f, "`{strategy}` has no switch `{name}`; it has none"),
            Self::Switch {
                strategy,
                name,
                known,
            } => write!(
                f,
                "`{strategy}` has no switch `{name}`; its switches are {}",
                known.join(", ")
            ),
            Self::Choice {
                switch,
                name,
                known,
            } => write!(
                f,
                "the switch `{switch}` has no choice `{name}`; its choices are {}",
                known.join(", ")
            ),
            Self::NoChoice { strategy, written } => write!(
                f,
                "`{written}` chooses nothing; write `{strategy}:SWITCH=CHOICE`"
            ),
            Self::Twice(switch) => write!(f, "the switch `{switch}` is set twice; set it once"),
        }
    }
}

impl core::error::Error for NameError {}

impl LedgerStrategy {
    /// The preset, and each switch that differs from it.
    pub fn name(self) -> String {
        let preset = self.preset();
        let usual = preset.strategy.switches();
        let mut name = String::from(preset.slug);
        for (switch, usual) in self.switches().iter().zip(&usual) {
            if switch.chosen != usual.chosen {
                name += &format!(":{}={}", switch.name, switch.chosen);
            }
        }
        name
    }

    /// The strategy that is written so, or what is wrong with the name.
    pub fn from_name(name: &str) -> Result<Self, NameError> {
        let mut parts = name.split(':');
        let slug = parts.next().unwrap_or_default();
        let preset = Self::presets().find(|preset| preset.slug == slug);
        let preset = preset.ok_or_else(|| NameError::Strategy(slug.to_string()))?;
        let mut set = BTreeSet::new();
        parts.try_fold(preset.strategy, |strategy, written| {
            let pair = written.split_once('=');
            let (switch, choice) = pair.ok_or_else(|| NameError::NoChoice {
                strategy: slug.to_string(),
                written: written.to_string(),
            })?;
            if !set.insert(switch) {
                return Err(NameError::Twice(switch.to_string()));
            }
            let chosen = strategy.with(switch, choice);
            chosen.ok_or_else(|| strategy.wrong_choice(slug, switch, choice))
        })
    }

    fn wrong_choice(self, slug: &str, switch: &str, choice: &str) -> NameError {
        let switches = self.switches();
        match switches.iter().find(|one| one.name == switch) {
            Some(known) => NameError::Choice {
                switch: known.name,
                name: choice.to_string(),
                known: known.choices.clone(),
            },
            None => NameError::Switch {
                strategy: slug.to_string(),
                name: switch.to_string(),
                known: switches.iter().map(|one| one.name).collect(),
            },
        }
    }
}
