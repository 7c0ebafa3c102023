//! The names of contestants as they are read: a strategy, and behind it the switches that differ.
//! What is misspelt is answered with the nearest name and with what there is.

use std::collections::HashSet;

use twinfold_engine::{
    ContestedSoftId, HardIdConflict, PropertyConflict, Switches,
    ledger::{LedgerStrategy, Switch},
};

use super::Contestant;
use crate::problem::nearest;

/// Why nobody is called so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// There is no such strategy.
    #[error("there is no strategy `{name}`{}; the strategies are {}", hint(.near.as_deref()), .known.join(", "))]
    Strategy {
        /// The name.
        name: String,
        /// The one that was probably meant.
        near: Option<String>,
        /// Those that there are.
        known: Vec<String>,
    },
    /// The strategy has no such switch.
    #[error("`{strategy}` has no switch `{name}`{}; {}", hint(*.near), list("its switches are", .known))]
    Switch {
        /// The strategy.
        strategy: String,
        /// The switch.
        name: String,
        /// The one that was probably meant.
        near: Option<&'static str>,
        /// Those that it has.
        known: Vec<&'static str>,
    },
    /// The switch has no such choice.
    #[error("the switch `{switch}` has no choice `{name}`{}; {}", hint(*.near), list("its choices are", .known))]
    Choice {
        /// The switch.
        switch: &'static str,
        /// The choice.
        name: String,
        /// The one that was probably meant.
        near: Option<&'static str>,
        /// Those that it has.
        known: Vec<&'static str>,
    },
    /// A switch without a choice.
    #[error(
        "`{0}` chooses nothing; write SWITCH=CHOICE, as in `engagement:contested_soft_id=newer_customer`"
    )]
    NoChoice(String),
    /// A switch with two choices.
    #[error("the switch `{0}` is set twice; set it once")]
    Twice(String),
}

impl NameError {
    fn strategy(name: &str) -> Self {
        let known: Vec<String> = Contestant::named()
            .into_iter()
            .map(Contestant::name)
            .collect();
        let names: Vec<&str> = known.iter().map(String::as_str).collect();
        Self::Strategy {
            name: name.to_owned(),
            near: nearest(name, &names).map(str::to_owned),
            known,
        }
    }

    fn switch(strategy: Contestant, name: &str) -> Self {
        let known: Vec<&'static str> = strategy.switches().iter().map(|one| one.name).collect();
        Self::Switch {
            strategy: strategy.name(),
            name: name.to_owned(),
            near: nearest(name, &known),
            known,
        }
    }

    fn choice(switch: &Switch, name: &str) -> Self {
        Self::Choice {
            switch: switch.name,
            name: name.to_owned(),
            near: nearest(name, &switch.choices),
            known: switch.choices.clone(),
        }
    }
}

fn hint(near: Option<&str>) -> String {
    near.map(|near| format!(" (did you mean `{near}`?)"))
        .unwrap_or_default()
}

fn list(says: &str, known: &[&str]) -> String {
    match known {
        [] => "it has none".to_owned(),
        known => format!("{says} {}", known.join(", ")),
    }
}

impl Contestant {
    /// The contestant of this name; a strategy's switches stand behind it, such as
    /// `engagement:property_conflict=survivor_keeps`.
    pub fn from_name(name: &str) -> Result<Self, NameError> {
        let mut parts = name.split(':');
        let strategy = parts.next().unwrap_or_default();
        let mut named = Self::named().into_iter();
        let usual = named.find(|one| one.name() == strategy);
        let usual = usual.ok_or_else(|| NameError::strategy(strategy))?;
        let mut set = HashSet::new();
        parts.try_fold(usual, |contestant, written| {
            let (switch, _) = written.split_once('=').unwrap_or((written, ""));
            if !set.insert(switch) {
                return Err(NameError::Twice(switch.to_owned()));
            }
            contestant.with(written)
        })
    }

    /// With one switch set, as it is written.
    fn with(self, written: &str) -> Result<Self, NameError> {
        let pair = written.split_once('=');
        let (name, choice) = pair.ok_or_else(|| NameError::NoChoice(written.to_owned()))?;
        let switches = self.switches();
        let switch = switches.iter().find(|one| one.name == name);
        let switch = switch.ok_or_else(|| NameError::switch(self, name))?;
        let set = match self {
            Self::Oracle => None,
            Self::Engagement(usual) => engagement(usual, name, choice).map(Self::Engagement),
            Self::Ledger(strategy) => {
                LedgerStrategy::with(strategy, name, choice).map(Self::Ledger)
            }
        };
        set.ok_or_else(|| NameError::choice(switch, choice))
    }
}

/// With one switch set; nothing if there is no such switch or choice.
fn engagement(mut switches: Switches, switch: &str, choice: &str) -> Option<Switches> {
    match switch {
        "hard_id_conflict" => switches.hard_id_conflict = HardIdConflict::from_slug(choice)?,
        "contested_soft_id" => switches.contested_soft_id = ContestedSoftId::from_slug(choice)?,
        "property_conflict" => switches.property_conflict = PropertyConflict::from_slug(choice)?,
        _ => return None,
    }
    Some(switches)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_contestant_has_a_name_that_leads_to_it() {
        for contestant in Contestant::named() {
            assert_eq!(Contestant::from_name(&contestant.name()), Ok(contestant));
            let name = contestant.name();
            let slug = name.split(':').next().unwrap_or_default();
            for switch in contestant.switches() {
                let is_set = name.contains(&format!(":{}=", switch.name));
                let name = if is_set { slug } else { &name };
                let chosen = format!("{name}:{}={}", switch.name, switch.chosen);
                assert_eq!(Contestant::from_name(&chosen), Ok(contestant));
            }
        }
        let both =
            "engagement:hard_id_conflict=first_hard_type_wins:property_conflict=survivor_keeps";
        assert_eq!(Contestant::from_name(both).unwrap().name(), both);
        let presets = LedgerStrategy::presets().count();
        assert_eq!(
            Contestant::named().len() - Contestant::all().len(),
            presets - LedgerStrategy::ALL.len()
        );
    }

    #[test]
    fn what_is_misspelt_is_answered_with_what_there_is() {
        for (name, says) in [
            (
                "guarded-identfy:guard=off",
                "there is no strategy `guarded-identfy` (did you mean `guarded-identify`?); the strategies are oracle, engagement, ",
            ),
            ("", "there is no strategy ``; the strategies are oracle, "),
            (
                "guarded-identify:gaurd=off",
                "`guarded-identify` has no switch `gaurd` (did you mean `guard`?); its switches are guard, one_known_guard, refused_values, moved_ids",
            ),
            (
                "guarded-identify:guard=offf",
                "the switch `guard` has no choice `offf` (did you mean `off`?); its choices are on, off",
            ),
            (
                "engagement:property_conflict=x",
                "the switch `property_conflict` has no choice `x`; its choices are newest, absorbed_replaces, survivor_keeps",
            ),
            (
                "engagement:shoes=1",
                "`engagement` has no switch `shoes`; its switches are hard_id_conflict, contested_soft_id, property_conflict",
            ),
            ("oracle:a=b", "`oracle` has no switch `a`; it has none"),
            (
                "guarded-identify:guard=off:guard=on",
                "the switch `guard` is set twice; set it once",
            ),
            (
                "guarded-identify:guard",
                "`guard` chooses nothing; write SWITCH=CHOICE, as in `engagement:contested_soft_id=newer_customer`",
            ),
        ] {
            let error = Contestant::from_name(name).unwrap_err().to_string();
            assert!(error.starts_with(says), "{error}");
        }
        let unknown = Contestant::from_name("guarded").unwrap_err().to_string();
        for preset in LedgerStrategy::presets() {
            assert!(unknown.contains(preset.slug), "{unknown}");
        }
    }
}
