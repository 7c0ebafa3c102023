//! A made-up person: name, address, phone number, devices.
//! Names come from lists, addresses are of domains that are nobody's, so no real person is meant.

use fake::{
    Fake,
    faker::name::en::{FirstName, LastName},
};

use super::{Chance, Population};

/// Domains that belong to nobody (RFC 2606).
const DOMAINS: [&str; 3] = ["example.com", "example.org", "example.net"];

/// People per household at most; the number of a person is that of its household times this, plus its place.
pub(super) const HOUSEHOLD_MAX: u64 = 4;

#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) number: u64,
    pub(super) first_name: String,
    pub(super) last_name: String,
    /// The address of the account.
    pub(super) address: String,
    /// Another address of the same person: a second account, or the one it changes to.
    pub(super) other_address: Option<String>,
    pub(super) changes_address: bool,
    pub(super) phone: String,
    pub(super) devices: usize,
}

impl Person {
    pub(super) fn draw(
        population: &Population,
        household: u64,
        place: u64,
        family_name: &str,
        chance: &mut Chance,
    ) -> Self {
        let number = household * HOUSEHOLD_MAX + place;
        let first_name: String = FirstName().fake_with_rng(&mut chance.0);
        let address = |chance: &mut Chance, kind: &str| {
            let domain = chance.one_of(&DOMAINS);
            let name = format!("{first_name}.{family_name}").to_lowercase();
            let name: String = name
                .chars()
                .filter(|c| c.is_ascii_alphanumeric() || *c == '.')
                .collect();
            format!("{name}.{number}{kind}@{domain}")
        };
        let rates = &population.rates;
        let changes_address = chance.happens(rates.changed_address);
        let has_other = changes_address || chance.happens(rates.second_account);
        let phone_of = match chance.happens(rates.recycled_phone) {
            true => chance.below(number + 1),
            false => number,
        };
        Self {
            number,
            address: address(chance, ""),
            other_address: has_other.then(|| address(chance, "b")),
            changes_address,
            phone: format!("+99900{phone_of:08}"),
            devices: 1 + usize::from(chance.happens(rates.second_device)),
            last_name: family_name.to_owned(),
            first_name,
        }
    }

    pub(super) fn family_name(chance: &mut Chance) -> String {
        LastName().fake_with_rng(&mut chance.0)
    }
}
