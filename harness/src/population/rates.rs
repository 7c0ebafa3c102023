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
    new_households_per_day = 1000.0, "households that appear each day; a number from 1 on";
    active_days = 60.0, "days from the first to the last visit of a household; a number from 1 on";
    visits_per_person = 5.0, "visits of a person, the mean; a number from 1 on";
    family = 0.3, "households of two to four people; the others are one person";
    shared_address = 0.08, "families that use one e-mail address for all";
    shared_device = 0.25, "families with a device that all use";
    log_out_forgotten = 0.3, "visits on a shared device that go on with the cookie of the one before";
    second_device = 0.5, "people with a second device of their own";
    cookie_lost = 0.08, "visits at which the device has a new cookie";
    logs_in = 0.5, "visits with a log-in that identifies";
    purchases = 0.3, "visits with a purchase";
    update_instead_of_identify = 0.03, "visits on which a page stores the address as a property only";
    newsletter_sign_up = 0.02, "visits on which a form stores the typed address on the anonymous profile";
    double_opt_in = 0.02, "visits on which a sign-up stays on the anonymous profile and its confirmation never meets the account";
    case_variant = 0.01, "log-ins with the address in other case";
    white_space = 0.0, "log-ins with white space around the address; needs a project that does not trim";
    placeholder_id = 0.002, "log-ins that send a placeholder in place of the address";
    typo = 0.005, "log-ins with a letter of the address missing";
    second_account = 0.02, "people with a second account at another address";
    changed_address = 0.02, "people whose address changes, which makes a new account";
    imported = 0.2, "people who are in an import of customers";
    import_address_as_property = 0.1, "imported rows whose address is mapped to a property only";
    import_wrong_id = 0.05, "imported rows whose hard ID is the customer number under the type for addresses";
    calls_in = 0.08, "people whom the call centre writes by their customer number only";
    placeholder_address = 0.05, "of those, people for whom the call centre types an address that is nobody's";
    api_wrong_id = 0.02, "people whom another system sends with the address as a soft ID";
    recycled_phone = 0.01, "people with the phone number of somebody who lived before";
    late = 0.01, "calls that arrive up to a day late";
    repeated = 0.01, "calls that arrive twice";
    trims_ids = 1.0, "1 if the project trims IDs, 0 if not";
}
