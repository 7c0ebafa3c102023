//! The rates of a population, each by name with its default and its sentence.
//! They are numbers that an experiment turns; the report of a run lists those that differ.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::problem::nearest;

/// A smaller share would be none: chance is drawn in millionths.
const SHARE_MIN: f64 = 0.000_001;

macro_rules! rates {
    ($($name:ident = $default:literal, $says:literal;)+) => {
        /// How often what happens; a share from 0 to 1 unless the sentence says otherwise.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct Rates { $(#[doc = $says] pub $name: f64,)+ }

        impl Default for Rates {
            fn default() -> Self { Self { $($name: $default,)+ } }
        }

        impl Rates {
            /// Every rate: name, default, sentence.
            pub const ALL: &[(&str, f64, &str)] = &[$((stringify!($name), $default, $says),)+];

            /// Sets the rate of this name, if it can have the value.
            pub fn set(&mut self, name: &str, value: f64) -> Result<(), RateError> {
                Self::check(name, value)?;
                match name {
                    $(stringify!($name) => self.$name = value,)+
                    _ => return Err(RateError::unknown(name)),
                }
                Ok(())
            }

            /// Name and value of every rate.
            pub fn values(&self) -> impl Iterator<Item = (&'static str, f64)> {
                [$((stringify!($name), self.$name),)+].into_iter()
            }
        }
    };
}

impl Rates {
    /// Whether there is such a rate and it can have the value.
    pub fn check(name: &str, value: f64) -> Result<(), RateError> {
        let known = Self::ALL.iter().find(|rate| rate.0 == name);
        let Some((.., says)) = known else {
            return Err(RateError::unknown(name));
        };
        let range = Range::said(says);
        if range.has(value) {
            return Ok(());
        }
        let name = name.to_owned();
        Err(RateError::Beyond { name, value, range })
    }
}

/// What values a rate can have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Range {
    /// A part of a whole, which is kept in millionths.
    Share,
    /// Any number from the one to the other.
    Number(f64, f64),
    /// The same, without a fraction.
    Whole(f64, f64),
}

impl Range {
    /// A rate is a share unless its sentence says otherwise.
    fn said(sentence: &str) -> Self {
        let (_, range) = sentence.rsplit_once("; ").unwrap_or_default();
        let ends = |kind: &str| {
            let (from, to) = range.strip_prefix(kind)?.split_once(" to ")?;
            Some((from.parse().ok()?, to.parse().ok()?))
        };
        let number = ends("a number from ").map(|(from, to)| Self::Number(from, to));
        let whole = ends("a whole number from ").map(|(from, to)| Self::Whole(from, to));
        number.or(whole).unwrap_or(Self::Share)
    }

    fn has(self, value: f64) -> bool {
        match self {
            Self::Share => value == 0.0 || (SHARE_MIN..=1.0).contains(&value),
            Self::Number(from, to) => (from..=to).contains(&value),
            Self::Whole(from, to) => (from..=to).contains(&value) && value.fract() == 0.0,
        }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Share => write!(f, "0 or a share from {SHARE_MIN} to 1"),
            Self::Number(from, to) => write!(f, "a number from {from} to {to}"),
            Self::Whole(from, to) => write!(f, "a whole number from {from} to {to}"),
        }
    }
}

/// Why a rate cannot be set.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RateError {
    /// No rate has this name.
    #[error("there is no rate `{name}`; {}", hint(*.near))]
    Unknown {
        /// The name.
        name: String,
        /// The rate that was probably meant.
        near: Option<&'static str>,
    },
    /// It cannot have this value.
    #[error("the rate `{name}` is {range}, and `{value}` is not")]
    Beyond {
        /// The rate.
        name: String,
        /// The value.
        value: f64,
        /// The values that it can have.
        range: Range,
    },
}

impl RateError {
    fn unknown(name: &str) -> Self {
        let known: Vec<&'static str> = Rates::ALL.iter().map(|rate| rate.0).collect();
        Self::Unknown {
            name: name.to_owned(),
            near: nearest(name, &known),
        }
    }
}

fn hint(near: Option<&str>) -> String {
    match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`twinfold generate --list` names them".to_owned(),
    }
}

rates! {
    new_households_per_day = 300.0, "households that appear each day; a whole number from 1 to 1000000";
    active_days = 60.0, "days from the first to the last visit of a household; a whole number from 2 to 36500";
    visits_per_person = 5.0, "visits of a person, the mean; a number from 1 to 1000";
    views_per_visit = 2.0, "products viewed on a visit, the mean; a number from 1 to 1000";
    family = 0.3, "households of two to four people; the others are one person";
    shared_address = 0.08, "families that use one e-mail address for all";
    shared_device = 0.25, "families with a device that all use";
    log_out_forgotten = 0.3, "visits on a shared device that go on with the cookie of the one before";
    second_device = 0.5, "people with a second device of their own";
    app = 0.4, "of those, people whose second device has the shop's app";
    cookie_lost = 0.08, "visits at which the device has a new cookie";
    logs_in = 0.5, "visits with a log-in that identifies";
    purchases = 0.3, "visits with a purchase";
    number_at_log_in = 0.6, "people whose log-ins send the customer number as well as the address";
    imported = 0.2, "people whom an import brings by address and customer number";
    synced = 0.1, "people to whom another system writes, by their address";
    calls_in = 0.08, "people whom the call centre writes by customer number and telephone number; their log-ins send the number";
    caller_number_only = 0.2, "telephone calls that are booked by the caller's number alone";
    newsletter = 0.25, "people who sign up for the newsletter, logged in, by double opt-in";
    confirms = 0.8, "sign-ups whose link is opened, which gives the consent";
    accepts_sms = 0.1, "people who accept text messages, logged in, with their telephone number";
    withdraws = 0.1, "consents given that are withdrawn later";
    update_instead_of_identify = 0.03, "people whose address a page stores as a property, in a browser in which they never log in";
    newsletter_sign_up = 0.02, "people whose typed address a sign-up form stores, in a browser in which they never log in";
    double_opt_in = 0.02, "people whose double opt-in starts and ends in a browser in which they never log in";
    case_variant = 0.02, "people who order once with their address in other case";
    white_space = 0.0, "people who order once with white space around their address; needs a project that does not trim";
    placeholder_id = 0.002, "people whose log-in once sends a placeholder in place of the address";
    typo = 0.01, "people whose address is once sent with a letter missing, by the call centre if that writes them";
    second_account = 0.02, "people with a second account at another address";
    changed_address = 0.02, "people whose address changes, which makes a new account";
    import_address_as_property = 0.02, "people whom an import brings with the address as a property only";
    import_wrong_id = 0.01, "people whom an import brings with the customer number under the ID type for addresses";
    channels_apart = 0.03, "people whom the call centre knows by customer number, which their log-ins never send";
    placeholder_address = 0.005, "people for whom the call centre types an address that is nobody's";
    people_per_branch = 1000.0, "people whom one branch of the call centre serves, with a placeholder of its own; a whole number from 1 to 1000000000";
    api_wrong_id = 0.02, "people whom another system sends with the address as a soft ID";
    recycled_phone = 0.01, "people with the telephone number of somebody before them who sends it as an ID";
    repair_by_hand = 0.0, "people whose address an earlier repair wrote as a property of an anonymous profile";
    late = 0.01, "calls that arrive up to a day late";
    repeated = 0.01, "calls that arrive twice, the second time up to a day later";
    trims_ids = 1.0, "1 if the project trims IDs, 0 if not; a whole number from 0 to 1";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_has_its_range_and_is_found_when_misspelt() {
        for (name, value, says) in [
            (
                "late",
                1.5,
                "the rate `late` is 0 or a share from 0.000001 to 1, and `1.5` is not",
            ),
            (
                "late",
                -0.1,
                "the rate `late` is 0 or a share from 0.000001 to 1, and `-0.1` is not",
            ),
            (
                "late",
                f64::NAN,
                "the rate `late` is 0 or a share from 0.000001 to 1, and `NaN` is not",
            ),
            (
                "active_days",
                1.0,
                "the rate `active_days` is a whole number from 2 to 36500, and `1` is not",
            ),
            (
                "late",
                4e-7,
                "the rate `late` is 0 or a share from 0.000001 to 1, and `0.0000004` is not",
            ),
            (
                "new_households_per_day",
                1.9,
                "the rate `new_households_per_day` is a whole number from 1 to 1000000, and `1.9` is not",
            ),
            (
                "visits_per_person",
                1000.5,
                "the rate `visits_per_person` is a number from 1 to 1000, and `1000.5` is not",
            ),
            (
                "trims_ids",
                0.7,
                "the rate `trims_ids` is a whole number from 0 to 1, and `0.7` is not",
            ),
            (
                "active_days",
                f64::INFINITY,
                "the rate `active_days` is a whole number from 2 to 36500, and `inf` is not",
            ),
            (
                "shared_devise",
                0.1,
                "there is no rate `shared_devise`; did you mean `shared_device`?",
            ),
            (
                "shoes",
                0.1,
                "there is no rate `shoes`; `twinfold generate --list` names them",
            ),
        ] {
            let mut rates = Rates::default();
            let refused = rates.set(name, value).unwrap_err();
            assert_eq!(refused.to_string(), says);
            assert_eq!(rates, Rates::default());
        }
    }

    /// Each sentence that names a range is understood, and every preset keeps to all of them.
    #[test]
    fn the_rates_of_presets_are_within_their_ranges() {
        for (name, default, says) in Rates::ALL {
            let names_one = says.contains("number");
            let range = Range::said(says);
            assert_eq!(
                range != Range::Share,
                names_one && says.contains(" from "),
                "{says}"
            );
            assert_eq!(Rates::check(name, *default), Ok(()));
        }
        for preset in crate::population::Preset::ALL {
            for (name, value) in preset.rates().values() {
                assert_eq!(Rates::check(name, value), Ok(()));
            }
        }
    }
}
