//! The names of strategies: a preset, and behind it the switches that differ: `guarded-identify:guard=off`.

use alloc::{
    collections::BTreeSet,
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use super::LedgerStrategy;

/// Why no strategy is called so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameError {
    /// No preset has this name.
    Strategy(String),
    /// What is wrong with its switches, and which switches or choices there are.
    Switches(String),
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Strategy(name) => write!(f, "there is no strategy `{name}`"),
            Self::Switches(says) => f.write_str(says),
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
        let strategy = parts.try_fold(preset.strategy, |strategy, written| {
            let pair = written.split_once('=');
            let (switch, choice) = pair.ok_or_else(|| {
                format!("`{written}` chooses nothing; write `{slug}:SWITCH=CHOICE`")
            })?;
            if !set.insert(switch) {
                return Err(format!("the switch `{switch}` is set twice; set it once"));
            }
            let chosen = strategy.with(switch, choice);
            chosen.ok_or_else(|| strategy.wrong_choice(slug, switch, choice))
        });
        strategy.map_err(NameError::Switches)
    }

    /// Which switches or choices there are in the place of the one that there is not.
    fn wrong_choice(self, slug: &str, switch: &str, choice: &str) -> String {
        let switches = self.switches();
        match switches.iter().find(|one| one.name == switch) {
            Some(known) => {
                let choices = known.choices.join(", ");
                format!("the switch `{switch}` has no choice `{choice}`; its choices are {choices}")
            }
            None if switches.is_empty() => {
                format!("`{slug}` has no switch `{switch}`; it has none")
            }
            None => {
                let names: Vec<_> = switches.iter().map(|one| one.name).collect();
                let names = names.join(", ");
                format!("`{slug}` has no switch `{switch}`; its switches are {names}")
            }
        }
    }
}
