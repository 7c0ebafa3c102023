//! A made-up person: name, addresses, numbers, devices, slips.
//! Names come from lists, addresses are of domains that are nobody's, so no real person is meant.

use fake::{
    Fake,
    faker::name::en::{FirstName, LastName},
};

use super::{
    Rates,
    chance::{Chance, Cookie},
    slip::{Lots, Slip, Slips},
    truth::PersonTruth,
};

/// Domains that belong to nobody (RFC 2606).
const DOMAINS: [&str; 3] = ["example.com", "example.org", "example.net"];

/// Customer numbers begin here.
const CUSTOMER_NUMBERS_FROM: u64 = 100_000;

#[derive(Clone, Debug)]
pub(super) struct Person {
    /// From 0 on in the order in which people appear.
    pub(super) number: u64,
    pub(super) first_name: &'static str,
    pub(super) last_name: &'static str,
    /// The address of the account.
    pub(super) address: String,
    /// The address of a second account, or the one that the first changes to.
    pub(super) other_address: Option<String>,
    pub(super) slips: Slips,
    /// The devices of its own: the first of them in the household, and how many.
    pub(super) first_device: usize,
    pub(super) devices: usize,
    /// Whether log-ins send the customer number.
    pub(super) sends_number: bool,
    pub(super) calls_in: bool,
    /// All cookies that it has had.
    pub(super) cookies: Vec<Cookie>,
    phone_of: u64,
}

impl Person {
    pub(super) fn draw(
        (number, slips, last_name): (u64, Slips, &'static str),
        first_device: usize,
        (rates, lots): (&Rates, &Lots),
        chance: &mut Chance,
    ) -> Self {
        let first_name = FirstName().fake_with_rng(&mut chance.0);
        let has_other = slips.has(Slip::SecondAccount) || slips.has(Slip::ChangedAddress);
        let by_telephone = slips.has(Slip::ChannelsApart) || slips.has(Slip::PlaceholderAddress);
        let calls_in = chance.happens(rates.calls_in);
        Self {
            number,
            first_name,
            last_name,
            address: address(first_name, last_name, number, "", chance),
            other_address: has_other.then(|| address(first_name, last_name, number, "-b", chance)),
            phone_of: match slips.has(Slip::RecycledPhone) {
                true => lots.phone(chance).unwrap_or(number),
                false => number,
            },
            slips,
            first_device,
            devices: 1 + usize::from(chance.happens(rates.second_device)),
            sends_number: !by_telephone && (calls_in || chance.happens(rates.number_at_log_in)),
            calls_in: calls_in || by_telephone,
            cookies: Vec::new(),
        }
    }

    pub(super) fn family_name(chance: &mut Chance) -> &'static str {
        LastName().fake_with_rng(&mut chance.0)
    }

    pub(super) fn customer_number(&self) -> String {
        (CUSTOMER_NUMBERS_FROM + self.number).to_string()
    }

    pub(super) fn phone(&self) -> String {
        format!("+99900{:08}", self.phone_of)
    }

    /// Who this person was.
    pub(super) fn truth(self, household: u64, shares_address: bool) -> PersonTruth {
        let slips = self.slips.all().map(|slip| slip.name());
        let shared = shares_address.then_some("shared_address");
        let (number, phone) = (self.customer_number(), self.phone());
        let cookies = self.cookies.iter().map(|cookie| cookie.text());
        let addresses = [self.address].into_iter().chain(self.other_address);
        PersonTruth {
            person: self.number,
            household: Some(household),
            slips: shared.into_iter().chain(slips).collect(),
            ids: vec![
                ("registered".into(), addresses.collect()),
                ("customer_number".into(), vec![number]),
                ("cookie".into(), cookies.collect()),
                ("phone".into(), vec![phone]),
            ],
        }
    }
}

fn address(first: &str, last: &str, number: u64, kind: &str, chance: &mut Chance) -> String {
    let domain = chance.one_of(&DOMAINS);
    let letters = |name: &str| -> String {
        let letters = name.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|letter| letter.to_ascii_lowercase()).collect()
    };
    let (first, last) = (letters(first), letters(last));
    format!("{first}.{last}.{number}{kind}@{domain}")
}
