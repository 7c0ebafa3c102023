//! What a verification found, as a value and in words: what was compared, what speaks against the repair, and what
//! traffic changed meanwhile.

use serde::Serialize;

use super::{FromTraffic, meanwhile::Known};

/// What was proved, and what speaks against it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// Profiles before.
    pub profiles_before: usize,
    /// Profiles after.
    pub profiles_after: usize,
    /// Keys that have more than one profile and are listed as conflicts.
    pub listed_keys: usize,
    /// Events of joined profiles that were compared.
    pub events_compared: usize,
    /// Property values of joined profiles that were compared.
    pub values_compared: usize,
    /// What is not as it should be; empty if the repair is proved.
    pub problems: Vec<Problem>,
    /// What differs because of commands that came in meanwhile.
    pub traffic: Vec<FromTraffic>,
}

/// Something that is not as it should be after a repair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case", tag = "problem")]
pub enum Problem {
    /// A key still has several profiles, and the plan did not list it.
    #[error(
        "`{key}` still has {profiles} profiles and is not listed as a conflict; run the repair again"
    )]
    StillDuplicate {
        /// The key.
        key: String,
        /// How many.
        profiles: usize,
    },
    /// A joined profile cannot be found.
    #[error(
        "nobody holds `{id}`, where the profiles of `{key}` should have been joined; look at the project's journal"
    )]
    ProfileGone {
        /// The key.
        key: String,
        /// The hard ID of the joined profile, as `type=value`.
        id: String,
    },
    /// A value vanished that the plan did not announce.
    #[error(
        "`{key}` lost the value {value} of the property `{property}`, which the plan did not announce; look at who wrote to it meanwhile"
    )]
    ValueLost {
        /// The key.
        key: String,
        /// The property's name.
        property: String,
        /// The value as JSON.
        value: String,
    },
    /// An event is no longer there.
    #[error("`{key}` lost an event: {event}; export the customer's events and track it again")]
    EventLost {
        /// The key.
        key: String,
        /// Type, time and properties as JSON.
        event: String,
    },
    /// An event is there more often than before.
    #[error("`{key}` has an event more often than before: {event}; look at the project's journal")]
    EventDoubled {
        /// The key.
        key: String,
        /// Type, time and properties as JSON.
        event: String,
    },
    /// A second plan would do more.
    #[error(
        "a second plan has {calls} more calls; run the repair again, and mend the cause if they come back"
    )]
    CallsLeft {
        /// How many.
        calls: usize,
    },
}

impl Verification {
    /// Whether nothing speaks against the repair.
    pub fn is_proved(&self) -> bool {
        self.problems.is_empty()
    }

    /// Whether traffic has made something meanwhile that another run would repair.
    pub fn leaves_work(&self) -> bool {
        let is_work = |traffic: &FromTraffic| {
            let difference = &traffic.difference;
            matches!(
                difference,
                Problem::StillDuplicate { .. } | Problem::CallsLeft { .. }
            )
        };
        self.traffic.iter().any(is_work)
    }

    /// Sorts a difference to where it belongs.
    pub(super) fn note(&mut self, difference: Problem, traffic: Option<Known>) {
        match traffic {
            Some(known) => self.traffic.push(FromTraffic { difference, known }),
            None => self.problems.push(difference),
        }
    }

    /// The outcome in a few lines.
    pub fn text(&self) -> String {
        let verdict = match self.problems.len() {
            0 => "proved: every key has one profile or is a listed conflict, and nothing else was lost".to_owned(),
            1 => "not proved: 1 problem".to_owned(),
            n => format!("not proved: {n} problems"),
        };
        let mut text = format!(
            "{verdict}\n  profiles: {} before, {} after\n  keys listed as conflicts: {}\n  compared: {} events, {} property values\n",
            self.profiles_before,
            self.profiles_after,
            self.listed_keys,
            self.events_compared,
            self.values_compared
        );
        for problem in &self.problems {
            text.push_str(&format!("  - {problem}\n"));
        }
        if !self.traffic.is_empty() {
            text.push_str("  from traffic that came in meanwhile, not from the repair:\n");
        }
        for FromTraffic { difference, known } in &self.traffic {
            text.push_str(&format!("  - {difference} ({})\n", known.says()));
        }
        text
    }
}
