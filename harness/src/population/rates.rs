//! The rates of a population, each by name with its default and its sentence.
//! They are numbers that an experiment turns; the report of a run lists those that differ.

use serde::{Deserialize, Serialize};

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

            /// Sets the rate of this name.
            pub fn set(&mut self, name: &str, value: f64) -> Result<(), UnknownRate> {
                match name {
                    $(stringify!($name) => self.$name = value,)+
                    _ => return Err(UnknownRate(name.to_owned())),
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

/// No rate has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no rate `{0}`")]
pub struct UnknownRate(pub String);

rates! {
    new_households_per_day = 300.0, "households that appear each day; a number from 1 on";
    active_days = 60.0, "days from the first to the last visit of a household; a number from 2 on";
    visits_per_person = 5.0, "visits of a person, the mean; a number from 1 on";
    views_per_visit = 2.0, "products viewed on a visit, the mean; a number from 1 on";
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
    people_per_branch = 1000.0, "people whom one branch of the call centre serves, with a placeholder of its own; a number from 1 on";
    api_wrong_id = 0.02, "people whom another system sends with the address as a soft ID";
    recycled_phone = 0.01, "people with the telephone number of somebody who was there before";
    repair_by_hand = 0.0, "people whose address an earlier repair wrote as a property of an anonymous profile";
    late = 0.01, "calls that arrive up to a day late";
    repeated = 0.01, "calls that arrive twice, the second time up to a day later";
    trims_ids = 1.0, "1 if the project trims IDs, 0 if not";
}
